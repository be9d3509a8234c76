"""Money goes back once, to the fen, and never more of it than came in."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.aftersales.commands import (
    CancelOrder,
    ConfirmReceipt,
    RecordRefund,
    RefundedPieces,
    RequestRefund,
)
from app.domain.command import Actor, Command
from app.domain.incidents.model import Incident
from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.payments.model import (
    Account,
    Payment,
    PaymentState,
    Refund,
    RefundLine,
    RefundOutcome,
    RefundState,
    Transfer,
)
from app.domain.permission import Role
from app.domain.promotions.model import Coupon, CouponState
from app.domain.row import Row
from app.domain.stock.model import Reservation, ReservationState, StockLevel
from app.domain.view import MemoryView
from tests.app.domain.deciding import BUYER, CLERK, MANAGER, NOW, SERVICE, Decided, given
from tests.app.domain.rows import ATTEMPT, HOLDING, LEVEL, ORDER, ORDER_LINE, PAID, ordered, shop

BOOKED = replace(ATTEMPT, state=PaymentState.PAID, transaction_id="W1", payer_fen=Fen(13600), paid_at=NOW)
CANCEL = CancelOrder("o1", "买错了")
SENT = replace(PAID, state=OrderState.SHIPPED)
SENT_LINE = replace(ORDER_LINE, shipped_qty=2)
COUPON = Coupon("k1", "ten", "buyer", "AAAA", CouponState.USED, NOW, "o1")


def ended(number: str, fen: int, outcome: RefundOutcome = RefundOutcome.SUCCESS, **changes: Any) -> RecordRefund:
    return replace(RecordRefund(number, outcome, Fen(fen), "5030", NOW), **changes)


def state_of(view: MemoryView) -> list[Row]:
    """All that is there, to go on from."""
    kinds = (Order, OrderLine, Payment, Refund, RefundLine, Reservation, StockLevel, Coupon)
    return [row for kind in kinds for row in view.rows(kind)]


def test_a_paid_order_that_is_cancelled_cannot_leave_and_its_money_goes_back() -> None:
    decided = given(ordered(PAID, BOOKED, COUPON)).when(CANCEL, BUYER)
    refund = decided.put(Refund)
    assert (refund.out_refund_no, refund.amount_fen, refund.reason) == ("T1-R1", 13600, "买错了")
    assert decided.put(RefundLine) == RefundLine(refund.id, "line-1", 2, Fen(13600), unsent_qty=2)
    assert decided.put(Payment).refunding_fen == 13600
    assert decided.put(Order).state is OrderState.CANCELLED
    assert decided.after.get(StockLevel, "s1", "place") == HOLDING, "the pieces wait for the money"
    cancelled = given(state_of(decided.after))
    assert cancelled.when(CANCEL, BUYER).changes == ()
    ship = ShipOrder("o1", "pa", (ShippedLine("line-1", 2),), "sf", "SF1234567890123")
    cancelled.when(ship, CLERK).refused("order.not_shippable", state="cancelled")


def test_the_end_of_the_refund_gives_back_pieces_and_coupon_and_is_booked_once() -> None:
    asked = given(ordered(PAID, BOOKED, COUPON)).when(CANCEL, BUYER).after
    decided = given(state_of(asked)).when(ended("T1-R1", 13600), SERVICE)
    payment, order = decided.put(Payment), decided.put(Order)
    assert (payment.refunding_fen, payment.refunded_fen) == (0, 13600)
    assert (order.state, order.refunded_fen, order.finished_at) == (OrderState.CANCELLED, 13600, NOW)
    entry = decided.put(Transfer)
    assert (entry.debit, entry.credit, entry.fen) == (Account.SALES, Account.WECHAT, 13600)
    assert decided.put(Reservation).state is ReservationState.RELEASED
    assert decided.put(Coupon).state is CouponState.HELD
    assert decided.after.get(StockLevel, "s1", "place") == LEVEL
    assert given(state_of(decided.after)).when(ended("T1-R1", 13600), SERVICE).changes == ()
    late = ended("T1-R1", 13600, RefundOutcome.CLOSED)
    assert given(state_of(decided.after)).when(late, SERVICE).changes == ()


def test_an_order_that_cost_nothing_is_cancelled_at_once() -> None:
    free = replace(PAID, discount_fen=Fen(13600), total_fen=Fen(0), paid_fen=Fen(0))
    decided = given(ordered(free, COUPON)).when(CANCEL, BUYER)
    assert (decided.put(Order).state, decided.put(Coupon).state) == (OrderState.CANCELLED, CouponState.HELD)
    assert decided.after.get(StockLevel, "s1", "place") == LEVEL
    again = RequestRefund("o1", "r1", "")
    given(state_of(decided.after)).when(again, MANAGER).refused("refund.nothing")


@pytest.mark.parametrize("outcome", [RefundOutcome.ABNORMAL, RefundOutcome.CLOSED])
def test_a_refund_that_failed_can_be_asked_again_under_another_number(outcome: RefundOutcome) -> None:
    asked = given(ordered(PAID, BOOKED)).when(CANCEL, BUYER).after
    decided = given(state_of(asked)).when(ended("T1-R1", 13600, outcome), SERVICE)
    assert decided.put(Refund).state is RefundState.FAILED
    assert decided.put(Payment).refunding_fen == 0
    assert decided.put(Incident).kind == "refund.failed"
    again = given(state_of(decided.after)).when(RequestRefund("o1", "r2", "再退"), MANAGER)
    assert (again.put(Refund).out_refund_no, again.put(Payment).refunding_fen) == ("T1-R2", 13600)
    both = given(state_of(again.after)).when(ended("T1-R1", 13600), SERVICE)
    assert both.put(Incident).kind == "refund.too_much"


def test_two_refunds_of_the_one_piece_that_was_held_back_are_no_two_pieces() -> None:
    """The first failed and was asked for again; should its money have gone as well, a piece would seem still to leave
    whose money is back."""
    view = MemoryView(ordered(PAID, BOOKED))
    one = (RefundedPieces("line-1", 1, 1),)
    steps = (
        (RequestRefund("o1", "r1", "", one, Fen(0)), MANAGER),
        (ended("T1-R1", 6800, RefundOutcome.ABNORMAL), SERVICE),
        (RequestRefund("o1", "r2", "", one, Fen(0)), MANAGER),
        (ended("T1-R2", 6800), SERVICE),
    )
    for command, actor in steps:
        view = given(state_of(view)).when(command, actor).after
    late = given(state_of(view)).when(ended("T1-R1", 6800), SERVICE)
    assert late.put(Incident).kind == "refund.too_much"
    line = late.after.get(OrderLine, "line-1")
    assert line is not None and (line.refunded_fen, line.cancelled_qty, line.open_qty) == (6800, 1, 1)


def test_a_failed_refund_that_succeeds_after_all_is_booked() -> None:
    asked = given(ordered(PAID, BOOKED)).when(CANCEL, BUYER).after
    failed = given(state_of(asked)).when(ended("T1-R1", 13600, RefundOutcome.ABNORMAL), SERVICE).after
    decided = given(state_of(failed)).when(ended("T1-R1", 13600), SERVICE)
    payment = decided.put(Payment)
    assert (payment.refunding_fen, payment.refunded_fen, decided.put(Order).refunded_fen) == (0, 13600, 13600)


def pieces(qty: int, refund_id: str, freight: int = 0) -> RequestRefund:
    return RequestRefund("o1", refund_id, "坏了", (RefundedPieces("line-1", qty),), Fen(freight))


def test_pieces_that_have_left_give_back_their_shares_and_together_the_whole() -> None:
    three = replace(SENT_LINE, qty=3, shipped_qty=3, paid_fen=Fen(10_000))
    order = replace(SENT, goods_fen=Fen(10_000), freight_fen=Fen(500), total_fen=Fen(10_500), paid_fen=Fen(10_500))
    state: list[Row] = [order, three, replace(BOOKED, amount_fen=Fen(10_500))]
    asked = []
    for number in (1, 2, 3):
        decided = given(state).when(pieces(1, f"r{number}", freight=500 if number == 2 else 0), MANAGER)
        asked.append(int(decided.put(Refund).amount_fen))
        state = state_of(decided.after)
    assert asked == [3_333, 3_833, 3_334]
    given(state).when(pieces(1, "r4"), MANAGER).refused("refund.lines_unfit")
    for number, fen in enumerate(asked, 1):
        state = state_of(given(state).when(ended(f"T1-R{number}", fen), SERVICE).after)
    whole = next(row for row in state if isinstance(row, Order))
    line = next(row for row in state if isinstance(row, OrderLine))
    assert (whole.state, whole.refunded_fen, line.refunded_fen) == (OrderState.SHIPPED, 10_500, 10_000)


def test_shares_never_exceed_the_line_after_a_refund_in_between_has_failed() -> None:
    line = replace(SENT_LINE, qty=3, shipped_qty=3, paid_fen=Fen(10))
    state: list[Row] = [replace(SENT, goods_fen=Fen(10), total_fen=Fen(10), paid_fen=Fen(10)), line]
    state.append(replace(BOOKED, amount_fen=Fen(10)))
    state = state_of(given(state).when(pieces(1, "r1"), MANAGER).after)
    state = state_of(given(state).when(pieces(2, "r2"), MANAGER).after)
    state = state_of(given(state).when(ended("T1-R1", 3, RefundOutcome.CLOSED), SERVICE).after)
    assert given(state).when(pieces(1, "r3"), MANAGER).put(Refund).amount_fen == 3


def unsent(qty: int, refund_id: str, freight: int = 0) -> RequestRefund:
    return RequestRefund("o1", refund_id, "少买点", (RefundedPieces("line-1", qty, qty),), Fen(freight))


def bought(qty: int, fen: int, freight: int = 0) -> list[Row]:
    """A paid order of so many pieces of one article."""
    total = Fen(fen + freight)
    order = replace(PAID, goods_fen=Fen(fen), freight_fen=Fen(freight), total_fen=total, paid_fen=total)
    line = replace(ORDER_LINE, qty=qty, paid_fen=Fen(fen))
    held = Reservation("line-1", "s1", "place", qty, ReservationState.HELD)
    level = replace(LEVEL, reserved_qty=qty)
    return [*shop(order, line, held, COUPON, level=level), replace(BOOKED, amount_fen=total)]


def ship(qty: int, parcel: str = "pa") -> ShipOrder:
    return ShipOrder("o1", parcel, (ShippedLine("line-1", qty),), "sf", f"SF12345678901{len(parcel):02}")


def test_pieces_of_a_paid_order_go_back_while_the_rest_of_it_ships() -> None:
    asked = given(bought(3, 10_000)).when(unsent(1, "r1"), MANAGER)
    assert (asked.put(Refund).amount_fen, asked.put(RefundLine).unsent_qty) == (3_333, 1)
    after = asked.after
    assert after.get(Order, "o1").state is OrderState.PAID  # type: ignore[union-attr]
    assert after.get(StockLevel, "s1", "place").reserved_qty == 3, "the piece waits for the money"  # type: ignore[union-attr]
    given(state_of(after)).when(ship(3), CLERK).refused("order.lines_unfit")
    shipped = given(state_of(after)).when(ship(2), CLERK)
    assert shipped.put(Order).state is OrderState.SHIPPED
    ended_well = given(state_of(shipped.after)).when(ended("T1-R1", 3_333), SERVICE)
    assert ended_well.after.get(StockLevel, "s1", "place") == replace(LEVEL, on_hand_qty=8)
    assert ended_well.put(Reservation).state is ReservationState.CONSUMED
    assert ended_well.after.rows(Coupon)[0].state is not CouponState.HELD, "the order lives on, so its coupon is used"
    assert given(state_of(ended_well.after)).when(ended("T1-R1", 3_333), SERVICE).changes == ()


def test_the_rest_of_a_partly_shipped_order_goes_back_and_what_left_is_all_that_leaves() -> None:
    partly = given(bought(3, 10_000)).when(ship(1), CLERK).after
    asked = given(state_of(partly)).when(unsent(2, "r1"), MANAGER)
    assert (asked.put(Order).state, asked.put(Refund).amount_fen) == (OrderState.SHIPPED, 6_666)
    done = given(state_of(asked.after)).when(ended("T1-R1", 6_666), SERVICE)
    assert done.after.get(StockLevel, "s1", "place") == replace(LEVEL, on_hand_qty=9)
    sent = given(state_of(done.after)).when(pieces(1, "r2"), MANAGER)
    assert sent.put(Refund).amount_fen == 3_334, "all together exactly what the line cost"


def test_the_last_pieces_of_an_order_of_which_nothing_left_cancel_it_with_its_freight_and_its_coupon() -> None:
    first = given(bought(2, 9_999, freight=800)).when(unsent(1, "r1"), MANAGER).after
    given(state_of(first)).when(unsent(1, "r2"), MANAGER).refused("refund.freight_missing", freight_fen=800)
    rest = given(state_of(first)).when(unsent(1, "r2", freight=800), MANAGER)
    assert (rest.put(Order).state, rest.put(Refund).amount_fen) == (OrderState.CANCELLED, 5_800)
    one = given(state_of(rest.after)).when(ended("T1-R1", 4_999), SERVICE)
    assert one.after.get(StockLevel, "s1", "place") == replace(LEVEL, reserved_qty=1)
    assert one.after.rows(Coupon)[0].state is CouponState.USED
    both = given(state_of(one.after)).when(ended("T1-R2", 5_800), SERVICE)
    assert both.after.get(StockLevel, "s1", "place") == LEVEL
    assert (both.put(Coupon).state, both.put(Order).finished_at) == (CouponState.HELD, NOW)


def test_pieces_whose_refund_failed_stay_here_and_their_money_can_be_asked_again() -> None:
    asked = given(bought(3, 10_000)).when(unsent(1, "r1"), MANAGER).after
    failed = given(state_of(asked)).when(ended("T1-R1", 3_333, RefundOutcome.CLOSED), SERVICE).after
    given(state_of(failed)).when(ship(3), CLERK).refused("order.lines_unfit")
    again = given(state_of(failed)).when(unsent(1, "r2"), MANAGER)
    assert (again.put(Refund).out_refund_no, again.after.rows(OrderLine)[0].cancelled_qty) == ("T1-R2", 1)
    done = given(state_of(again.after)).when(ended("T1-R2", 3_333), SERVICE)
    assert done.after.get(StockLevel, "s1", "place") == replace(LEVEL, reserved_qty=2)


def test_a_piece_that_left_and_one_that_did_not_go_back_together() -> None:
    partly = given(bought(3, 9_000)).when(ship(1), CLERK).after
    both = RequestRefund("o1", "r1", "", (RefundedPieces("line-1", 2, unsent_qty=1),))
    asked = given(state_of(partly)).when(both, MANAGER)
    assert (asked.put(Refund).amount_fen, asked.after.rows(OrderLine)[0].open_qty) == (6_000, 1)
    done = given(state_of(asked.after)).when(ended("T1-R1", 6_000), SERVICE)
    assert done.after.get(StockLevel, "s1", "place") == replace(LEVEL, on_hand_qty=9, reserved_qty=1)


@pytest.mark.parametrize(
    ("rows", "command", "code"),
    [
        ([], pieces(1, "r1"), "close.not_found"),
        ([ORDER, ORDER_LINE], pieces(1, "r1"), "refund.not_refundable"),
        ([PAID, ORDER_LINE, BOOKED], pieces(1, "r1"), "refund.lines_unfit"),
        ([PAID, ORDER_LINE, BOOKED], unsent(3, "r1"), "refund.lines_unfit"),
        ([PAID, ORDER_LINE, BOOKED], unsent(0, "r1"), "refund.lines_unfit"),
        ([PAID, ORDER_LINE], unsent(1, "r1"), "refund.nothing"),
        ([replace(PAID, state=OrderState.CANCELLED), ORDER_LINE, BOOKED], unsent(1, "r1"), "refund.whole_only"),
        ([SENT, SENT_LINE, BOOKED], unsent(1, "r1"), "refund.lines_unfit"),
        ([SENT, SENT_LINE, BOOKED], pieces(3, "r1"), "refund.lines_unfit"),
        ([SENT, SENT_LINE, BOOKED], pieces(0, "r1"), "refund.lines_unfit"),
        ([SENT, SENT_LINE, BOOKED], pieces(1, "r1", freight=1), "refund.lines_unfit"),
        ([SENT, SENT_LINE, BOOKED], RequestRefund("o1", "r1", "", (RefundedPieces("x", 1),)), "refund.lines_unfit"),
        ([SENT, SENT_LINE, BOOKED], RequestRefund("o1", "r1", ""), "refund.nothing"),
        ([SENT, SENT_LINE, BOOKED], RequestRefund("o1", "r1", "x" * 81), "refund.reason_unfit"),
        ([SENT, replace(SENT_LINE, shipped_qty=1), BOOKED], pieces(2, "r1"), "refund.lines_unfit"),
    ],
)
def test_what_cannot_go_back_is_refused(rows: list[Row], command: Command, code: str) -> None:
    given(rows).when(command, MANAGER).refused(code)


def test_a_refund_is_asked_once_and_by_a_manager() -> None:
    asked = given([SENT, SENT_LINE, BOOKED]).when(pieces(1, "r1"), MANAGER).after
    given(state_of(asked)).when(pieces(1, "r1"), MANAGER).refused("refund.exists")
    given([SENT, SENT_LINE, BOOKED]).when(pieces(1, "r1"), CLERK).refused("not_allowed", permission="order.refund")


def test_what_is_under_way_can_no_longer_be_cancelled() -> None:
    given([SENT, SENT_LINE, BOOKED]).when(CANCEL, BUYER).refused("cancel.not_cancellable", state="shipped")
    given([PAID]).when(replace(CANCEL, reason="x" * 81), BUYER).refused("refund.reason_unfit")


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (ended("T9-R1", 13600), "refund.unknown_number"),
        (ended("T1-R1", 13599), "refund.wrong_amount"),
        (ended("T1-R1", 13600, is_ours=False), "refund.foreign_account"),
    ],
)
def test_a_refund_that_the_books_cannot_place_is_kept_for_a_person(command: RecordRefund, kind: str) -> None:
    asked = given(ordered(PAID, BOOKED)).when(CANCEL, BUYER).after
    decided = given(state_of(asked)).when(command, SERVICE)
    assert decided.put(Incident).kind == kind
    assert len(decided.changes) == 1


def test_a_surplus_that_went_back_leaves_the_order_as_it_is() -> None:
    surplus = replace(BOOKED, id="p2", out_trade_no="T2", state=PaymentState.SURPLUS, refunding_fen=Fen(13600))
    refund = Refund("r1", "p2", "o1", "SW2", Fen(13600), RefundState.REQUESTED, "surplus", "service", NOW)
    decided: Decided = given([SENT, SENT_LINE, BOOKED, surplus, refund]).when(ended("SW2", 13600), SERVICE)
    assert decided.after.get(Order, "o1") == SENT
    entry = decided.put(Transfer)
    assert (entry.debit, entry.credit) == (Account.OWED, Account.WECHAT)
    assert decided.put(OrderEvent).kind == "refunded"


def test_the_buyer_says_that_the_goods_arrived() -> None:
    received = ConfirmReceipt("o1")
    order = given([SENT]).when(received, BUYER).put(Order)
    assert (order.state, order.finished_at) == (OrderState.COMPLETED, NOW)
    assert given([order]).when(received, BUYER).changes == ()
    given([PAID]).when(received, BUYER).refused("receipt.not_receivable", state="paid")
    given([SENT]).when(received, Actor("stranger", Role.BUYER)).refused("close.not_found")
