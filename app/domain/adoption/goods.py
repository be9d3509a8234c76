"""What an order that comes back means for the shelves: level and movements agree, whatever is there by now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.catalog.model import Sku
from app.domain.command import Context
from app.domain.incidents.model import Incident, open_incident
from app.domain.orders.model import DeliveryKind, Order, OrderLine
from app.domain.outcome import Bump, Change, Put
from app.domain.stock.model import (
    Location,
    MovementReason,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from app.domain.view import View

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Goods:
    """Pieces of an order by article and place: those that have left, and those that are promised to it."""

    gone: Counter[Place]
    promised: Counter[Place]


def goods_of(lines: Iterable[OrderLine], reservations: Iterable[Reservation]) -> Goods:
    held = {each.order_line_id: each for each in reservations}
    gone, promised = Counter[Place](), Counter[Place]()
    for line in lines:
        reservation = held.get(line.id)
        if reservation is None:
            continue
        place = (reservation.sku_id, reservation.location_id)
        gone[place] += line.shipped_qty - line.returned_qty
        if reservation.state is ReservationState.HELD:
            promised[place] += reservation.qty - line.shipped_qty
    return Goods(gone, promised)


def is_placed(reservation: Reservation, view: View) -> bool:
    """Whether article and place are known, so that there can be stock of it."""
    has_article = view.get(Sku, reservation.sku_id) is not None
    return has_article and view.get(Location, reservation.location_id) is not None


def unplaced(reservation: Reservation) -> Reservation:
    """Nothing can be held of an article that is gone."""
    return replace(reservation, state=ReservationState.RELEASED)


def moved(order: Order, before: Goods, after: Goods, view: View, context: Context) -> list[Change]:
    """From what the shelves know of the order to what is told of it; a shortage that this shows is an incident."""
    changes: list[Change] = []
    places = {*before.gone, *before.promised, *after.gone, *after.promised}
    for sku_id, location_id in sorted(places):
        place = (sku_id, location_id)
        delta = before.gone[place] - after.gone[place]
        promised = after.promised[place] - before.promised[place]
        if (delta or promised) and view.get(Sku, sku_id) and view.get(Location, location_id):
            changes += _settled(order, place, (delta, promised), view, context)
    return changes


def _settled(order: Order, place: Place, by: tuple[int, int], view: View, context: Context) -> list[Change]:
    known = view.get(StockLevel, *place)
    level = known or StockLevel(*place)
    delta, promised = by
    on_hand, reserved = level.on_hand_qty + delta, level.reserved_qty + promised
    short = max(0, reserved - on_hand)
    steps = [("on_hand_qty", delta), ("reserved_qty", promised), ("short_qty", short - level.short_qty)]
    # The database checks after each step: what loosens comes before what tightens.
    steps.sort(key=lambda step: (step[1] > 0) == (step[0] == "reserved_qty"))
    changes: list[Change] = [] if known is not None else [Put(level)]
    changes += [Bump(StockLevel, place, column, qty) for column, qty in steps if qty]
    if delta:
        changes.append(Put(_movement(order, place, delta, context)))
    if short > level.short_qty:
        refs = {"sku_id": place[0], "location_id": place[1], "order_id": order.id, "missing_qty": short}
        changes.append(open_incident(Incident(context.new_id("short", *place), "stock.short", refs, context.at)))
    return changes


def _movement(order: Order, place: Place, delta: int, context: Context) -> StockMovement:
    left = MovementReason.COLLECTED if order.delivery_kind is DeliveryKind.PICKUP else MovementReason.SHIPPED
    return StockMovement(
        id=context.new_id("movement", *place),
        sku_id=place[0],
        location_id=place[1],
        delta_qty=delta,
        reason=left if delta < 0 else MovementReason.CAME_BACK,
        ref_kind="order",
        ref_id=order.id,
        actor=context.actor.id,
        happened_at=context.at,
    )
