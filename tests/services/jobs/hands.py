"""How tests have a worker do what is due."""

from services.jobs.worker import Worker
from tests.support.street import Street


def work(worker: Worker, street: Street, seconds: int = 0) -> None:
    """So much later the timers ring, and everything that is due is done."""
    street.clock.advance(seconds=seconds)
    worker.ring()
    while worker.do_one():
        pass
