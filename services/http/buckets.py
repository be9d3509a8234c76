"""How often somebody may ask: buckets that fill up with time, kept in memory only."""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from app.kernel.clock import Clock

MAX_BUCKETS = 50_000
_MICRO = 1_000_000
_OWN_NETWORK_BITS = 64
"""So many bits of an IPv6 address are a household's: it has all the others to itself."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, and ``per_minute`` in the long run."""

    burst: int
    per_minute: int


@dataclass(slots=True)
class _Bucket:
    level_micro: int
    seen_at: datetime


class Buckets:
    """Counts by kind and key; may be used from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    @property
    def size(self) -> int:
        """How many buckets are kept."""
        return len(self._buckets)

    def take(self, kind: str, key: str, rate: Rate) -> int:
        """Count one request; answers 0, or after how many seconds it may be asked again."""
        return ceil(self._take((kind, key), rate) / _MICRO)

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


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def neighbourhood(address: str) -> str:
    """Whom an address stands for: itself, or the whole network that one line of IPv6 has to play with."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed.packed, _OWN_NETWORK_BITS), strict=False))
