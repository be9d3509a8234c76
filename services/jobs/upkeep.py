"""The timers that keep a shop small: old rows of the feed are let go of, and whatever has had its time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from app.kernel.clock import Clock
from app.tables.statements import Database
from services.authority.executor import Executor
from services.authority.lanes import Lane
from services.authority.trimming import trim
from services.jobs.worker import Timer

log = logging.getLogger("http")
TRIM_EVERY = timedelta(hours=1)
FORGET_EVERY = timedelta(days=1)


def trimming(executor: Executor, clock: Clock) -> Timer:
    """Lets go of old feed rows."""

    def run() -> None:
        executor.chore(lambda database: trim(database, clock.now()), Lane.BULK).result()

    return Timer("feed trimming", TRIM_EVERY, run)


def forgetting(executor: Executor, clock: Clock, forget: Callable[[Database, datetime], int], name: str) -> Timer:
    """Lets go once a day of what has had its time: ``forget`` removes it and answers how much it was."""

    def run() -> None:
        count = executor.chore(lambda database: forget(database, clock.now()), Lane.BULK).result()
        if count:
            log.info("%s: %d let go", name, count)

    return Timer(name, FORGET_EVERY, run)
