"""Shipping and notes: pieces leave once, under a number that fits, and the stock follows."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.command import Command
from app.domain.delivery.model import Parcel, ParcelLine
from app.domain.orders.commands import NoteOrder, ShipOrder, ShippedLine
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.stock.model import Reservation, ReservationState, StockLevel, StockMovement
from tests.app.domain.deciding import BUYER, CLERK, COURIER, EARLIER, NOW, given
from tests.app.domain.rows import HELD, HOLDING, ORDER, ORDER_LINE, PAID, ordered, shop

SHIP = ShipOrder("o1", "parcel", (ShippedLine("line-1", 2),), "sf", "SF1234567890123", "标快")


def shipping(**changes: Any) -> ShipOrder:
    return replace(SHIP, **changes)


def test_a_whole_order_leaves() -> None:
    decided = given(ordered(PAID)).when(SHIP, CLERK, issued_at=EARLIER)
    parcel = decided.put(Parcel)
    assert (parcel.order_id, parcel.carrier, parcel.waybill_no, parcel.shipped_at) == (
        "o1",
        "sf",
        "SF1234567890123",
        EARLIER,
    )
    assert decided.put(Order) == replace(PAID, state=OrderState.SHIPPED)
    assert decided.put(ParcelLine) == ParcelLine("parcel", "line-1", 2)
    assert decided.put(Reservation).state is ReservationState.CONSUMED
    assert decided.after.get(OrderLine, "line-1") == replace(ORDER_LINE, shipped_qty=2)
    assert decided.after.get(StockLevel, "s1", "place") == StockLevel("s1", "place", 8, 0)
    moved = decided.put(StockMovement)
    assert (moved.delta_qty, moved.reason, moved.ref_kind, moved.ref_id) == (-2, "shipped", "parcel", "parcel")
    assert dict(decided.put(OrderEvent).params) == {"carrier": "sf", "waybill_no": "SF1234567890123"}


def test_a_part_leaves_and_the_rest_stays_promised() -> None:
    decided = given(ordered(PAID)).when(shipping(lines=(ShippedLine("line-1", 1),)), CLERK)
    assert decided.put(Order).state is OrderState.PARTLY_SHIPPED
    assert decided.after.get(Reservation, "line-1") == HELD
    assert decided.after.get(StockLevel, "s1", "place") == StockLevel("s1", "place", 9, 1)
    second = shipping(parcel_id="p2", waybill_no="SF1234567890124", lines=(ShippedLine("line-1", 1),))
    rest = given(_everything(decided.after)).when(second, CLERK)
    assert rest.put(Order).state is OrderState.SHIPPED
    assert rest.put(Reservation).state is ReservationState.CONSUMED
    assert rest.after.get(StockLevel, "s1", "place") == StockLevel("s1", "place", 8, 0)


def _everything(view: Any) -> list[Any]:
    kinds = (Order, OrderLine, Reservation, StockLevel, Parcel, ParcelLine)
    return [row for kind in kinds for row in view.rows(kind)]


def test_goods_that_were_counted_away_leave_the_shelf_below_nothing() -> None:
    rows = shop(PAID, ORDER_LINE, HELD, level=replace(HOLDING, on_hand_qty=1, short_qty=1))
    assert given(rows).when(SHIP, CLERK).after.get(StockLevel, "s1", "place") == StockLevel("s1", "place", -1, 0, 1)


def test_a_line_that_holds_no_stock_moves_none() -> None:
    for held in ((), (replace(HELD, state=ReservationState.RELEASED),)):
        decided = given(shop(PAID, ORDER_LINE, *held)).when(SHIP, CLERK)
        assert decided.after.rows(StockMovement) == ()
        assert decided.put(Order).state is OrderState.SHIPPED


@pytest.mark.parametrize("typed", [" sf 1234 5678 90123\n", "ＳＦ１２３４５６７８９０１２３", "SF1234567890123"])
def test_numbers_are_taken_as_scanners_and_people_give_them(typed: str) -> None:
    assert given(ordered(PAID)).when(shipping(waybill_no=typed), CLERK).put(Parcel).waybill_no == "SF1234567890123"


OTHER = Parcel("p0", "o0", "sf", "", "SF1234567890123", "shipped", NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (shipping(order_id="gone"), "order.not_found"),
        (shipping(carrier="pigeon"), "order.carrier_unknown"),
        (shipping(waybill_no="YT1234567890123"), "order.waybill_unfit"),
        (shipping(waybill_no=""), "order.waybill_unfit"),
        (shipping(waybill_no="SF١٢٣٤٥٦٧٨٩٠١٢٣"), "order.waybill_unfit"),
        (shipping(parcel_id="p1"), "order.parcel_exists"),
        (shipping(waybill_no="SF9999999999999"), "order.waybill_taken"),
        (shipping(lines=()), "order.lines_unfit"),
        (shipping(lines=(ShippedLine("line-1", 1), ShippedLine("line-1", 1))), "order.lines_unfit"),
        (shipping(lines=(ShippedLine("gone", 1),)), "order.lines_unfit"),
        (shipping(lines=(ShippedLine("line-1", 0),)), "order.lines_unfit"),
        (shipping(lines=(ShippedLine("line-1", 3),)), "order.lines_unfit"),
    ],
)
def test_what_cannot_leave_stays(command: Command, code: str) -> None:
    taken = replace(OTHER, id="p1", waybill_no="SF9999999999999")
    given(ordered(PAID, taken)).when(command, CLERK).refused(code)


def test_the_same_number_may_belong_to_another_carrier() -> None:
    theirs = replace(OTHER, carrier="other")
    assert given(ordered(PAID, theirs)).when(SHIP, CLERK).put(Parcel).id == "parcel"


@pytest.mark.parametrize("state", [OrderState.UNPAID, OrderState.SHIPPED, "frozen"])
def test_only_paid_orders_leave(state: Any) -> None:
    given(ordered(replace(ORDER, state=state))).when(SHIP, CLERK).refused(
        "order.not_shippable", state=str(state), order_id="o1"
    )


def test_a_remark_replaces_the_one_before() -> None:
    assert given(ordered()).when(NoteOrder("o1", "先打电话"), COURIER).put(Order).staff_remark == "先打电话"
    given(ordered()).when(NoteOrder("gone", ""), CLERK).refused("order.not_found")
    given(ordered()).when(NoteOrder("o1", "x" * 501), CLERK).refused("order.remark_too_long")


def test_who_may_ship() -> None:
    given(ordered(PAID)).when(SHIP, COURIER).refused("not_allowed", permission="order.ship")
    given(ordered(PAID)).when(SHIP, BUYER).refused("not_allowed")
