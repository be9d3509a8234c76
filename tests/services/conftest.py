"""A shop with one product whose storefront is open, for whoever asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.buyer.client import ShopClient
from services.db.engine import Store
from tests.support.street import Street, open_street


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Iterator[Street]:
    with open_street(store, tmp_path) as street:
        street.shop.product(stock=10)
        yield street


@pytest.fixture
def buyer(street: Street) -> Iterator[ShopClient]:
    with street.buyer() as buyer:
        yield buyer
