"""A new shop's database is exactly what the tables say, on both databases; a newer one is left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Inspector, UniqueConstraint, inspect

from app.kernel.errors import KnownError
from app.tables.schema import DEFINITIONS
from services.db.engine import OpenDatabase, Store
from services.db.migrate import alchemical, upgrade
from services.db.tables import METADATA


@pytest.fixture
def database(store: Store) -> Iterator[OpenDatabase]:
    with store.connect() as found:
        yield found


def test_the_revisions_make_the_tables_that_the_program_expects(store: Store) -> None:
    with alchemical(store) as connection:
        wanted = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=wanted)
        assert compare_metadata(context, METADATA) == []


def test_every_constraint_that_the_tables_name_is_there(store: Store) -> None:
    with alchemical(store) as connection:
        _check_constraints(inspect(connection))


def _check_constraints(present: Inspector) -> None:
    for table in METADATA.sorted_tables:
        checks = {c["name"] for c in present.get_check_constraints(table.name)}
        uniques = {tuple(c["column_names"]) for c in present.get_unique_constraints(table.name)}
        parents = {(tuple(k["constrained_columns"]), k["referred_table"]) for k in present.get_foreign_keys(table.name)}
        wanted = table.constraints
        assert checks == {f"ck_{table.name}_{_plain(c)}" for c in wanted if isinstance(c, CheckConstraint)}
        assert uniques == {tuple(c.columns.keys()) for c in wanted if isinstance(c, UniqueConstraint)}
        assert parents == {
            (tuple(c.columns.keys()), c.referred_table.name) for c in wanted if isinstance(c, ForeignKeyConstraint)
        }


def _plain(constraint: CheckConstraint) -> str:
    return str(constraint.name).removeprefix(f"ck_{constraint.table.name}_")


def test_text_is_ordered_by_its_bytes_on_both_databases(database: OpenDatabase) -> None:
    names = ["b", "a", "B", "é", "文", "a-", "a/", "aa", "😀", "～"]
    for name in names:
        values = f"({', '.join([database.mark] * 5)}, 0)"
        columns = "(id, parent_id, name, sort, archived_at, row_version)"
        database.execute(f"INSERT INTO categories {columns} VALUES {values}", (name, "", name, 0, None))
    found = [row[0] for row in database.execute("SELECT id FROM categories ORDER BY id").fetchall()]
    assert found == sorted(names)


def test_an_upgrade_of_a_current_shop_changes_nothing(store: Store, database: OpenDatabase) -> None:
    before = database.execute("SELECT epoch FROM feed_head").fetchone()
    upgrade(store)
    assert database.execute("SELECT epoch FROM feed_head").fetchone() == before


def test_the_database_of_a_newer_program_is_left_alone(store: Store, database: OpenDatabase) -> None:
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(KnownError) as refused:
        upgrade(store)
    assert refused.value.code == "store.newer"
    assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_an_upgrade_that_fails_leaves_an_empty_database_empty(tmp_path: Path) -> None:
    """A table that is in the way makes the first revision fail: nothing of it may stay."""
    store = Store(f"sqlite:///{tmp_path / '掌柜 一.db'}")
    connection = store.connect()
    connection.execute("CREATE TABLE transfers (x INTEGER)")
    connection.close()
    with pytest.raises(Exception, match="transfers"):
        upgrade(store)
    connection = store.connect()
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert [name for (name,) in tables] == ["transfers"]
    connection.execute("DROP TABLE transfers")
    connection.close()
    upgrade(store)
    store.close()


def test_connections_keep_what_they_acknowledge(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'shop.db'}")
    connection = store.connect()
    told = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert told == ["wal", 2]
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    connection.close()
    store.close()


def test_nothing_is_written_while_reading(store: Store) -> None:
    with store.reading() as database, pytest.raises(Exception, match=r"readonly|read-only"):
        database.execute("DELETE FROM jobs")
    connection = store.connect()
    assert connection.execute("DELETE FROM jobs").rowcount == 0
    connection.close()


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(store: Store, database: OpenDatabase) -> None:
    with store.reading() as reader:
        first = reader.execute("SELECT count(*) FROM enrolments").fetchone()
        database.execute("INSERT INTO enrolments VALUES ('x', 0, '', NULL)")
        assert reader.execute("SELECT count(*) FROM enrolments").fetchone() == first == (0,)
    with store.reading() as reader:
        assert reader.execute("SELECT count(*) FROM enrolments").fetchone() == (1,)


def test_append_only_rows_are_the_ones_that_are_guarded(database: OpenDatabase) -> None:
    sql = (
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT DISTINCT event_object_table FROM information_schema.triggers"
    )
    guarded = {name for (name,) in database.execute(sql).fetchall()}
    assert guarded == {d.kind.TABLE for d in DEFINITIONS if d.kind.APPEND_ONLY}
