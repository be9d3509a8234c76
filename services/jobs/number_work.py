"""All that the service does about waybill numbers by itself, on threads of its own: a slow carrier delays no money."""

from collections.abc import Mapping, Sequence

from app.domain.row import Audience
from app.domain.settings import read_settings
from app.domain.waybills.commands import RecordCarriers
from app.tables.view import SqlView
from services.adapters.carrier import Carrier
from services.authority.booking import own_intent
from services.jobs.numbering import finding_requests, labelling, ordering, returning
from services.jobs.outside import Outside
from services.jobs.worker import Worker

THREADS = 3
"""So many numbers are asked for at the same time: a carrier takes a third of a second for each."""


def number_workers(outside: Outside, carriers: Mapping[str, Carrier]) -> Sequence[Worker]:
    """Workers, not started; the first also finds what is to be asked."""
    handlers = [ordering(outside, carriers), returning(outside, carriers), labelling(outside)]
    return [
        Worker(
            outside.store,
            outside.executor,
            outside.clock,
            handlers,
            [finding_requests(outside)] if place == 0 else [],
        )
        for place in range(THREADS)
    ]


def tell_carriers(outside: Outside, carriers: Mapping[str, Carrier]) -> None:
    """Write down which carriers can be asked, so that every counter knows whether it may offer that."""
    with outside.store.reading() as database:
        told = read_settings(SqlView(database, Audience)).carriers_with_numbers
    if told != tuple(sorted(carriers)):
        now = outside.clock.now()
        outside.decide([own_intent(RecordCarriers(tuple(sorted(carriers))), now, str(now), *sorted(carriers))])
