"""A counter with hundreds of commands still to be sent, all of which a page of the feed meets in one row."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.stock.commands import ReceiveStock
from app.replica import shadow
from app.replica.apply import replay
from benchmarks.measure import Figure, cpu_s, figure, in_turns
from tests.support.counter import Bought, Counter
from tests.support.shop import OWNER, PLACE

WAITING = 500
GOAL_MS = 100


def waitings(is_quick: bool) -> Iterator[Figure]:
    """Shipments of one article, and news of its stock; beside them all is taken back and carried out again."""
    count, rounds = (50, 2) if is_quick else (WAITING, 5)
    story, deliveries = (Bought((("milk", 1),)),) * count, iter(range(1, rounds + 1))
    with (
        tempfile.TemporaryDirectory(prefix="zhanggui-bench-waiting-") as folder,
        closing(Counter(Path(folder), story)) as counter,
    ):
        for number in range(1, count + 1):
            line = ShippedLine(f"o{number}-1", 1)
            counter.desktop.give(ShipOrder(f"o{number}", f"p{number}", (line,), "sf", f"SF{number:013}"))
        told, anew = in_turns(lambda: _news_ms(counter, next(deliveries)), lambda: _anew_ms(counter), rounds=rounds)
    name = f"a page that {count} waiting commands meet, processors' time"
    yield figure(name, told, "ms", goal=f"<= {GOAL_MS}")
    yield figure(f"{name}, beside carrying all out again", told, "ms", anew)


def _news_ms(counter: Counter, qty: int) -> float:
    """Each delivery is another one, or the service would know it already."""
    counter.shop.must(ReceiveStock("milk-s", PLACE, qty), OWNER)
    return cpu_s(counter.pull) * 1000


def _anew_ms(counter: Counter) -> float:
    database = counter.desktop.holder.database

    def anew() -> None:
        with database.transaction():
            shadow.rewind(database)
            replay(database, counter.desktop.registry)

    return cpu_s(anew) * 1000
