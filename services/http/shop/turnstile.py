"""How many callers may wait for WeChat at once: the others are told to come again, and everybody else is served."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.http.problem import ProblemCode
from services.http.shop import codes

PLACES = 16
"""Two thirds of the threads in which every route of the shop and of the desktops is answered."""
PAYING = 256
"""Who pays holds no thread, but a connection to WeChat and a place in memory."""


class Turnstile:
    """May be passed from any thread."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def passed(self, busy: ProblemCode) -> Iterator[None]:
        """A place for the block; raises ``busy`` as a problem when all are taken."""
        if not self._places.acquire(blocking=False):
            raise codes.again_in(busy, 2)
        try:
            yield
        finally:
            self._places.release()
