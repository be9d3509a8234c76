"""Where a shop's account with a carrier is kept: in one file for its owner alone, or in the environment of a server.

It is never in the database, so it is in no feed, no backup and no export, and nothing here writes it to a log.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.kernel import codec
from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from app.kernel.later import later
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideState
from services.credentials import ending

if TYPE_CHECKING:
    import httpx

    from services.adapters.sf import account as sf_account
    from services.adapters.sf.account import SfAccount
    from services.adapters.sf.client import SfClient
else:
    sf_account = later("services.adapters.sf.account")

FILE = "sf-account.json"
PREFIX = "ZHANGGUI_SF_"
ENVIRONMENT = {
    "partner_id": "PARTNER_ID",
    "checkword": "CHECKWORD",
    "monthly_card": "MONTHLY_CARD",
    "product": "PRODUCT",
    "is_sandbox": "SANDBOX",
}
"""``SANDBOX`` is 1 for the sandbox; a sandbox's numbers carry no parcel."""
log = logging.getLogger("http")


@dataclass(frozen=True, slots=True)
class StoredCarrier:
    """An account as it was found, checked or not; ``since`` is when it was set, if that is known."""

    account: "SfAccount"
    is_environment: bool
    since: datetime | None


class CarrierCredentials:
    """Reads and replaces the account of one shop; ``restart`` has the service begin anew with it, where it can."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        is_demo: bool,
        environ: Mapping[str, str] = os.environ,
        restart: Callable[[], bool] = lambda: False,
    ) -> None:
        self._path = folder / FILE
        self._clock = clock
        self._environ = environ
        self._is_demo = is_demo
        self._restart = restart

    def read(self) -> StoredCarrier | None:
        """The environment's account, else the file's, else None; raises KnownError for one that cannot be read."""
        if self._has_environment():
            found = StoredCarrier(self._from_environment(), True, None)
        elif self._path.exists():
            found = self._from_file()
        else:
            return None
        if self._is_demo:
            raise KnownError(
                "carrier.demo",
                "A demo shop asks a carrier that is only pretended and takes no real account. Take {where} away, or"
                " make a shop of your own.",
                {"where": f"{PREFIX}*" if found.is_environment else str(self._path)},
            )
        return found

    def state(self) -> CarrierReply:
        """What may be told of it: that it is there, the ending of its secret, and what is wrong with it."""
        if self._is_demo:
            return CarrierReply(OutsideState.PRETENDED)
        try:
            found = self.read()
        except KnownError as error:
            return CarrierReply(OutsideState.FAULTY, problem=error.code, problem_text=error.template)
        if found is None:
            return CarrierReply(OutsideState.UNSET)
        account = found.account
        told = CarrierReply(
            OutsideState.SET,
            is_environment=found.is_environment,
            since=found.since,
            partner_id=account.partner_id,
            monthly_card=account.monthly_card,
            product=account.product,
            is_sandbox=account.is_sandbox,
            ending=ending(account.checkword),
        )
        try:
            account.check()
        except KnownError as error:
            return replace(told, state=OutsideState.FAULTY, problem=error.code, problem_text=error.template)
        return told

    def set(self, wanted: CarrierRequest) -> CarrierReply:
        """Replace the account; an empty check word keeps the one that is there. Raises KnownError for an unfit one."""
        if self._is_demo:
            raise KnownError(
                "carrier.demo_set", "A demo shop asks a carrier that is only pretended and takes no real account."
            )
        if self._has_environment():
            raise KnownError(
                "carrier.environment", "The account comes from the server's environment; it has to be changed there."
            )
        before = self._from_file().account if not wanted.checkword.strip() and self._path.exists() else None
        account = sf_account.SfAccount(
            wanted.partner_id.strip(),
            wanted.checkword.strip() or (before.checkword if before is not None else ""),
            wanted.monthly_card.strip(),
            wanted.product.strip(),
            wanted.is_sandbox,
        )
        account.check()
        kept = {"account": codec.plain(account), "since": codec.time_text(self._clock.now())}
        replace_file(self._path, json.dumps(kept).encode(), secret=True)
        log.info("the carrier's account was set")
        return replace(self.state(), needs_restart=not self._restart())

    def _has_environment(self) -> bool:
        return any(self._environ.get(PREFIX + name) for name in ENVIRONMENT.values())

    def _from_environment(self) -> "SfAccount":
        said = {name: self._environ.get(PREFIX + variable, "").strip() for name, variable in ENVIRONMENT.items()}
        is_sandbox = said["is_sandbox"] == "1"
        return sf_account.SfAccount(
            said["partner_id"], said["checkword"], said["monthly_card"], said["product"] or "1", is_sandbox
        )

    def _from_file(self) -> StoredCarrier:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return StoredCarrier(
                codec.build(sf_account.SfAccount, kept["account"]), False, codec.parse_time(kept["since"])
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the carrier's account cannot be read: %s", type(error).__name__)
            template = "The file with the carrier's account cannot be read. Enter the account anew."
            raise KnownError("carrier.unreadable", template) from None


@contextmanager
def real_sf(
    credentials: CarrierCredentials, clock: Clock, transport: "httpx.BaseTransport | None" = None
) -> "Iterator[SfClient | None]":
    """A door to SF itself. An account that cannot be used closes it and nothing else: numbers can be typed."""
    try:
        stored = credentials.read()
        opened = None if stored is None else stored.account.open(clock, transport)
    except KnownError as error:
        log.error("the carrier's account cannot be used: %s", error.code)
        opened = None
    if opened is None:
        yield None
        return
    try:
        yield opened
    finally:
        opened.dispose()
