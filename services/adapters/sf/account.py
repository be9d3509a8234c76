"""A shop's own account with SF Express, checked before anything is opened with it."""

import re
from dataclasses import dataclass, field

import httpx

from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from services.adapters.sf.client import SfClient
from services.adapters.sf.config import HOST, SANDBOX, SfConfig


@dataclass(frozen=True, slots=True)
class SfAccount:
    """As SF's console shows it. A sandbox gives numbers that carry no parcel."""

    partner_id: str
    checkword: str = field(repr=False)
    monthly_card: str = ""
    product: str = "1"
    is_sandbox: bool = False

    def check(self) -> None:
        """Raises KnownError for the first thing that cannot be right, without quoting it."""
        for fits, code, template in _CHECKS:
            if re.fullmatch(fits, getattr(self, code), re.ASCII) is None:
                raise KnownError(f"carrier.bad_{code}", template)

    def open(self, clock: Clock, transport: httpx.BaseTransport | None = None) -> SfClient:
        """A client for SF's own hosts; ``transport`` stands for the network in tests."""
        self.check()
        host = SANDBOX if self.is_sandbox else HOST
        config = SfConfig(self.partner_id, self.checkword, self.monthly_card, self.product, host)
        return SfClient(config, clock, transport)


_CHECKS = (
    (r"\S{1,64}", "partner_id", "The customer code has no blanks and at most 64 signs."),
    (r"\S{8,128}", "checkword", "The check word has no blanks and at least 8 signs."),
    (r"(\d{10})?", "monthly_card", "A monthly card has 10 digits; leave it empty to pay the courier."),
    (r"\d{1,5}", "product", "The product is a number, 1 for example."),
)
