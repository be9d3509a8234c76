"""The demo shop's outside world: the real WeChat clients against a stand-in on this computer alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.domain.payments.model import Payment
from app.domain.row import Audience
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from app.tables.view import SqlView
from services.adapters.wechat_mini import WechatMiniClient
from services.adapters.wechat_pay.client import WechatPayClient
from services.db.engine import Store
from services.standins.wechat.fault import Rules
from services.standins.wechat.identity import Identity, KeyMode
from services.standins.wechat.ledger import PastPayment
from services.standins.wechat.seal import is_loopback
from services.standins.wechat.server import running
from services.standins.wechat.standin import WechatStandIn

IDENTITY_FILE = "pretended-wechat.json"
DOOR_FILE = "pretended-wechat-door.json"
UNREADABLE = "The file {file} of the pretended WeChat is damaged. Delete it and start again: the demo makes a new one."
REFUND_TAKES_S = 1
"""The real one takes minutes to days; who tries the demo wants to see the money come back."""
PATIENCE_S = 2


@dataclass(frozen=True, slots=True)
class Door:
    """Where a pretended WeChat answers; ``token`` opens what only the buyers' phones may do there."""

    host: str
    token: str = field(repr=False)


@contextmanager
def pretended_wechat(folder: Path, port: int, store: Store) -> Iterator[tuple[WechatPayClient, WechatMiniClient]]:
    """WeChat's doors, both open; whoever plays the buyers finds the stand-in's own door in ``DOOR_FILE``.

    Several services of one shop have one WeChat: who comes later goes to the one that is open. What the shop was paid
    before, in its made-up past or before the last start, the stand-in knows from the shop.
    """
    identity = _identity(folder / IDENTITY_FILE)
    with _door(folder, identity, store) as host:
        notify_url = f"http://127.0.0.1:{port}/wechat/pay/notify"
        pay = WechatPayClient(identity.pay_config(host, notify_url, KeyMode.PUBLIC_KEY))
        mini = WechatMiniClient(identity.mini_config(host))
        try:
            yield pay, mini
        finally:
            pay.dispose()
            mini.dispose()


def _identity(path: Path) -> Identity:
    """The pretended account; raises KnownError for a file that holds none."""
    try:
        return Identity.load_or_create(path)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise KnownError("demo.wechat_unreadable", UNREADABLE, {"file": str(path)}) from error


@contextmanager
def _door(folder: Path, identity: Identity, store: Store) -> Iterator[str]:
    path = folder / DOOR_FILE
    opened = None if store.is_sqlite else _opened(path)  # on SQLite there is no other service, but it may have died
    if opened is not None:
        yield opened.host
        return
    standin = WechatStandIn(identity, rules=Rules(refund_ends_after_seconds=REFUND_TAKES_S))
    standin.ledger.recall = lambda out_trade_no: _paid_before(store, out_trade_no)
    with running(standin) as door:
        replace_file(path, json.dumps({"host": door.host, "token": door.token}).encode(), secret=True)
        try:
            yield door.host
        finally:
            path.unlink(missing_ok=True)


def _opened(path: Path) -> Door | None:
    """Another service's stand-in, if it still answers there."""
    try:
        door = Door(**json.loads(path.read_text(encoding="utf-8")))
        headers = {"X-Standin-Token": door.token}
        answer = httpx.get(f"{door.host}/_control/state", headers=headers, timeout=PATIENCE_S, trust_env=False)
    except (OSError, ValueError, TypeError, httpx.HTTPError):
        return None
    return door if answer.is_success and is_loopback(door.host) else None


def _paid_before(store: Store, out_trade_no: str) -> PastPayment | None:
    with store.reading() as database:
        found = SqlView(database, Audience).children(Payment, out_trade_no=out_trade_no)
    if not found or found[0].transaction_id is None or found[0].paid_at is None:
        return None
    return PastPayment(found[0].transaction_id, int(found[0].amount_fen), found[0].paid_at)
