"""Orders and products are found by what stands on them now, with the index and without it."""

import random
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.catalog.model import Category, Product, Sku
from app.domain.delivery.model import Parcel, ParcelState
from app.domain.money import Fen
from app.domain.orders.model import Channel, DeliveryKind, Order, OrderContact, OrderLine, OrderState
from app.domain.row import Row, key_of
from app.replica import schema
from app.replica.database import ReplicaDatabase
from app.replica.queries.catalog import ProductFilter, product_list
from app.replica.queries.order_list import FIRST_FOUND, FIRST_ROWS, OrderFilter, OrderList, first_orders, order_list
from app.replica.reader import early_reader, open_reader
from app.replica.search import index
from app.replica.search.cutting import as_one, normal, wanted, words_of
from app.replica.search.frequent import frequent
from app.replica.search.subject import ORDERS
from app.replica.version import VERSION
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of
from tests.support.bulk import END, fill_goods, fill_orders


@pytest.fixture
def database(tmp_path: Path) -> Iterator[ReplicaDatabase]:
    found = ReplicaDatabase(tmp_path / "副本" / "replica.db")
    schema.create(found)
    yield found
    found.close()


@pytest.fixture(params=["indexed", "fresh"])
def is_fed(request: pytest.FixtureRequest) -> bool:
    return request.param == "indexed"


def put(database: ReplicaDatabase, *rows: Row) -> None:
    with database.transaction():
        for row in rows:
            database.execute(statements_of(type(row), "?").upsert, mapper_of(type(row)).record(row, 1))


def remove(database: ReplicaDatabase, *rows: Row) -> None:
    with database.transaction():
        for row in rows:
            database.execute(statements_of(type(row), "?").delete, key_of(row))


def feed(database: ReplicaDatabase) -> None:
    while index.feed(database):
        pass


def an_order(
    order_id: str, no: str = "WX2026112304000", minutes: int = 0, state: OrderState = OrderState.PAID
) -> Order:
    fen, at = Fen(100), END + timedelta(minutes=minutes)
    return Order(
        *(order_id, no, Channel.MINI_PROGRAM, "", "buyer", DeliveryKind.EXPRESS, state),
        *(fen, Fen(0), Fen(0), fen, fen, Fen(0), "", at, at.date()),
    )


def line(order_id: str, title: str) -> OrderLine:
    fen = Fen(100)
    return OrderLine(
        f"{order_id}-1", order_id, 1, "goods", "s", "p", "c", title, "", "SY-0027", "6901000213813", "", 1, 1,
        fen, fen, Fen(0), fen,
    )  # fmt: skip


def contact(order_id: str, name: str, phone: str = "13812342046") -> OrderContact:
    return OrderContact(order_id, name, phone, "330106", "浙江省杭州市西湖区文三路 398 号")


def list_of(database: ReplicaDatabase, words: str, state: str = "") -> OrderList:
    with closing(open_reader(database.path)) as reader:
        return order_list(reader, OrderFilter(state, words))


def orders(database: ReplicaDatabase, words: str, state: str = "") -> list[str]:
    ids = dict(database.execute("SELECT rid, id FROM orders").fetchall())
    return [ids[rid] for rid in list_of(database, words, state).rowids]


def products(database: ReplicaDatabase, words: str) -> set[str]:
    with closing(open_reader(database.path)) as reader:
        found = product_list(reader, ProductFilter(words=words))
        return {reader.execute("SELECT id FROM products WHERE rid = ?", (rid,)).fetchone()[0] for rid in found.rowids}


def test_an_order_is_found_by_all_that_stands_on_it(database: ReplicaDatabase, is_fed: bool) -> None:
    put(database, an_order("o1", no="WX2026112304777"), an_order("o2"))
    put(database, contact("o1", "周若溪"), line("o1", "燕麦奶 1L"), contact("o2", "朱可欣", "13900001111"))
    put(database, Parcel("parcel", "o1", "sf", "", "SF1688124306257", ParcelState.SHIPPED, END))
    if is_fed:
        feed(database)
    for words in ("4777", "周", "若溪", "2046", "13812342046", "文三路 周", "燕麦奶", "0027", "6901000213813", "6257"):
        assert "o1" in orders(database, words), words
    assert orders(database, "朱可欣") == ["o2"]
    assert orders(database, "周 朱") == orders(database, "%") == []
    assert (
        sorted(orders(database, "文三路", "paid")) == ["o1", "o2"]
        and orders(database, "文三路", "shipped,unpaid") == []
    )


def test_an_order_is_found_by_what_it_says_now(database: ReplicaDatabase, is_fed: bool) -> None:
    order = an_order("o1")
    put(database, order, contact("o1", "周若溪"), line("o1", "燕麦奶"))
    feed(database)
    put(database, contact("o1", "林晓雨"), replace(order, state=OrderState.SHIPPED))
    if is_fed:
        feed(database)
    assert orders(database, "周若溪") == [] and orders(database, "林晓雨", "paid") == []
    assert orders(database, "林晓雨", "shipped") == orders(database, "燕麦奶") == ["o1"]


def test_an_order_may_say_less_and_less(database: ReplicaDatabase) -> None:
    """The text index counts its rows: one of which only words leave has to come again, or the index is damaged."""
    parts = [
        contact("o1", "周若溪"),
        line("o1", "燕麦奶"),
        Parcel("p", "o1", "sf", "", "SF1688124306257", ParcelState.SHIPPED, END),
    ]
    put(database, an_order("o1"), *parts)
    feed(database)
    for part in parts:
        remove(database, part)
        feed(database)
        assert orders(database, "4000") == ["o1"] and index.drift(database) == ()
    assert orders(database, "燕麦奶") == orders(database, "周") == orders(database, "6257") == []


def pages_with(database: ReplicaDatabase, word: str) -> int:
    """In how many pages of the index a word stands, those that are only marked as gone among them."""
    pages = database.execute(f"SELECT block FROM {ORDERS.words}_data").fetchall()
    return sum(word.encode() in block for (block,) in pages)


def test_personal_data_that_leaves_leaves_the_index(database: ReplicaDatabase) -> None:
    put(database, an_order("o1"), contact("o1", "周若溪"), line("o1", "燕麦奶"))
    feed(database)
    assert orders(database, "13812342046") == ["o1"] and pages_with(database, "8123") == 1
    remove(database, contact("o1", ""))
    assert orders(database, "13812342046") == orders(database, "周") == []
    feed(database)
    assert orders(database, "13812342046") == orders(database, "文三路") == [] and orders(database, "燕麦奶") == ["o1"]
    assert pages_with(database, "8123") == 0
    assert "8123" not in database.execute(f"SELECT text FROM {ORDERS.documents}").fetchone()[0]
    assert index.drift(database) == ()


def test_a_product_is_found_by_title_initials_category_and_articles(database: ReplicaDatabase, is_fed: bool) -> None:
    put(database, Category("tea", "", "茶"), Category("cat", "", "蜂产品"))
    honey = Sku("s1", "p1", "500g", "YF-500", "6901000213813", Fen(100))
    put(database, Product("p1", "cat", "野生二次枇杷蜜"), honey, Product("p2", "tea", "Oat 拿铁"))
    if is_fed:
        feed(database)
    for words in ("野生", "蜜", "ysec", "ecm", "蜂产", "yf-500", "6901000213813", "3813", "500g"):
        assert products(database, words) == {"p1"}, words
    assert products(database, "oat 茶") == {"p2"} and products(database, "ntoa") == set()
    put(database, Category("tea", "", "咖啡"))
    if is_fed:
        feed(database)
    assert products(database, "咖啡") == {"p2"} and products(database, "茶") == set()


def plainly(database: ReplicaDatabase, wish: OrderFilter) -> OrderList:
    """The same list from all rows, without index, sums or windows: what somebody finds who reads everything."""
    records = database.execute("SELECT rid, state, total_fen FROM orders ORDER BY placed_at DESC, id DESC").fetchall()
    texts = ORDERS.read(database, [rid for rid, *_ in records])
    fitting = list(records)
    for asked in filter(None, (as_one(wish.words), wanted(wish.words))):
        fitting = [r for r in records if all(one.fits(texts[r[0]].text, words_of(texts[r[0]].text)) for one in asked)]
        if fitting:
            break
    chosen = [r for r in fitting if not wish.states or r[1] in wish.states]
    counts = Counter(state for _, state, _ in fitting)
    return OrderList(array("q", [rid for rid, *_ in chosen]), counts | {"": len(fitting)}, sum(r[2] for r in chosen))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicaDatabase]:
    """A thousand orders, the newest few of them not in the index yet."""
    found = ReplicaDatabase(tmp_path_factory.mktemp("many") / "replica.db")
    schema.create(found, with_indices=False)
    fill_goods(found)
    fill_orders(found, 1_000)
    schema.create_indices(found)
    rids = [rid for (rid,) in found.execute("SELECT rid FROM orders WHERE rid % 9 = 0").fetchall()]
    with found.transaction():
        found.execute_many("UPDATE orders SET state = 'paid' WHERE rid = ?", ((rid,) for rid in rids))
        found.execute("UPDATE replica_meta SET bootstrap_state = 'complete'")
    yield found
    found.close()


TYPED = (
    "WX2026 王",
    "SF 8",
    "SY-0001 咖啡",
    "咖啡 深烘",
    "文三路 9",
    "文三路 98 号",
    "WX2025 11 23",
    "李 138",
    "长安街 学院路",
)


@pytest.mark.parametrize("state", ["", "paid", "completed,cancelled", "unpaid,paid,shipped", "closing"])
@pytest.mark.parametrize(
    "words", ["", "西湖区", "王", "文三路 咖啡豆", "1123", "手冲壶", "SF", "没有的", "WX20", *TYPED]
)
def test_first_rows_and_whole_list_are_what_all_rows_say(many: ReplicaDatabase, state: str, words: str) -> None:
    wish = OrderFilter(state, words)
    right = plainly(many, wish)
    with closing(open_reader(many.path)) as reader:
        whole, first = order_list(reader, wish), first_orders(reader, wish)
    assert whole == right
    at_once = FIRST_FOUND if words else FIRST_ROWS
    assert first.rowids[:at_once] == right.rowids[:at_once]
    if first.is_whole:
        assert first == right
    elif words:
        assert len(first.rowids) <= FIRST_FOUND and not first.counts
    else:
        assert (len(first.rowids), first.counts, first.total_fen) == (len(right.rowids), right.counts, right.total_fen)


def test_any_part_of_any_text_finds_the_rows_that_have_it(many: ReplicaDatabase) -> None:
    """As LIKE would, for all that is long enough to be told from a beginning."""
    chance = random.Random(3)
    texts = {rid: found.text.split("\n") for rid, found in ORDERS.read(many, range(1, 1_001)).items()}
    for _ in range(150):
        typed = []
        while len(typed) < chance.choice((1, 1, 2)):
            text = chance.choice(texts[chance.randrange(1, 1_001)])
            start = chance.randrange(1, max(2, len(text) - 4))
            part = text[start : start + chance.randrange(4, 17)]
            if len(part) >= 4:
                typed.append(normal(part))
        right = {rid for rid, lines in texts.items() if all(any(one in text for text in lines) for one in typed)}
        assert set(list_of(many, " ".join(typed)).rowids) == right, typed


def test_a_number_with_blanks_in_it_is_found(database: ReplicaDatabase, is_fed: bool) -> None:
    put(database, an_order("o1", no="WX20261123047771"), an_order("o2", no="WX20261123047772"))
    put(database, Parcel("parcel", "o2", "sf", "", "SF1688124306257", ParcelState.SHIPPED, END))
    if is_fed:
        feed(database)
    assert orders(database, "WX 2026 1123 0477 71") == ["o1"] and orders(database, "SF 1688 1243 0625 7") == ["o2"]
    assert (
        orders(database, "WX 2026 112304") == orders(database, "WX20 2611 2304") == orders(database, "wx20261123") != []
    )


def live(database: ReplicaDatabase, seed: int) -> None:
    """Rows come, change and go, as pages, rewinds and replays do it; some of it is rolled back, some of it fed."""
    chance = random.Random(seed)
    for step in range(120):
        number = chance.randrange(30)
        order_id, name = f"o{number}", chance.choice(("周若溪", "林晓雨", "马天宇"))
        rows: Sequence[Row] = (
            an_order(order_id, minutes=number % 4, state=chance.choice(list(OrderState))),
            contact(order_id, name),
            line(order_id, chance.choice(("燕麦奶", "咖啡豆"))),
            Product(f"p{number}", "tea", name),
            Category("tea", "", chance.choice(("茶", "咖啡"))),
        )
        some = chance.sample(rows, 3)
        database.begin()
        for row in some:
            sql = statements_of(type(row), "?")
            if chance.random() < 0.3:
                database.execute(sql.delete, key_of(row))
            else:
                database.execute(sql.upsert, mapper_of(type(row)).record(row, 1))
        (database.rollback if chance.random() < 0.2 else database.commit)()
        if step % 7 == 0:
            index.feed(database, limit=5)


@pytest.mark.parametrize("seed", range(3))
def test_the_index_is_what_making_it_anew_gives(database: ReplicaDatabase, seed: int) -> None:
    live(database, seed)
    assert index.waiting(database) and index.drift(database) == ()
    feed(database)
    assert not index.waiting(database) and index.drift(database) == ()
    assert set(plainly(database, OrderFilter("", "文三路")).rowids) == set(list_of(database, "文三路").rowids) != set()


@pytest.mark.parametrize("trigger", ["orders_update", "orders_delete", "order_contacts_delete", "order_lines_insert"])
def test_a_change_that_is_not_noted_is_found(database: ReplicaDatabase, trigger: str) -> None:
    database.execute(f"DROP TRIGGER order_dirty_of_{trigger}")
    for seed in range(3):
        live(database, seed)
        feed(database)
    assert index.drift(database) == ("order",)
    index.make(database)
    assert index.drift(database) == ()


def test_many_orders_of_one_second_have_a_place_each(database: ReplicaDatabase) -> None:
    ids = [f"o{number:03}" for number in range(200)]
    put(database, *(an_order(order_id) for order_id in ids), *(contact(order_id, "周若溪") for order_id in ids))
    feed(database)
    assert sorted(orders(database, "周若溪")) == ids


def test_a_replica_of_an_earlier_version_is_searched_and_made_anew(tmp_path: Path) -> None:
    old = ReplicaDatabase(tmp_path / "replica.db")
    schema.create(old)
    put(old, an_order("o1"), contact("o1", "周若溪"))
    old.execute("DELETE FROM search_versions")
    old.execute("DROP TABLE parcel_lines")
    old.execute("ALTER TABLE products DROP COLUMN max_qty")
    old.execute("UPDATE replica_meta SET bootstrap_state = 'complete'")
    schema.prepare(old)
    assert orders(old, "周若溪") == ["o1"] and not index.waiting(old)
    put(old, Product("p1", "cat", "蜂蜜", max_qty=3))
    assert old.execute("SELECT max_qty FROM products").fetchall() == [(3,)]
    assert old.execute("SELECT count(*) FROM parcel_lines").fetchone() == (0,)
    assert old.execute("SELECT bootstrap_state FROM replica_meta").fetchone() == ("outdated",)
    old.close()


def can_be_read_early(database: ReplicaDatabase) -> bool:
    """Whether a window would show rows of it before it is opened to be written."""
    found = early_reader(database.path.parent, VERSION)
    if found is not None:
        found[1].close()
    return found is not None


def test_what_all_orders_of_a_year_have_in_their_numbers_is_kept_as_it_is(database: ReplicaDatabase) -> None:
    """Kept by where it is not, it would stand on all orders of the next year, and all would be gone through for it."""
    put(database, *(an_order(f"o{n}", f"WX20261123{n:06}", n) for n in range(600)))
    put(database, *(contact(f"o{n}", "周若溪") for n in range(600)))
    index.make(database)
    common = frequent(database, ORDERS).common
    assert {"号", "周若溪", "^wx", "=express"} <= common and not {"#2026", "wx2026"} & common
    assert len(orders(database, "WX2026")) == len(orders(database, "号")) == 600


@pytest.mark.parametrize("share", [3, 8])
def test_frequent_words_of_a_person_who_left_leave_too(tmp_path: Path, share: int) -> None:
    """Of one great buyer nothing remains: at once, or after the next start if most of the shop was theirs."""
    database = ReplicaDatabase(tmp_path / "replica-1.db")
    schema.create(database)
    database.execute("UPDATE replica_meta SET bootstrap_state = 'complete'")
    rows = [an_order(f"o{number}", minutes=number) for number in range(600)]
    contacts = [
        contact(
            row.id,
            "周若溪" if number % 10 < share else "林晓",
            f"1390000{number:04}"[:11] if number % 10 >= share else "13812342046",
        )
        for number, row in enumerate(rows)
    ]
    put(database, *rows, *contacts)
    index.make(database)
    assert pages_with(database, "8123") and database.execute(_KNOWN, ("8123",)).fetchone() == (1,)
    remove(database, *(one for one in contacts if one.name == "周若溪"))
    feed(database)
    assert orders(database, "周若溪") == orders(database, "8123") == [] and len(orders(database, "林晓")) == 60 * (
        10 - share
    )
    assert can_be_read_early(database) is (share == 3), "nothing would be found while the index is made anew"
    schema.prepare(database)
    assert can_be_read_early(database)
    assert not pages_with(database, "8123") and database.execute(_KNOWN, ("8123",)).fetchone() == (0,)
    assert orders(database, "周若溪") == [] and index.drift(database) == ()
    database.close()


_KNOWN = f"SELECT count(*) FROM {ORDERS.frequent} WHERE word = ?"


def test_nobody_reads_early_what_a_start_left_half_made(tmp_path: Path) -> None:
    class Broken(ReplicaDatabase):
        def execute(self, sql: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
            if "'optimize'" in sql:
                raise KeyboardInterrupt
            return super().execute(sql, params)

    with closing(ReplicaDatabase(tmp_path / "replica-1.db")) as database:
        schema.create(database)
        database.execute("UPDATE replica_meta SET bootstrap_state = 'complete'")
        database.execute("UPDATE search_versions SET version = version - 1")
    with closing(Broken(database.path)) as broken, pytest.raises(KeyboardInterrupt):
        schema.prepare(broken)
    assert not can_be_read_early(database)
    with closing(ReplicaDatabase(database.path)) as again:
        schema.prepare(again)
        assert can_be_read_early(again) and index.drift(again) == ()
