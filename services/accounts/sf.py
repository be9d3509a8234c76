"""The shop's account with SF Express: what is kept and told of it, and the door to SF that it opens."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.kernel.later import later
from app.wire.carrier import CarrierReply, CarrierRequest
from services.accounts.kept import KeptAccount, ending

if TYPE_CHECKING:
    import httpx

    from services.adapters.sf import account as sf_account
    from services.adapters.sf.account import SfAccount
    from services.adapters.sf.client import SfClient
else:
    sf_account = later("services.adapters.sf.account")

KeptSf = KeptAccount["SfAccount", CarrierRequest, CarrierReply]
log = logging.getLogger("http")


class Sf:
    """The party of a ``KeptAccount``. The variable ``SANDBOX`` is 1 for the sandbox, whose numbers carry no parcel."""

    area = "carrier"
    file = "sf-account.json"
    prefix = "ZHANGGUI_SF_"
    variables: Mapping[str, str] = {
        "partner_id": "PARTNER_ID",
        "checkword": "CHECKWORD",
        "monthly_card": "MONTHLY_CARD",
        "product": "PRODUCT",
        "is_sandbox": "SANDBOX",
    }

    def kind(self) -> "type[SfAccount]":
        return sf_account.SfAccount

    def from_environment(self, said: Mapping[str, str]) -> "SfAccount":
        is_sandbox = said["is_sandbox"] == "1"
        return sf_account.SfAccount(
            said["partner_id"], said["checkword"], said["monthly_card"], said["product"] or "1", is_sandbox
        )

    def joined(self, wanted: CarrierRequest, before: "Callable[[], SfAccount | None]") -> "SfAccount":
        word = wanted.checkword.strip()
        kept = before() if not word else None
        return sf_account.SfAccount(
            wanted.partner_id.strip(),
            kept.checkword if kept is not None else word,
            wanted.monthly_card.strip(),
            wanted.product.strip(),
            wanted.is_sandbox,
        )

    def reply(self, **standing: Any) -> CarrierReply:
        return CarrierReply(**standing)

    def told(self, reply: CarrierReply, account: "SfAccount") -> CarrierReply:
        return replace(
            reply,
            partner_id=account.partner_id,
            monthly_card=account.monthly_card,
            product=account.product,
            is_sandbox=account.is_sandbox,
            ending=ending(account.checkword),
        )

    def pretended(self) -> KnownError:
        return KnownError(
            "carrier.demo_set", "A demo shop asks a carrier that is only pretended and takes no real account."
        )

    def misplaced(self, where: str) -> KnownError:
        return KnownError(
            "carrier.demo",
            "A demo shop asks a carrier that is only pretended and takes no real account. Take {where} away, or make a"
            " shop of your own.",
            {"where": where},
        )

    def unreadable(self) -> KnownError:
        return KnownError(
            "carrier.unreadable", "The file with the carrier's account cannot be read. Enter the account anew."
        )


SF = Sf()


@contextmanager
def real_sf(kept: KeptSf, clock: Clock, transport: "httpx.BaseTransport | None" = None) -> "Iterator[SfClient | None]":
    """A door to SF itself. An account that cannot be used closes it and nothing else: numbers can be typed."""
    try:
        stored = kept.read()
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
