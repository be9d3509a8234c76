"""A shop's own account at WeChat: kept for its owner alone, checked before it is used, and never told."""

import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from app.kernel import codec
from app.kernel.errors import KnownError
from app.wire.outside import OutsideRequest, OutsideState
from services.accounts.kept import KeptAccount, Where
from services.accounts.wechat import WECHAT, KeptWechat, real_wechat
from services.adapters.wechat_account import WechatAccount
from services.adapters.wechat_mini import LoggedIn
from services.adapters.wechat_pay.gateway import RefusalCode, Refused
from services.standins.wechat.identity import Identity
from services.standins.wechat.server import running
from services.standins.wechat.standin import WechatStandIn
from tests.support.clocks import FixedClock

NOTIFY = "https://shop.example.cn/wechat/pay/notify"


@cache
def identity() -> Identity:
    return Identity.generate()


@cache
def account() -> WechatAccount:
    who = identity()
    private = who.merchant_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = who.public_key.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return WechatAccount(
        appid=who.appid,
        app_secret=who.mini_secret,
        mchid=who.mchid,
        apiv3_key=who.apiv3_key.decode(),
        merchant_serial=who.merchant_serial,
        merchant_key=private.decode().strip(),
        notify_url=NOTIFY,
        public_key_id=who.public_key.serial,
        public_key=public.decode().strip(),
    )


def request(**changes: Any) -> OutsideRequest:
    return OutsideRequest(**{"actor": "owner", **codec.plain(account()), **changes})


def secrets_of(one: WechatAccount) -> list[str]:
    return [one.app_secret, one.apiv3_key, one.merchant_key.splitlines()[1], one.public_key.splitlines()[1]]


@pytest.fixture
def credentials(tmp_path: Path) -> KeptWechat:
    return KeptAccount(WECHAT, Where(tmp_path, {}), FixedClock(), is_demo=False)


class Rerouted(httpx.BaseTransport):
    """Leads what is meant for WeChat to a stand-in, and remembers whom it was meant for."""

    def __init__(self, door: str) -> None:
        self._door = httpx.URL(door)
        self._inner = httpx.HTTPTransport(trust_env=False)
        self.hosts: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.hosts.append(f"{request.url.scheme}://{request.url.host}")
        url = request.url.copy_with(scheme="http", host=self._door.host, port=self._door.port)
        return self._inner.handle_request(
            httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        )

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def line() -> Iterator[tuple[WechatStandIn, Rerouted]]:
    standin = WechatStandIn(identity())
    with running(standin) as door:
        yield standin, Rerouted(door.host)


def test_a_real_account_signs_and_checks_with_wechats_own_hosts(
    credentials: KeptWechat, line: tuple[WechatStandIn, Rerouted]
) -> None:
    credentials.set(request())
    standin, transport = line
    with real_wechat(credentials, transport) as (pay, mini):
        assert pay is not None and mini is not None
        assert pay.account == (identity().appid, identity().mchid)
        answer = pay.query("T-unknown")
        assert isinstance(answer, Refused) and answer.code in (
            RefusalCode.ORDER_NOT_EXIST,
            RefusalCode.RESOURCE_NOT_EXISTS,
        )
        assert isinstance(mini.login(standin.login_code("xiaoyu")[0]), LoggedIn)
    assert transport.hosts == ["https://api.mch.weixin.qq.com", "https://api.weixin.qq.com"]


def test_what_is_told_of_an_account_opens_nothing(
    credentials: KeptWechat, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        told = credentials.set(request())
        with real_wechat(credentials, httpx.MockTransport(lambda _: httpx.Response(500))):
            pass
    assert (told.state, told.since, told.problem) == (OutsideState.SET, FixedClock().now(), "")
    assert told.endings["app_secret"] == f"…{account().app_secret[-4:]}"
    shown = [codec.canonical(codec.plain(told)), repr(account()), repr(request()), caplog.text]
    for secret in secrets_of(account()):
        assert all(secret not in text for text in shown)
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / WECHAT.file).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"appid": "gh_123"}, "wechat.bad_appid"),
        ({"app_secret": "geheim"}, "wechat.bad_app_secret"),
        ({"mchid": "12"}, "wechat.bad_mchid"),
        ({"apiv3_key": "x" * 31}, "wechat.bad_apiv3_key"),
        ({"merchant_serial": "ab" * 20}, "wechat.bad_serial"),
        ({"merchant_key": "-----BEGIN PRIVATE KEY-----"}, "wechat.bad_merchant_key"),
        ({"public_key": ""}, "wechat.bad_public_key"),
        ({"public_key_id": "key", "public_key": "PEM"}, "wechat.bad_public_key"),
        ({"notify_url": "http://shop.example.cn/wechat/pay/notify"}, "wechat.bad_notify_url"),
        ({"notify_url": "https://127.0.0.1/wechat/pay/notify"}, "wechat.bad_notify_url"),
        ({"notify_url": "https://localhost/wechat/pay/notify"}, "wechat.bad_notify_url"),
        ({"notify_url": "https://192.168.1.5:7415/wechat/pay/notify"}, "wechat.bad_notify_url"),
        ({"notify_url": "https://[::1]/wechat/pay/notify"}, "wechat.bad_notify_url"),
        ({"notify_url": "https://shop.local/wechat/pay/notify"}, "wechat.bad_notify_url"),
        ({"notify_url": "https://shop.example.cn/"}, "wechat.bad_notify_url"),
    ],
    ids=str,
)
def test_what_cannot_be_an_account_is_refused_and_not_kept(
    credentials: KeptWechat, tmp_path: Path, change: dict[str, str], code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        credentials.set(request(**change))
    assert refused.value.code == code
    assert not (tmp_path / WECHAT.file).exists() and credentials.state().state is OutsideState.UNSET


def test_an_empty_secret_keeps_the_one_that_is_there(credentials: KeptWechat) -> None:
    credentials.set(request())
    moved = "https://other.example.cn/wechat/pay/notify"
    credentials.set(request(app_secret="", apiv3_key="", merchant_key="", public_key="", notify_url=moved))
    stored = credentials.read()
    assert stored is not None and stored.account == replace(account(), notify_url=moved)


@pytest.mark.warns_in_log("the file is spoilt on purpose")
def test_a_spoilt_file_closes_the_doors_and_nothing_else(credentials: KeptWechat, tmp_path: Path) -> None:
    (tmp_path / WECHAT.file).write_text("{", encoding="utf-8")
    told = credentials.state()
    assert (told.state, told.problem) == (OutsideState.FAULTY, "wechat.unreadable")
    with real_wechat(credentials) as doors:
        assert doors == (None, None)
    with pytest.raises(KnownError, match="anew"):
        credentials.set(request(app_secret=""))
    assert credentials.set(request()).state is OutsideState.SET


def test_a_server_names_its_account_in_the_environment(tmp_path: Path) -> None:
    values = {WECHAT.prefix + name: getattr(account(), field) for field, name in WECHAT.variables.items()}
    for field in ("merchant_key", "public_key"):
        file = tmp_path / f"{field}.pem"
        file.write_text(getattr(account(), field), encoding="utf-8")
        values[WECHAT.prefix + WECHAT.variables[field]] = str(file)
    found = KeptAccount(WECHAT, Where(tmp_path, values), FixedClock(), is_demo=False)
    stored = found.read()
    assert stored is not None and stored.account == account() and found.state().is_environment
    with pytest.raises(KnownError, match="environment"):
        found.set(request())
    values[WECHAT.prefix + "MERCHANT_KEY_FILE"] = str(tmp_path / "gone.pem")
    told = found.state()
    assert (told.problem, told.problem_params) == (
        "wechat.no_key_file",
        {"variable": "ZHANGGUI_WECHAT_MERCHANT_KEY_FILE"},
    )


def test_a_demo_takes_no_real_account_however_it_comes(credentials: KeptWechat, tmp_path: Path) -> None:
    demo = KeptAccount(WECHAT, Where(tmp_path, {}), FixedClock(), is_demo=True)
    with pytest.raises(KnownError, match="play money"):
        demo.set(request())
    assert demo.read() is None and demo.state().state is OutsideState.PRETENDED
    credentials.set(request())
    misplaced = Where(tmp_path / "b", {WECHAT.prefix + "MCHID": "19"})
    for one in (demo, KeptAccount(WECHAT, misplaced, FixedClock(), is_demo=True)):
        with pytest.raises(KnownError, match="play money"):
            one.read()
