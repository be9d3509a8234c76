"""What waits before the one writer: nobody who sends much holds up the others, and nobody's order is changed."""

from concurrent.futures import Future

import pytest

from services.authority.lanes import BATCH_LIMIT, BULK_SHARE, Lane, Lanes
from services.authority.submission import Busy, Item


def item(name: str) -> Item:
    """``a3`` is the third of source a."""
    made = Item(Future(), name[0])
    made.future.set_result(name)
    return made


def names(items: list[Item]) -> list[str]:
    return [each.future.result() for each in items]


def filled(lane: Lane, *wanted: str) -> Lanes:
    lanes = Lanes()
    for name in wanted:
        lanes.put(lane, item(name))
    return lanes


@pytest.mark.parametrize("lane", list(Lane))
def test_sources_are_served_in_turn_and_each_in_its_order(lane: Lane) -> None:
    lanes = filled(lane, "a1", "a2", "a3", "b1", "c1", "c2")
    assert names(lanes.take(1)) == ["a1", "b1", "c1", "a2", "c2", "a3"]


def test_a_flood_does_not_keep_a_single_command_out_of_the_next_batch() -> None:
    lanes = filled(Lane.LIVE, *[f"a{n}" for n in range(500)], "b0")
    assert "b0" in names(lanes.take(1))[:2]


def test_what_can_wait_takes_a_quarter_at_most_while_people_wait() -> None:
    lanes = filled(Lane.BULK, *[f"a{n}" for n in range(200)])
    for n in range(200):
        lanes.put(Lane.LIVE, item(f"b{n}"))
    batch = names(lanes.take(1))
    assert len(batch) == BATCH_LIMIT
    assert sum(name[0] == "a" for name in batch) == BULK_SHARE


def test_undecided_items_come_first_again_in_their_own_lane() -> None:
    lanes = filled(Lane.LIVE, "a1", "a2", "b1")
    lanes.put(Lane.BULK, item("z1"))
    lanes.put(Lane.BULK, item("z2"))
    batch = lanes.take(1)
    assert names(batch) == ["a1", "b1", "a2", "z1", "z2"]
    lanes.put(Lane.LIVE, item("b2"))
    lanes.give_back(batch[1:])
    again = lanes.take(1)
    assert names(again) == ["b1", "a2", "b2", "z1", "z2"]
    assert [each.is_bulk for each in again] == [False, False, False, True, True]


def test_a_stopping_service_takes_nothing_more_but_finishes() -> None:
    lanes = filled(Lane.LIVE, "a1")
    lanes.close()
    with pytest.raises(Busy):
        lanes.put(Lane.LIVE, item("a2"))
    assert not lanes.is_drained
    assert names(lanes.take(1)) == ["a1"]
    assert lanes.is_drained
