"""The timers every shop has."""

from datetime import timedelta

from app.kernel.clock import Clock
from services.authority.executor import Executor
from services.authority.lanes import Lane
from services.authority.trimming import trim
from services.jobs.worker import Timer

TRIM_EVERY = timedelta(hours=1)


def trimming(executor: Executor, clock: Clock) -> Timer:
    """Lets go of old feed rows."""

    def run() -> None:
        executor.chore(lambda database: trim(database, clock.now()), Lane.BULK).result()

    return Timer("feed trimming", TRIM_EVERY, run)
