"""The two bounded queues before the executor: what people wait for, and what can wait."""

import threading
import time
from collections import OrderedDict, deque
from enum import StrEnum

from services.authority.submission import Busy, Item

CAPACITY = {"live": 4096, "bulk": 4096}
BATCH_LIMIT = 64
BULK_SHARE = BATCH_LIMIT // 4


class Lane(StrEnum):
    LIVE = "live"
    BULK = "bulk"


class Queue:
    """Keeps the order of each source and serves the sources in turn: one that sends much holds up itself alone."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Item]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, item: Item) -> None:
        self._waiting.setdefault(item.source, deque()).append(item)
        self._count += 1

    def take(self, most: int) -> list[Item]:
        taken: list[Item] = []
        while self._waiting and len(taken) < most:
            source, items = self._waiting.popitem(last=False)
            taken.append(items.popleft())
            if items:
                self._waiting[source] = items
        self._count -= len(taken)
        return taken

    def give_back(self, items: list[Item]) -> None:
        """Back to the head, in order."""
        for item in reversed(items):
            self._waiting.setdefault(item.source, deque()).appendleft(item)
            self._waiting.move_to_end(item.source, last=False)
        self._count += len(items)


class Lanes:
    """Filled by any thread, emptied by the executor alone."""

    def __init__(self) -> None:
        self._queues: dict[Lane, Queue] = {lane: Queue() for lane in Lane}
        self._ready = threading.Condition()
        self._is_closed = False

    def put(self, lane: Lane, item: Item) -> None:
        """Raises Busy when the lane is full or the service is stopping."""
        with self._ready:
            if self._is_closed:
                raise Busy("service.stopping", 2)
            if len(self._queues[lane]) >= CAPACITY[lane]:
                raise Busy("service.busy", 1)
            item.is_bulk = lane is Lane.BULK
            self._queues[lane].append(item)
            self._ready.notify()

    def take(self, timeout_s: float) -> list[Item]:
        """The next batch: at most a quarter from bulk while live waits; empty after ``timeout_s``."""
        with self._ready:
            deadline = time.monotonic() + timeout_s
            while not any(self._queues.values()) and not self._is_closed:
                left = deadline - time.monotonic()
                if left <= 0:
                    return []
                self._ready.wait(left)
            live, bulk = self._queues[Lane.LIVE], self._queues[Lane.BULK]
            room = BULK_SHARE if live else BATCH_LIMIT
            batch = bulk.take(room)
            return live.take(BATCH_LIMIT - len(batch)) + batch

    def give_back(self, items: list[Item]) -> None:
        """Put undecided items back to the head of their lanes, in order."""
        with self._ready:
            self._queues[Lane.BULK].give_back([item for item in items if item.is_bulk])
            self._queues[Lane.LIVE].give_back([item for item in items if not item.is_bulk])
            self._ready.notify()

    def close(self) -> None:
        with self._ready:
            self._is_closed = True
            self._ready.notify_all()

    @property
    def is_drained(self) -> bool:
        with self._ready:
            return self._is_closed and not any(self._queues.values())
