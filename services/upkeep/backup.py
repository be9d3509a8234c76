"""``backup``: the whole shop in one sealed file, made while the shop goes on."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from app.domain.row import Audience
from app.domain.settings import read_settings
from app.kernel import codec
from app.kernel.errors import KnownError
from app.tables.view import SqlView
from services.authority.head import read_head
from services.db.engine import OpenDatabase, Store
from services.db.migrate import upgrade
from services.db.revision import is_current
from services.settings import Place
from services.standing import require_shop
from services.upkeep import parcel
from services.upkeep.copying import Tell, copy_rows, quiet
from services.upkeep.parcel import Contents
from services.upkeep.room import needing_room
from services.upkeep.sealed import SealedReader, SealedWriter, telling_of

LEAST_PASSWORD = 8
ENDING = ".zgb"
_NOT_WRITTEN = ("backup.not_written", "{file} could not be written: {why}")


def require_spot(file: Path, *, is_folder: bool, may_replace: bool) -> None:
    """Raises KnownError where a folder stands or is meant, and where a file may be the only good backup there is."""
    if is_folder or file.is_dir():
        template = "{folder} is a folder. Name a file in it, such as {file}"
        raise KnownError("backup.folder", template, {"folder": str(file), "file": str(file / f"shop{ENDING}")})
    if file.exists() and not may_replace:
        template = "{file} exists already. Name another file, or add --replace to give it up."
        raise KnownError("backup.file_exists", template, {"file": str(file)})


def require_ready(place: Place) -> None:
    """Raises KnownError where no shop stands whose backup would be of use; it has nothing to do with the password."""
    require_shop(place)
    store = Store(place.database)
    try:
        if not is_current(store):
            template = (
                "The database has another version's form. Start this version of the program once: it brings the"
                " database up to date."
            )
            raise KnownError("backup.other_form", template)
        with store.reading() as database:
            moved_to = read_head(database).moved_to
    finally:
        store.close()
    if moved_to:
        template = "This shop has moved to {place}. Back it up where it is now: --database {place}"
        raise KnownError("backup.moved", template, {"place": moved_to})


def make_backup(place: Place, file: Path, password: str, now: datetime, tell: Tell = quiet) -> Contents:
    """Write the backup and read it once whole before it gets its name; raises KnownError and leaves nothing behind."""
    if len(password) < LEAST_PASSWORD:
        raise KnownError(
            "backup.short_password", "The password needs at least {least} signs.", {"least": LEAST_PASSWORD}
        )
    require_ready(place)
    store = Store(place.database)
    try:
        with (
            needing_room(*_NOT_WRITTEN, file=str(file)),
            tempfile.TemporaryDirectory(prefix="zhanggui-backup-") as folder,
        ):
            image = Path(folder) / parcel.DATABASE
            with store.reading() as source:
                _take_image(source, image, tell)
            return _write(place, file, password, image, now)
    finally:
        store.close()


def _take_image(source: OpenDatabase, image: Path, tell: Tell) -> None:
    """One snapshot of the shop as an SQLite file of its own."""
    if source.is_sqlite:
        target = Store(f"sqlite:///{image}")
        try:
            with target.connect() as copy:
                source.raw.backup(copy.raw)
        finally:
            target.close()
        return
    target = Store(f"sqlite:///{image}")
    try:
        upgrade(target)
        copy_rows(source, target, tell)
    finally:
        target.close()


def _write(place: Place, file: Path, password: str, image: Path, now: datetime) -> Contents:
    contents = _contents(place, image, now)
    draft = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as out:
            sealed = SealedWriter(out, password)
            parcel.pack(sealed, contents, image, place.media)
            sealed.close()
            out.flush()
            os.fsync(out.fileno())
        check_backup(draft, password)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return contents


def _contents(place: Place, image: Path, now: datetime) -> Contents:
    store = Store(f"sqlite:///{image}")
    try:
        with store.reading() as database:
            head = read_head(database)
            name = read_settings(SqlView(database, Audience)).shop_name
    finally:
        store.close()
    count = sum(1 for _ in parcel.pictures(place.media))
    sums = parcel.digest(image)
    return Contents(parcel.FORMAT, codec.time_text(now), name, head.epoch, head.last_seq, sums, count)


def check_backup(file: Path, password: str) -> Contents:
    """Read a backup from its first byte to its last; raises KnownError when it could not be restored."""
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-check-"))
    try:
        with telling_of(file), file.open("rb") as stream:
            return parcel.unpack(SealedReader(stream, password), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
