"""One pretended account for the session, and a shop that talks to a stand-in over real HTTP."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from services.adapters.wechat_pay.client import WechatPayClient
from services.adapters.wechat_pay.gateway import (
    PaymentNotice,
    Prepared,
    PrepayRequest,
    RefundNotice,
    Refused,
    Unknown,
)
from services.adapters.wechat_pay.verification import Distrusted
from services.standins.loopback import Lines, serving
from services.standins.wechat.fault import Rules
from services.standins.wechat.identity import Identity, KeyMode
from services.standins.wechat.server import Running, create_app
from services.standins.wechat.standin import WechatStandIn
from tests.support.clocks import FixedClock

NOTIFY_URL = "http://127.0.0.1:9/wechat/notices"
TOKEN = "control-token-of-the-tests"
START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@dataclass
class NoticeDesk:
    """The shop's notice route: 401 for what it does not believe, 200 for the rest, unless told to fail."""

    client: WechatPayClient | None = None
    believed: list[PaymentNotice | RefundNotice] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)

    def receive(self, url: str, headers: Mapping[str, str], body: bytes) -> int | None:
        assert url == NOTIFY_URL
        assert self.client is not None
        try:
            notice = self.client.parse_notice(headers, body)
        except Distrusted as refusal:
            self.refused.append(refusal.reason.value)
            return 401
        if self.answers:
            return self.answers.pop(0)
        self.believed.append(notice)
        return 200


@dataclass
class Shop:
    """A client, the stand-in it talks to, and the clock both live by."""

    client: WechatPayClient
    wechat: WechatStandIn
    server: Running
    desk: NoticeDesk
    clock: FixedClock

    def order(self, number: str = "SO20261120001", total_fen: int = 25600) -> PrepayRequest:
        expires_at = self.clock.now() + timedelta(minutes=15)
        return PrepayRequest(number, "龙井茶 250g × 2", total_fen, self.wechat.openid("alice"), expires_at)

    def prepay(self, request: PrepayRequest) -> Prepared | Refused | Unknown:
        return asyncio.run(self.client.prepay(request))

    def prepaid(self, number: str = "SO20261120001", total_fen: int = 25600) -> Prepared:
        answer = self.prepay(self.order(number, total_fen))
        assert isinstance(answer, Prepared)
        return answer

    def paid(self, number: str = "SO20261120001", total_fen: int = 25600) -> None:
        self.prepaid(number, total_fen)
        self.wechat.pay(number)
        self.wechat.mail.deliver_due()


@pytest.fixture(scope="session")
def identity() -> Identity:
    return Identity.generate(START)


class Switchboard:
    """One server for the session, connected to the stand-in of the running test: starting one takes a while."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.port = 0
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)

    def connect(self, wechat: WechatStandIn) -> Running:
        self._app = create_app(wechat, TOKEN, self.lines)
        return Running(wechat, self.port, TOKEN)


@pytest.fixture(scope="session")
def switchboard() -> Iterator[Switchboard]:
    board = Switchboard()
    with serving(board, board.lines) as board.port:
        yield board


def open_shop(identity: Identity, board: Switchboard, mode: KeyMode) -> Iterator[Shop]:
    clock, desk = FixedClock(START), NoticeDesk()
    wechat = WechatStandIn(identity, mode, Rules(), clock.now, desk.receive)
    server = board.connect(wechat)
    client = WechatPayClient(identity.pay_config(server.host, NOTIFY_URL, mode, clock.now))
    desk.client = client
    try:
        yield Shop(client, wechat, server, desk, clock)
    finally:
        client.dispose()


@pytest.fixture
def shop(identity: Identity, switchboard: Switchboard) -> Iterator[Shop]:
    yield from open_shop(identity, switchboard, KeyMode.PUBLIC_KEY)


@pytest.fixture(params=list(KeyMode))
def any_shop(identity: Identity, switchboard: Switchboard, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """Once per way of knowing WeChat Pay's key."""
    for shop in open_shop(identity, switchboard, request.param):
        if request.param is not KeyMode.PUBLIC_KEY:
            shop.client.refresh_certificates()  # as the service does when it starts
        yield shop


@pytest.fixture
def certificate_shop(identity: Identity, switchboard: Switchboard) -> Iterator[Shop]:
    yield from open_shop(identity, switchboard, KeyMode.CERTIFICATE)
