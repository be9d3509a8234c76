"""What the service does about money by itself, with the real client against the pretended WeChat, on both databases."""

import pytest

from app.buyer.answers import Order
from app.buyer.client import ShopClient
from app.domain.aftersales.commands import CancelOrder, CancelUnpaid, RefundedPieces, RequestRefund
from app.domain.command import Actor
from app.domain.permission import Role
from app.domain.stock.commands import AdjustStock
from app.domain.stock.model import MovementReason
from services.jobs.worker import Worker
from services.standins.wechat.fault import Fault, Operation, Rules
from services.standins.wechat.mail import NoticePlan
from services.upkeep import books
from tests.services.jobs.hands import work
from tests.support.shop import PLACE
from tests.support.street import Street

pytestmark = pytest.mark.warns_in_log("WeChat is made to fail on purpose")


def states(street: Street) -> tuple[str, str]:
    """Of the one order and its attempt."""
    payment = street.shop.rows("payments", "state")
    return street.shop.rows("orders", "state")[0][0], payment[0][0] if payment else ""


def reserved(street: Street) -> int:
    found: int = street.shop.rows("stock_levels", "reserved_qty")[0][0]
    return found


def cancel(street: Street, order: Order) -> None:
    buyer_id = street.shop.rows("orders", "buyer_id")[0][0]
    street.shop.must(CancelOrder(order.id), Actor(buyer_id, Role.BUYER))


def check_books(street: Street) -> None:
    """Σ transfers = 0 by construction; what WeChat holds is what came minus what went, and movements are the level."""
    moved: dict[str, int] = {}
    for debit, credit, fen in street.shop.rows("transfers", "debit, credit, fen"):
        moved[debit] = moved.get(debit, 0) + fen
        moved[credit] = moved.get(credit, 0) - fen
    assert sum(moved.values()) == 0
    came = sum(o.terms.total_fen for o in street.wechat.ledger.orders() if o.transaction_id)
    went = sum(r.terms.refund_fen for r in street.wechat.ledger.refunds() if r.state == "SUCCESS")
    assert moved.get("wechat", 0) == came - went
    levels = street.shop.rows("stock_levels", "sku_id, on_hand_qty")
    deltas = street.shop.rows("stock_movements", "sku_id, delta_qty")
    assert all(on_hand == sum(d for s, d in deltas if s == sku) for sku, on_hand in levels)


def test_an_order_that_nobody_pays_gives_its_pieces_back(street: Street, buyer: ShopClient, worker: Worker) -> None:
    street.ordered(buyer, "p1-s", 2)
    work(worker, street, 29 * 60)
    assert (states(street), reserved(street)) == (("unpaid", ""), 2)
    work(worker, street, 60)
    assert (states(street), reserved(street)) == (("closed", ""), 0)


def test_an_open_attempt_is_closed_at_wechat_first(street: Street, buyer: ShopClient, worker: Worker) -> None:
    order = street.ordered(buyer, "p1-s")
    sheet = buyer.pay(order.id).wx_payment
    work(worker, street, 30 * 60)
    assert (states(street), reserved(street)) == (("closed", "closed"), 0)
    assert street.wechat.ledger.order(f"{order.no}-1").state == "CLOSED"
    with pytest.raises(Exception, match=r"."):
        street.wechat.pay_sheet(sheet)
    check_books(street)


def test_who_paid_in_the_last_second_keeps_the_order(street: Street, buyer: ShopClient, worker: Worker) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.HELD)
    cancel(street, order)
    assert states(street) == ("closing", "open")
    work(worker, street)
    assert (states(street), reserved(street)) == (("paid", "paid"), 1)
    street.tell()
    work(worker, street, 60)
    assert states(street) == ("paid", "paid")
    check_books(street)


def test_what_the_staff_give_up_is_closed_at_wechat_before_its_pieces_are_free(
    street: Street, buyer: ShopClient, worker: Worker
) -> None:
    order = street.ordered(buyer, "p1-s", 2)
    buyer.pay(order.id)
    street.shop.must(CancelUnpaid(order.id))
    assert (states(street), reserved(street)) == (("closing", "open"), 2)
    work(worker, street, 5)
    assert (states(street), reserved(street)) == (("closed", "closed"), 0)
    assert street.wechat.ledger.order(f"{order.no}-1").state == "CLOSED"


def test_pieces_that_never_left_are_on_the_shelf_again_when_wechat_has_paid_them_back(
    street: Street, buyer: ShopClient, worker: Worker
) -> None:
    order = street.ordered(buyer, "p1-s", 3)
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()
    line_id = street.shop.rows("order_lines", "id")[0][0]
    street.shop.must(RequestRefund(order.id, "r1", "少一件", (RefundedPieces(line_id, 1, unsent_qty=1),)))
    work(worker, street)
    assert reserved(street) == 3
    street.wechat.finish_refund(f"{order.no}-1-R1")
    street.tell()
    assert (states(street), reserved(street)) == (("paid", "paid"), 2)
    assert buyer.order(order.id).refunded_fen == 6800
    check_books(street)
    with street.shop.store.reading() as database:
        assert books.findings(database) == []


def test_without_an_answer_the_order_closes_in_the_end(street: Street, buyer: ShopClient, worker: Worker) -> None:
    buyer.pay(street.ordered(buyer, "p1-s").id)
    street.wechat.script(Operation.CLOSE, Fault.DROPPED, 100)
    street.wechat.script(Operation.QUERY, Fault.DROPPED, 100)
    work(worker, street, 30 * 60)
    assert (states(street), reserved(street)) == (("closing", "open"), 1)
    work(worker, street, 4 * 60)
    assert states(street) == ("closing", "open")
    work(worker, street, 61)
    assert (states(street), reserved(street)) == (("closed", "closed"), 0)


def test_a_lost_notice_is_found_by_asking(street: Street, buyer: ShopClient, worker: Worker) -> None:
    order = street.ordered(buyer, "p1-s")
    sheet = buyer.pay(order.id).wx_payment
    work(worker, street, 30)
    assert states(street) == ("unpaid", "open")
    street.wechat.pay_sheet(sheet, NoticePlan.HELD)
    work(worker, street, 10)
    assert states(street) == ("paid", "paid")
    street.wechat.mail.deliver(f"{order.no}-1")
    assert len(street.shop.rows("transfers")) == 1
    check_books(street)


@pytest.mark.parametrize("fault", [None, Fault.DROPPED, Fault.SYSTEM_ERROR_BEFORE, Fault.SYSTEM_ERROR_AFTER])
def test_a_cancelled_order_is_refunded_once(
    street: Street, buyer: ShopClient, worker: Worker, fault: Fault | None
) -> None:
    order = street.ordered(buyer, "p1-s", 2)
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()
    cancel(street, order)
    if fault is not None:
        street.wechat.script(Operation.REFUND, fault)
    work(worker, street)
    work(worker, street, 10)
    assert (street.shop.rows("orders", "state, refunded_fen"), reserved(street)) == ([("cancelled", 0)], 2)
    assert [r.terms.refund_fen for r in street.wechat.ledger.refunds()] == [13600]
    street.wechat.finish_refund(f"{order.no}-1-R1", notice=NoticePlan.HELD)
    work(worker, street, 60)
    assert (street.shop.rows("orders", "state, refunded_fen"), reserved(street)) == ([("cancelled", 13600)], 0)
    street.wechat.mail.deliver(f"{order.no}-1-R1")
    assert street.shop.rows("payments", "refunding_fen, refunded_fen") == [(0, 13600)]
    assert len(street.shop.rows("transfers")) == 2
    check_books(street)


def test_a_notice_ends_the_refund_as_well(street: Street, buyer: ShopClient, worker: Worker) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()
    cancel(street, order)
    work(worker, street)
    street.wechat.finish_refund(f"{order.no}-1-R1")
    street.tell()
    assert street.shop.rows("refunds", "state") == [("succeeded",)]
    check_books(street)


def test_an_empty_account_delays_a_refund_and_a_failed_one_needs_a_person(
    street: Street, buyer: ShopClient, worker: Worker
) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()
    cancel(street, order)
    street.wechat.set_rules(Rules(balance_fen=0))
    work(worker, street)
    assert street.shop.rows("refunds", "state") == [("requested",)]
    street.wechat.set_rules(Rules())
    work(worker, street, 10)
    street.wechat.finish_refund(f"{order.no}-1-R1", "CLOSED")
    street.tell()
    assert street.shop.rows("refunds", "state") == [("failed",)]
    assert [kind for (kind,) in street.shop.rows("incidents", "kind")] == ["refund.failed"]
    street.shop.must(RequestRefund(order.id, "again", ""))
    work(worker, street, 60)
    assert [r.terms.out_refund_no for r in street.wechat.ledger.refunds()] == [f"{order.no}-1-R1", f"{order.no}-1-R2"]
    check_books(street)


@pytest.mark.parametrize("is_sold_out", [False, True])
def test_money_that_comes_after_the_close(street: Street, buyer: ShopClient, worker: Worker, is_sold_out: bool) -> None:
    """WeChat never answered, the order was closed, and then its notice comes after all."""
    order = street.ordered(buyer, "p1-s")
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.HELD)
    street.wechat.script(Operation.CLOSE, Fault.DROPPED, 100)
    street.wechat.script(Operation.QUERY, Fault.DROPPED, 100)
    work(worker, street, 30 * 60)
    work(worker, street, 400)
    assert states(street) == ("closed", "closed")
    if is_sold_out:
        street.shop.must(AdjustStock("p1-s", PLACE, -10, MovementReason.LOST))
    for _ in range(3):
        street.wechat.mail.deliver(f"{order.no}-1")
    if is_sold_out:
        assert states(street) == ("closed", "surplus")
        work(worker, street, 60)
        refund = street.wechat.ledger.refunds()[0]
        assert refund.terms.refund_fen == 6800
        street.wechat.finish_refund(refund.terms.out_refund_no)
        street.tell()
        assert street.shop.rows("payments", "state, refunding_fen, refunded_fen") == [("surplus", 0, 6800)]
        assert street.shop.rows("orders", "paid_fen, refunded_fen") == [(0, 0)]
    else:
        assert (states(street), reserved(street)) == (("paid", "paid"), 1)
    check_books(street)
