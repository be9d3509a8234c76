"""A connection that nobody is given because its first statement fails is closed: a file held open cannot be renamed."""

from pathlib import Path

import pytest

from services.db import sqlite
from services.db.engine import OpenDatabase, Readers, Store
from services.db.errors import DatabaseError, DBAPIError, OperationalError
from services.db.presence import PRESENCE_LOCK_KEY
from services.db.sqlite import SqliteDatabase
from tests.support.stores import new_url


def is_closed(database: OpenDatabase) -> bool:
    try:
        database.execute("SELECT 1")
    except DBAPIError as error:
        return error.is_gone
    return False


def test_a_file_that_is_no_database_is_not_kept_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[SqliteDatabase] = []
    connect = sqlite.connect

    def watched(file: str, cached_statements: int) -> SqliteDatabase:
        opened.append(connect(file, cached_statements))
        return opened[-1]

    monkeypatch.setattr(sqlite, "connect", watched)
    file = tmp_path / "shop.db"
    file.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(DatabaseError, match="not a database"):
        Store(f"sqlite:///{file}").connect()
    assert [is_closed(database) for database in opened] == [True]


def test_a_reader_that_cannot_begin_is_not_kept_open(tmp_path: Path) -> None:
    store = Store(new_url("sqlite", tmp_path))
    database = store.connect()
    database.raw.set_progress_handler(lambda: 1, 1)  # every statement is given up
    with pytest.raises(OperationalError), Readers(lambda: database, is_sqlite=True, most=1).snapshot():
        pass
    assert is_closed(database)
    store.close()


class Watched(Store):
    """Remembers what it has opened at a server."""

    def connect(self) -> OpenDatabase:
        self.last = super().connect()
        return self.last


def test_a_writer_that_waits_in_vain_is_not_kept_open(tmp_path: Path) -> None:
    store = Watched(new_url("postgresql", tmp_path))
    with store.connect() as alone:
        alone.execute(f"SELECT pg_advisory_lock({PRESENCE_LOCK_KEY})")
        alone.execute(f"ALTER DATABASE {store.url.database} SET lock_timeout = 20")
        with pytest.raises(OperationalError, match="lock timeout"):
            store.writing()
        assert store.last is not alone and is_closed(store.last)
