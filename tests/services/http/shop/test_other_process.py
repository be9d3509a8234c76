"""A price that another process of the shop has changed, before word of it has come here."""

from pathlib import Path

import pytest

from app.buyer.refusals import PriceChanged
from app.domain.catalog.commands import ChangePrice
from app.domain.money import Fen
from services.db.engine import Store
from tests.support.shop import Shop
from tests.support.stores import new_url
from tests.support.street import HOME, open_street


def test_whoever_is_refused_is_told_the_new_price_and_not_the_old_one_again(tmp_path: Path) -> None:
    url = new_url("postgresql", tmp_path)
    here, there = Store(url), Store(url)
    with open_street(here, tmp_path) as street, street.buyer() as buyer:
        street.shop.product(stock=10)
        old = buyer.quote([("p1-s", 1)])
        other = Shop(there, street.clock)  # nobody tells the street: its process has not heard of the commit yet
        other.must(ChangePrice("p1-s", Fen(6800), Fen(7200)))
        with pytest.raises(PriceChanged) as refused:
            buyer.place_order(old, HOME, "key-00000001")
        told = refused.value.quote
        assert told is not None and told.total_fen == 7200
        assert buyer.place_order(told, HOME, "key-00000002").total_fen == 7200
        other.close()
    here.close()
    there.close()
