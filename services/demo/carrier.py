"""The demo shop's carrier: the real SF client against a stand-in on this computer alone."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.delivery.model import WaybillRequest, WaybillState
from app.domain.row import Audience
from app.kernel.clock import Clock
from app.tables.view import SqlView
from services.adapters.sf.client import SfClient
from services.adapters.sf.config import SfConfig
from services.db.engine import Store
from services.standins.sf.server import running
from services.standins.sf.standin import Account, SfStandIn

_DIGITS = 10**11


@contextmanager
def pretended_sf(store: Store, clock: Clock) -> Iterator[SfClient]:
    """SF's door, open. Its numbers follow from the shop's keys, so a number of before the last start is no other one;
    and what it gave out then it knows from the shop.
    """
    account = Account(f"DEMO{secrets.token_hex(3).upper()}", secrets.token_urlsafe(24))
    standin = SfStandIn(account, number_of=number_of, recall=lambda key: _given_before(store, key))
    with running(standin) as host:
        client = SfClient(SfConfig(account.partner_id, account.checkword, host=host), clock)
        try:
            yield client
        finally:
            client.dispose()


def number_of(key: str) -> str:
    """A number as the sandbox gives them; no two keys of a shop have the same one."""
    return f"SF74{int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % _DIGITS:011}"


def _given_before(store: Store, key: str) -> str:
    with store.reading() as database:
        found = SqlView(database, Audience).children(WaybillRequest, carrier_key=key)
    return found[0].waybill_no if found and found[0].state is not WaybillState.ASKED else ""
