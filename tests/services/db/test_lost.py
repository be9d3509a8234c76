"""A connection that is lost is told as such, and nothing is concluded from an answer that never came."""

from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from services.db.engine import OpenDatabase, Store
from services.db.errors import DatabaseError, OperationalError
from services.db.migrate import alchemical
from services.db.postgres import patient
from services.db.revision import is_current
from tests.support.stores import new_url


@pytest.fixture
def server(tmp_path: Path) -> Store:
    """A shop's database on PostgreSQL."""
    return Store(new_url("postgresql", tmp_path))


def end(server: Store, database: OpenDatabase) -> None:
    """As an administrator does, or a server that is started anew."""
    with server.connect() as other:
        other.execute("SELECT pg_terminate_backend(%s::int, 30000)", (database.raw.info.backend_pid,))


@pytest.mark.parametrize("sql", ["SELECT count(*) FROM staff", "SELECT count(*) FROM staff WHERE id = %s"])
def test_whoever_asks_on_a_lost_connection_is_told_that_it_is_where_the_database_runs(server: Store, sql: str) -> None:
    params = ("nobody",) if "%s" in sql else ()
    with server.connect() as database:
        database.execute(sql, params)  # what is kept ready is lost too
        end(server, database)
        for _ in range(2):  # the first hears of it from the server, the second from nobody
            with pytest.raises(OperationalError) as lost:
                database.execute(sql, params)
            assert lost.value.is_gone


@pytest.mark.warns_in_log("psycopg says that it has given up a connection")
def test_a_connection_lost_while_many_rows_travel_is_told_as_one(server: Store) -> None:
    with server.connect() as database:
        end(server, database)
        with pytest.raises(OperationalError):
            database.execute_many("DELETE FROM staff WHERE id = %s", [("nobody",)])


def test_a_connection_lost_while_tables_are_changed_is_told_as_one(server: Store) -> None:
    with pytest.raises(OperationalError) as lost, alchemical(server) as connection:
        end(server, server.around(connection.connection.dbapi_connection))
        connection.exec_driver_sql("SELECT count(*) FROM staff")
    assert lost.value.is_gone


class Losing(Store):
    """Its server ends every connection just as it is open."""

    def connect(self) -> OpenDatabase:
        database = super().connect()
        with super().connect() as other:
            other.execute("SELECT pg_terminate_backend(%s::int, 30000)", (database.raw.info.backend_pid,))
        return database


def test_a_shop_that_cannot_be_asked_on_a_server_is_not_called_outdated(server: Store) -> None:
    assert is_current(server)
    with pytest.raises(OperationalError):
        is_current(Losing(server.url))


def test_a_shop_whose_form_nobody_may_read_is_not_called_outdated(server: Store) -> None:
    with server.connect() as database:
        database.execute("CREATE ROLE stranger LOGIN")
        try:
            with pytest.raises(DatabaseError, match="permission denied"):
                is_current(Store(replace(server.url, account="stranger:")))
        finally:
            database.execute("DROP ROLE stranger")


class Stopping(Store):
    """Its file's driver gives up every statement, as with a disk that does not answer."""

    def connect(self) -> OpenDatabase:
        database = super().connect()
        database.raw.set_progress_handler(lambda: 1, 1)
        return database


def test_a_file_that_cannot_be_read_is_not_called_outdated(tmp_path: Path) -> None:
    url = new_url("sqlite", tmp_path)
    store = Store(url)
    assert is_current(store)
    store.close()
    with pytest.raises(OperationalError):
        is_current(Stopping(url))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_database_without_a_form_needs_one(database: str, tmp_path: Path) -> None:
    store = Store(new_url(database, tmp_path))
    with store.connect() as open_database:
        open_database.execute("UPDATE alembic_version SET version_num = '0001'")
        assert not is_current(store)
        open_database.execute("DELETE FROM alembic_version")
        assert not is_current(store)
        open_database.execute("DROP TABLE alembic_version")
        assert not is_current(store)
    store.close()


def test_a_line_that_was_cut_without_a_word_is_not_believed_in_for_hours(server: Store) -> None:
    with server.connect() as database:
        held = database.raw.info.get_parameters()
    assert (held["connect_timeout"], held["keepalives_idle"], held["keepalives_count"]) == ("10", "30", "4")
    assert conninfo_to_dict(patient("postgresql://o%40:p@h/shop?keepalives_idle=5"))["keepalives_idle"] == "5"
    assert conninfo_to_dict(patient("postgresql://o%40:p@h/shop"))["user"] == "o@"
