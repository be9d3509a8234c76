"""``move``: a shop changes its database, SQLite to PostgreSQL or back; its desktops go on at their cursor."""

from pathlib import Path

from sqlalchemy.engine import URL

from app.domain.row import Row
from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from app.tables.schema import KINDS
from app.tables.sums import sums
from services.authority.commandlog import broken_link
from services.authority.head import read_head
from services.db.engine import CoreDatabase, Store, begin_batch
from services.db.migrate import upgrade
from services.db.revision import is_current
from services.upkeep import parcel
from services.upkeep.copying import Tell, copy_rows, put_aside, quiet, require_empty
from services.upkeep.room import needing_room

_NO_ROOM = ("move.no_room", "The shop could not be moved: {why}. It is where it was.")


def move_shop(source_url: URL, target_url: URL, media: tuple[Path, Path], tell: Tell = quiet) -> int:
    """Copy everything, compare it, and mark the old database as moved; answers how many rows moved.

    ``media`` are the old and the new folder of pictures. Raises KnownError; the old shop is then as it was.
    """
    source, target = Store(source_url), Store(target_url)
    try:
        source.claim()
        target.claim()
        upgrade(source)
        with source.reading() as database:
            _require_here(database)
        target = _without_what_moved_away(target)
        with needing_room(*_NO_ROOM):
            upgrade(target)
            require_empty(target)
            with source.reading() as database:
                count = copy_rows(database, target, tell)
                _require_equal(database, target)
            parcel.add_pictures(*media)
        _mark_moved(source, target)
        return count
    finally:
        target.close()
        source.close()


def _without_what_moved_away(target: Store) -> Store:
    """The way back leads to the file that the shop has left: it is kept beside the new one, under another name."""
    if not target.is_sqlite or not is_current(target):
        return target
    with target.reading() as database:
        if not read_head(database).moved_to:
            return target
    target.close()
    put_aside(target.file, SystemClock().now())
    fresh = Store(target.url)
    fresh.claim()
    return fresh


def _require_here(database: CoreDatabase) -> None:
    moved_to = read_head(database).moved_to
    if moved_to:
        raise KnownError("move.moved_already", "This shop has moved to {place} already.", {"place": moved_to})


def _require_equal(database: CoreDatabase, target: Store) -> None:
    kinds: list[type[Row]] = list(KINDS.values())
    with target.reading() as copy:
        old, new = sums(database, kinds), sums(copy, kinds)
        differing = [name for name, told in old.items() if new[name] != told]
        if differing or broken_link(copy) is not None or read_head(copy) != read_head(database):
            raise AssertionError(f"the copy differs: {differing}")


def _mark_moved(source: Store, target: Store) -> None:
    """From here on the old database decides nothing any more."""
    with source.connect() as connection:
        database = CoreDatabase(connection)
        begin_batch(database)
        place = target.url.render_as_string(hide_password=True)
        database.execute(f"UPDATE feed_head SET moved_to = {database.mark}", (place,))
        database.execute("COMMIT")
