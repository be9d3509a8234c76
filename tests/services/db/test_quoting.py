"""What a database refuses is told by its tables, columns and constraints: never by what stood in the rows."""

import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from app.kernel import logs
from services.db import errors
from services.db.engine import OpenDatabase, Store
from services.db.errors import DBAPIError
from services.db.migrate import alchemical

CANARY = "canary-7f3a"
"""Of no form that the log's own filter would know."""
VALUE = f"{CANARY} first line\n{CANARY} second line"
_MANY = [(VALUE, "1", VALUE), (VALUE, "1", VALUE)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement that is refused: by a constraint, or for a number's sake."""

    sql: str
    params: tuple[object, ...] = ()


INSERT = "INSERT INTO people VALUES ({m}, {m}, {m})"
REFUSED = {
    "a second one": Asked(INSERT, (VALUE, "1", "one")),
    "none": Asked(INSERT, (None, "1", VALUE)),
    "a check": Asked(INSERT, ("three", "-1", VALUE)),
    "nobody's child": Asked("INSERT INTO children VALUES ({m})", (f"no {VALUE}",)),
}
AT_THE_SERVER = {
    "no number": Asked("SELECT CAST({m} AS bigint)", (VALUE,)),
    "no day": Asked("SELECT CAST({m} AS date)", (VALUE,)),
}


@pytest.fixture
def database(store: Store) -> Iterator[OpenDatabase]:
    with store.connect() as found:
        found.execute(
            "CREATE TABLE people (id TEXT NOT NULL, qty BIGINT CONSTRAINT qty_positive CHECK (qty > 0), name TEXT,"
            " CONSTRAINT people_key PRIMARY KEY (id))"
        )
        found.execute("CREATE TABLE children (parent TEXT CONSTRAINT children_parent REFERENCES people (id))")
        found.execute(INSERT.format(m=found.mark), (VALUE, "1", "one"))
        yield found


def whole_text(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)


def refused(work: Callable[[], object]) -> str:
    """Everything that a log could get to see of the refusal."""
    with pytest.raises(DBAPIError) as found:
        work()
    return whole_text(found.value) + str(found.value.orig) + repr(found.value.orig)


@pytest.mark.parametrize("name", [*REFUSED, *AT_THE_SERVER])
def test_what_is_refused_is_not_quoted(database: OpenDatabase, name: str) -> None:
    if database.is_sqlite and name in AT_THE_SERVER:
        return  # it takes any text for a number
    asked = (REFUSED | AT_THE_SERVER)[name]
    told = refused(lambda: database.execute(asked.sql.format(m=database.mark), asked.params))
    assert CANARY not in told
    assert "Error" in told


def test_a_refusal_names_the_constraint_its_table_and_its_kind(database: OpenDatabase) -> None:
    told = refused(lambda: database.execute(INSERT.format(m=database.mark), (VALUE, "1", "one")))
    assert "IntegrityError" in told
    assert "people.id" in told if database.is_sqlite else "(23505, table people, constraint people_key)" in told
    told = refused(lambda: database.execute(INSERT.format(m=database.mark), (None, "1", VALUE)))
    assert "people.id" in told if database.is_sqlite else "(23502, table people, column id)" in told


@pytest.mark.warns_in_log("psycopg may say that more than one was refused")
def test_many_rows_of_which_one_is_refused_are_not_quoted(
    database: OpenDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    assert CANARY not in refused(lambda: database.execute_many(INSERT.format(m=database.mark), _MANY))
    assert CANARY not in caplog.text


@pytest.mark.warns_in_log("as psycopg does of what it passes over")
def test_what_the_library_says_in_the_log_is_not_quoted(
    database: OpenDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    if database.is_sqlite:
        return  # its driver says nothing there
    with pytest.raises(psycopg.Error) as found:
        database.raw.execute(INSERT.format(m="%s"), (VALUE, "1", "one"))
    assert CANARY in str(found.value)
    logging.getLogger("psycopg").warning("error ignored terminating %r: %s", database.raw, found.value)
    assert CANARY not in caplog.text and "23505" in caplog.text


@pytest.mark.parametrize("records", [_MANY, [("copied", VALUE, VALUE)]], ids=["a key", "a line"])
def test_rows_that_are_copied_are_not_quoted(database: OpenDatabase, records: list[tuple[str, ...]]) -> None:
    if database.is_sqlite:
        return  # it has no such way
    from services.db import postgres

    assert CANARY not in refused(lambda: postgres.copy(database.raw, "COPY people FROM STDIN", records))


def test_what_is_refused_while_tables_are_changed_is_not_quoted(store: Store) -> None:
    def change() -> None:
        with alchemical(store) as connection:
            connection.exec_driver_sql("CREATE TABLE people (id TEXT PRIMARY KEY)")
            for _ in range(2):
                connection.execute(text("INSERT INTO people VALUES (:name)"), {"name": VALUE})

    assert CANARY not in refused(change)


def test_a_text_that_is_none_any_more_is_not_quoted(tmp_path: Path) -> None:
    """A flipped bit in SQLite's file: the driver quotes the whole text, and it does so while rows are fetched."""
    with Store(f"sqlite:///{tmp_path / 'shop.db'}").connect() as database:
        database.execute(f"CREATE TABLE people AS SELECT CAST(X'{CANARY.encode().hex()}FF0A41' AS TEXT) AS name")
        with pytest.raises(Exception, match="decode") as found:
            database.execute("SELECT name FROM people").fetchall()
    assert CANARY in str(found.value), "then there is nothing to hide"
    assert CANARY not in errors.words_of(found.value)
    assert CANARY not in logs.redact(whole_text(found.value))
    record = logging.LogRecord("http", logging.ERROR, "", 0, "a bug: %s", (found.value,), None)
    assert logs.Redaction().filter(record)
    assert CANARY not in record.getMessage() and "decode" in record.getMessage()
