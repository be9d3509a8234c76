"""A disk that fails is said in a sentence, and nothing half done stays."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel.errors import KnownError
from app.replica.database import ReplicaDatabase


@pytest.fixture
def database(tmp_path: Path) -> Iterator[ReplicaDatabase]:
    found = ReplicaDatabase(tmp_path / "副本 1" / "replica-1.db")
    found.execute("CREATE TABLE t (x BLOB)")
    yield found
    found.close()


def test_a_full_disk_is_said_and_nothing_is_stored(database: ReplicaDatabase) -> None:
    database.execute("PRAGMA max_page_count = 20")
    with pytest.raises(KnownError, match="disk is full"), database.transaction():
        database.execute("INSERT INTO t VALUES (x'00')")
        database.execute("INSERT INTO t VALUES (zeroblob(1000000))")
    assert database.execute("SELECT count(*) FROM t").fetchone() == (0,)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC])
def test_every_kind_of_failing_disk_is_said(database: ReplicaDatabase, code: int) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    with pytest.raises(KnownError, match="disk is full"), database.transaction():
        database.execute("INSERT INTO t VALUES (x'00')")
        raise error
    assert database.execute("SELECT count(*) FROM t").fetchone() == (0,)
