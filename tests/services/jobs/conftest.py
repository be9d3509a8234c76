"""The jobs about money, done when a test says so."""

import pytest

from services.jobs.outside import Outside
from services.jobs.payment_work import payment_work
from services.jobs.worker import Worker
from tests.support.street import Street


@pytest.fixture
def worker(street: Street) -> Worker:
    """The jobs' hands without their thread."""
    outside = Outside(street.shop.store, street.shop.executor, street.clock, street.service.pay)
    handlers, timers = payment_work(outside)
    return Worker(street.shop.store, street.shop.executor, street.clock, handlers, timers)
