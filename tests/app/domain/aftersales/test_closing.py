"""An order that nobody pays ends in two steps and gives back once what it held."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.aftersales.commands import BeginClose, CancelOrder, CancelUnpaid, FinishClose
from app.domain.command import Actor
from app.domain.orders.model import Order, OrderEvent, OrderState
from app.domain.payments.commands import StartPayment
from app.domain.payments.model import Payment, PaymentState
from app.domain.permission import Role
from app.domain.promotions.model import Coupon, CouponState
from app.domain.row import Row
from app.domain.stock.model import Reservation, ReservationState, StockLevel
from tests.app.domain.deciding import BUYER, CLERK, NOW, SERVICE, given
from tests.app.domain.rows import ATTEMPT, HELD, HOLDING, LEVEL, ORDER, ORDER_LINE, PAID, ordered, shop

BEGIN, FINISH, CANCEL = BeginClose("o1"), FinishClose("o1"), CancelOrder("o1")
LATE = ORDER.expires_at or NOW
CLOSING = replace(ORDER, state=OrderState.CLOSING)
COUPON = Coupon("k1", "ten", "buyer", "AAAA", CouponState.USED, NOW, "o1")


def test_an_order_that_somebody_may_be_paying_keeps_its_pieces_while_it_closes() -> None:
    decided = given(ordered(ORDER, ATTEMPT)).when(BEGIN, SERVICE, now=LATE)
    assert decided.put(Order).state is OrderState.CLOSING
    assert decided.put(OrderEvent).kind == "closing"
    assert decided.after.get(StockLevel, "s1", "place") == HOLDING
    start = StartPayment("o1", "p2", "T2")
    given(ordered(CLOSING, ATTEMPT)).when(start, BUYER).refused("payment.not_payable", state="closing")


def test_the_staff_give_up_an_order_in_the_same_two_steps_and_before_its_time() -> None:
    give_up = CancelUnpaid("o1")
    decided = given(ordered(ORDER, ATTEMPT)).when(give_up, CLERK)
    event = decided.put(OrderEvent)
    assert (decided.put(Order).state, event.kind, event.actor) == (OrderState.CLOSING, "given_up", "clerk")
    assert decided.after.get(StockLevel, "s1", "place") == HOLDING
    assert given(ordered(CLOSING, ATTEMPT)).when(give_up, CLERK).changes == ()
    at_once = given(ordered(ORDER)).when(give_up, CLERK)
    assert (at_once.put(Order).state, at_once.put(OrderEvent).actor) == (OrderState.CLOSED, "clerk")
    assert at_once.after.get(StockLevel, "s1", "place") == LEVEL
    given(ordered(PAID)).when(give_up, CLERK).refused("close.not_closable", state="paid")
    given([]).when(give_up, CLERK).refused("close.not_found")


@pytest.mark.parametrize("attempts", [[], [replace(ATTEMPT, state=PaymentState.CLOSED)]])
def test_an_order_that_nobody_can_be_paying_closes_at_once(attempts: list[Row]) -> None:
    decided = given(ordered(ORDER, *attempts)).when(BEGIN, SERVICE, now=LATE)
    order = decided.put(Order)
    assert (order.state, order.finished_at) == (OrderState.CLOSED, LATE)
    assert decided.put(Reservation).state is ReservationState.RELEASED
    assert decided.after.get(StockLevel, "s1", "place") == LEVEL


def test_the_second_step_gives_back_pieces_and_coupon_and_ends_the_attempt() -> None:
    decided = given(ordered(CLOSING, ATTEMPT, COUPON)).when(FINISH, SERVICE)
    assert decided.put(Order).state is OrderState.CLOSED
    assert decided.put(Payment).state is PaymentState.CLOSED
    assert decided.put(Coupon) == replace(COUPON, state=CouponState.HELD, order_id="")
    assert decided.after.get(StockLevel, "s1", "place") == LEVEL
    again = given(decided.after.rows(Order), decided.after.rows(Reservation))
    assert again.when(FINISH, SERVICE).changes == ()
    assert again.when(BEGIN, SERVICE, now=LATE).changes == ()


def test_whoever_was_short_of_the_pieces_has_them() -> None:
    rows = shop(CLOSING, ORDER_LINE, HELD, level=StockLevel("s1", "place", 1, reserved_qty=4, short_qty=3))
    after = given(rows).when(FINISH, SERVICE).after.get(StockLevel, "s1", "place")
    assert after == StockLevel("s1", "place", 1, reserved_qty=2, short_qty=1)


def test_two_lines_of_one_article_are_let_go_together() -> None:
    second = replace(ORDER_LINE, id="line-2", line_no=2, qty=3)
    level = StockLevel("s1", "place", 1, reserved_qty=5, short_qty=4)
    rows = shop(CLOSING, ORDER_LINE, HELD, second, replace(HELD, order_line_id="line-2", qty=3), level=level)
    after = given(rows).when(FINISH, SERVICE).after.get(StockLevel, "s1", "place")
    assert after == StockLevel("s1", "place", 1)


def test_an_order_that_was_paid_meanwhile_does_not_close() -> None:
    assert given(ordered(PAID)).when(FINISH, SERVICE).changes == ()
    given(ordered(PAID)).when(BEGIN, SERVICE, now=LATE).refused("close.not_closable", state="paid")


def test_nothing_closes_before_its_time() -> None:
    given(ordered()).when(BEGIN, SERVICE, now=LATE - timedelta(seconds=1)).refused("close.not_due")
    given(ordered(replace(ORDER, expires_at=None))).when(BEGIN, SERVICE).refused("close.not_due")
    given().when(BEGIN, SERVICE).refused("close.not_found")
    given().when(FINISH, SERVICE).refused("close.not_found")
    given(ordered()).when(BEGIN, CLERK).refused("not_allowed", permission="internal")


def test_a_buyer_cancels_what_is_unpaid_in_the_same_two_steps() -> None:
    assert given(ordered()).when(CANCEL, BUYER).put(Order).state is OrderState.CLOSED
    assert given(ordered(ORDER, ATTEMPT)).when(CANCEL, BUYER).put(Order).state is OrderState.CLOSING
    assert given(ordered(CLOSING, ATTEMPT)).when(CANCEL, BUYER).changes == ()
    given(ordered()).when(CANCEL, Actor("stranger", Role.BUYER)).refused("close.not_found")
