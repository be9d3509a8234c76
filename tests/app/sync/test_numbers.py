"""The numbers of a desktop's commands, when this computer or the service is not what it was."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.stock.commands import AdjustStock, ReceiveStock
from app.domain.stock.model import MovementReason
from app.replica import meta, outbox
from app.replica.outbox import OutboxState
from app.sync.transport import Refused
from tests.support.shop import PLACE
from tests.support.stores import new_url
from tests.support.world import Desktop, World, enrol

SKU = "p1-s"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(new_url("sqlite", tmp_path), tmp_path, desktops=2)
    yield found
    found.close()


def numbers(desktop: Desktop) -> list[tuple[int, str]]:
    return [(p.message.device_seq, p.message.command_id) for p in outbox.pending(desktop.holder.database)]


def receive(desktop: Desktop, qty: int = 1) -> None:
    assert desktop.give(ReceiveStock(SKU, PLACE, qty)) == ""


def put_back(desktop: Desktop, image: Path) -> None:
    """The computer is restored from an image of its disk."""
    desktop.holder.close()
    shutil.rmtree(desktop.folder)
    shutil.copytree(image, desktop.folder)
    desktop.open()


def image_of(desktop: Desktop, folder: Path) -> Path:
    desktop.holder.close()
    image = folder / "image"
    shutil.copytree(desktop.folder, image)
    desktop.open()
    return image


def test_work_done_on_an_old_disk_image_is_not_lost(world: World, tmp_path: Path) -> None:
    desktop = world.desktops[0]
    receive(desktop)
    image = image_of(desktop, tmp_path)
    receive(desktop)
    world.push(desktop)
    put_back(desktop, image)
    receive(desktop, 5)
    assert numbers(desktop) == [(1, "device-1-0"), (2, "device-1-2")], "the second number is used up"
    desktop.greet()
    assert numbers(desktop)[-1] == (3, "device-1-2")
    world.settle()
    world.check_settled()


def test_a_push_under_used_numbers_is_mended_by_the_next_hello(world: World, tmp_path: Path) -> None:
    desktop = world.desktops[0]
    image = image_of(desktop, tmp_path)
    receive(desktop)
    world.push(desktop)
    put_back(desktop, image)
    receive(desktop, 5)
    with pytest.raises(Refused, match="sequence_conflict"):
        desktop.steps.push()
    world.settle()
    world.check_settled()


def test_numbers_that_the_service_has_never_seen_move_up(world: World) -> None:
    desktop = world.desktops[0]
    receive(desktop)
    receive(desktop)
    desktop.holder.database.execute("UPDATE outbox SET device_seq = -device_seq")
    desktop.holder.database.execute("UPDATE outbox SET device_seq = 40 - device_seq")
    with pytest.raises(Refused, match="sequence_gap"):
        desktop.steps.push()
    desktop.greet()
    assert [seq for seq, _ in numbers(desktop)] == [1, 2]
    assert meta.read(desktop.holder.database).next_device_seq == 3
    world.settle()
    world.check_settled()


@pytest.mark.warns_in_log
def test_a_copied_computer_that_has_joined_anew_brings_its_work_once(world: World) -> None:
    desktop = world.desktops[0]
    world.clerk_acts(desktop, 2)
    world.push_and_lose_the_reply(desktop)
    assert desktop.give(AdjustStock(SKU, PLACE, -1, MovementReason.DAMAGED)) == ""
    enrol(world.shop, world.clock, "device-9", 9)
    desktop.device_id = desktop.line.device_id = "device-9"
    world.settle()
    assert outbox.pending(desktop.holder.database) == []
    log = world.shop.rows("command_log WHERE device_id IS NOT NULL", "command_id, device_id, device_seq, verdict")
    assert log == [("device-1-0", "device-1", 1, "applied"), ("device-1-1", "device-9", 2, "applied")]
    assert desktop.shown() == world.desktops[1].shown()


def test_what_an_older_service_does_not_know_waits_for_it_with_all_that_follows(world: World) -> None:
    desktop = world.desktops[0]
    receive(desktop)
    assert desktop.give(AdjustStock(SKU, PLACE, -1, MovementReason.DAMAGED)) == ""
    receive(desktop)
    known = desktop.line.commands
    desktop.line.commands = {name: versions for name, versions in known.items() if name != AdjustStock.NAME}
    desktop.greet()
    assert [desktop.steps.push(), desktop.steps.push()] == [1, 0]
    states = [p.state for p in outbox.pending(desktop.holder.database)]
    assert states == [OutboxState.SENT, OutboxState.HELD, OutboxState.QUEUED]
    desktop.line.commands = known
    world.settle()
    world.check_settled()
