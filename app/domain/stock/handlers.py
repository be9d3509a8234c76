"""Decisions about stock."""

from app.domain.catalog.model import Sku
from app.domain.command import Context
from app.domain.outcome import Accepted, Decision, RejectCode, Rejected
from app.domain.stock import commands
from app.domain.stock.model import Location, MovementReason, StockLevel, StockMovement
from app.domain.stock.rules import level_of, move, shortage_incident
from app.domain.view import View

MAX_QTY = 1_000_000
SKU_NOT_FOUND = RejectCode("stock.sku_not_found", "This article does not exist.")
LOCATION_NOT_FOUND = RejectCode("stock.location_not_found", "This place does not exist.")
BAD_QTY = RejectCode("stock.bad_qty", "The number of pieces must be between {least} and {most}.")
BAD_REASON = RejectCode("stock.bad_reason", "This reason is not one for an adjustment.")
NOT_ENOUGH = RejectCode("stock.not_enough", "Only {available_qty} can be taken; the rest is promised to orders.")
CODES = (SKU_NOT_FOUND, LOCATION_NOT_FOUND, BAD_QTY, BAD_REASON, NOT_ENOUGH)
ADJUSTMENT_REASONS = (
    MovementReason.RECEIVED,
    MovementReason.DAMAGED,
    MovementReason.LOST,
    MovementReason.FOUND,
    MovementReason.GIFT,
)


def adjust_stock(command: commands.AdjustStock, view: View, context: Context) -> Decision:
    if refusal := _unknown_place(command.sku_id, command.location_id, view):
        return refusal
    if command.delta_qty == 0 or abs(command.delta_qty) > MAX_QTY:
        return Rejected(BAD_QTY, {"least": -MAX_QTY, "most": MAX_QTY})
    if command.reason not in ADJUSTMENT_REASONS:
        return Rejected(BAD_REASON)
    level = level_of(view, command.sku_id, command.location_id)
    if command.delta_qty < 0 and level.available_qty + command.delta_qty < 0:
        return Rejected(NOT_ENOUGH, {"available_qty": max(0, level.available_qty)})
    return Accepted(move(view, level, _movement(level, command.delta_qty, command.reason, context)))


def receive_stock(command: commands.ReceiveStock, view: View, context: Context) -> Decision:
    if refusal := _unknown_place(command.sku_id, command.location_id, view):
        return refusal
    if not 0 < command.qty <= MAX_QTY:
        return Rejected(BAD_QTY, {"least": 1, "most": MAX_QTY})
    level = level_of(view, command.sku_id, command.location_id)
    return Accepted(move(view, level, _movement(level, command.qty, MovementReason.RECEIVED, context)))


def count_stock(command: commands.CountStock, view: View, context: Context) -> Decision:
    if refusal := _unknown_place(command.sku_id, command.location_id, view):
        return refusal
    if not 0 <= command.counted_qty <= MAX_QTY or abs(command.seen_qty) > MAX_QTY:
        return Rejected(BAD_QTY, {"least": 0, "most": MAX_QTY})
    delta = command.counted_qty - command.seen_qty
    level = level_of(view, command.sku_id, command.location_id)
    movement = _movement(level, delta, MovementReason.COUNTED, context)
    incident = shortage_incident(context.new_id("incident"), level, delta, movement)
    return Accepted(move(view, level, movement) + incident)


def _unknown_place(sku_id: str, location_id: str, view: View) -> Rejected | None:
    if view.get(Sku, sku_id) is None:
        return Rejected(SKU_NOT_FOUND)
    if view.get(Location, location_id) is None:
        return Rejected(LOCATION_NOT_FOUND)
    return None


def _movement(level: StockLevel, delta_qty: int, reason: MovementReason, context: Context) -> StockMovement:
    return StockMovement(
        id=context.new_id("movement"),
        sku_id=level.sku_id,
        location_id=level.location_id,
        delta_qty=delta_qty,
        reason=reason,
        ref_kind="command",
        ref_id=context.command_id,
        actor=context.actor.id,
        happened_at=context.at,
    )


HANDLERS = (
    (commands.AdjustStock, adjust_stock),
    (commands.ReceiveStock, receive_stock),
    (commands.CountStock, count_stock),
)
