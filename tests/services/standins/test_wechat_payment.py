"""Our client against the stand-in over HTTP: paying, asking, closing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from services.adapters.wechat_pay.client import WechatPayClient
from services.adapters.wechat_pay.gateway import (
    Closed,
    Doubt,
    PaymentNotice,
    Prepared,
    RefusalCode,
    Refused,
    TradeState,
    Transaction,
    Unknown,
)
from services.standins.wechat import document
from services.standins.wechat.fault import Fault, Operation, Rules
from services.standins.wechat.identity import KeyMode, new_key
from services.standins.wechat.ledger import NotPayable
from services.standins.wechat.mail import NoticePlan
from tests.services.standins.conftest import NOTIFY_URL, Shop


def test_an_order_is_prepaid_paid_noticed_and_found(any_shop: Shop) -> None:
    shop = any_shop
    prepared = shop.prepaid()
    params = shop.client.payment_params(prepared.prepay_id)
    order = shop.wechat.pay_sheet(params.as_dict())
    assert shop.wechat.mail.deliver_due() == 1
    (notice,) = shop.desk.believed
    assert isinstance(notice, PaymentNotice)
    found = shop.client.query("SO20261120001")
    assert found == notice.transaction
    assert isinstance(found, Transaction)
    assert (found.state, found.total_fen, found.payer_total_fen) == (TradeState.SUCCESS, 25600, 25600)
    assert found.transaction_id == order.transaction_id
    assert found.success_at == shop.clock.now()
    assert found.openid == shop.wechat.openid("alice")


def test_an_unpaid_order_is_found_unpaid_and_an_unknown_one_not_at_all(shop: Shop) -> None:
    shop.prepaid()
    unpaid = shop.client.query("SO20261120001")
    assert isinstance(unpaid, Transaction)
    assert not unpaid.is_paid
    unknown = shop.client.query("SO_never*seen")
    assert isinstance(unknown, Refused)
    assert unknown.code is RefusalCode.ORDER_NOT_EXIST


def test_the_same_prepay_again_gives_the_same_payment_and_another_content_is_refused(shop: Shop) -> None:
    request = shop.order()
    first, second = shop.prepay(request), shop.prepay(request)
    assert first == second
    changed = shop.prepay(replace(request, total_fen=1))
    assert isinstance(changed, Refused)
    assert changed.code is RefusalCode.INVALID_REQUEST


@pytest.mark.parametrize("is_old_spelling", [False, True])
def test_closing_says_whether_money_came_in_between(shop: Shop, is_old_spelling: bool) -> None:
    shop.wechat.set_rules(Rules(is_old_spelling=is_old_spelling))
    shop.prepaid("SO20261120001")
    assert shop.client.close("SO20261120001") == Closed()
    again, reopened = shop.client.close("SO20261120001"), shop.prepay(shop.order("SO20261120001"))
    shop.prepaid("SO20261120002")
    shop.wechat.pay("SO20261120002")
    paid, reused = shop.client.close("SO20261120002"), shop.prepay(shop.order("SO20261120002"))
    unknown = shop.client.close("SO20261120003")
    codes = [answer.code for answer in (again, reopened, paid, reused, unknown) if isinstance(answer, Refused)]
    assert codes == [
        RefusalCode.ORDER_CLOSED,
        RefusalCode.ORDER_CLOSED,
        RefusalCode.ORDER_PAID,
        RefusalCode.OUT_TRADE_NO_USED,
        RefusalCode.ORDER_NOT_EXIST,
    ]


def test_a_closed_or_expired_order_cannot_be_paid(shop: Shop) -> None:
    shop.prepaid("SO20261120001")
    shop.client.close("SO20261120001")
    with pytest.raises(NotPayable):
        shop.wechat.pay("SO20261120001")
    shop.prepaid("SO20261120002")
    shop.clock.advance(seconds=15 * 60 + 1)
    with pytest.raises(NotPayable):
        shop.wechat.pay("SO20261120002")
    found = shop.client.query("SO20261120002")
    assert isinstance(found, Transaction)
    assert found.state is TradeState.NOTPAY


def test_a_payment_sheet_somebody_else_signed_opens_nothing(shop: Shop) -> None:
    params = shop.client.payment_params(shop.prepaid().prepay_id).as_dict()
    for name in ("timeStamp", "nonceStr", "package", "paySign", "signType"):
        with pytest.raises(NotPayable):
            shop.wechat.pay_sheet({**params, name: "x" + params[name]})


def test_coupons_lower_what_the_buyer_pays_and_not_the_order(shop: Shop) -> None:
    shop.prepaid()
    shop.wechat.pay("SO20261120001", coupon_fen=600)
    found = shop.client.query("SO20261120001")
    assert isinstance(found, Transaction)
    assert (found.total_fen, found.payer_total_fen) == (25600, 25000)


@pytest.mark.warns_in_log("an answer that proves nothing")
@pytest.mark.parametrize(
    ("fault", "doubt", "did_happen"),
    [
        (Fault.SYSTEM_ERROR_BEFORE, Doubt.SERVER_ERROR, False),
        (Fault.BUSY, Doubt.BUSY, False),
        (Fault.SYSTEM_ERROR_AFTER, Doubt.SERVER_ERROR, True),
        (Fault.DROPPED, Doubt.NO_ANSWER, True),
        (Fault.TRUNCATED, Doubt.NO_ANSWER, True),
        (Fault.EMPTY, Doubt.UNREADABLE, True),
        (Fault.GARBAGE, Doubt.UNREADABLE, True),
        (Fault.UNSIGNED, Doubt.UNTRUSTED, True),
        (Fault.FORGED, Doubt.UNTRUSTED, True),
        (Fault.PROBE, Doubt.UNTRUSTED, True),
        (Fault.STALE, Doubt.UNTRUSTED, True),
    ],
)
def test_an_answer_that_proves_nothing_is_unknown_and_the_same_number_mends_it(
    shop: Shop, fault: Fault, doubt: Doubt, did_happen: bool
) -> None:
    shop.wechat.script(Operation.PREPAY, fault)
    request = shop.order()
    answer = shop.prepay(request)
    assert isinstance(answer, Unknown)
    assert answer.reason is doubt
    assert len(shop.wechat.ledger.orders()) == int(did_happen)
    assert isinstance(shop.prepay(request), Prepared)
    assert len(shop.wechat.ledger.orders()) == 1


@pytest.mark.warns_in_log("an answer that proves nothing")
def test_no_answer_in_time_is_unknown(shop: Shop) -> None:
    config = replace(
        shop.wechat.identity.pay_config(shop.server.host, NOTIFY_URL, clock=shop.clock.now), timeout_seconds=1
    )
    hasty = WechatPayClient(config)
    shop.wechat.script(Operation.CLOSE, Fault.NO_ANSWER)
    shop.prepaid()
    try:
        answer = hasty.close("SO20261120001")
    finally:
        hasty.dispose()
    assert answer == Unknown(Doubt.NO_ANSWER, "ReadTimeout")
    closed = shop.client.query("SO20261120001")
    assert isinstance(closed, Transaction)
    assert closed.state is TradeState.CLOSED


def test_a_systems_proxy_is_not_asked_for_what_stays_on_this_computer(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    client = WechatPayClient(shop.wechat.identity.pay_config(shop.server.host, NOTIFY_URL, clock=shop.clock.now))
    try:
        answer = asyncio.run(client.prepay(shop.order()))
    finally:
        client.dispose()
    assert isinstance(answer, Prepared)


@pytest.mark.warns_in_log("an answer that proves nothing")
def test_nobody_listening_is_unknown(shop: Shop) -> None:
    nowhere = WechatPayClient(shop.wechat.identity.pay_config("http://127.0.0.1:9", NOTIFY_URL))
    try:
        answer = nowhere.query("SO20261120001")
    finally:
        nowhere.dispose()
    assert isinstance(answer, Unknown)
    assert answer.reason is Doubt.NO_CONNECTION


def test_a_true_answer_about_another_payment_is_not_taken(shop: Shop) -> None:
    shop.paid("SO20261120001")
    shop.prepaid("SO20261120002")
    config = shop.wechat.identity.pay_config(shop.server.host, NOTIFY_URL, clock=shop.clock.now)

    order = shop.wechat.ledger.order("SO20261120001")
    body = document.encode(document.transaction(order, "SUCCESS"))
    headers = shop.wechat.seal.headers(shop.wechat.notice_signer(), body)
    # Somebody in the middle answers every question with one recorded answer.
    replay = httpx.MockTransport(lambda request: httpx.Response(200, headers=headers, content=body))
    client = WechatPayClient(config, replay)
    try:
        right, wrong = client.query("SO20261120001"), client.query("SO20261120002")
    finally:
        client.dispose()
    assert isinstance(right, Transaction)
    assert isinstance(wrong, Unknown)
    assert wrong.reason is Doubt.MISMATCH


def test_a_request_signed_with_another_key_is_answered_401_with_the_reason(shop: Shop) -> None:
    config = replace(
        shop.wechat.identity.pay_config(shop.server.host, NOTIFY_URL, clock=shop.clock.now), merchant_key=new_key()
    )
    client = WechatPayClient(config)
    try:
        answer = asyncio.run(client.prepay(shop.order()))
    finally:
        client.dispose()
    assert isinstance(answer, Refused)
    assert (answer.code, answer.http_status) == (RefusalCode.SIGN_ERROR, 401)
    assert shop.wechat.ledger.orders() == ()


def test_the_signature_error_shows_what_was_signed(shop: Shop) -> None:
    headers = {
        "Authorization": (
            f'WECHATPAY2-SHA256-RSA2048 mchid="{shop.wechat.identity.mchid}",nonce_str="N",'
            f'timestamp="{int(shop.clock.now().timestamp())}",serial_no="{shop.wechat.identity.merchant_serial}",'
            'signature="AAAA"'
        )
    }
    answer = httpx.get(f"{shop.server.host}/v3/certificates?a=1", headers=headers, trust_env=False)
    detail = answer.json()["detail"]
    assert answer.status_code == 401
    assert detail["detail"]["issue"] == "sign not match"
    assert (detail["field"], detail["location"]) == ("signature", "authorization")
    assert detail["sign_information"]["url"] == "/v3/certificates?a=1"


@pytest.mark.warns_in_log("an answer that proves nothing")
def test_a_clock_more_than_five_minutes_off_is_refused_and_can_be_seen(shop: Shop) -> None:
    late = shop.clock.now() - timedelta(seconds=301)
    client = WechatPayClient(shop.wechat.identity.pay_config(shop.server.host, NOTIFY_URL, clock=lambda: late))
    try:
        answer = client.query("SO20261120001")
        assert client.clock_offset is not None
        assert abs(client.clock_offset) > timedelta(minutes=5)
    finally:
        client.dispose()
    assert isinstance(answer, Unknown)
    assert (answer.reason, answer.detail) == (Doubt.UNTRUSTED, "stale")


def test_wrong_terms_are_refused_by_field(shop: Shop) -> None:
    for request in (
        replace(shop.order(), total_fen=0),
        replace(shop.order(), out_trade_no="short"),
        replace(shop.order(), openid=""),
    ):
        answer = shop.prepay(request)
        assert isinstance(answer, Refused)
        assert answer.code is RefusalCode.PARAM_ERROR


def test_a_long_title_is_cut_and_not_refused(shop: Shop) -> None:
    assert isinstance(shop.prepay(replace(shop.order(), description="明前特级龙井茶礼盒装" * 20)), Prepared)


def test_a_new_certificate_is_fetched_when_it_first_signs(certificate_shop: Shop) -> None:
    shop = certificate_shop
    shop.prepaid("SO20261120001")
    shop.clock.advance(seconds=61)
    serial = shop.wechat.rotate_certificate()
    shop.prepaid("SO20261120002")
    shop.paid("SO20261120003")
    assert len(shop.desk.believed) == 1
    assert shop.wechat.notice_signer().serial == serial


def test_a_notice_by_an_unknown_certificate_is_refused_until_the_certificates_are_fetched(
    certificate_shop: Shop,
) -> None:
    shop = certificate_shop
    shop.prepaid()
    shop.wechat.rotate_certificate()
    shop.wechat.pay("SO20261120001")
    shop.wechat.mail.deliver_due()
    assert shop.desk.refused == ["unknown_serial"]
    shop.client.refresh_certificates()
    shop.clock.advance(seconds=15)
    shop.wechat.mail.deliver_due()
    assert len(shop.desk.believed) == 1


def test_forged_certificates_are_not_taken_in(certificate_shop: Shop) -> None:
    shop = certificate_shop
    shop.wechat.script(Operation.CERTIFICATES, Fault.FORGED)
    answer = shop.client.refresh_certificates()
    assert isinstance(answer, Unknown)
    assert answer.reason is Doubt.UNTRUSTED
    assert shop.client.certificates_end_at is None


def test_an_account_without_certificates_says_so(shop: Shop) -> None:
    answer = shop.client.refresh_certificates()
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.RESOURCE_NOT_EXISTS


def test_fields_are_encrypted_for_the_key_in_use(any_shop: Shop) -> None:
    any_shop.prepaid()
    serial, _ = any_shop.client.encrypt_for_wechat("张三")
    wechat = any_shop.wechat
    uses_certificate = wechat.mode is KeyMode.CERTIFICATE
    assert serial == (wechat.certificates[-1] if uses_certificate else wechat.identity.public_key).serial


def test_a_lost_notice_leaves_the_payment_to_be_asked_for(shop: Shop) -> None:
    shop.prepaid()
    shop.wechat.pay("SO20261120001", NoticePlan.LOST)
    shop.clock.advance(seconds=24 * 3600)
    assert shop.wechat.mail.deliver_due() == 0
    found = shop.client.query("SO20261120001")
    assert isinstance(found, Transaction)
    assert found.is_paid
