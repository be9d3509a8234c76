"""A window shows its rows before anything is opened for writing, if what lies there can be read as it is."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.desk import queries
from app.desk.assembly import Desktop
from app.desk.plan import Plan
from app.desk.secrets import FileSecrets
from app.desk.threads import EXPECTED
from app.domain.permission import Role
from app.domain.staff.model import Staff
from app.kernel.clock import SystemClock
from app.kernel.ids import IdSource
from app.replica import meta, schema
from app.replica.database import ReplicaDatabase
from app.replica.reader import early_reader
from app.replica.version import VERSION
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of
from tests.support.bulk import fill_orders

URL = "http://127.0.0.1:9"


def shop(folder: Path, state: str = "complete") -> Path:
    """A counter's folder with three orders."""
    with closing(ReplicaDatabase(folder / "replica" / "replica-1.db")) as database:
        schema.create(database)
        fill_orders(database, 3)
        with database.transaction():
            meta.write(database, replace(meta.read(database), bootstrap_state=state, feed_epoch="e"))
    return folder


def desktop(folder: Path) -> Desktop:
    return Desktop(Plan(folder, "test", None, URL), FileSecrets(folder / "s.json"), SystemClock(), IdSource())


def test_rows_come_before_the_rest_is_brought_up(tmp_path: Path) -> None:
    opened = desktop(shop(tmp_path / "掌柜"))
    opened.start(is_behind_window=True)
    try:
        assert opened.desk.query(queries.order_counts()).result(10)[""] == 3
        assert opened._writer.location is not None and opened._writer.location[0] == 0, (
            "nothing is opened to be written"
        )
        opened.go_on()
        assert opened._writer.submit(lambda holder: holder.generation).result(30) == 1
        assert opened.desk.query(queries.order_counts()).result(10)[""] == 3
    finally:
        opened.close()


def test_who_works_here_is_known_before_anything_is_opened_to_be_written(tmp_path: Path) -> None:
    """Else whoever sees the rows could do nothing with them until the writer is up."""
    folder = shop(tmp_path)
    with closing(ReplicaDatabase(folder / "replica" / "replica-1.db")) as database, database.transaction():
        owner = Staff("owner", "李敏", Role.OWNER)
        database.execute(statements_of(Staff, "?").upsert, mapper_of(Staff).record(owner, 1))
    opened = desktop(folder)
    found: list[tuple[str, int]] = []

    def tell() -> None:
        assert opened.desk.on_duty is not None and opened._writer.location is not None
        found.append((opened.desk.on_duty.name, opened._writer.location[0]))

    opened.on_duty_found = tell
    opened.start(is_behind_window=True)
    try:
        opened.go_on()
        assert opened._writer.submit(lambda holder: holder.generation).result(30) == 1
        assert found == [("李敏", EXPECTED)]
    finally:
        opened.close()


def outdate(path: Path) -> None:
    with closing(ReplicaDatabase(path)) as database:
        database.execute(f"PRAGMA user_version = {VERSION - 1}")


def spoil(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


@pytest.mark.parametrize("harm", [outdate, spoil, Path.unlink], ids=["older", "damaged", "missing"])
def test_what_cannot_be_read_as_it_is_waits_for_the_writer(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    folder = shop(tmp_path) / "replica"
    early = early_reader(folder, VERSION)
    assert early is not None
    path, connection = early
    with closing(connection):
        assert (path, connection.execute("SELECT 1").fetchone()) == (folder / "replica-1.db", (1,))
    harm(folder / "replica-1.db")
    assert early_reader(folder, VERSION) is None


def test_one_that_is_only_being_loaded_waits_too(tmp_path: Path) -> None:
    assert early_reader(shop(tmp_path, "outdated") / "replica", VERSION) is None
