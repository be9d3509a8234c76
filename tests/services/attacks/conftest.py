"""One shop per database for all attacks: each shows itself that it changed nothing."""

import threading
from collections.abc import Iterator

import pytest

from services.db.engine import MOST_GLANCERS, Store
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
        _begin_glancing(store)
        yield found
        found.hub.close()
    store.close()


def _begin_glancing(store: Store) -> None:
    """The store's threads are the package's, not those of the attack that first has use for one more of them."""
    all_here = threading.Barrier(MOST_GLANCERS)
    for begun in [store.glance(all_here.wait) for _ in range(MOST_GLANCERS)]:
        begun.result(30)
