"""How often a buyer, a phone and an address may ask the storefront."""

from dataclasses import dataclass

from app.kernel.clock import Clock
from services.http.buckets import Buckets, Rate, is_loopback, neighbourhood
from services.http.exchange import SharedCounts
from services.http.problem import TOO_OFTEN
from services.http.shop import codes


@dataclass(frozen=True, slots=True)
class Rates:
    """What is allowed; a mobile network hides thousands of buyers behind one address, so addresses get much more.

    ``events`` are those that a buyer's phone tells of, ``strange_events`` an address whose phones have not logged in,
    ``all_events`` the whole shop: each is a row for thirteen months, and a full disk closes the shop.
    ``refused`` counts what an address asks that is refused, ``refused_token`` the same of a known buyer or desktop.
    """

    address: Rate = Rate(1_500, 6_000)
    login: Rate = Rate(300, 300)
    buyer: Rate = Rate(120, 600)
    order: Rate = Rate(20, 30)
    phone: Rate = Rate(240, 1_200)
    phone_login: Rate = Rate(20, 20)
    events: Rate = Rate(600, 300)
    strange_events: Rate = Rate(3_000, 600)
    all_events: Rate = Rate(100_000, 6_000)
    refused: Rate = Rate(600, 1_200)
    refused_token: Rate = Rate(120, 120)


class Limits:
    """Counts by key; may be used from any thread."""

    def __init__(self, clock: Clock, rates: Rates) -> None:
        self.rates = rates
        self._buckets = Buckets(clock)

    def shared(self) -> SharedCounts:
        """What is rare and costs much: by how many processes it is let through makes no difference."""
        return SharedCounts(self._buckets, "order", "login", "phone login")

    def check_address(self, kind: str, address: str, rate: Rate) -> None:
        """Requests from this machine are not counted: they are a tunnel's or the shop's own."""
        if not is_loopback(address):
            self.check(kind, neighbourhood(address), rate)

    def check_phone(self, kind: str, phone: str, rate: Rate) -> None:
        """A phone that does not name itself is counted by buyer and address alone."""
        if phone:
            self.check(kind, phone, rate)

    def check_events(self, buyer_id: str, address: str, count: int) -> None:
        """Count so many events, of a buyer or of whoever has not logged in at this address."""
        if buyer_id:
            self.check("events", buyer_id, self.rates.events, count)
        elif not is_loopback(address):
            self.check("strange events", neighbourhood(address), self.rates.strange_events, count)
        self.check("all events", "", self.rates.all_events, count)

    def check(self, kind: str, key: str, rate: Rate, count: int = 1) -> None:
        """Count so many requests; raises a 429 problem that says when to come again."""
        wait_s = self._buckets.take(kind, key, rate, count)
        if wait_s:
            raise codes.again_in(TOO_OFTEN, wait_s)
