"""Pieces of an order leave the shop, or come back to it: line, reservation and stock move together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.command import Context
from app.domain.orders.model import OrderLine
from app.domain.outcome import Bump, Change, Put
from app.domain.stock.model import MovementReason, Reservation, ReservationState, StockLevel, StockMovement
from app.domain.stock.rules import level_of, move
from app.domain.view import View


@dataclass(frozen=True, slots=True)
class Cause:
    """Why the stock moves, and the record that says so."""

    reason: MovementReason
    ref_kind: str
    ref_id: str


def waiting_qty(line: OrderLine) -> int:
    """Pieces of a line that are still to leave."""
    return line.open_qty


def leave(line: OrderLine, qty: int, cause: Cause, view: View, context: Context) -> list[Change]:
    """The line counts them, the reservation ends with its last piece, and the stock goes down."""
    changes: list[Change] = [Bump(OrderLine, (line.id,), "shipped_qty", qty)]
    held = view.get(Reservation, line.id)
    if held is None or held.state is not ReservationState.HELD:
        return changes
    if line.shipped_qty + qty == held.qty:  # pieces whose money is on its way back are held until it has gone
        changes.append(Put(replace(held, state=ReservationState.CONSUMED)))
    return changes + _moved(held, -qty, cause, view, context)


def come_back(line: OrderLine, qty: int, cause: Cause, view: View, context: Context) -> list[Change]:
    """As before they left: promised to this order again."""
    changes: list[Change] = [Bump(OrderLine, (line.id,), "shipped_qty", -qty)]
    held = view.get(Reservation, line.id)
    if held is None or held.state is ReservationState.RELEASED:
        return changes
    if held.state is ReservationState.CONSUMED:
        changes.append(Put(replace(held, state=ReservationState.HELD)))
    return changes + _moved(held, qty, cause, view, context)


def return_refunded(
    pieces: Iterable[tuple[OrderLine, int]], cause: Cause, view: View, context: Context
) -> list[Change]:
    """Pieces whose money went back come back too: on the shelf again, and promised to nobody."""
    changes: list[Change] = []
    returning: Counter[tuple[str, str]] = Counter()
    for line, qty in pieces:
        held = view.get(Reservation, line.id)
        if held is not None and qty > 0:
            changes.append(Bump(OrderLine, (line.id,), "returned_qty", qty))
            returning[held.sku_id, held.location_id] += qty
    for (sku_id, location_id), qty in sorted(returning.items()):
        level = level_of(view, sku_id, location_id)
        changes += move(view, level, _movement(level, qty, cause, context, "returned"))
    return changes


def _moved(held: Reservation, delta_qty: int, cause: Cause, view: View, context: Context) -> list[Change]:
    level = level_of(view, held.sku_id, held.location_id)
    movement = _movement(level, delta_qty, cause, context, held.order_line_id)
    return list(move(view, level, movement, consumed_qty=-delta_qty))


def _movement(level: StockLevel, delta_qty: int, cause: Cause, context: Context, label: str) -> StockMovement:
    return StockMovement(
        id=context.new_id("movement", level.sku_id, level.location_id, label),
        sku_id=level.sku_id,
        location_id=level.location_id,
        delta_qty=delta_qty,
        reason=cause.reason,
        ref_kind=cause.ref_kind,
        ref_id=cause.ref_id,
        actor=context.actor.id,
        happened_at=context.at,
    )


def is_whole(lines: Mapping[str, OrderLine], now: Mapping[str, int]) -> bool:
    """Whether nothing is left to leave once ``now`` has."""
    leaving = Counter(now)
    return all(waiting_qty(line) == leaving[line.id] for line in lines.values())
