"""``move``: a shop changes its database, SQLite to PostgreSQL or back; its desktops go on at their cursor."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.row import Row
from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from app.tables.schema import KINDS
from app.tables.sums import sums
from services.authority.commandlog import broken_link
from services.authority.head import read_head
from services.db.address import Address
from services.db.engine import OpenDatabase, Store, begin_batch
from services.db.errors import DBAPIError, OperationalError
from services.db.migrate import upgrade
from services.db.revision import is_current
from services.upkeep import parcel
from services.upkeep.copying import Tell, copy_rows, put_aside, quiet, require_empty, shop_zone
from services.upkeep.room import needing_room

_NO_ROOM = ("move.no_room", "The shop could not be moved: {why}. It is where it was.")
_UNDEFINED_TABLE = "42P01"
"""PostgreSQL says the rest in the server's language."""


def move_shop(source_url: Address, target_url: Address, media: tuple[Path, Path], tell: Tell = quiet) -> int:
    """Copy everything, compare it, and mark the old database as moved; answers how many rows moved.

    ``media`` are the old and the new folder of pictures. Raises KnownError; the old shop is then as it was.
    """
    if source_url == target_url:
        raise KnownError("move.same", "The shop is at {place} already.", {"place": source_url.shown})
    source = _opened(source_url)
    target = Store(target_url)
    try:
        with _reachable(source):
            source.claim(alone=True)
            _require_shop(source)
        upgrade(source)
        with _reachable(target):
            target.claim(alone=True)
        with _held(source) as holding:
            target = _without_what_moved_away(target)
            count = _carry(source, target, media, tell)
            _mark_moved(holding, target)
        return count
    finally:
        target.close()
        source.close()


def _carry(source: Store, target: Store, media: tuple[Path, Path], tell: Tell) -> int:
    with needing_room(*_NO_ROOM):
        upgrade(target)
        require_empty(target)
        with source.reading() as database:
            count = copy_rows(database, target, tell)
            _require_equal(database, target)
        parcel.add_pictures(*media)
    return count


@contextmanager
def _held(source: Store) -> Iterator[OpenDatabase]:
    """The writer's transaction, open for the whole block: nothing can be written between the copy and the mark.

    Should the database end it meanwhile, the mark fails and the shop is where it was.
    """
    with source.connect() as database:
        begin_batch(database)
        try:
            _require_here(database)
            yield database
        except BaseException:
            if database.is_open():
                database.execute("ROLLBACK")
            raise


def _opened(url: Address) -> Store:
    """Opening a file that is not there would make it."""
    if url.is_sqlite and not Path(url.database).is_file():
        raise _no_shop(url)
    return Store(url)


def _require_shop(source: Store) -> None:
    try:
        with source.reading() as database:
            is_shop = database.execute("SELECT count(*) FROM staff, feed_head").fetchone()[0] > 0
    except DBAPIError as error:
        if error.is_gone or not _is_something_else(error):
            raise
        raise _no_shop(source.url) from error
    if not is_shop:
        raise _no_shop(source.url)


def _is_something_else(error: DBAPIError) -> bool:
    """Whether it says that the database is none of ours, rather than that ours is in trouble."""
    said = str(error.orig)
    return (
        getattr(error.orig, "sqlstate", "") == _UNDEFINED_TABLE or "no such table" in said or "not a database" in said
    )


def _no_shop(url: Address) -> KnownError:
    return KnownError("move.no_shop", "There is no shop at {place}.", {"place": url.shown})


@contextmanager
def _reachable(store: Store) -> Iterator[None]:
    """A server that is off, or that has no such database, told in a sentence."""
    try:
        yield
    except OperationalError as error:
        if store.is_sqlite:
            raise
        why = str(error.orig).strip().splitlines()[0]
        raise KnownError("store.unreachable", "The shop's database cannot be reached: {why}", {"why": why}) from error


def _without_what_moved_away(target: Store) -> Store:
    """The way back leads to the file that the shop has left: it is kept beside the new one, under another name."""
    if not target.is_sqlite or not is_current(target):
        return target
    with target.reading() as database:
        if not read_head(database).moved_to:
            return target
        zone = shop_zone(database)
    target.close()
    put_aside(target.file, SystemClock().now().astimezone(zone))
    fresh = Store(target.url)
    fresh.claim(alone=True)
    return fresh


def _require_here(database: OpenDatabase) -> None:
    moved_to = read_head(database).moved_to
    if moved_to:
        raise KnownError("move.moved_already", "This shop has moved to {place} already.", {"place": moved_to})


def _require_equal(database: OpenDatabase, target: Store) -> None:
    kinds: list[type[Row]] = list(KINDS.values())
    with target.reading() as copy:
        old, new = sums(database, kinds), sums(copy, kinds)
        differing = [name for name, told in old.items() if new[name] != told]
        if differing or broken_link(copy) is not None or read_head(copy) != read_head(database):
            raise AssertionError(f"the copy differs: {differing}")


def _mark_moved(holding: OpenDatabase, target: Store) -> None:
    """From here on the old database decides nothing any more."""
    place = target.url.shown
    holding.execute(f"UPDATE feed_head SET moved_to = {holding.mark}", (place,))
    holding.execute("COMMIT")
