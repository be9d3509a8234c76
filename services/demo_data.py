"""``demo-data``: fill an empty database with a shop that has a past."""

import sys
import time
from dataclasses import dataclass
from datetime import datetime

from app.domain.registry import shop_registry
from app.kernel import codec, logs
from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from services.opening import prepared
from services.settings import place_of

MOST_ORDERS = 5_000_000


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the command line says. The same ``orders``, ``seed`` and ``until`` make the same shop, row by row."""

    orders: int
    seed: int
    until: str | None = None
    data: str | None = None
    database: str | None = None


def fill(options: DemoOptions) -> int:
    """Make the shop and say how far it is; raises KnownError. Answers the exit code."""
    from services.demo import shop  # draws pictures, and nothing else needs that

    if not 0 <= options.orders <= MOST_ORDERS:
        raise KnownError("demo.orders", "Between 0 and {most} orders can be made.", {"most": MOST_ORDERS})
    place, until = place_of(options.data, options.database), _moment(options.until)
    logs.set_up(place.logs, "service")
    started = time.perf_counter()
    with prepared(place, is_apart=True) as store:
        shop.make(store, shop_registry(), place.media, (shop.Wish(options.orders, options.seed), until), _say)
    seconds = round(time.perf_counter() - started)
    print(tr("Done: {orders} orders in {seconds} s, in {place}", orders=options.orders, seconds=seconds,
             place=place.database_name))  # fmt: skip
    return 0


def _moment(text: str | None) -> datetime:
    if text is None:
        return SystemClock().now()
    try:
        return codec.parse_time(text)
    except ValueError as error:
        raise KnownError("demo.until", "{text} is no time such as 2026-11-26T10:00:00Z.", {"text": text}) from error


def _say(what: str, done: int, total: int) -> None:
    """On a terminal one line that changes; elsewhere a line now and then."""
    text = progress_text(what, done, total)
    if sys.stdout.isatty():
        print(f"\r{text}", end="\n" if done == total else "", flush=True)
    elif done == total or not done % max(1, total // 10):
        print(text, flush=True)


def progress_text(what: str, done: int, total: int) -> str:
    if what == "pictures":
        return tr("Drawing pictures: {done} of {total}", done=done, total=total)
    return tr("Making orders: {done} of {total}", done=done, total=total)
