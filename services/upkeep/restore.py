"""``restore``: a shop out of its backup, on this computer or on another one, as a new epoch of its feed."""

import tempfile
from datetime import datetime
from pathlib import Path

from app.kernel.errors import KnownError
from app.kernel.files import private_folder
from app.kernel.ids import uuid7
from services.authority.commandlog import broken_link
from services.authority.head import begin_epoch
from services.db.engine import CoreDatabase, Store, begin_batch
from services.db.migrate import upgrade
from services.settings import Place
from services.upkeep import parcel
from services.upkeep.copying import Tell, copy_rows, quiet, require_empty
from services.upkeep.parcel import Contents
from services.upkeep.sealed import SealedReader, damaged


def restore_backup(place: Place, file: Path, password: str, now: datetime, tell: Tell = quiet) -> Contents:
    """Put the shop in place; what stood there is kept beside it. Raises KnownError, and then nothing has changed."""
    if not file.exists():
        raise KnownError("restore.no_file", "There is no file {file}.", {"file": str(file)})
    private_folder(place.data)
    store = Store(place.database)
    try:
        store.claim()
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=place.data) as folder:
            with file.open("rb") as stream:
                contents = parcel.unpack(SealedReader(stream, password), Path(folder))
            image = Path(folder) / parcel.DATABASE
            _prepare(image)
            if store.is_sqlite:
                _put_aside(store.file, now)
                image.replace(store.file)
            else:
                _fill(store, image, tell)
            parcel.add_pictures(Path(folder) / parcel.MEDIA, place.media)
            return contents
    finally:
        store.close()


def _prepare(image: Path) -> None:
    """The database of the backup, proven whole, of today's form and in an epoch of its own."""
    store = Store(f"sqlite:///{image}")
    try:
        with store.reading() as database:
            if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok" or broken_link(database) is not None:
                raise damaged()
        upgrade(store)
        with store.connect() as connection:
            database = CoreDatabase(connection)
            begin_batch(database)
            begin_epoch(database, uuid7())
            database.execute("UPDATE feed_head SET moved_to = ''")
            database.execute("COMMIT")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        store.close()


def _put_aside(file: Path, now: datetime) -> None:
    """The shop that stands here keeps its files under another name: nothing is ever written over."""
    mark = now.strftime("%Y%m%d-%H%M%S")
    for end in ("", "-wal", "-shm"):
        old = file.with_name(file.name + end)
        if old.exists():
            old.replace(file.with_name(f"{file.name}.before-{mark}{end}"))


def _fill(store: Store, image: Path, tell: Tell) -> None:
    upgrade(store)
    require_empty(store)
    source = Store(f"sqlite:///{image}")
    try:
        with source.reading() as database:
            copy_rows(database, store, tell)
    finally:
        source.close()
