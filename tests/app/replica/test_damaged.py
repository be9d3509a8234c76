"""A replica whose file is damaged: what waits is kept, and everything else comes from the service anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.stock.commands import ReceiveStock
from app.kernel.errors import KnownError
from app.replica import outbox
from app.sync.identity import Identity
from tests.support.shop import PLACE
from tests.support.stores import new_url
from tests.support.world import Desktop, World

pytestmark = pytest.mark.warns_in_log("damage is told in the log")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(new_url("sqlite", tmp_path), tmp_path, desktops=1)
    yield found
    found.close()


def spoil(desktop: Desktop, table: str) -> None:
    """The page at which a table begins is nothing but noise from now on."""
    path = desktop.holder.path
    desktop.holder.close()
    with closing(sqlite3.connect(path)) as file:
        (page,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xa5" * size)


def unsent(world: World) -> Desktop:
    (desktop,) = world.desktops
    for qty in (1, 2, 3):
        assert desktop.give(ReceiveStock("p1-s", PLACE, qty)) == ""
    return desktop


def comes_back(world: World, desktop: Desktop, what: str) -> None:
    desktop.greet()
    assert len(outbox.pending(desktop.holder.database)) == 3, "nothing that waited is gone"
    world.settle()
    world.check_settled()
    print(f"damaged replica, {what}: commands waiting 3, lost 0, doubled 0, the replica equals the service again")


def test_a_damaged_file_is_made_anew_and_what_waits_is_sent(world: World) -> None:
    desktop = unsent(world)
    damaged = desktop.holder.path
    spoil(desktop, "replica_meta")
    desktop.open()
    assert desktop.holder.path != damaged and damaged.exists(), "the damaged file is left as it is"
    comes_back(world, desktop, "noticed at the start")


def test_damage_that_is_met_later_is_told_as_what_it_is(world: World) -> None:
    desktop = unsent(world)
    spoil(desktop, "orders")
    desktop.open()
    world.buyer_orders(1)
    with pytest.raises(KnownError) as met:
        while desktop.steps.pull():
            pass
    assert met.value.code == "replica.damaged"
    greeting = desktop.steps.hello(Identity(desktop.device_id, "key", "next", "test"))
    desktop.steps.bootstrap(desktop.device_id, greeting.reply)
    comes_back(world, desktop, "met while fetching")


def test_a_file_that_is_no_database_at_all_is_made_anew(world: World) -> None:
    (desktop,) = world.desktops
    path = desktop.holder.path
    desktop.holder.close()
    path.write_bytes(b"no database at all" * 500)
    desktop.open()
    desktop.greet()
    world.settle()
    world.check_settled()
