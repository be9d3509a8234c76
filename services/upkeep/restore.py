"""``restore``: a shop out of its backup, on this computer or on another one, as a new epoch of its feed."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.registry import shop_registry
from app.kernel import codec
from app.kernel.errors import KnownError
from app.kernel.files import private_folder
from app.kernel.ids import uuid7
from app.tables.statements import Database
from services.authority.commandlog import broken_link
from services.authority.executor import Executor
from services.authority.head import begin_epoch, read_head
from services.authority.restoring import Seen, restored
from services.db.engine import Store
from services.db.migrate import upgrade
from services.settings import Place
from services.upkeep import parcel
from services.upkeep.copying import Tell, copy_rows, put_aside, quiet, require_empty, shop_zone
from services.upkeep.parcel import Contents
from services.upkeep.room import needing_room
from services.upkeep.sealed import SealedReader, damaged, require_magic, telling_of

_NOT_RESTORED = ("restore.no_room", "The backup could not be put in place: {why}. The shop here is as it was.")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: ``made_at`` by the shop's clock, ``aside`` the file of the shop that stood here, if one did."""

    contents: Contents
    made_at: datetime
    aside: Path | None


def require_backup(file: Path) -> Path:
    """The file itself; raises KnownError when there is none, or another kind of file."""
    if not file.is_file():
        raise KnownError("restore.no_file", "There is no file {file}.", {"file": str(file)})
    with telling_of(file), file.open("rb") as stream:
        require_magic(stream)
    return file


def restore_backup(place: Place, file: Path, password: str, now: datetime, tell: Tell = quiet) -> Restored:
    """Put the shop in place; what stood there is kept beside it. Raises KnownError, and then nothing has changed."""
    require_backup(file)
    with _no_trace_of_a_refusal(place), closing(Store(place.database)) as store:
        store.claim(alone=True)
        with (
            telling_of(file),
            needing_room(*_NOT_RESTORED),
            tempfile.TemporaryDirectory(prefix=".restore-", dir=place.data) as folder,
        ):
            with file.open("rb") as stream:
                contents = parcel.unpack(SealedReader(stream, password), Path(folder))
            image = Path(folder) / parcel.DATABASE
            zone = _prepare(image, now)
            parcel.add_pictures(Path(folder) / parcel.MEDIA, place.media)  # first: they harm nobody, should it end here
            aside = None
            if store.is_sqlite:
                aside = put_aside(store.file, now.astimezone(zone))
                image.replace(store.file)
            else:
                _fill(store, image, tell)
            return Restored(contents, codec.parse_time(contents.made_at).astimezone(zone), aside)


@contextmanager
def _no_trace_of_a_refusal(place: Place) -> Iterator[None]:
    """Folders that were made for the shop go again when nothing came into them; a lock's file alone is nothing."""
    spots = [place.data] + ([Path(place.database.database).parent] if place.database.is_sqlite else [])
    around = {folder for spot in spots for folder in (spot, *spot.parents)}
    made = sorted((folder for folder in around if not folder.exists()), key=lambda each: -len(each.parts))
    private_folder(place.data)
    try:
        yield
    except BaseException:
        for folder in made:
            for lock in folder.glob("*.lock"):
                lock.unlink(missing_ok=True)
            with suppress(OSError):  # it is not empty, so it stays
                folder.rmdir()
        raise


class _Stopped:
    """The clock of a restore: all of it happens at one moment."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def _prepare(image: Path, now: datetime) -> ZoneInfo:
    """The database of the backup, proven whole, of today's form and in an epoch of its own.

    What had been spent since the backup is not known here: an incident says so, and until its owner lets the shop go on
    nothing is spent again. Answers the zone of the shop's clock.
    """
    store = Store(f"sqlite:///{image}")
    try:
        with store.reading() as database:
            if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok" or broken_link(database) is not None:
                raise damaged()
        upgrade(store)
        with store.reading() as database:
            head, zone = read_head(database), shop_zone(database)
        executor = Executor(store, shop_registry(), _Stopped(now))
        executor.start()
        try:
            told = restored(Seen("", head.epoch, 0), head.last_seq, now)
            executor.submit(told, after_applied=_begin_anew).result()
        finally:
            executor.close()
        with store.connect() as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return zone
    finally:
        store.close()


def _begin_anew(database: Database) -> None:
    """As a shop that stands here: also when its backup was made where it had moved away from."""
    begin_epoch(database, uuid7())
    database.execute("UPDATE feed_head SET moved_to = ''")


def _fill(store: Store, image: Path, tell: Tell) -> None:
    upgrade(store)
    require_empty(store)
    source = Store(f"sqlite:///{image}")
    try:
        with source.reading() as database:
            copy_rows(database, store, tell)
    finally:
        source.close()
