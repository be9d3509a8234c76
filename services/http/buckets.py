"""How often somebody may ask: buckets that fill up with time, kept in memory only."""

import ipaddress
import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from app.kernel.clock import Clock

MAX_BUCKETS = 50_000
MOST_DEBT = 16
"""So many times its burst somebody may owe whom several processes let through at the same moment."""
_MICRO = 1_000_000
_OWN_NETWORK_BITS = 64
"""So many bits of an IPv6 address are a household's: it has all the others to itself."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, and ``per_minute`` in the long run."""

    burst: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Taken:
    """``count`` requests that somebody was allowed."""

    kind: str
    key: str
    rate: Rate
    count: int


@dataclass(slots=True)
class _Bucket:
    level_micro: int
    seen_at: datetime


class Buckets:
    """Counts by kind and key; may be used from any thread.

    Each process counts for itself, and several tell each other: see ``services.http.exchange``.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()
        self._shared: frozenset[str] = frozenset()
        self._untold: Counter[tuple[str, str, Rate]] = Counter()

    def share(self, *kinds: str) -> None:
        """From now on ``untold`` answers what was taken of these kinds: somebody carries it to other processes."""
        self._shared = frozenset(kinds)

    def untold(self) -> list[Taken]:
        """What was taken here since this was asked last."""
        with self._lock:
            told, self._untold = self._untold, Counter()
        return [Taken(kind, key, rate, count) for (kind, key, rate), count in told.items()]

    def hear(self, taken: Taken) -> None:
        """Another process has let through so much: it is missing here, below nothing if need be."""
        with self._lock:
            bucket = self._filled((taken.kind, taken.key), taken.rate)
            least = -MOST_DEBT * taken.rate.burst * _MICRO
            bucket.level_micro = max(least, bucket.level_micro - taken.count * _MICRO)

    @property
    def size(self) -> int:
        """How many buckets are kept."""
        return len(self._buckets)

    def take(self, kind: str, key: str, rate: Rate, count: int = 1) -> int:
        """Count so many requests, all of them or none; answers 0, or after how many seconds to ask again."""
        return ceil(self._take((kind, key), rate, count) / _MICRO)

    def _take(self, key: tuple[str, str], rate: Rate, count: int) -> int:
        """Takes from the bucket; answers the microseconds until that is possible when it holds too little."""
        with self._lock:
            bucket = self._filled(key, rate)
            wanted = count * _MICRO
            if bucket.level_micro >= wanted:
                bucket.level_micro -= wanted
                if key[0] in self._shared:
                    self._untold[*key, rate] += count
                return 0
            return (wanted - bucket.level_micro) * 60 // rate.per_minute or 1

    def _filled(self, key: tuple[str, str], rate: Rate) -> _Bucket:
        """The bucket as it stands now; only within the lock."""
        now = self._clock.now()
        bucket = self._buckets.pop(key, None) or _Bucket(rate.burst * _MICRO, now)
        self._buckets[key] = bucket  # the one used last stands last
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        passed = max(0, (now - bucket.seen_at).total_seconds())
        filled = bucket.level_micro + int(passed * rate.per_minute * _MICRO / 60)
        bucket.level_micro, bucket.seen_at = min(rate.burst * _MICRO, filled), now
        return bucket


def is_loopback(address: str) -> bool:
    """Whether it is this computer's own, which a door for both protocols calls by its IPv4 address within IPv6."""
    try:
        return ipaddress.ip_address(address.removeprefix("::ffff:")).is_loopback
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
