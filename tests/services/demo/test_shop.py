"""A demo shop is what its handlers would have made one by one, whole or not at all, and its books are in order."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from app.domain.command import Actor, Command
from app.domain.outcome import Accepted
from app.domain.registry import shop_registry
from app.kernel import codec
from app.kernel.errors import KnownError
from app.tables.mapper import mapper_of
from app.tables.schema import KINDS
from services.authority.executor import Executor
from services.authority.submission import Intent
from services.db.engine import Store
from services.demo import shop
from services.demo.making import Making
from services.demo.shop import Wish
from services.upkeep import books
from tests.support.clocks import FixedClock
from tests.support.stores import new_url

NOW = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)


class Frames:
    """A gallery without pictures: their names are enough for their rows."""

    def hang(self, wanted: Sequence[tuple[str, str]]) -> dict[str, tuple[str, int, int]]:
        return {product_id: (f"{number:064x}", 500, 9_000) for number, (product_id, _) in enumerate(wanted)}


class Recording(Making):
    """Remembers what was done and when, so that it can be done again elsewhere."""

    def __init__(self) -> None:
        super().__init__(shop_registry(), "demo 3")
        self.log: list[Intent] = []

    def accept(self, command: Command, decision: Accepted, actor: Actor, at: datetime) -> None:
        command_id = self.context(actor, at).command_id
        super().accept(command, decision, actor, at)
        self.log.append(Intent(command_id, command.NAME, command.VERSION, codec.plain(command), actor, at))


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the shop holds, but not the numbers of the feed."""
    with store.reading() as database:
        found = {}
        for table, kind in KINDS.items():
            shown = ", ".join(column.name for column in mapper_of(kind).columns)
            found[table] = sorted(map(repr, database.execute(f"SELECT {shown} FROM {table}").fetchall()))
    return found


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Iterator[Store]:
    """One more empty database of the same kind."""
    found = Store(new_url("sqlite" if store.is_sqlite else "postgresql", tmp_path))
    yield found
    found.close()


def test_the_rows_are_those_that_the_authority_would_have_written(store: Store, other: Store) -> None:
    making, wish = Recording(), Wish(60, 3, is_large=False)
    shop.fill(store, making, shop.played(making, wish, NOW, Frames()), lambda _: None)
    clock = FixedClock()
    executor = Executor(other, shop_registry(), clock)
    executor.start()
    for at, intents in groupby(making.log, lambda intent: intent.issued_at):
        clock.at = at
        for answered in [executor.submit(intent) for intent in intents]:
            assert answered.result(30).is_applied, answered
    executor.close()
    assert dump(store) == dump(other)
    rare = {"refund.record", "refund.request", "order.finish_close", "stock.adjust", "buyer.set_level"}
    rare |= {"pickup.mark_ready", "pickup.redeem", "delivery.dispatch", "delivery.record_delivered"}
    assert {intent.name for intent in making.log} >= rare


def made(store: Store, wish: Wish, tell: Any = lambda _: None) -> None:
    making = Making(shop_registry(), f"demo {wish.seed}")
    shop.fill(store, making, shop.played(making, wish, NOW, Frames()), tell)


def test_its_books_explain_every_fen_and_every_piece(tmp_path: Path) -> None:
    store = Store(new_url("sqlite", tmp_path))
    made(store, Wish(700, 3))
    with store.reading() as database:
        assert books.findings(database) == []
        states = dict(tuple(r) for r in database.execute("SELECT state, count(*) FROM orders GROUP BY 1").fetchall())
        newest = database.execute("SELECT max(placed_at) FROM orders").fetchone()[0]
    store.close()
    assert sum(states.values()) == 700
    assert states["completed"] > 500
    assert min(states["paid"], states["shipped"], states["closed"], states["cancelled"]) > 0
    assert codec.time_text(NOW) > newest > "2026-11-26"


def test_a_seed_makes_the_same_shop_again(tmp_path: Path) -> None:
    shops = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        (tmp_path / name).mkdir()
        store = Store(new_url("sqlite", tmp_path / name))
        made(store, Wish(40, seed, is_large=False))
        shops.append(dump(store))
        store.close()
    assert shops[0] == shops[1]
    assert shops[0]["orders"] != shops[2]["orders"]


def test_it_is_whole_or_not_there(store: Store) -> None:
    def stop(done: int) -> None:
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(store, Wish(40, is_large=False), stop)
    assert not any(dump(store).values())
    made(store, Wish(40, is_large=False))
    with pytest.raises(KnownError, match="holds a shop already"):
        made(store, Wish(40, is_large=False))
    assert len(dump(store)["orders"]) == 40
