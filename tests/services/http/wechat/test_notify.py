"""Notices of payment: what is believed has one effect, and nothing else has any."""

import json
from collections.abc import Iterator

import httpx
import pytest

from app.buyer.client import ShopClient
from services.standins.wechat import document
from services.standins.wechat.fault import Fault
from services.standins.wechat.mail import Notice, NoticePlan
from tests.support.street import Street

PATH = "/wechat/pay/notify"
Sealed = tuple[dict[str, str], bytes]


@pytest.fixture
def line(street: Street) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=street.url, trust_env=False, timeout=30) as client:
        yield client


def state(street: Street) -> dict[str, object]:
    """Everything a notice could change."""
    tables = ("orders", "payments", "transfers", "incidents", "notices", "order_events", "command_log", "feed_head")
    return {table: street.shop.rows(table) for table in tables}


def test_a_notice_is_kept_as_it_came(street: Street, buyer: ShopClient, line: httpx.Client) -> None:
    headers, body = street.sealed_notice(buyer, street.ordered(buyer, "p1-s"))
    line.post(PATH, headers=headers, content=body)
    raw, kept = street.shop.rows("notices", "raw, headers")[0]
    assert raw.encode() == body
    assert json.loads(kept)["wechatpay-serial"] == street.wechat.identity.public_key.serial


def test_a_wrong_amount_pays_nothing_and_opens_an_incident(street: Street, buyer: ShopClient) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.WRONG_AMOUNT)
    for _ in range(3):
        street.wechat.mail.deliver(f"{order.no}-1")
    assert buyer.order(order.id).state == "unpaid"
    assert street.shop.rows("incidents", "kind, state") == [("payment.wrong_amount", "open")]
    assert street.shop.rows("transfers") == []


def test_the_right_amount_still_pays_after_a_wrong_one(street: Street, buyer: ShopClient, line: httpx.Client) -> None:
    order = street.ordered(buyer, "p1-s")
    paid = street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.WRONG_AMOUNT)
    street.tell()
    assert buyer.order(order.id).state == "unpaid"
    headers, body = sealed_by(street, f"{order.no}-1", {"transaction_id": paid.transaction_id})
    assert line.post(PATH, headers=headers, content=body).status_code == 204
    assert buyer.order(order.id).state == "paid"


def test_an_unknown_number_is_taken_and_opens_an_incident(street: Street, line: httpx.Client) -> None:
    headers, body = sealed_by(street, "WX20200101000000-1")
    assert line.post(PATH, headers=headers, content=body).status_code == 204
    assert street.shop.rows("incidents", "kind") == [("payment.unknown_number",)]


@pytest.mark.parametrize("field", ["appid", "mchid"])
def test_a_payment_to_somebody_else_is_not_booked(
    street: Street, buyer: ShopClient, line: httpx.Client, field: str
) -> None:
    order = street.ordered(buyer, "p1-s")
    buyer.pay(order.id)
    headers, body = sealed_by(street, f"{order.no}-1", {field: "wx0000000000000000"})
    assert line.post(PATH, headers=headers, content=body).status_code == 204
    assert buyer.order(order.id).state == "unpaid"
    assert street.shop.rows("incidents", "kind") == [("payment.foreign_account",)]


def test_a_notice_that_was_not_decided_is_not_acknowledged(
    street: Street, buyer: ShopClient, line: httpx.Client
) -> None:
    order = street.ordered(buyer, "p1-s")
    headers, body = street.sealed_notice(buyer, order)
    before = state(street)
    headers_twice = [*headers.items(), ("Wechatpay-Signature", headers["Wechatpay-Signature"])]
    for given in (headers_twice, {}):
        assert line.post(PATH, headers=given, content=body).status_code == 401
    assert line.post(PATH, headers=headers, content=body + b" " * 70_000).status_code == 413
    assert line.get(PATH).status_code == 405
    for fault in (Fault.FORGED, Fault.PROBE, Fault.STALE):
        answer = street.wechat.forge_notice(f"{order.no}-1", fault)
        assert answer is not None and answer >= 400
    assert state(street) == before


def sealed_by(street: Street, number: str, changes: dict[str, str] | None = None) -> Sealed:
    """A notice with WeChat's own signature about a payment of 68 yuan under ``number``."""
    identity = street.wechat.identity
    content = {
        "appid": identity.appid,
        "mchid": identity.mchid,
        "out_trade_no": number,
        "transaction_id": "4200002601202611230000000001",
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "success_time": document.moment(street.clock.now()),
        "payer": {"openid": street.wechat.openid("xiaoyu")},
        "amount": {"total": 6800, "payer_total": 6800, "currency": "CNY", "payer_currency": "CNY"},
    } | (changes or {})
    url = f"{street.url}{PATH}"
    notice = Notice("TRANSACTION.SUCCESS", "transaction", number, url, content, "支付成功", street.clock.now())
    street.postman.is_stopped = True
    street.wechat.mail.send_once(notice)
    street.postman.is_stopped = False
    return street.postman.sent[-1]
