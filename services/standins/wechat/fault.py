"""What can be made to go wrong on purpose, call by call."""

import threading
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

# After the first attempt; the whole takes 24 hours and 4 minutes.
RETRY_SECONDS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)


class Operation(StrEnum):
    """The calls a fault can be scripted for."""

    PREPAY = "prepay"
    QUERY = "query"
    CLOSE = "close"
    REFUND = "refund"
    QUERY_REFUND = "query_refund"
    CERTIFICATES = "certificates"
    LOGIN = "login"


class Fault(StrEnum):
    """Before: nothing happened. After: it happened, but the caller cannot know."""

    SYSTEM_ERROR_BEFORE = "system_error_before"
    BUSY = "busy"
    SYSTEM_ERROR_AFTER = "system_error_after"
    NO_ANSWER = "no_answer"
    DROPPED = "dropped"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    GARBAGE = "garbage"
    UNSIGNED = "unsigned"
    FORGED = "forged"
    PROBE = "probe"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Rules:
    """How this WeChat behaves; the defaults are the real one's, tests and the demo shop shorten them."""

    refund_gap_seconds: int = 60
    refund_ends_after_seconds: int | None = None
    retry_seconds: tuple[int, ...] = RETRY_SECONDS
    balance_fen: int | None = None
    is_old_spelling: bool = False


class FaultScript:
    """Faults waiting for their call, first in first out per operation."""

    def __init__(self) -> None:
        self._waiting: dict[Operation, deque[Fault]] = {operation: deque() for operation in Operation}
        self._lock = threading.Lock()

    def add(self, operation: Operation, fault: Fault, times: int = 1) -> None:
        with self._lock:
            self._waiting[operation].extend([fault] * times)

    def next(self, operation: Operation) -> Fault | None:
        with self._lock:
            waiting = self._waiting[operation]
            return waiting.popleft() if waiting else None
