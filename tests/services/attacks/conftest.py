"""One shop per database for all attacks: each shows itself that it changed nothing."""

from collections.abc import Iterator

import pytest

from services.db.engine import Store
from tests.services.attacks.target import Target
from tests.support.stores import DATABASES, new_url
from tests.support.street import open_street


@pytest.fixture(scope="package", params=DATABASES)
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("attacked")
    store = Store(new_url(request.param, folder))
    with open_street(store, folder) as street:
        street.shop.product(stock=40)
        found = Target(street).settle_in()
        yield found
        found.hub.close()
    store.close()
