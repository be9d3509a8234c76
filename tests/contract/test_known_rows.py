"""Writing rows that were looked at before: the same rows come of it as by writing them blindly."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.outcome import Put, Remove
from app.domain.row import Audience
from app.domain.stock.model import StockLevel
from app.tables.execute import Known, MissedRow, execute
from app.tables.seen import SeenView
from services.db.engine import OpenDatabase, Store
from services.db.errors import IntegrityError
from tests.app.domain import rows

NEW = replace(rows.CATEGORY, id="new", name="新")
KEY = ("new",)


@pytest.fixture
def database(store: Store) -> Iterator[OpenDatabase]:
    database = store.connect()
    database.execute("BEGIN")
    yield database
    database.execute("ROLLBACK")
    database.close()


def stored(database: OpenDatabase) -> list[tuple[object, ...]]:
    sql = f"SELECT name, sort, row_version FROM categories WHERE id = {database.mark}"
    return [tuple(record) for record in database.execute(sql, KEY).fetchall()]


def test_of_a_known_row_only_what_differs_is_written(database: OpenDatabase) -> None:
    execute(database, [Put(NEW)], 1)
    told = f"UPDATE categories SET sort = 77 WHERE id = {database.mark}"
    database.execute(told, KEY)  # what nobody has looked at since stays as it is
    known: Known = {(type(NEW), KEY): NEW}
    (written,) = execute(database, [Put(replace(NEW, name="旧"))], 2, known)
    assert stored(database) == [("旧", 77, 2)]
    assert written.record is not None and written.record[-1] == 2


def test_a_known_row_that_stays_as_it_is_takes_the_version(database: OpenDatabase) -> None:
    execute(database, [Put(NEW)], 1)
    execute(database, [Put(NEW)], 2, {(type(NEW), KEY): NEW})
    assert stored(database) == [(NEW.name, NEW.sort, 2)]


def test_a_known_row_that_is_gone_is_missed(database: OpenDatabase) -> None:
    with pytest.raises(MissedRow):
        execute(database, [Put(replace(NEW, name="旧"))], 2, {(type(NEW), KEY): NEW})


def test_a_row_that_is_said_to_be_missing_is_not_overwritten(database: OpenDatabase) -> None:
    execute(database, [Put(NEW)], 1)
    database.execute("SAVEPOINT one")
    with pytest.raises(IntegrityError):
        execute(database, [Put(replace(NEW, name="旧"))], 2, {(type(NEW), KEY): None})
    database.execute("ROLLBACK TO SAVEPOINT one")
    assert stored(database) == [(NEW.name, NEW.sort, 1)]


def test_what_is_written_is_known_no_longer(database: OpenDatabase) -> None:
    known: Known = {(type(NEW), KEY): None}
    execute(database, [Put(NEW), Put(replace(NEW, name="旧")), Remove(type(NEW), KEY), Put(NEW)], 3, known)
    assert stored(database) == [(NEW.name, NEW.sort, 3)]
    assert known == {}


def test_a_watched_look_remembers_rows_and_their_absence_but_not_what_is_kept(database: OpenDatabase) -> None:
    execute(database, [Put(NEW)], 1)
    view = SeenView(database, Audience, {})
    assert view.get(type(NEW), *KEY) == NEW
    assert view.get(StockLevel, "nothing", "nowhere") is None
    assert view.children(StockLevel, sku_id="nothing") == ()
    assert view.seen == {(StockLevel, ("nothing", "nowhere")): None}
