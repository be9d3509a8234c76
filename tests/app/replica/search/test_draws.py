"""Whatever somebody types, the index finds what a look at every order finds, in its order and with its sums."""

import random
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import pytest

from app.replica import schema
from app.replica.database import ReplicaDatabase
from app.replica.queries.order_list import FIRST_FOUND, STANDING, OrderFilter, OrderList, first_orders, order_list
from app.replica.reader import open_reader
from app.replica.search import growth, index
from app.replica.search.cutting import Wanted, as_one, wanted, words_of
from app.replica.search.remaking import Remaking
from app.replica.search.subject import ORDERS
from tests.support.bulk import fill_goods, fill_orders, records_of

COUNT = 1_200
GROWN_TO = 2_000
"""Now the words are counted for the third time."""
_AT_ONCE = 100
_ALL = f"SELECT rid, {STANDING}, delivery_kind, total_fen FROM orders ORDER BY placed_at DESC, id DESC"


@dataclass(frozen=True)
class Written:
    """An order as somebody sees it who reads them all."""

    rid: int
    standing: str
    kind: str
    total_fen: int
    text: str
    words: frozenset[str]


@pytest.fixture(scope="module", params=["made", "grown"])
def counter(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[ReplicaDatabase]:
    """Enough orders for knowing which words are frequent, all of them in the index; every seventh is picked up.

    One that has grown has been counted several times, and just now half of its index is made anew.
    """
    database = ReplicaDatabase(tmp_path_factory.mktemp("draws") / "replica.db")
    is_made = request.param == "made"
    schema.create(database, with_indices=not is_made)
    fill_goods(database)
    if is_made:
        fill_orders(database, COUNT)
    else:
        _grow(database)
    with database.transaction():
        database.execute("UPDATE orders SET delivery_kind = 'pickup' WHERE rid % 7 = 0")
        database.execute("UPDATE replica_meta SET bootstrap_state = 'complete'")
    schema.create_indices(database)
    while index.feed(database):
        pass
    yield database
    database.close()


def _grow(database: ReplicaDatabase) -> None:
    remaking = Remaking(database)
    for start in range(0, GROWN_TO, _AT_ONCE):
        with database.transaction():
            for pattern, records in records_of(range(start, start + _AT_ONCE), GROWN_TO):
                database.execute_many(pattern.insert, records)
        while index.feed(database):
            if start % (2 * _AT_ONCE) == 0:
                remaking.step()
        if start + _AT_ONCE < GROWN_TO:
            while remaking.step() or index.feed(database):
                pass
    while (growth.filled(database, ORDERS) or 0) < _middle(database):
        assert remaking.step()


def _middle(database: ReplicaDatabase) -> int:
    """The place in the index that half of the orders come before."""
    places = database.execute(f"SELECT place FROM {ORDERS.places} ORDER BY place").fetchall()
    return int(places[len(places) // 2][0])


def read_all(database: ReplicaDatabase) -> list[Written]:
    records = database.execute(_ALL).fetchall()
    texts = {rid: one.text for rid, one in ORDERS.read(database, [rid for rid, *_ in records]).items()}
    return [Written(*record, texts[record[0]], words_of(texts[record[0]])) for record in records]


def plainly(written: Sequence[Written], wish: OrderFilter) -> OrderList:
    fitting: Sequence[Written] = ()
    for asked in filter(None, (as_one(wish.words), wanted(wish.words))):
        fitting = [one for one in written if _fits(one, asked) and wish.delivery_kind in ("", one.kind)]
        if fitting:
            break
    chosen = [one for one in fitting if not wish.states or one.standing in wish.states]
    counts = Counter(one.standing for one in fitting)
    total_fen = sum(one.total_fen for one in chosen)
    return OrderList(array("q", [one.rid for one in chosen]), counts | {"": len(fitting)}, total_fen)


def _fits(one: Written, asked: Sequence[Wanted]) -> bool:
    return all(word.fits(one.text, one.words) for word in asked)


def a_part(one: Written, chance: random.Random) -> str:
    line = chance.choice(one.text.split("\n"))[1:]
    size = chance.choice((1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 20))
    start = chance.randrange(max(1, len(line) - size + 1))
    return line[start : start + size]


def typed(written: Sequence[Written], chance: random.Random) -> str:
    """One part of an order, or several of one or of two, some of them with blanks or in another width."""
    one, other = chance.sample(written, 2)
    parts = [a_part(chance.choice((one, one, one, other)), chance) for _ in range(chance.choice((1, 1, 2, 2, 3)))]
    if chance.random() < 0.2:
        parts = [" ".join(part[i : i + 3] for i in range(0, len(part), 3)) for part in parts]
    words = " ".join(parts)
    return words.upper() if chance.random() < 0.5 else words


STATES = ("", "", "paid", "completed", "cancelled,completed", "to_collect", "unpaid,paid,shipped", "to_collect,paid")


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_is_what_is_written(counter: ReplicaDatabase, seed: int) -> None:
    chance, written = random.Random(seed), read_all(counter)
    with closing(open_reader(counter.path)) as reader:
        for _ in range(75):
            words, state = typed(written, chance), chance.choice(STATES)
            wish = OrderFilter(state, words, chance.choice(("", "", "", "pickup", "express")))
            if not words.strip():
                continue
            room = chance.choice((1, 3, 10, FIRST_FOUND, 60))
            right, first = plainly(written, wish), first_orders(reader, wish, room)
            assert order_list(reader, wish) == right, wish
            at_once = right.rowids[: min(room, FIRST_FOUND)]
            assert (first.counts, first.rowids) == ({}, at_once) or first == right, wish


def test_it_is_found_while_some_wait_for_the_index_and_after_it(counter: ReplicaDatabase) -> None:
    """Words that never met come together, common ones leave, and what an order comes to changes by itself."""
    chance, changed = random.Random(7), "SELECT id FROM orders WHERE rid % 11 = 0"
    with counter.transaction():
        counter.execute(f"UPDATE order_contacts SET address = '长安街解放大道学院路' WHERE order_id IN ({changed})")
        counter.execute("UPDATE orders SET total_fen = total_fen + 7 WHERE rid % 5 = 0")
        counter.execute("UPDATE orders SET state = 'paid' WHERE rid % 13 = 0")
        counter.execute(f"DELETE FROM order_lines WHERE order_id IN ({changed}) AND line_no > 1")
    written, wishes = (
        read_all(counter),
        [OrderFilter(words=words) for words in ("解放 长安街", "学院路 解放大道", "号")],
    )
    wishes += [OrderFilter(words=typed(written, chance)) for _ in range(40)]
    while True:
        with closing(open_reader(counter.path)) as reader:
            for wish in wishes:
                right, first = plainly(written, wish), first_orders(reader, wish)
                if wish.words.strip():
                    assert order_list(reader, wish) == right, wish
                    assert first == right or (first.counts, first.rowids) == ({}, right.rowids[:FIRST_FOUND]), wish
        if not index.waiting(counter):
            break
        while index.feed(counter):
            pass
    assert index.drift(counter) == () and list(plainly(written, wishes[0]).rowids)
