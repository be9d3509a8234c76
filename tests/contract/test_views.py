"""One suite for every view of the shop: dictionaries, SQLite and PostgreSQL answer and change alike."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.catalog.model import Category, LastEdit, Product, SkuCost
from app.domain.incidents.model import Incident
from app.domain.members.model import Buyer, BuyerIdentity
from app.domain.outcome import Bump, Change, Put, Remove
from app.domain.row import Audience, Row, key_of
from app.domain.settings import Setting
from app.domain.staff.model import Staff
from app.domain.stock.model import MovementReason, StockLevel, StockMovement
from app.domain.view import MemoryView, NotHere, View
from app.tables.execute import MissedRow, execute
from app.tables.schema import DEFINITIONS, KINDS
from app.tables.view import SqlView
from services.db.engine import OpenDatabase, Store
from services.db.errors import DBAPIError
from tests.app.domain import rows
from tests.app.domain.deciding import NOW
from tests.contract.samples import rows_of
from tests.support.stores import DATABASES, new_url


class Holder(Protocol):
    """Something that holds the shop, looked at through a view."""

    def view(self, *audiences: Audience) -> View: ...
    def apply(self, *changes: Change) -> None: ...


class Memory:
    def __init__(self) -> None:
        self._whole = MemoryView()

    def view(self, *audiences: Audience) -> View:
        if not audiences:
            return self._whole
        everything = [row for kind in KINDS.values() for row in self._whole.rows(kind)]
        return MemoryView(everything, audiences)

    def apply(self, *changes: Change) -> None:
        self._whole.apply(*changes)


class Sql:
    def __init__(self, database: OpenDatabase) -> None:
        self.database = database

    def view(self, *audiences: Audience) -> View:
        return SqlView(self.database, audiences or tuple(Audience))

    def apply(self, *changes: Change) -> None:
        execute(self.database, changes, version=1)


@pytest.fixture(scope="module")
def connections(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, OpenDatabase]]:
    """One database of each kind; what a test writes is rolled back."""
    stores = [Store(new_url(name, tmp_path_factory.mktemp(name))) for name in DATABASES]
    found = dict(zip(DATABASES, (store.connect() for store in stores), strict=True))
    for database in found.values():
        if database.is_sqlite:  # rows of any shape are put, parents or not
            database.execute("PRAGMA foreign_keys = OFF")
    yield found
    for database in found.values():
        database.close()
    for store in stores:
        store.close()


@pytest.fixture(params=["memory", *DATABASES])
def holder(request: pytest.FixtureRequest, connections: dict[str, OpenDatabase]) -> Iterator[Holder]:
    if request.param == "memory":
        yield Memory()
        return
    database = connections[request.param]
    database.execute("BEGIN")
    yield Sql(database)
    database.execute("ROLLBACK")


MOVEMENT = StockMovement("m1", "s1", "place", 5, MovementReason.RECEIVED, "command", "c", "clerk", NOW)
SHOP = rows.ordered(rows.ORDER)


@pytest.fixture
def full(holder: Holder) -> Holder:
    holder.apply(Put(Buyer("buyer")), *(Put(row) for row in SHOP), Put(MOVEMENT))
    return holder


def test_what_was_put_is_found_by_its_key(full: Holder) -> None:
    view = full.view()
    for row in (*SHOP, MOVEMENT):
        assert view.get(type(row), *key_of(row)) == row
        assert row in view.children(type(row))
    assert view.get(Product, "gone") is None
    assert view.get(StockLevel, "s1", "gone") is None


def test_children_come_in_the_order_of_their_bytes(holder: Holder) -> None:
    ids = ["b", "a", "B", "é", "文", "a-", "aa", "😀", "～"]
    holder.apply(*(Put(Category(i, "top", i)) for i in ids), Put(Category("z", "", "other")))
    assert [c.id for c in holder.view().children(Category, parent_id="top")] == sorted(ids)
    marks = [LastEdit(ref, field, "x", NOW) for ref in ("b", "a") for field in ("y", "x")]
    holder.apply(*(Put(mark) for mark in marks))
    assert [(m.ref_id, m.field) for m in holder.view().children(LastEdit)] == [
        ("a", "x"),
        ("a", "y"),
        ("b", "x"),
        ("b", "y"),
    ]
    assert holder.view().children(LastEdit, ref_id="b", field="y") == (marks[0],)
    assert holder.view().children(Category, parent_id="gone") == ()


def test_only_declared_columns_may_be_looked_up(full: Holder) -> None:
    with pytest.raises(LookupError):
        full.view().children(Product, title="x")


def test_a_table_for_others_is_not_here(full: Holder) -> None:
    view = full.view(Audience.ALL)
    for kind in (SkuCost, BuyerIdentity):
        with pytest.raises(NotHere) as missing:
            view.get(kind, "s1")
        assert missing.value.table == kind.TABLE
        with pytest.raises(NotHere):
            view.children(kind)
    assert full.view(Audience.ALL, Audience.MANAGER).get(SkuCost, "s1") is None
    assert view.get(Product, "p1") is not None


def test_putting_again_replaces_the_whole_row(full: Holder) -> None:
    changed = replace(rows.PRODUCT, title="新", subtitle="x")
    full.apply(Put(changed))
    assert full.view().get(Product, "p1") == changed


def test_bumps_add_up(full: Holder) -> None:
    key = ("s1", "place")
    full.apply(Bump(StockLevel, key, "on_hand_qty", 5), Bump(StockLevel, key, "on_hand_qty", -3))
    full.apply(Bump(StockLevel, key, "reserved_qty", 1))
    level = full.view().get(StockLevel, *key)
    assert level == replace(rows.HOLDING, on_hand_qty=12, reserved_qty=3)


def test_a_removed_row_is_gone(full: Holder) -> None:
    full.apply(Put(LastEdit("a", "b", "c", NOW)), Remove(LastEdit, ("a", "b")))
    assert full.view().get(LastEdit, "a", "b") is None


@pytest.mark.parametrize(
    "change",
    [
        Bump(StockLevel, ("gone", "place"), "on_hand_qty", 1),
        Remove(Product, ("gone",)),
        Put(replace(MOVEMENT, delta_qty=9)),
    ],
)
def test_a_change_that_does_not_meet_its_row_is_an_error(full: Holder, change: Change) -> None:
    with pytest.raises((LookupError, MissedRow, DBAPIError)):
        full.apply(change)


def test_a_bump_of_no_column_is_an_error(full: Holder) -> None:
    with pytest.raises((LookupError, AttributeError)):
        full.apply(Bump(StockLevel, ("s1", "place"), "colour", 1))


def test_text_of_a_newer_program_is_kept(holder: Holder) -> None:
    person = Staff("x", "赵一", "emperor")  # type: ignore[arg-type]
    holder.apply(Put(person), Put(Setting("of_tomorrow", "1")))
    assert holder.view().get(Staff, "x") == person
    assert holder.view().get(Setting, "of_tomorrow") == Setting("of_tomorrow", "1")


def test_objects_keep_their_contents(holder: Holder) -> None:
    incident = Incident("i", "k", {"文": [1, None, {"b": True, "a": "\u2028"}]}, NOW)
    holder.apply(Put(incident))
    assert holder.view().get(Incident, "i") == incident


@pytest.mark.parametrize("table", [d.kind.TABLE for d in DEFINITIONS if not (d.checks or d.parents)])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_row_comes_back_as_it_was_put(holder: Holder, table: str, data: st.DataObject) -> None:
    kind: type[Row] = KINDS[table]
    row: Any = data.draw(rows_of(kind))
    if isinstance(holder, Memory):
        holder = Memory()
    undo = _savepoint(holder)
    holder.apply(Put(row))
    assert holder.view().get(kind, *key_of(row)) == row
    undo()


def _savepoint(holder: Holder) -> Callable[[], None]:
    if not isinstance(holder, Sql):
        return lambda: None
    database = holder.database
    database.execute("SAVEPOINT one")
    return lambda: database.execute("ROLLBACK TO SAVEPOINT one")


def test_before_is_told_once_ahead_of_a_rows_first_touch(connections: dict[str, OpenDatabase]) -> None:
    database = connections["sqlite"]
    database.execute("BEGIN")
    seen: list[tuple[str, tuple[str, ...], bool]] = []
    view = SqlView(database, Audience)

    def before(kind: type[Row], key: tuple[str, ...]) -> int:
        seen.append((kind.TABLE, key, view.get(kind, *key) is None))
        return 1

    key = ("s9", "place")
    changes = (Put(StockLevel(*key)), Bump(StockLevel, key, "on_hand_qty", 1), Remove(StockLevel, key))
    written = execute(database, changes, before)
    assert seen == [("stock_levels", key, True)]
    assert [(row.key, row.record) for row in written] == [(key, None)]
    database.execute("ROLLBACK")


def test_versions_are_set_or_those_that_are_there(connections: dict[str, OpenDatabase]) -> None:
    database = connections["sqlite"]
    database.execute("BEGIN")
    execute(database, (Put(rows.CATEGORY),), 5)
    changes = (Put(replace(rows.CATEGORY, name="新")), Put(replace(rows.CATEGORY, id="new")))
    kept, fresh = execute(database, changes, lambda _, key: 0 if key == ("new",) else 5)
    assert kept.record is not None and kept.record[-1] == 5
    assert fresh.record is not None and fresh.record[-1] == 0
    database.execute("ROLLBACK")
