"""The demo shop's outside world: the real WeChat clients against a stand-in on this computer alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.payments.model import Payment
from app.domain.row import Audience
from app.kernel.files import replace_file
from app.tables.view import SqlView
from services.adapters.wechat_mini import WechatMiniClient
from services.adapters.wechat_pay.client import WechatPayClient
from services.db.engine import Store
from services.standins.wechat.fault import Rules
from services.standins.wechat.identity import Identity, KeyMode
from services.standins.wechat.ledger import PastPayment
from services.standins.wechat.server import running
from services.standins.wechat.standin import WechatStandIn

IDENTITY_FILE = "pretended-wechat.json"
DOOR_FILE = "pretended-wechat-door.json"
REFUND_TAKES_S = 1
"""The real one takes minutes to days; who tries the demo wants to see the money come back."""


@contextmanager
def pretended_wechat(folder: Path, port: int, store: Store) -> Iterator[tuple[WechatPayClient, WechatMiniClient]]:
    """WeChat's doors, both open; whoever plays the buyers finds the stand-in's own door in ``DOOR_FILE``.

    What the shop was paid before, in its made-up past or before the last start, the stand-in knows from the shop.
    """
    identity = Identity.load_or_create(folder / IDENTITY_FILE)
    standin = WechatStandIn(identity, rules=Rules(refund_ends_after_seconds=REFUND_TAKES_S))
    standin.ledger.recall = lambda out_trade_no: _paid_before(store, out_trade_no)
    with running(standin) as door:
        notify_url = f"http://127.0.0.1:{port}/wechat/pay/notify"
        pay = WechatPayClient(identity.pay_config(door.host, notify_url, KeyMode.PUBLIC_KEY))
        mini = WechatMiniClient(identity.mini_config(door.host))
        opened = {"host": door.host, "token": door.token}
        replace_file(folder / DOOR_FILE, json.dumps(opened).encode(), secret=True)
        try:
            yield pay, mini
        finally:
            (folder / DOOR_FILE).unlink(missing_ok=True)
            pay.dispose()
            mini.dispose()


def _paid_before(store: Store, out_trade_no: str) -> PastPayment | None:
    with store.reading() as database:
        found = SqlView(database, Audience).children(Payment, out_trade_no=out_trade_no)
    if not found or found[0].transaction_id is None or found[0].paid_at is None:
        return None
    return PastPayment(found[0].transaction_id, int(found[0].amount_fen), found[0].paid_at)
