"""The shop's own courier: goods leave once, come back whole when nobody takes them, and a courier's word is kept."""

from dataclasses import replace

import pytest

from app.domain.aftersales.commands import CancelOrder, ConfirmReceipt, RefundedPieces, RequestRefund
from app.domain.command import Command
from app.domain.delivery.commands import AssignCourier, DispatchDelivery, RecordDelivered, RecordUndelivered
from app.domain.delivery.model import DeliveryArea, DeliveryState, LocalDelivery
from app.domain.incidents.model import Incident
from app.domain.money import Fen
from app.domain.orders.model import DeliveryKind, Order, OrderLine, OrderState
from app.domain.payments.model import Payment, PaymentState, Refund, RefundLine
from app.domain.permission import Role
from app.domain.row import Row
from app.domain.staff.model import Staff
from app.domain.stock.model import Reservation, StockLevel, StockMovement
from app.domain.view import MemoryView
from tests.app.domain.deciding import BUYER, CLERK, COURIER, MANAGER, NOW, Decided, given
from tests.app.domain.rows import ATTEMPT, PAID, ordered

RIDER = Staff("courier", "赵小路", Role.COURIER)
GONE = Staff("gone", "旧人", Role.COURIER, archived_at=NOW)
AREA = DeliveryArea("west", "城西", "3301", Fen(0), {})
WAITING = LocalDelivery("o1", "west", DeliveryState.PREPARING)
TO_BRING = replace(PAID, delivery_kind=DeliveryKind.LOCAL)
BOOKED = replace(ATTEMPT, state=PaymentState.PAID, transaction_id="W1", payer_fen=Fen(13600), paid_at=NOW)
DISPATCH = DispatchDelivery("o1", "courier")
BACK = RecordUndelivered("o1", "家里没人")


def state(delivery: LocalDelivery = WAITING, order: Order = TO_BRING) -> list[Row]:
    return ordered(order, RIDER, GONE, AREA, BOOKED, delivery)


def books(after: MemoryView) -> tuple[int, int, int, str]:
    level = after.get(StockLevel, "s1", "place")
    line, held = after.get(OrderLine, "line-1"), after.get(Reservation, "line-1")
    assert level and line and held
    return level.on_hand_qty, level.reserved_qty, line.shipped_qty, held.state


def told(after: MemoryView) -> tuple[str, str]:
    order, delivery = after.get(Order, "o1"), after.get(LocalDelivery, "o1")
    assert order and delivery
    return order.state, delivery.state


def after(done: Decided) -> list[Row]:
    kinds = (Order, OrderLine, LocalDelivery, Reservation, StockLevel, Payment, Refund, RefundLine)
    fixed = [row for row in state() if not isinstance(row, kinds)]
    return [*fixed, *(row for kind in kinds for row in done.after.rows(kind))]


def test_goods_leave_once_and_arrive() -> None:
    out = given(state()).when(DISPATCH, COURIER)
    assert (books(out.after), told(out.after)) == ((8, 0, 2, "consumed"), ("shipped", "out"))
    assert [m.delta_qty for m in out.after.rows(StockMovement)] == [-2]
    assert out.put(LocalDelivery).attempts == 1
    given(after(out)).when(DISPATCH, CLERK).refused("delivery.not_dispatchable", state="shipped")
    there = given(after(out)).when(RecordDelivered("o1"), COURIER)
    assert (books(there.after), told(there.after)) == ((8, 0, 2, "consumed"), ("completed", "delivered"))
    assert given(after(there)).when(RecordDelivered("o1"), COURIER).changes == ()


def test_what_nobody_takes_is_promised_again_and_may_leave_again() -> None:
    out = given(state()).when(DISPATCH, COURIER)
    back = given(after(out)).when(BACK, COURIER)
    assert (books(back.after), told(back.after)) == ((10, 2, 0, "held"), ("paid", "back"))
    assert back.put(LocalDelivery).reason == "家里没人"
    assert given(after(back)).when(BACK, COURIER).changes == ()
    again = given(after(back)).when(DISPATCH, CLERK)
    assert again.put(LocalDelivery).attempts == 2
    assert books(again.after) == (8, 0, 2, "consumed")
    given_up = given(after(back)).when(CancelOrder("o1"), BUYER)
    assert told(given_up.after) == ("cancelled", "closed")


def test_what_was_refunded_on_the_way_is_not_promised_again() -> None:
    out = given(state()).when(DISPATCH, COURIER)
    one = given(after(out)).when(RequestRefund("o1", "r1", "不要了", (RefundedPieces("line-1", 1),)), MANAGER)
    back = given(after(one)).when(BACK, COURIER)
    assert (books(back.after), told(back.after)) == ((10, 1, 1, "held"), ("paid", "back"))
    assert sorted(m.delta_qty for m in back.after.rows(StockMovement)) == [1, 1]
    out_again = given(after(back)).when(DISPATCH, CLERK)
    back_again = given(after(out_again)).when(BACK, COURIER)
    assert books(back_again.after) == (10, 1, 1, "held")
    both = given(after(out)).when(RequestRefund("o1", "r1", "不要了", (RefundedPieces("line-1", 2),)), MANAGER)
    none = given(after(both)).when(BACK, COURIER)
    assert (books(none.after), told(none.after)) == ((10, 0, 2, "consumed"), ("completed", "closed"))


def test_a_courier_is_named_and_changed_while_the_goods_are_here() -> None:
    named = given(state()).when(AssignCourier("o1", "courier"), CLERK)
    assert named.put(LocalDelivery).courier_id == "courier"
    assert given(after(named)).when(AssignCourier("o1", "courier"), CLERK).changes == ()
    assert given(after(named)).when(AssignCourier("o1", ""), CLERK).put(LocalDelivery).courier_id == ""


@pytest.mark.parametrize(
    ("rows", "command", "refused"),
    [
        (state(), AssignCourier("o1", "gone"), "delivery.courier_unknown"),
        (state(), DispatchDelivery("o1", "nobody"), "delivery.courier_unknown"),
        (state(), DispatchDelivery("else", "courier"), "delivery.not_local"),
        (state(), RecordDelivered("else"), "delivery.not_local"),
        (state(), RecordUndelivered("else"), "delivery.not_local"),
        (state(), RecordUndelivered("o1", "长" * 81), "delivery.reason_too_long"),
        (state(order=replace(TO_BRING, state=OrderState.CANCELLED)), DISPATCH, "delivery.not_dispatchable"),
        (state(replace(WAITING, state=DeliveryState.ORDERED)), DISPATCH, "delivery.not_dispatchable"),
    ],
)
def test_what_cannot_leave_is_refused(rows: list[Row], command: Command, refused: str) -> None:
    given(rows).when(command, CLERK).refused(refused)


def test_a_courier_assigns_nobody() -> None:
    given(state()).when(AssignCourier("o1", "courier"), COURIER).refused("not_allowed")


@pytest.mark.parametrize(
    ("said", "command"), [("delivered", RecordDelivered("o1")), ("undelivered", RecordUndelivered("o1"))]
)
def test_a_word_that_the_books_contradict_is_an_incident(said: str, command: Command) -> None:
    done = given(state()).when(command, COURIER)
    assert (done.put(Incident).kind, done.put(Incident).refs["said"]) == ("delivery.contradicted", said)
    assert (books(done.after), told(done.after)) == ((10, 2, 0, "held"), ("paid", "preparing"))


def test_a_buyer_may_be_faster_than_the_courier() -> None:
    out = given(state()).when(DISPATCH, COURIER)
    received = given(after(out)).when(ConfirmReceipt("o1"), BUYER)
    there = given(after(received)).when(RecordDelivered("o1"), COURIER)
    assert told(there.after) == ("completed", "delivered")
    assert given(after(received)).when(BACK, COURIER).put(Incident).kind == "delivery.contradicted"
