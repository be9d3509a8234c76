"""What goes to a database and comes back is the same, by both drivers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.money import Fen
from services.db.engine import OpenDatabase, Store
from services.db.errors import DatabaseError, DBAPIError, IntegrityError
from tests.support.stores import new_url

HUGE = 2**61


@pytest.fixture
def database(store: Store) -> Iterator[OpenDatabase]:
    with store.connect() as found:
        found.execute("CREATE TABLE things (name TEXT PRIMARY KEY, qty BIGINT)")
        yield found


def put(database: OpenDatabase, name: str, qty: int | None) -> int:
    return int(database.execute(f"INSERT INTO things VALUES ({database.mark}, {database.mark})", (name, qty)).rowcount)


@pytest.mark.parametrize("name", ["", "文 and 😀", 'it\'s 100% "so" \\ $1 ?', "%s"])
@pytest.mark.parametrize("qty", [0, -1, HUGE, -HUGE, None])
def test_texts_numbers_and_nothing_come_back_as_they_went(database: OpenDatabase, name: str, qty: int | None) -> None:
    assert put(database, name, qty) == 1
    found = database.execute(f"SELECT name, qty FROM things WHERE name = {database.mark}", (name,)).fetchall()
    assert [tuple(row) for row in found] == [(name, qty)]


def test_a_statement_that_was_first_given_small_numbers_takes_great_ones(database: OpenDatabase) -> None:
    for qty in (1, None, HUGE):
        put(database, f"of {qty}", qty)
    sql = f"UPDATE things SET qty = qty + {database.mark} WHERE qty > {database.mark} - 1"
    assert [database.execute(sql, given).rowcount for given in ((1, 1), (HUGE, HUGE))] == [2, 1]


@pytest.mark.parametrize("first", [7, "z", None, Fen(7)], ids=repr)
def test_a_statement_takes_what_it_was_not_first_given(tmp_path: Path, first: Any) -> None:
    """PostgreSQL goes on reading a parameter as it read the first one."""
    with Store(new_url("postgresql", tmp_path)).connect() as database:
        database.execute("CREATE TABLE names (name TEXT, place BIGINT)")
        for name in (first, "z", 2**40, None, Fen(2**41), True):
            database.execute("INSERT INTO names (name) VALUES (%s)", (name,))
        found = [record[0] for record in database.execute("SELECT name FROM names").fetchall()]
        assert found[1:] == ["z", str(2**40), None, str(2**41), "t"]
        if not isinstance(first, str):
            assert database.execute("SELECT %s + 1", (first,)).fetchone() == (None if first is None else 8,)
            assert database.execute("SELECT %s + 1", (2**40,)).fetchone() == (2**40 + 1,)
            assert database.execute("SELECT %s + 1", (Fen(2**40),)).fetchone() == (2**40 + 1,)


def test_a_text_that_no_database_holds_is_refused_and_not_cut(database: OpenDatabase) -> None:
    if database.is_sqlite:
        return  # it holds them
    with pytest.raises(DBAPIError):
        put(database, "a\x00b", 1)
    assert database.execute("SELECT count(*) FROM things").fetchone() == (0,)


def test_what_a_constraint_forbids_is_known_from_what_is_wrong(database: OpenDatabase) -> None:
    put(database, "one", 1)
    with pytest.raises(IntegrityError) as refused:
        put(database, "one", 2)
    assert "INSERT INTO things" in str(refused.value) and not refused.value.is_gone
    with pytest.raises(DatabaseError) as wrong:
        database.execute("SELECT nothing FROM nowhere")
    assert not isinstance(wrong.value, IntegrityError)


def test_more_statements_than_are_kept_ready_are_answered_all_the_same(database: OpenDatabase) -> None:
    for number in range(1, 1_100):
        sql = f"SELECT {database.mark} + {number}"
        assert database.execute(sql, (1,)).fetchone() == (number + 1,)


def test_what_does_not_fit_into_memory_is_read_in_slices(database: OpenDatabase) -> None:
    database.execute_many(
        f"INSERT INTO things VALUES ({database.mark}, {database.mark})", [(f"{n:03}", n) for n in range(25)]
    )
    database.execute("BEGIN")
    slices = list(database.slices("SELECT qty FROM things ORDER BY name", 10))
    assert [len(rows) for rows in slices] == [10, 10, 5]
    assert [qty for rows in slices for (qty,) in rows] == list(range(25))
    database.execute("ROLLBACK")
