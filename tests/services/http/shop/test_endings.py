"""A buyer gives an order up, or says that it arrived: once, only their own, and only while that is possible."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from app.buyer.answers import Order
from app.buyer.client import ShopClient
from app.buyer.refusals import Conflict, KeyUsed, Malformed, NotFound
from app.domain.aftersales.commands import FinishClose, RecordRefund
from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.payments.model import RefundOutcome
from services.http.problem import MEDIA_TYPE
from services.standins.wechat.mail import NoticePlan
from tests.support.shop import CLERK, SERVICE
from tests.support.street import Street

CANCEL, ARRIVED = "cancel-0001", "arrived-0001"


def paid(street: Street, buyer: ShopClient, qty: int = 1) -> Order:
    order = street.ordered(buyer, "p1-s", qty)
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()
    return buyer.order(order.id)


def ship(street: Street, order: Order, qty: int, parcel: int = 1) -> None:
    lines = (ShippedLine(order.lines[0].id, qty),)
    street.shop.must(ShipOrder(order.id, f"parcel-{parcel}", lines, "sf", f"SF123456789012{parcel}"), CLERK)


def reserved(street: Street) -> int:
    found: int = street.shop.rows("stock_levels", "reserved_qty")[0][0]
    return found


def kinds(order: Order) -> list[str]:
    return [event.kind for event in order.events]


def everything(street: Street) -> dict[str, Any]:
    tables = ("orders", "order_events", "stock_levels", "stock_movements", "payments", "refunds", "transfers")
    return {table: street.shop.rows(table) for table in tables}


def test_a_cancelled_unpaid_order_gives_its_pieces_back_once(street: Street, buyer: ShopClient) -> None:
    order, other = street.ordered(buyer, "p1-s", 2), street.ordered(buyer, "p1-s", 3, "key-00000002")
    assert reserved(street) == 5
    street.clock.advance(seconds=5)
    closed = buyer.cancel(order.id, CANCEL, "拍错了")
    assert (closed.state, closed.refunds, kinds(closed), reserved(street)) == ("closed", (), ["placed", "closed"], 3)
    assert buyer.cancel(order.id, CANCEL, "拍错了") == closed
    assert buyer.cancel(order.id, "cancel-0002") == closed
    assert (reserved(street), buyer.order(other.id).state) == (3, "unpaid")
    with pytest.raises(Conflict) as refused:
        buyer.pay(order.id)
    assert (refused.value.code, refused.value.params) == ("payment.not_payable", {"state": "closed"})


def test_an_order_that_somebody_may_be_paying_keeps_its_pieces_until_that_is_over(
    street: Street, buyer: ShopClient
) -> None:
    order = street.ordered(buyer, "p1-s", 2)
    buyer.pay(order.id)
    street.clock.advance(seconds=5)
    assert buyer.cancel(order.id, CANCEL).state == "closing"
    street.clock.advance(seconds=5)
    assert (reserved(street), street.shop.rows("payments", "state")) == (2, [("open",)])
    with pytest.raises(Conflict):
        buyer.pay(order.id)
    street.shop.must(FinishClose(order.id), SERVICE)
    again = buyer.cancel(order.id, CANCEL)
    assert (again.state, kinds(again), reserved(street)) == ("closed", ["placed", "given_up", "closed"], 0)


def test_a_payment_that_was_under_way_wins_over_the_cancel(street: Street, buyer: ShopClient) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.HELD)
    assert buyer.cancel(order.id, CANCEL).state == "closing"
    street.wechat.mail.deliver(f"{order.no}-1")
    assert (buyer.order(order.id).state, reserved(street)) == ("paid", 1)
    assert buyer.cancel(order.id, CANCEL).state == "paid"  # the same key is the same wish, and that one was answered
    cancelled = buyer.cancel(order.id, "cancel-0002")
    assert (cancelled.state, [refund.amount_fen for refund in cancelled.refunds]) == ("cancelled", [6800])


def test_a_cancelled_paid_order_asks_all_its_money_back_once(street: Street, buyer: ShopClient) -> None:
    order = paid(street, buyer, 3)
    street.clock.advance(minutes=1)
    cancelled = buyer.cancel(order.id, CANCEL, "不想要了")
    assert (cancelled.state, cancelled.refunded_fen) == ("cancelled", 0)
    refund = cancelled.refunds[0]
    assert (refund.out_refund_no, refund.amount_fen, refund.state) == (f"{order.no}-1-R1", 20400, "requested")
    assert (refund.requested_at, refund.ended_at) == (street.clock.now(), None)
    assert buyer.cancel(order.id, CANCEL, "不想要了") == cancelled
    assert buyer.cancel(order.id, "cancel-0002") == cancelled
    asked = street.shop.rows("refunds", "amount_fen, reason, requested_by")
    assert [row[:2] for row in asked] == [(20400, "不想要了")]
    assert asked[0][2] == street.shop.rows("buyers", "id")[0][0]
    assert (street.shop.rows("payments", "refunding_fen"), reserved(street)) == ([(20400,)], 3)

    street.clock.advance(minutes=1)
    success = (RefundOutcome.SUCCESS, Fen(20400), "50000001", street.clock.now())
    street.shop.must(RecordRefund(refund.out_refund_no, *success), SERVICE)
    back = buyer.order(order.id)
    assert (back.state, back.refunded_fen, reserved(street)) == ("cancelled", 20400, 0)
    assert [(r.state, r.ended_at) for r in back.refunds] == [("succeeded", street.clock.now())]
    assert kinds(back)[-2:] == ["cancelled", "refunded"]


def test_many_taps_are_one_refund(street: Street, buyer: ShopClient) -> None:
    order = paid(street, buyer)
    with ThreadPoolExecutor(8) as taps:
        states = list(taps.map(lambda n: buyer.cancel(order.id, f"cancel-{n % 8:04d}").state, range(16)))
    assert set(states) == {"cancelled"}
    assert street.shop.rows("refunds", "amount_fen") == [(6800,)]
    assert kinds(buyer.order(order.id)).count("cancelled") == 1


def test_nothing_is_cancelled_once_a_piece_has_left(street: Street, buyer: ShopClient) -> None:
    order = paid(street, buyer, 2)
    for number, state in enumerate(("partly_shipped", "shipped", "completed")):
        if state == "completed":
            buyer.confirm_receipt(order.id, ARRIVED)
        else:
            ship(street, order, 1, number)
        before = everything(street)
        for _ in range(2):
            with pytest.raises(Conflict) as refused:
                buyer.cancel(order.id, f"cancel-000{number}")
            assert (refused.value.code, refused.value.params) == ("cancel.not_cancellable", {"state": state})
        assert everything(street) == before


def test_receipt_is_confirmed_once_and_only_after_everything_was_shipped(street: Street, buyer: ShopClient) -> None:
    order = street.ordered(buyer, "p1-s", 2)
    for number, state in enumerate(("unpaid", "paid", "partly_shipped")):
        if state == "paid":
            pay_now(street, buyer, order)
        elif state == "partly_shipped":
            ship(street, order, 1)
        with pytest.raises(Conflict) as refused:
            buyer.confirm_receipt(order.id, f"arrived-100{number}")
        assert (refused.value.code, refused.value.params) == ("receipt.not_receivable", {"state": state})
    ship(street, order, 1, 2)
    street.clock.advance(minutes=1)
    received = buyer.confirm_receipt(order.id, ARRIVED)
    assert (received.state, kinds(received)[-1]) == ("completed", "received")
    before = everything(street)
    street.clock.advance(minutes=1)
    assert buyer.confirm_receipt(order.id, ARRIVED) == received
    assert buyer.confirm_receipt(order.id, "arrived-0002") == received
    assert everything(street) == before


def pay_now(street: Street, buyer: ShopClient, order: Order) -> None:
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()


def test_a_cancelled_order_is_not_received(street: Street, buyer: ShopClient) -> None:
    order = paid(street, buyer)
    buyer.cancel(order.id, CANCEL)
    with pytest.raises(Conflict) as refused:
        buyer.confirm_receipt(order.id, ARRIVED)
    assert refused.value.params == {"state": "cancelled"}


def test_a_key_that_was_used_for_another_wish_is_refused(street: Street, buyer: ShopClient) -> None:
    order, other = paid(street, buyer), street.ordered(buyer, "p1-s", key="key-00000002")
    buyer.cancel(order.id, CANCEL, "拍错了")
    before = everything(street)
    for order_id, reason in ((order.id, "不想要了"), (other.id, "拍错了")):
        with pytest.raises(KeyUsed):
            buyer.cancel(order_id, CANCEL, reason)
    assert everything(street) == before
    assert buyer.cancel(other.id, "key-00000002").state == "closed"  # what ordering used is free for cancelling


def test_somebody_elses_order_is_neither_cancelled_nor_received(street: Street, buyer: ShopClient) -> None:
    unpaid, shipped = street.ordered(buyer, "p1-s"), street.ordered(buyer, "p1-s", key="key-00000002")
    pay_now(street, buyer, shipped)
    ship(street, shipped, 1)
    before = everything(street)
    with street.buyer("mallory") as mallory:
        for order_id in (unpaid.id, shipped.id, "nothing"):
            for attempt in (mallory.cancel, mallory.confirm_receipt):
                with pytest.raises(NotFound) as refused:
                    attempt(order_id, CANCEL)
                assert refused.value.code == "order.not_found"
    assert everything(street) == before
    assert buyer.cancel(unpaid.id, CANCEL).state == "closed"  # a stranger's key takes nothing away


def test_what_does_not_fit_is_refused(street: Street, buyer: ShopClient) -> None:
    order = paid(street, buyer)
    before = everything(street)
    bodies: list[Any] = [{"reason": "长" * 81}, {"reason": "\x00"}, {"reason": 1}, {"amount_fen": 1}, [], "cancel"]
    headers = {"Authorization": f"Bearer {buyer.token}", "Content-Type": "application/json"}
    with httpx.Client(base_url=f"{street.url}/shop/v1/orders/{order.id}", headers=headers, trust_env=False) as line:
        for number, body in enumerate(bodies):
            key = {"Idempotency-Key": f"key-1000000{number}"}
            answer = line.post("/cancel", content=json.dumps(body), headers=key)
            assert (answer.status_code, answer.headers["content-type"]) == (400, MEDIA_TYPE), body
        for path in ("/cancel", "/confirm-receipt"):
            assert line.post(path).json()["code"] == "malformed"  # without a key
            assert line.post(path, headers={"Authorization": "", "Idempotency-Key": CANCEL}).status_code == 401
        assert everything(street) == before
        assert line.post("/cancel", headers={"Idempotency-Key": CANCEL}).json()["state"] == "cancelled"
    with pytest.raises(Malformed):
        buyer.cancel(order.id, "short")


def test_a_refusal_is_told_in_the_buyers_language(street: Street, buyer: ShopClient) -> None:
    order = street.ordered(buyer, "p1-s")
    with pytest.raises(Conflict) as refused:
        buyer.confirm_receipt(order.id, ARRIVED)
    assert "还没发货" in refused.value.detail
