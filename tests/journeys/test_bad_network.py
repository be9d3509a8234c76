"""Two counters work over a network that loses, breaks, delays and doubles what it carries."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.command import Command
from app.domain.stock.commands import AdjustStock, ReceiveStock
from app.domain.stock.model import MovementReason
from tests.journeys.counters import Counter, two_counters
from tests.journeys.service_books import check_books, check_effects
from tests.support.bad_line import FAULTS, BadLine
from tests.support.waiting import until

SEED = int(os.environ.get("ZHANGGUI_SEED", "20261125"))
COMMANDS = 200


@pytest.fixture
def lines() -> Iterator[tuple[BadLine, BadLine]]:
    with closing(BadLine(SEED)) as first, closing(BadLine(SEED + 1)) as second:
        yield first, second


def stock_command(chance: random.Random, place: tuple[str, str]) -> Command:
    if chance.random() < 0.5:
        return ReceiveStock(*place, chance.randrange(1, 9))
    return AdjustStock(*place, chance.choice((-1, 1)), MovementReason.FOUND)


def is_synced(counter: Counter) -> bool:
    """Tries again at once instead of waiting for its back-off, as a person at the badge would."""
    counter.desktop.sync_now()
    return counter.waiting() == 0


def test_what_two_counters_do_over_a_bad_network_happens_once(tmp_path: Path, lines: tuple[BadLine, BadLine]) -> None:
    folder = tmp_path / "掌柜 line"
    chance = random.Random(SEED)
    started = time.perf_counter()
    with two_counters(folder, (lines[0].route, lines[1].route)) as counters:
        places = [(s.sku.id, s.levels[0].location_id) for s in counters[0].product("云南小粒咖啡豆").skus]
        for line in lines:
            line.worsen()
        given: list[str] = []
        while len(given) < COMMANDS:
            for counter in counters:
                given += [counter.do(stock_command(chance, chance.choice(places))) for _ in range(2)]
            counters[chance.randrange(2)].desktop.sync_now()
            until(lambda: min(c.waiting() for c in counters) < 12, "commands go up meanwhile", 60)
        until(lambda: all([is_synced(c) for c in counters]), "everything is acknowledged", 60)
        for line in lines:
            line.mend()
        for counter in counters:
            counter.desktop.sync_now()
            until(counter.is_online, "the line is good again", 40)
            assert counter.differing() == ()
            assert counter.open_issues() == []
    lost, doubled = check_effects(folder, given)
    faults = lines[0].done + lines[1].done
    print(
        f"BAD NETWORK commands={len(given)} lost={lost} doubled={doubled} seconds={time.perf_counter() - started:.0f} "
        + " ".join(f"{fault}={faults[fault]}" for fault in FAULTS)
    )
    assert (lost, doubled) == (0, 0)
    assert all(faults[fault] for fault in FAULTS), "every kind of fault has happened"
    check_books(folder)
