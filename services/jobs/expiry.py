"""Orders that nobody paid in time begin to close."""

from datetime import timedelta

from app.domain.aftersales.commands import BeginClose
from app.kernel import codec
from services.authority.booking import own_intent
from services.jobs.outside import Outside
from services.jobs.worker import Timer

EVERY = timedelta(seconds=5)


def expiry(outside: Outside) -> Timer:
    def run() -> None:
        now = outside.clock.now()
        overdue = outside.ids(
            "SELECT id FROM orders WHERE state = 'unpaid' AND expires_at <= ? ORDER BY expires_at", codec.time_text(now)
        )
        outside.decide([own_intent(BeginClose(order_id), now, order_id) for order_id in overdue])

    return Timer("order expiry", EVERY, run)
