"""How stock moves: one place that turns a delta into changes, so that level and movements always agree."""

from app.domain.incidents.model import Incident, open_incident
from app.domain.outcome import Bump, Change, Put
from app.domain.stock.model import StockLevel, StockMovement
from app.domain.view import View


def level_of(view: View, sku_id: str, location_id: str) -> StockLevel:
    """The level, or a zero one where nothing was ever held."""
    return view.get(StockLevel, sku_id, location_id) or StockLevel(sku_id, location_id)


def move(view: View, level: StockLevel, movement: StockMovement, consumed_qty: int = 0) -> tuple[Change, ...]:
    """Carry out ``movement`` on ``level``; ``consumed_qty`` pieces of it were reserved and are no longer.

    ``short_qty`` follows: goods received lower it first, and what was taken although promised raises it.
    """
    changes: list[Change] = []
    if view.get(StockLevel, level.sku_id, level.location_id) is None:
        changes.append(Put(level))
    key = (level.sku_id, level.location_id)
    on_hand = level.on_hand_qty + movement.delta_qty
    reserved = level.reserved_qty - consumed_qty
    short = max(0, reserved - on_hand)
    # The order matters to the database's check after each step: what loosens it comes before what tightens it.
    steps = [
        ("short_qty", short - level.short_qty),
        ("reserved_qty", -consumed_qty),
        ("on_hand_qty", movement.delta_qty),
    ]
    if short < level.short_qty or movement.delta_qty > 0:
        steps.reverse()
    changes += [Bump(StockLevel, key, column, by) for column, by in steps if by]
    changes.append(Put(movement))
    return tuple(changes)


def release(level: StockLevel, qty: int) -> tuple[Change, ...]:
    """Pieces that were promised and stay here after all; who was short of them is so no longer."""
    short = max(0, level.reserved_qty - qty - level.on_hand_qty)
    steps = (("reserved_qty", -qty), ("short_qty", short - level.short_qty))
    return tuple(Bump(StockLevel, (level.sku_id, level.location_id), column, by) for column, by in steps if by)


def shortage_incident(
    incident_id: str, level: StockLevel, delta_qty: int, movement: StockMovement
) -> tuple[Change, ...]:
    """Opens an incident when a fact leaves promised orders without their goods."""
    missing = level.reserved_qty - (level.on_hand_qty + delta_qty)
    if missing <= 0 or delta_qty >= 0:
        return ()
    refs = {
        "sku_id": level.sku_id,
        "location_id": level.location_id,
        "movement_id": movement.id,
        "missing_qty": missing,
    }
    return (open_incident(Incident(incident_id, "stock.short", refs, movement.happened_at)),)
