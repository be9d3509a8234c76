"""How often a buyer and an address may ask: buckets that fill up with time, kept in memory only."""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from app.kernel.clock import Clock
from services.http.shop import codes

MAX_BUCKETS = 50_000
_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, and ``per_minute`` in the long run."""

    burst: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Rates:
    """What is allowed; a mobile network hides thousands of buyers behind one address, so addresses get much more."""

    address: Rate = Rate(1_500, 6_000)
    login: Rate = Rate(300, 300)
    buyer: Rate = Rate(120, 600)
    order: Rate = Rate(20, 30)


@dataclass(slots=True)
class _Bucket:
    level_micro: int
    seen_at: datetime


class Limits:
    """Counts by key; may be used from any thread."""

    def __init__(self, clock: Clock, rates: Rates) -> None:
        self.rates = rates
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    @property
    def size(self) -> int:
        """How many buckets are kept."""
        return len(self._buckets)

    def check_address(self, kind: str, address: str, rate: Rate) -> None:
        """Requests from this machine are not counted: they are a tunnel's or the shop's own."""
        if not _is_loopback(address):
            self.check(kind, address, rate)

    def check(self, kind: str, key: str, rate: Rate) -> None:
        """Count one request; raises a 429 problem that says when to come again."""
        wait_micro = self._take((kind, key), rate)
        if wait_micro:
            raise codes.again_in(codes.TOO_OFTEN, ceil(wait_micro / _MICRO))

    def _take(self, key: tuple[str, str], rate: Rate) -> int:
        """Takes one from the bucket; answers the microseconds until that is possible when it is empty."""
        now = self._clock.now()
        with self._lock:
            bucket = self._buckets.pop(key, None) or _Bucket(rate.burst * _MICRO, now)
            self._buckets[key] = bucket  # the one used last stands last
            if len(self._buckets) > MAX_BUCKETS:
                self._buckets.popitem(last=False)
            passed = max(0, (now - bucket.seen_at).total_seconds())
            filled = bucket.level_micro + int(passed * rate.per_minute * _MICRO / 60)
            bucket.level_micro, bucket.seen_at = min(rate.burst * _MICRO, filled), now
            if bucket.level_micro >= _MICRO:
                bucket.level_micro -= _MICRO
                return 0
            return (_MICRO - bucket.level_micro) * 60 // rate.per_minute or 1


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
