"""Whatever happens to desktops, network and service: afterwards all agree, nothing is lost and nothing doubled."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.stores import DATABASES, new_url
from tests.support.world import World

LONG = int(os.environ.get("ZHANGGUI_CONVERGENCE_EXAMPLES", "0"))
ACTS = (
    "order", "collect", "act", "act", "act", "hand", "hand", "hand", "push", "push", "lose", "old",
    "pull", "pull", "pull", "crash", "bootstrap", "trim", "forget", "back_up", "restore", "greet",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 40)), min_size=5, max_size=45)
TOGETHER = [("collect", 0, 0), ("pull", 0, 4), ("pull", 0, 4), ("bootstrap", 0, 0), ("bootstrap", 1, 0)]
"""One order to be collected, which two counters know of."""
LOST_HOURS = [
    *(("back_up", 0, 0), *TOGETHER, ("order", 0, 0), ("bootstrap", 1, 0), ("act", 1, 5), ("hand", 0, 1)),
    *(("push", 0, 0), ("push", 1, 0), ("bootstrap", 0, 0), ("order", 0, 1), ("bootstrap", 2, 0), ("restore", 0, 0)),
]
"""Two counters ship and hand over what the backup does not know, and the third has seen one order more."""
PROFILE = settings(
    max_examples=LONG or 20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    database=None,
)


def step(world: World, act: str, number: int, value: int) -> None:
    """One event at one of the desktops."""
    desktop = world.desktops[number]
    match act:
        case "order":
            world.buyer_orders(value)
        case "act":
            world.clerk_acts(desktop, value)
        case "collect":
            world.buyer_will_collect(value)
        case "hand":
            world.counter_acts(desktop, value)
        case "push":
            world.push(desktop)
        case "lose":
            world.push_and_lose_the_reply(desktop)
        case "old":
            world.push_something_old_again(desktop, value)
        case "pull":
            world.pull(desktop, value)
        case "bootstrap":
            world.bootstrap_under_load(desktop, value)
        case _:
            _rare(world, act, number)


def _rare(world: World, act: str, number: int) -> None:
    desktop = world.desktops[number]
    match act:
        case "crash":
            desktop.crash()
        case "greet":
            desktop.greet()
        case "trim":
            world.trim()
        case "forget":
            world.forget_desktop_for_long(desktop)
        case "back_up":
            world.back_up()
        case "restore":
            world.restore()


def run(database: str, steps: list[tuple[str, int, int]]) -> World:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = World(new_url(database, folder), folder)
        try:
            for act, number, value in steps:
                step(world, act, number, value)
                world.check()
            world.settle()
            world.check_settled()
        finally:
            world.close()
    return world


@pytest.mark.parametrize("database", DATABASES)
@given(steps=STEPS)
@example(steps=[("act", 0, 0), ("lose", 0, 0), ("act", 0, 1), ("push", 0, 0), ("pull", 0, 0)])
@example(steps=[("act", 0, 3), ("act", 1, 5), ("act", 0, 4), ("act", 1, 4), ("push", 0, 0), ("push", 1, 0)])
@example(steps=[("back_up", 0, 0), ("act", 0, 0), ("push", 0, 0), ("pull", 0, 4), ("restore", 0, 0), ("act", 0, 2)])
@example(steps=[("act", 2, 0), ("lose", 2, 0), ("bootstrap", 2, 0), ("act", 2, 2), ("crash", 2, 0), ("push", 2, 0)])
@example(steps=LOST_HOURS)
@example(steps=[*TOGETHER, ("hand", 0, 1), ("hand", 1, 1), ("push", 0, 0), ("push", 1, 0)])
@example(steps=[*TOGETHER, ("hand", 0, 0), ("hand", 0, 2), ("hand", 0, 4), ("push", 0, 0), ("hand", 1, 1)])
@example(steps=[*TOGETHER, ("hand", 0, 3), ("hand", 1, 3), ("hand", 1, 1), ("push", 0, 0), ("lose", 1, 0)])
@PROFILE
def test_all_agree_in_the_end(database: str, steps: list[tuple[str, int, int]]) -> None:
    run(database, steps)
