"""Money: paid when WeChat says so for the right amount, once; anything odd changes nothing but opens an incident."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.command import Actor
from app.domain.incidents.model import Incident
from app.domain.money import Fen
from app.domain.orders.model import Order, OrderEvent, OrderPrice, OrderState
from app.domain.outcome import Put
from app.domain.payments.commands import ConfirmPayment, RecordPrepay, StartPayment
from app.domain.payments.model import Account, Payment, PaymentState, Refund, RefundState, Transfer
from app.domain.permission import Role
from app.domain.promotions.model import Coupon, CouponState
from app.domain.row import Row
from app.domain.stock.model import Reservation, ReservationState, StockLevel
from tests.app.domain.deciding import BUYER, CLERK, NOW, SERVICE, given
from tests.app.domain.rows import ATTEMPT, HELD, HOLDING, LEVEL, ORDER, ORDER_LINE, PAID, ordered, shop

START = StartPayment("o1", "pay", "T1")
CONFIRM = ConfirmPayment("T1", "W1", Fen(13600), Fen(13000), "CNY", NOW - timedelta(minutes=1))
BOOKED = replace(ATTEMPT, state=PaymentState.PAID, transaction_id="W1", paid_at=NOW, payer_fen=Fen(13000))


def test_an_attempt_asks_for_the_orders_total_until_the_order_expires() -> None:
    assert given(ordered()).when(START, BUYER).put(Payment) == ATTEMPT


def test_an_open_attempt_goes_on_under_its_own_number() -> None:
    assert given(ordered(ORDER, ATTEMPT)).when(replace(START, payment_id="p2", out_trade_no="T2"), BUYER).changes == ()


def test_what_cannot_be_paid_is_refused() -> None:
    given().when(START, BUYER).refused("payment.order_not_found")
    given(ordered()).when(START, Actor("stranger", Role.BUYER)).refused("payment.order_not_found")
    given(ordered(PAID)).when(START, BUYER).refused("payment.not_payable", state="paid")
    late = ORDER.expires_at
    given(ordered()).when(START, BUYER, now=late).refused("payment.expired")
    assert given(ordered(replace(ORDER, expires_at=None))).when(START, BUYER).put(Payment).expires_at is None


def test_what_wechat_answers_is_kept_with_the_attempt() -> None:
    assert given(ordered(ORDER, ATTEMPT)).when(RecordPrepay("pay", "wx1"), SERVICE).put(Payment).prepay_id == "wx1"
    given(ordered()).when(RecordPrepay("pay", "wx1"), SERVICE).refused("payment.not_found")


def test_a_confirmed_payment_pays_its_order_and_books_it_twice_over() -> None:
    decided = given(ordered(ORDER, ATTEMPT)).when(CONFIRM, SERVICE)
    assert decided.put(Payment) == replace(BOOKED, paid_at=CONFIRM.paid_at)
    order = decided.put(Order)
    assert (order.state, order.paid_fen, order.paid_at) == (OrderState.PAID, 13600, CONFIRM.paid_at)
    entry = decided.put(Transfer)
    assert (entry.debit, entry.credit, entry.fen, entry.ref_id) == (Account.WECHAT, Account.SALES, 13600, "pay")
    assert decided.put(OrderEvent).kind == "paid"


def test_a_notice_that_comes_again_changes_nothing() -> None:
    assert given(ordered(PAID, BOOKED)).when(CONFIRM, SERVICE).changes == ()


SECOND_ATTEMPT = replace(ATTEMPT, id="pay-0", order_id="o0", out_trade_no="T0", state=PaymentState.PAID)


@pytest.mark.parametrize(
    ("rows", "changes", "kind"),
    [
        ([ORDER, ATTEMPT], {"is_ours": False}, "payment.foreign_account"),
        ([ORDER], {}, "payment.unknown_number"),
        ([ORDER, replace(ATTEMPT, order_id="gone")], {}, "payment.unknown_number"),
        ([ORDER, ATTEMPT], {"amount_fen": Fen(13599)}, "payment.wrong_amount"),
        ([ORDER, ATTEMPT], {"amount_fen": Fen(13601)}, "payment.wrong_amount"),
        ([ORDER, ATTEMPT], {"payer_fen": Fen(-1)}, "payment.wrong_amount"),
        ([ORDER, ATTEMPT], {"currency": "USD"}, "payment.wrong_amount"),
        ([PAID, BOOKED], {"transaction_id": "W2"}, "payment.second_transaction"),
        (
            [ORDER, ATTEMPT, replace(SECOND_ATTEMPT, transaction_id="W1")],
            {},
            "payment.transaction_booked",
        ),
    ],
)
def test_money_that_the_books_cannot_place_is_kept_for_a_person(
    rows: list[Row], changes: dict[str, Any], kind: str
) -> None:
    first, *more = rows
    assert isinstance(first, Order)
    command = replace(CONFIRM, **changes)
    decided = given(ordered(first, *more)).when(command, SERVICE)
    incident = decided.put(Incident)
    assert [type(c.row) for c in decided.changes if hasattr(c, "row")] == [Incident]
    assert (incident.kind, incident.state) == (kind, "open")
    assert dict(incident.refs) == {
        "out_trade_no": "T1",
        "transaction_id": command.transaction_id,
        "fen": int(command.amount_fen),
    }


@pytest.mark.parametrize("actor", [BUYER, CLERK])
def test_only_the_service_confirms_payments(actor: Actor) -> None:
    given(ordered(ORDER, ATTEMPT)).when(CONFIRM, actor).refused("not_allowed", permission="internal")


CLOSED = replace(ORDER, state=OrderState.CLOSED, finished_at=NOW)
FREED = replace(HELD, state=ReservationState.RELEASED)
CLOSED_ATTEMPT = replace(ATTEMPT, state=PaymentState.CLOSED)


def ended_unpaid(*more: Row, on_hand: int = 10) -> list[Row]:
    """A closed order: its two pieces are free again, its attempt is closed."""
    return shop(CLOSED, ORDER_LINE, FREED, CLOSED_ATTEMPT, *more, level=replace(LEVEL, on_hand_qty=on_hand))


def test_who_pays_while_the_order_closes_has_paid() -> None:
    decided = given(ordered(replace(ORDER, state=OrderState.CLOSING), ATTEMPT)).when(CONFIRM, SERVICE)
    assert decided.put(Order).state is OrderState.PAID


def test_who_pays_a_closed_order_gets_its_pieces_while_they_are_there() -> None:
    decided = given(ended_unpaid()).when(CONFIRM, SERVICE)
    order = decided.put(Order)
    assert (order.state, order.finished_at, order.paid_fen) == (OrderState.PAID, None, 13600)
    assert decided.put(Reservation) == HELD
    assert decided.after.get(StockLevel, "s1", "place") == HOLDING


@pytest.mark.parametrize(
    "rows",
    [
        ended_unpaid(on_hand=1),
        ended_unpaid(OrderPrice("o1", "k1", {}), Coupon("k1", "ten", "buyer", "AAAA", CouponState.USED, NOW, "o9")),
        ended_unpaid(OrderPrice("o1", "gone", {})),
        shop(CLOSED, ORDER_LINE, CLOSED_ATTEMPT),
        ordered(PAID, ATTEMPT, replace(BOOKED, id="first", out_trade_no="T0", transaction_id="W0")),
        ordered(replace(PAID, state=OrderState.CANCELLED), CLOSED_ATTEMPT),
    ],
)
def test_money_that_the_order_cannot_use_goes_back_whole(rows: list[Row]) -> None:
    decided = given(rows).when(CONFIRM, SERVICE)
    refund, payment = decided.put(Refund), decided.put(Payment)
    assert (refund.out_refund_no, refund.amount_fen, refund.state) == ("SW1", 13600, RefundState.REQUESTED)
    assert (payment.state, payment.refunding_fen, payment.transaction_id) == (PaymentState.SURPLUS, 13600, "W1")
    entry = decided.put(Transfer)
    assert (entry.debit, entry.credit, entry.fen) == (Account.WECHAT, Account.OWED, 13600)
    assert not [c for c in decided.changes if isinstance(c, Put) and isinstance(c.row, Order | Reservation | Coupon)]
    assert decided.put(OrderEvent).kind == "surplus"
    again = given(decided.after.rows(Payment), decided.after.rows(Order)).when(CONFIRM, SERVICE)
    assert again.changes == ()


def test_a_coupon_that_nobody_has_used_since_comes_back_to_the_order() -> None:
    coupon = Coupon("k1", "ten", "buyer", "AAAA", CouponState.HELD, NOW)
    decided = given(ended_unpaid(OrderPrice("o1", "k1", {}), coupon)).when(CONFIRM, SERVICE)
    used = decided.put(Coupon)
    assert (used.state, used.order_id, decided.put(Order).state) == (CouponState.USED, "o1", OrderState.PAID)
