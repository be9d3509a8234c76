"""Login, the control routes, and what must never be printed."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.adapters.wechat_mini import LoggedIn, LoginRefusal, LoginRefused, LoginUnknown, WechatMiniClient
from services.standins.wechat.control_routes import TOKEN_HEADER
from services.standins.wechat.fault import Fault, Operation
from services.standins.wechat.identity import Identity, KeyMode
from tests.services.standins.conftest import NOTIFY_URL, Shop


@pytest.fixture
def phone_login(shop: Shop) -> Iterator[WechatMiniClient]:
    client = WechatMiniClient(shop.wechat.identity.mini_config(shop.server.host))
    yield client
    client.dispose()


def reason(answer: LoggedIn | LoginRefused | LoginUnknown) -> LoginRefusal:
    assert isinstance(answer, LoginRefused)
    return answer.reason


def test_a_code_gives_its_visitor_once(shop: Shop, phone_login: WechatMiniClient) -> None:
    code, openid = shop.wechat.login_code("alice")
    first = phone_login.login(code)
    assert isinstance(first, LoggedIn)
    assert first.openid == openid == shop.wechat.openid("alice")
    assert (len(openid), openid[0]) == (28, "o")
    assert reason(phone_login.login(code)) is LoginRefusal.CODE_USED


def test_bad_old_and_blocked_codes_are_refused(shop: Shop, phone_login: WechatMiniClient) -> None:
    assert reason(phone_login.login("made-up")) is LoginRefusal.CODE_INVALID
    assert reason(phone_login.login("")) is LoginRefusal.CODE_INVALID
    assert reason(phone_login.login("x" * 5000)) is LoginRefusal.CODE_INVALID
    old, _ = shop.wechat.login_code("alice")
    shop.clock.advance(minutes=5, seconds=1)
    assert reason(phone_login.login(old)) is LoginRefusal.CODE_INVALID
    shop.wechat.block_user("bob")
    assert reason(phone_login.login(shop.wechat.login_code("bob")[0])) is LoginRefusal.USER_BLOCKED


def test_a_wrong_secret_is_a_fault_of_the_settings(shop: Shop) -> None:
    client = WechatMiniClient(replace(shop.wechat.identity.mini_config(shop.server.host), secret="wrong"))
    try:
        assert reason(client.login(shop.wechat.login_code("alice")[0])) is LoginRefusal.MISCONFIGURED
    finally:
        client.dispose()


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.GARBAGE])
def test_a_busy_or_broken_wechat_is_unknown(shop: Shop, phone_login: WechatMiniClient, fault: Fault) -> None:
    shop.wechat.script(Operation.LOGIN, fault)
    assert isinstance(phone_login.login(shop.wechat.login_code("alice")[0]), LoginUnknown)


@pytest.mark.warns_in_log("nobody listens")
def test_no_secret_reaches_the_log_or_an_error(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    identity = shop.wechat.identity
    for host in (shop.server.host, "http://127.0.0.1:9"):
        client = WechatMiniClient(identity.mini_config(host))
        code, openid = shop.wechat.login_code("alice")
        answer = client.login(code)
        client.dispose()
        assert identity.mini_secret not in repr(answer)
    shop.paid()
    assert "127.0.0.1" in caplog.text
    for secret in (identity.mini_secret, identity.apiv3_key.decode(), openid):
        assert secret not in caplog.text


def test_what_is_printed_of_configurations_holds_no_key(identity: Identity, shop: Shop) -> None:
    configs = (
        identity,
        identity.pay_config("http://127.0.0.1:1", NOTIFY_URL, KeyMode.BOTH),
        identity.mini_config("http://127.0.0.1:1"),
        shop.server,
    )
    numbers = identity.merchant_key.private_numbers()
    secrets = (identity.mini_secret, identity.apiv3_key.decode(), shop.server.token, str(numbers.d), "PRIVATE KEY")
    for config in configs:
        assert not any(secret in f"{config!r} {config}" for secret in (*secrets, "RSAPrivateKey"))


def control(shop: Shop, path: str, content: object, token: str | None = None) -> httpx.Response:
    headers = {TOKEN_HEADER: shop.server.token if token is None else token}
    return httpx.post(f"{shop.server.host}/_control{path}", json=content, headers=headers, trust_env=False)


def test_a_buyer_over_http_logs_in_pays_and_is_noticed(shop: Shop) -> None:
    login = control(shop, "/login-codes", {"user": "alice"}).json()
    assert login["openid"] == shop.wechat.openid("alice")
    params = shop.client.payment_params(shop.prepaid().prepay_id).as_dict()
    paid = control(shop, "/payments", {"payment": params, "notice": "held"})
    assert (paid.status_code, paid.json()["trade_state"]) == (200, "SUCCESS")
    assert control(shop, "/notices/deliver", {"number": "SO20261120001"}).json() == {"statuses": [200]}
    assert len(shop.desk.believed) == 1
    again = control(shop, "/payments", {"payment": params})
    assert (again.status_code, again.json()["error"]) == (409, "not_payable")
    state = httpx.get(
        f"{shop.server.host}/_control/state", headers={TOKEN_HEADER: shop.server.token}, trust_env=False
    ).json()
    assert [order["total_fen"] for order in state["orders"]] == [25600]


def test_the_bank_and_the_faults_are_driven_over_http_too(shop: Shop) -> None:
    shop.prepaid()
    assert control(shop, "/notices/forge", {"out_trade_no": "SO20261120001"}).json() == {"status": 401}
    assert control(shop, "/faults", {"operation": "close", "fault": "nonsense"}).status_code == 400
    assert control(shop, "/faults", {"operation": "query", "fault": "busy"}).status_code == 200
    assert control(shop, "/refunds/RF1/finish", {}).status_code == 404
    assert shop.wechat.faults.next(Operation.QUERY) is Fault.BUSY


@pytest.mark.parametrize("token", ["", "guess"])
def test_without_the_token_nothing_is_controlled(shop: Shop, token: str) -> None:
    shop.prepaid()
    assert control(shop, "/payments", {"out_trade_no": "SO20261120001"}, token).status_code == 401
    assert shop.wechat.ledger.order("SO20261120001").state == "NOTPAY"


def test_shop_and_stand_in_started_apart_agree_by_the_identity_file(tmp_path: Path) -> None:
    path = tmp_path / "我的 店" / "wechat-identity.json"
    first, second = Identity.load_or_create(path), Identity.load_or_create(path)
    assert repr(first) == repr(second)
    assert first.apiv3_key == second.apiv3_key
    assert first.merchant_key.private_numbers() == second.merchant_key.private_numbers()
    assert first.certificate.certificate == second.certificate.certificate
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_the_stand_in_explains_its_command_line() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "services.standins.wechat.server", "--help"], capture_output=True, text=True, check=True
    )
    assert "--identity" in shown.stdout
