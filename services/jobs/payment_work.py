"""All that the service does about money by itself."""

from services.jobs.checking import checking, finding_unchecked
from services.jobs.closing import closing, finding_closing
from services.jobs.expiry import expiry
from services.jobs.outside import Outside
from services.jobs.payment_poll import finding_unheard, polling
from services.jobs.refunding import finding_refunds, refunding
from services.jobs.worker import Handler, Timer


def payment_work(outside: Outside) -> tuple[list[Handler], list[Timer]]:
    """Handlers and timers for the worker: the timers find what is to be done, however it came about."""
    handlers = [closing(outside), refunding(outside), polling(outside), checking(outside)]
    timers = [expiry(outside), finding_closing(outside), finding_refunds(outside), finding_unheard(outside)]
    timers.append(finding_unchecked(outside))
    return handlers, timers
