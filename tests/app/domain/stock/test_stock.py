"""Stock moves by deltas; what is promised to somebody is not taken by a request, and a fact says what it broke."""

from dataclasses import replace

import pytest

from app.domain.command import Command
from app.domain.incidents.model import Incident
from app.domain.outcome import Bump
from app.domain.stock.commands import AdjustStock, CountStock, ReceiveStock
from app.domain.stock.handlers import ADJUSTMENT_REASONS, MAX_QTY
from app.domain.stock.model import MovementReason, StockLevel, StockMovement
from tests.app.domain.deciding import CLERK, COURIER, EARLIER, given
from tests.app.domain.rows import LEVEL, shop

PROMISED = replace(LEVEL, on_hand_qty=3, reserved_qty=2)
SHORT = replace(LEVEL, on_hand_qty=1, reserved_qty=2, short_qty=1)
NOWHERE = StockLevel("other", "place")


def adjust(delta: int, reason: MovementReason = MovementReason.DAMAGED) -> AdjustStock:
    return AdjustStock("s1", "place", delta, reason)


def receive(qty: int) -> ReceiveStock:
    return ReceiveStock("s1", "place", qty)


def count(seen: int, counted: int) -> CountStock:
    return CountStock("s1", "place", seen, counted)


@pytest.mark.parametrize(
    ("level", "command", "after"),
    [
        (LEVEL, adjust(-10), (0, 0, 0)),
        (LEVEL, adjust(5, MovementReason.FOUND), (15, 0, 0)),
        (PROMISED, adjust(-1), (2, 2, 0)),
        (SHORT, adjust(4, MovementReason.FOUND), (5, 2, 0)),
        (NOWHERE, receive(7), (7, 0, 0)),
        (SHORT, receive(1), (2, 2, 0)),
        (SHORT, receive(4), (5, 2, 0)),
        (replace(SHORT, on_hand_qty=-4, short_qty=6), receive(3), (-1, 2, 3)),
        (LEVEL, count(10, 10), (10, 0, 0)),
        (LEVEL, count(12, 11), (9, 0, 0)),
        (PROMISED, count(3, 1), (1, 2, 1)),
        (SHORT, count(1, 0), (0, 2, 2)),
        (NOWHERE, count(3, 1), (-2, 0, 2)),
        (LEVEL, count(20, 0), (-10, 0, 10)),
    ],
)
def test_levels_follow_what_moved_and_what_is_missing(
    level: StockLevel, command: Command, after: tuple[int, int, int]
) -> None:
    decided = given(shop(level=level)).when(command, CLERK)
    now = decided.after.get(StockLevel, "s1", "place")
    assert now is not None
    assert (now.on_hand_qty, now.reserved_qty, now.short_qty) == after
    moved = decided.put(StockMovement)
    before = level.on_hand_qty if level.sku_id == "s1" else 0
    assert moved.delta_qty == after[0] - before
    assert (moved.ref_kind, moved.ref_id, moved.actor) == ("command", "command", "clerk")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AdjustStock("gone", "place", 1, MovementReason.FOUND), "stock.sku_not_found"),
        (AdjustStock("s1", "gone", 1, MovementReason.FOUND), "stock.location_not_found"),
        (ReceiveStock("gone", "place", 1), "stock.sku_not_found"),
        (CountStock("s1", "gone", 1, 1), "stock.location_not_found"),
        (adjust(0), "stock.bad_qty"),
        (adjust(-MAX_QTY - 1), "stock.bad_qty"),
        (receive(0), "stock.bad_qty"),
        (receive(MAX_QTY + 1), "stock.bad_qty"),
        (count(1, -1), "stock.bad_qty"),
        (count(-MAX_QTY - 1, 1), "stock.bad_qty"),
        (adjust(1, MovementReason.SHIPPED), "stock.bad_reason"),
        (adjust(1, MovementReason.COUNTED), "stock.bad_reason"),
        (adjust(-2), "stock.not_enough"),
    ],
)
def test_what_cannot_be_is_refused(command: Command, code: str) -> None:
    given(shop(level=PROMISED)).when(command).refused(code)


def test_the_refusal_tells_how_many_may_be_taken() -> None:
    given(shop(level=PROMISED)).when(adjust(-2)).refused("stock.not_enough", available_qty=1)
    given(shop(level=SHORT)).when(adjust(-1)).refused("stock.not_enough", available_qty=0)


@pytest.mark.parametrize("reason", ADJUSTMENT_REASONS)
def test_the_reason_is_written_down_with_the_time_it_was_given(reason: MovementReason) -> None:
    moved = given(shop()).when(adjust(-1, reason), CLERK, issued_at=EARLIER).put(StockMovement)
    assert (moved.reason, moved.happened_at) == (reason, EARLIER)


def test_a_count_that_leaves_promised_goods_missing_opens_an_incident() -> None:
    decided = given(shop(level=PROMISED)).when(count(3, 1), CLERK)
    incident = decided.put(Incident)
    assert (incident.kind, incident.state) == ("stock.short", "open")
    assert dict(incident.refs) == {
        "sku_id": "s1",
        "location_id": "place",
        "movement_id": decided.put(StockMovement).id,
        "missing_qty": 1,
    }


@pytest.mark.parametrize(("level", "command"), [(PROMISED, count(3, 2)), (SHORT, count(1, 1)), (SHORT, count(0, 1))])
def test_a_count_that_makes_nothing_worse_opens_none(level: StockLevel, command: Command) -> None:
    assert not given(shop(level=level)).when(command).after.rows(Incident)


def test_a_level_is_only_ever_moved_by_deltas() -> None:
    changes = given(shop(level=PROMISED)).when(count(3, 1)).changes
    assert [(c.column, c.by) for c in changes if isinstance(c, Bump)] == [("short_qty", 1), ("on_hand_qty", -2)]
    assert not [c for c in changes if c.kind is StockLevel and not isinstance(c, Bump)]


def test_couriers_do_not_move_stock() -> None:
    given(shop()).when(receive(1), COURIER).refused("not_allowed", permission="stock.adjust")
    given(shop()).when(count(1, 1), COURIER).refused("not_allowed", permission="stock.count")
