"""Notices of payment: what is believed has one effect, and nothing else has any."""

import base64
import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from app.buyer.client import ShopClient
from services.standins.wechat import document
from services.standins.wechat.fault import Fault
from services.standins.wechat.mail import Notice, NoticePlan
from tests.support.street import Street

PATH = "/wechat/pay/notify"
FORGERIES = 2_200
Sealed = tuple[dict[str, str], bytes]


@pytest.fixture
def line(street: Street) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=street.url, trust_env=False, timeout=30) as client:
        yield client


def state(street: Street) -> dict[str, object]:
    """Everything a notice could change."""
    tables = ("orders", "payments", "transfers", "incidents", "notices", "order_events", "command_log", "feed_head")
    return {table: street.shop.rows(table) for table in tables}


def forged(sealed: Sealed, chance: random.Random) -> Sealed:
    """A notice with one thing wrong: a byte, a header, a time, a key."""
    headers, body = dict(sealed[0]), bytearray(sealed[1])
    # The type of signature is only a label: without it the notice is as genuine as before.
    signed = [n for n in headers if n.lower().startswith("wechatpay-") and not n.lower().endswith("signature-type")]
    name = chance.choice(signed)
    kind = chance.randrange(6)
    if kind == 0:
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(7)
    elif kind == 1:
        del headers[name]
    elif kind == 2:
        headers[name] = chance.choice(["", "0", "x" * 40, headers[name][:-1], headers[name] + "A", headers[name][::-1]])
    elif kind == 3:
        signature = base64.b64encode(chance.randbytes(256)).decode()
        headers[next(n for n in signed if n.lower().endswith("-signature"))] = signature
    elif kind == 4:
        stamp = next(n for n in signed if n.lower().endswith("timestamp"))
        headers[stamp] = str(int(headers[stamp]) + chance.choice([-301, 301, -86_400, 1, -1]))
    else:
        body = bytearray(body[: chance.randrange(len(body))])
    return headers, bytes(body)


def test_forged_notices_are_refused_without_a_trace(street: Street, buyer: ShopClient, line: httpx.Client) -> None:
    sealed = street.sealed_notice(buyer, street.ordered(buyer, "p1-s"))
    before, chance = state(street), random.Random(20261123)
    answers: Counter[int] = Counter()
    for _ in range(FORGERIES):
        candidate = forged(sealed, chance)
        if candidate != sealed:
            answers[line.post(PATH, headers=candidate[0], content=candidate[1]).status_code] += 1
    accepted = sum(count for status, count in answers.items() if status < 400)
    print(f"forged notices: {answers.total()}, accepted {accepted}")
    assert accepted == 0 and answers.total() >= 2_000
    assert state(street) == before
    assert line.post(PATH, headers=sealed[0], content=sealed[1]).status_code == 204


def test_one_notice_a_hundred_times_has_one_effect(street: Street, buyer: ShopClient, line: httpx.Client) -> None:
    order = street.ordered(buyer, "p1-s")
    headers, body = street.sealed_notice(buyer, order)
    with ThreadPoolExecutor(8) as senders:
        sent = [senders.submit(line.post, PATH, headers=headers, content=body) for _ in range(100)]
        assert {each.result().status_code for each in sent} == {204}
    after = state(street)
    assert [len(after[t]) for t in ("transfers", "notices", "incidents")] == [1, 1, 0]  # type: ignore[arg-type]
    assert buyer.order(order.id).paid_fen == 6800
    assert [event.kind for event in buyer.order(order.id).events].count("paid") == 1


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
