"""Sums kept by triggers equal counting anew, whatever rows come, change and go."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.money import Fen
from app.domain.orders.model import Channel, DeliveryKind, Order, OrderState
from app.domain.payments.model import Account, Transfer
from app.domain.row import Row, key_of
from app.replica import rollups, schema
from app.replica.database import ReplicaDatabase
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[ReplicaDatabase]:
    found = ReplicaDatabase(tmp_path / "replica.db")
    schema.create(found)
    yield found
    found.close()


def order(number: int, chance: random.Random) -> Order:
    fen = Fen(chance.randrange(1, 90_000))
    at = NOON + timedelta(seconds=chance.randrange(40_000))
    is_paid = chance.random() < 0.7
    state = chance.choice((OrderState.PAID, OrderState.SHIPPED)) if is_paid else OrderState.UNPAID
    return Order(
        id=f"o{number}",
        no=f"WX{number}",
        channel=Channel.MINI_PROGRAM,
        source="",
        buyer_id="b",
        delivery_kind=chance.choice(list(DeliveryKind)),
        state=state,
        goods_fen=fen,
        discount_fen=Fen(0),
        freight_fen=Fen(0),
        total_fen=fen,
        paid_fen=fen if is_paid else Fen(0),
        refunded_fen=Fen(0),
        ruleset_hash="",
        placed_at=at,
        business_on=at.date(),
        paid_at=at + timedelta(minutes=1) if is_paid else None,
    )


def transfer(number: int, chance: random.Random) -> Transfer:
    debit, credit = chance.choice(((Account.SALES, Account.WECHAT), (Account.WECHAT, Account.SALES)))
    at = NOON + timedelta(seconds=chance.randrange(40_000))
    return Transfer(f"t{number}", debit, credit, Fen(chance.randrange(1, 5_000)), "refund", f"r{number}", at)


def put(database: ReplicaDatabase, row: Row) -> None:
    database.execute(statements_of(type(row), "?").upsert, mapper_of(type(row)).record(row, 1))


def live(database: ReplicaDatabase, seed: int) -> None:
    """Rows come, change, and are taken back, as pages, rewinds and replays do it; some of it is rolled back."""
    chance = random.Random(seed)
    for step in range(300):
        number = chance.randrange(40)
        if step % 10 == 0:
            database.begin()
        make = chance.choice((order, order, transfer))
        row = make(number, chance)
        if chance.random() < 0.25:
            database.execute(statements_of(type(row), "?").delete, key_of(row))
        else:
            put(database, row)
        if step % 10 == 9:
            (database.rollback if chance.random() < 0.3 else database.commit)()


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_what_counting_anew_gives(database: ReplicaDatabase, seed: int) -> None:
    live(database, seed)
    assert database.execute("SELECT count(*) FROM sales_quarters").fetchone()[0] > 20
    assert rollups.drift(database) == ()


@pytest.mark.parametrize("event", ["insert", "update", "delete"])
def test_a_change_that_is_not_told_is_found(database: ReplicaDatabase, event: str) -> None:
    for name in ("sales_quarters", "order_counts"):
        database.execute(f"DROP TRIGGER {name}_of_orders_{event}")
    live(database, 1)
    assert rollups.drift(database) == ("sales_quarters", "order_counts")
    rollups.make(database)
    assert rollups.drift(database) == ()


def test_what_other_columns_say_costs_nothing(database: ReplicaDatabase) -> None:
    paid = replace(order(1, random.Random(3)), paid_at=NOON, paid_fen=Fen(100))
    put(database, paid)
    before = database.execute("SELECT total_changes()").fetchone()[0]
    put(database, replace(paid, staff_remark="放门口"))
    assert database.execute("SELECT total_changes()").fetchone()[0] == before + 1


def test_a_replica_of_an_earlier_version_gets_its_sums(tmp_path: Path) -> None:
    path = tmp_path / "replica.db"
    old = ReplicaDatabase(path)
    schema.create(old)
    for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        old.execute(f"DROP TRIGGER {name}")
    for rollup in rollups.ROLLUPS:
        old.execute(f"DROP TABLE {rollup.name}")
    old.execute("PRAGMA user_version = 1000")
    put(old, replace(order(1, random.Random(3)), paid_at=NOON, paid_fen=Fen(100)))
    schema.prepare(old)
    assert old.execute("SELECT order_count, paid_fen FROM sales_quarters").fetchall() == [(1, 100)]
    assert rollups.drift(old) == ()
    old.close()
