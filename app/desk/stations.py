"""A print station: this computer prints by itself what the feed asks of it, when the shop's service has confirmed it.

Only a request that a pulled page brings anew counts. What a new replica, a restored service or a change of the station
brings waits in the print centre's list for a person.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from app.desk.desk import Desk
from app.desk.papers import PaperWish
from app.desk.print_asking import Answer, PrintAsking
from app.desk.threads import Query
from app.domain.paper.model import PrintRequest, PrintStation
from app.domain.paper.rules import prints_by_itself
from app.replica.changes import ChangeSet, Origin
from app.replica.queries import paper as reading

log = logging.getLogger("print")
Asked = tuple[tuple[PrintRequest, PrintStation | None], ...]


class Station:
    """Listens to the feed; ``wish_of`` makes the wish of a request, in this counter's words."""

    def __init__(self, desk: Desk, asking: PrintAsking, wish_of: Callable[[PrintRequest], PaperWish]) -> None:
        self._desk = desk
        self._asking = asking
        self._wish_of = wish_of
        desk.hub.listen(self._on_changes)

    def _on_changes(self, changes: ChangeSet) -> None:
        keys = changes.new_rows.get(PrintRequest.TABLE)
        if changes.origin is Origin.FEED and keys:
            self._desk.query(_asked(keys)).add_done_callback(self._print)

    def _print(self, answered: "Future[tuple[str, Asked]]") -> None:
        device_id, found = answered.result()
        now = self._desk.clock.now()
        self._print_each([request for request, station in found if prints_by_itself(request, station, device_id, now)])

    def _print_each(self, requests: list[PrintRequest]) -> None:
        """One after the other: they were asked for in the order in which they are to come out."""
        if requests:
            first, *rest = requests
            asked = self._asking.ask(self._wish_of(first), by_itself=True)
            asked.add_done_callback(partial(_say, first.key))
            asked.add_done_callback(lambda _: self._print_each(rest))


def _asked(keys: frozenset[str]) -> "Query[tuple[str, Asked]]":
    return lambda connection: (reading.here(connection), reading.requests(connection, keys))


def _say(key: str, answered: "Future[Answer]") -> None:
    error = answered.exception()
    if error is not None:
        log.critical("request %s was not queued", key, exc_info=error)
    else:
        log.info("request %s: %s", key, type(answered.result()).__name__)
