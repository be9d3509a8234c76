"""Where the shop's couriers go, and what that costs."""

import dataclasses
from typing import Any

import pytest

from app.domain.command import Context
from app.domain.delivery.commands import ArchiveDeliveryArea, SaveDeliveryArea
from app.domain.delivery.model import DeliveryArea
from app.domain.delivery.rules import area_of
from app.domain.money import Fen
from app.domain.orders.model import DeliveryKind
from app.domain.orders.quote import Destination, OrderQuote, quote_order
from app.domain.row import Row
from app.domain.settings import read_settings
from app.domain.view import MemoryView
from tests.app.domain.deciding import BUYER, CLERK, NOW, given
from tests.app.domain.rows import LINE, shop

WEEK: dict[str, Any] = {str(day): ["10:00-20:00"] for day in range(1, 8)}
SAVE = SaveDeliveryArea("west", " 城西 ", ("330106", "330105"), Fen(500), WEEK, Fen(20_000))
WEST = DeliveryArea("west", "城西", "330106,330105", Fen(500), WEEK, Fen(20_000))
CITY = DeliveryArea("whole", "全城", "3301", Fen(1_200), WEEK)


def freight(region: str, *rows: Row) -> int | str:
    view = MemoryView(shop(*rows))
    context = Context("quote", NOW, NOW, BUYER, read_settings(view))
    found = quote_order([LINE], Destination(DeliveryKind.LOCAL, region), view, context)
    return int(found.price.freight_fen) if isinstance(found, OrderQuote) else found.code


def test_an_area_is_saved_archived_and_served_again() -> None:
    assert given(shop()).when(SAVE).put(DeliveryArea) == WEST
    gone = given(shop(WEST)).when(ArchiveDeliveryArea("west")).put(DeliveryArea)
    assert gone.archived_at == NOW
    assert given(shop(gone)).when(ArchiveDeliveryArea("west")).changes == ()
    assert given(shop(gone)).when(SAVE).put(DeliveryArea) == WEST
    given(shop()).when(ArchiveDeliveryArea("gone")).refused("delivery.area_not_found")
    given(shop()).when(SAVE, CLERK).refused("not_allowed")


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": ""}, "delivery.area_unfit"),
        ({"area_id": ""}, "delivery.area_unfit"),
        ({"prefixes": ()}, "delivery.area_unfit"),
        ({"prefixes": ("330106", "330106")}, "delivery.area_unfit"),
        ({"prefixes": ("",)}, "delivery.area_unfit"),
        ({"prefixes": ("33,01",)}, "delivery.area_unfit"),
        ({"fee_fen": Fen(-1)}, "delivery.area_unfit"),
        ({"free_from_fen": Fen(-1)}, "delivery.area_unfit"),
        ({"slot_minutes": 1}, "delivery.hours_unfit"),
        ({"prefixes": ("3301",)}, "delivery.area_taken"),
    ],
)
def test_an_area_that_does_not_fit_is_refused(changes: dict[str, Any], refused: str) -> None:
    given(shop(CITY)).when(dataclasses.replace(SAVE, **changes)).refused(refused)


def test_the_nearest_area_names_the_fee() -> None:
    assert freight("330106", WEST, CITY) == 500
    assert freight("330110", WEST, CITY) == 1_200
    assert freight("", WEST, CITY) == 1_200
    assert freight("110101", WEST, CITY) == "order.area_not_served"
    assert freight("330106") == "order.area_not_served"
    assert freight("330106", dataclasses.replace(WEST, free_from_fen=Fen(13_600))) == 0


def test_the_area_that_names_a_region_most_closely_brings_there() -> None:
    view = MemoryView(shop(WEST, CITY))
    assert [area and area.id for area in (area_of("330106", view), area_of("330110", view))] == ["west", "whole"]
    assert area_of("110101", view) is None
