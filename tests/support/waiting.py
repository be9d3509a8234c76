"""Waiting for something to become true, with a deadline instead of a guess."""

import threading
import time
from collections.abc import Callable

POLL_S = 0.01
_NEVER = threading.Event()


def until(condition: Callable[[], bool], what: str, seconds: float = 20.0) -> int:
    """Answers how many milliseconds it took; fails when ``what`` has not happened in time."""
    started = time.perf_counter()
    while not condition():
        if time.perf_counter() - started > seconds:
            raise AssertionError(f"{what}: not within {seconds} s")
        _NEVER.wait(POLL_S)
    return round((time.perf_counter() - started) * 1000)
