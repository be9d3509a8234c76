"""Attacks on what is paid: by whom, how much, for how many."""

import itertools
from typing import Any

import pytest

from app.domain.aftersales.commands import BeginClose
from app.domain.catalog.commands import ChangePrice, CreateProduct, NewSku
from app.domain.money import Fen
from app.domain.payments.commands import ConfirmPayment
from app.domain.promotions.commands import PublishPromotion
from services.adapters.wechat_pay import crypto
from services.standins.wechat.mail import Notice
from tests.services.attacks.target import Target, order_body, text_of

ORDERS = "/shop/v1/orders"
MALFORMED = (400, "malformed")
NOBODYS_DOORS = {
    "V01": ("/order/paySuccess", "/paySuccess", f"{ORDERS}/paySuccess", f"{ORDERS}/{{id}}/paySuccess"),
    "V02": ("/order/paySuccess/{id}", "/alipay/notify", f"{ORDERS}/{{id}}/pay/success", f"{ORDERS}/{{id}}/paid"),
    "V03": ("/api/v1/orders/{id}/payment", "/member/payOrder", f"{ORDERS}/{{id}}/confirm", f"{ORDERS}/{{id}}/state"),
}

DOORLESS = ("not_found", "method_not_allowed", "order.not_found", "session.unknown")


@pytest.mark.parametrize("attack", NOBODYS_DOORS)
def test_nobody_can_say_that_an_order_was_paid(target: Target, attack: str) -> None:
    """V01, V02, V03: there is no door for it, whatever it is called and however it is knocked at."""
    order = target.orders["unpaid"]
    claim = {"order_id": order.id, "orderNo": order.no, "payType": "1", "status": "SUCCESS"}
    ways: tuple[tuple[str, dict[str, Any]], ...] = (("GET", {"params": claim}), ("POST", {"json": claim}))
    with target.untouched():
        for path, (method, how), who in itertools.product(NOBODYS_DOORS[attack], ways, ("nobody", "alice", "mallory")):
            answer = target.ask(method, path.format(id=order.id), who, **how)
            assert answer.json()["code"] in DOORLESS, (path, who)


def test_the_amount_to_pay_is_never_the_phones(target: Target) -> None:
    """V04: whatever else is sent along, what is paid is the order's own total."""
    order = target.orders["unpaid"]
    claim = {"amount_fen": 1, "total_fee": 1, "out_trade_no": "mine", "openid": "mine"}
    answer = target.ask("POST", f"{ORDERS}/{order.id}/pay", "alice", json=claim, params=claim)
    if answer.status_code == 200:
        assert (answer.json()["amount_fen"], answer.json()["out_trade_no"]) == (6800, f"{order.no}-1")
    assert {o.terms.total_fen for o in target.street.wechat.ledger.orders()} == {6800}


CLAIMS: dict[str, list[dict[str, Any]]] = {
    "V05": [{"coupon_amount": 6700}, {"pay_amount": 1}, {"discount_fen": 6700}, {"coupon_fen": 1}],
    "V10": [{"gift_card_fen": -6800}, {"gift_card": {"value": 6800}}, {"balance_fen": 6800}, {"points": 68_000}],
    "V11": [{"lines": [{"sku_id": "p1-s", "qty": 1, "price_id": "cheap"}]}, {"price_id": "cheap"}, {"level_id": "vip"}],
    "V12": [{"paid": True}, {"state": "paid"}, {"paid_fen": 6800}, {"payment": {"state": "paid"}}, {"no": "WX1"}],
}


@pytest.mark.parametrize(("attack", "claim"), [(a, c) for a, claims in CLAIMS.items() for c in claims])
def test_an_order_says_nothing_about_its_own_price_or_state(target: Target, attack: str, claim: dict[str, Any]) -> None:
    """V05, V10, V11, V12: unknown fields are refused, never overlooked."""
    target.refused(MALFORMED, "POST", ORDERS, json=order_body(**claim))


QUANTITIES = [0, -1, 10_000, 2**31, 2**32 + 1, 2**63, 2**64 + 1, 10**400, 1.0, 1e3, "1", True, None, [1], {"n": 1}]


def test_a_number_of_pieces_that_is_none_is_refused_wherever_it_is_sent(target: Target) -> None:
    """V06, V07, V08: no, negative, broken and enormous numbers, in the cart, in a question and in an order."""
    with target.untouched():
        for qty in QUANTITIES:
            lines = [{"sku_id": "p1-s", "qty": qty}]
            target.refused(MALFORMED, "PUT", "/shop/v1/cart/items", text=text_of({"items": lines}))
            target.refused(MALFORMED, "POST", "/shop/v1/quotes", text=text_of({"lines": lines}))
            target.refused(MALFORMED, "POST", ORDERS, text=text_of(order_body(lines=lines)))


def test_many_large_lines_do_not_overflow(target: Target) -> None:
    """V08: what is allowed in each line is too much in all of them together, and no sum becomes negative."""
    sold_out = "order.out_of_stock"
    for qty, times, code in ((9_999, 50, "order.bad_qty"), (999, 1, sold_out), (19, 50, sold_out)):
        lines = [{"sku_id": "p1-s", "qty": qty}] * times
        target.refused((409, code), "POST", "/shop/v1/quotes", json={"lines": lines})
        target.refused((409, code), "POST", ORDERS, json=order_body(lines=lines, expected_total_fen=10**12))


@pytest.mark.parametrize("fen", [-1, -6800, 10**18, 2**63])
def test_nothing_has_a_negative_or_boundless_price(target: Target, fen: int) -> None:
    """V09: not in a new product and not in a new price, whoever says so."""
    sku = NewSku("evil-s", (), "EVIL", "", Fen(6800))
    args = {"skus": [{"sku_id": "evil-s", "values": [], "code": "EVIL", "barcode": "", "list_fen": fen}]}
    for command, changes in (
        (ChangePrice("p1-s", Fen(6800), Fen(6800)), {"to_fen": fen}),
        (CreateProduct("evil", "cat", "坏", (sku,)), args),
    ):
        with target.untouched():
            verdict, code = target.push(command, "owner", "managers_desktop", **changes)
        assert verdict == "rejected" and code, command


@pytest.mark.parametrize("off_fen", [-500, 0, 2**63, 10**30, "500", None])
def test_no_coupon_gives_more_than_it_may(target: Target, off_fen: Any) -> None:
    """V10: a coupon of a negative or boundless value would be a price of one's own choice."""
    promotion = PublishPromotion("evil", 0, "坏券", "coupon", {"off_fen": 500})
    with target.untouched():
        verdict, _ = target.push(promotion, "owner", "managers_desktop", config={"off_fen": off_fen})
    assert verdict == "rejected"


def test_a_total_that_is_not_the_quoted_one_buys_nothing(target: Target) -> None:
    """V04: the total in an order is what its buyer saw; another one is refused with the right one."""
    for total in (0, 1, 6799, 6801):
        target.refused((409, "order.price_changed"), "POST", ORDERS, json=order_body(expected_total_fen=total))
    for total in (-1, 6800.0, "6800", 10**13, None):
        target.refused(MALFORMED, "POST", ORDERS, text=text_of(order_body(expected_total_fen=total)))


NOTIFY = "/wechat/pay/notify"


def test_a_notice_without_a_signature_changes_nothing(target: Target) -> None:
    """V13: what it says does not matter."""
    paid = {"out_trade_no": f"{target.orders['unpaid'].no}-1", "trade_state": "SUCCESS", "amount": {"total": 6800}}
    for body in (paid, {"resource": paid, "event_type": "TRANSACTION.SUCCESS"}, [], "SUCCESS", {}):
        target.refused((401, "notice.distrusted"), "POST", NOTIFY, "nobody", json=body)
    target.refused((401, "notice.distrusted"), "POST", NOTIFY, "nobody", content=b"<xml><return_code/></xml>")
    target.refused((405, "method_not_allowed"), "GET", NOTIFY, "nobody", params=paid)


def sealed(target: Target, changes: dict[str, Any], event: str = "TRANSACTION.SUCCESS") -> tuple[dict[str, str], bytes]:
    """A notice with WeChat's own signature about alice's unpaid order, with something odd in it."""
    wechat, number = target.street.wechat, f"{target.orders['unpaid'].no}-1"
    content = {
        "appid": wechat.identity.appid,
        "mchid": wechat.identity.mchid,
        "out_trade_no": number,
        "transaction_id": "4200002601202611260000000001",
        "trade_state": "SUCCESS",
        "success_time": "2026-11-23T17:20:00+08:00",
        "amount": {"total": 6800, "payer_total": 6800, "currency": "CNY", "payer_currency": "CNY"},
        **changes,
    }
    notice = Notice(event, "transaction", number, f"{target.street.url}{NOTIFY}", content, "", wechat.clock())
    target.street.postman.is_stopped = True
    wechat.mail.send_once(notice)
    target.street.postman.is_stopped = False
    return target.street.postman.sent[-1]


ODD: dict[str, dict[str, Any]] = {
    "declined": {"trade_state": "PAYERROR"},
    "not paid": {"trade_state": "NOTPAY"},
    "revoked": {"trade_state": "REVOKED"},
    "an unknown state": {"trade_state": "PAID"},
    "no state": {"trade_state": None},
    "no amount": {"amount": None},
    "an amount as text": {"amount": {"total": "6800", "currency": "CNY"}},
    "a broken amount": {"amount": {"total": 6800.0, "currency": "CNY"}},
    "an amount as truth": {"amount": {"total": True, "currency": "CNY"}},
    "a negative amount": {"amount": {"total": -6800, "currency": "CNY"}},
    "no number": {"out_trade_no": ""},
    "no transaction": {"transaction_id": ""},
    "no merchant": {"mchid": None},
    "no mini-program": {"appid": None},
}


@pytest.mark.parametrize("odd", ODD)
def test_a_payment_that_was_declined_or_has_no_amount_pays_nothing(target: Target, odd: str) -> None:
    """V14, V18, W07: genuinely signed, and still not a payment: each field is needed and must be what it is."""
    target.street.clock.advance(seconds=3)
    headers, body = sealed(target, ODD[odd])
    target.refused((401, "notice.distrusted"), "POST", NOTIFY, "nobody", headers=headers, content=body)


def test_a_notice_that_was_opened_and_shut_again_needs_its_signature(target: Target) -> None:
    """V18, B32: who has the key of the content has not the key of the signature."""
    headers, body = sealed(target, {})
    key = target.street.wechat.identity.apiv3_key
    resealed = crypto.seal_resource(key, "0123456789ab", "transaction", b'{"trade_state": "SUCCESS"}')
    forged = body.replace(body[body.index(b'"ciphertext"') :], f'"ciphertext":"{resealed}"}}}}'.encode())
    target.refused((401, "notice.distrusted"), "POST", NOTIFY, "nobody", headers=headers, content=forged)
    for name in [name for name in headers if name.startswith("Wechatpay-") and not name.endswith("-Type")]:
        left = {other: value for other, value in headers.items() if other != name}
        target.refused((401, "notice.distrusted"), "POST", NOTIFY, "nobody", headers=left, content=body)


def test_a_payment_belongs_to_its_order_and_its_buyer(target: Target) -> None:
    """V15, V16: another buyer's order does not exist, and no payment can be named."""
    not_found = (404, "order.not_found")
    for state in ("unpaid", "paid", "shipped"):
        order_id = target.orders[state].id
        target.refused(not_found, "POST", f"{ORDERS}/{order_id}/pay")
        target.refused(not_found, "POST", f"{ORDERS}/{order_id}/pay", json={"payment_id": "x", "buyer_id": "alice"})
        target.refused((401, "session.unknown"), "POST", f"{ORDERS}/{order_id}/pay", "nobody")
    for state in ("paid", "shipped"):
        target.refused((409, "payment.not_payable"), "POST", f"{ORDERS}/{target.orders[state].id}/pay", "alice")


def test_what_the_service_tells_itself_nobody_else_can_tell_it(target: Target) -> None:
    """V17: expiry and payment are commands of the service alone; order numbers open nothing."""
    order = target.orders["unpaid"]
    now, total = target.street.clock.now(), order.total_fen
    paid = ConfirmPayment(f"{order.no}-1", "W1", Fen(total), Fen(total), "CNY", now)
    for person in ("owner", "clerk", "service", "alice"):
        for command in (BeginClose(order.id), paid):
            target.push_refused("not_allowed", command, person, desktop="managers_desktop")
    for path in (f"{ORDERS}/{order.no}/cancel", f"{ORDERS}/{order.no}/pay", f"{ORDERS}/{order.no}/confirm-receipt"):
        target.refused((404, "order.not_found"), "POST", path)
    for path in ("/order/callback", "/mq/order/submit", "/callback/order/cancel", f"{ORDERS}/{order.id}/expire"):
        target.refused((404, "not_found"), "POST", path, json={"orderSn": order.no})
