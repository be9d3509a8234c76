"""Decisions about buyers who collect: prepared, handed over, handed over unplugged, and not handed over after all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.domain.command import Context
from app.domain.handover import refusal
from app.domain.handover.refusal import COLLECTABLE, UNKNOWN_CODE, by_ref, here, over, refusal_of, standing
from app.domain.incidents.model import Incident, open_incident
from app.domain.orders.leaving import Cause, come_back, is_whole, leave, waiting_qty
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.payments.model import Refund, RefundState
from app.domain.pickup import code, commands
from app.domain.pickup.commands import HandedPieces
from app.domain.pickup.model import Pickup, PickupRedemption, PickupState, RedemptionMode, RedemptionVerdict
from app.domain.stock.model import MovementReason
from app.domain.view import View

NOT_FOUND = RejectCode("pickup.not_found", "This order is not one to be collected.")
SHELF_UNFIT = RejectCode("pickup.shelf_unfit", "A shelf has at most 20 signs.")
PIECES_UNFIT = RejectCode("pickup.pieces_unfit", "More pieces than are still to be handed over.")
BOOKED_ALREADY = RejectCode("pickup.booked_already", "This handing over was booked already.")
REASON_UNFIT = RejectCode("pickup.reason_unfit", "Say why, in 1 to 80 signs.")
NOT_UNDOABLE = RejectCode("pickup.not_undoable", "This handing over can no longer be taken back.")
UNDO_TOO_LATE = RejectCode("pickup.undo_too_late", "A handing over can be taken back for {seconds} seconds only.")
REF_UNFIT = RejectCode("pickup.ref_unfit", "This is no reference of a pickup code.")
CODES = (
    *(NOT_FOUND, SHELF_UNFIT, PIECES_UNFIT, BOOKED_ALREADY, REASON_UNFIT, NOT_UNDOABLE, UNDO_TOO_LATE, REF_UNFIT),
    *refusal.CODES,
)
UNDO_GRACE = timedelta(seconds=60)
"""The button goes away in time; what was pressed before that may take a while to arrive."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What is written down of a handing over besides its pieces."""

    id: str
    ref: str
    point_id: str
    device_id: str
    mode: RedemptionMode
    reason: str = ""


def mark_ready(command: commands.MarkReady, view: View, context: Context) -> Decision:
    pickup, order = view.get(Pickup, command.order_id), view.get(Order, command.order_id)
    if pickup is None or order is None:
        return Rejected(NOT_FOUND)
    if refused := over(pickup, order, view):
        return refused
    shelf = command.shelf.strip()
    if len(shelf) > 20:
        return Rejected(SHELF_UNFIT)
    if pickup.state is PickupState.READY:
        return Accepted(() if shelf == pickup.shelf else (Put(replace(pickup, shelf=shelf)),))
    ready = replace(pickup, state=PickupState.READY, shelf=shelf, ready_at=context.at)
    return Accepted((Put(ready), _event("ready", order, {"shelf": shelf}, context)))


def redeem(command: commands.RedeemPickup, view: View, context: Context) -> Decision:
    found = by_ref(command.ref, view)
    if found is None:
        return Rejected(UNKNOWN_CODE)
    if refused := refusal_of(*found, here(command.point_id, context), view):
        return refused
    mode = RedemptionMode.TYPED if command.was_typed else RedemptionMode.SCAN
    scan = Scan(command.redemption_id, command.ref, command.point_id, command.device_id, mode)
    return _request(scan, found, command.pieces, view, context)


def hand_over(command: commands.HandOverPickup, view: View, context: Context) -> Decision:
    pickup, order = view.get(Pickup, command.order_id), view.get(Order, command.order_id)
    if pickup is None or order is None:
        return Rejected(NOT_FOUND)
    if refused := over(pickup, order, view):
        return refused
    reason = command.reason.strip()
    if not 1 <= len(reason) <= 80:
        return Rejected(REASON_UNFIT)
    scan = Scan(command.redemption_id, pickup.ref, command.point_id, command.device_id, RedemptionMode.BY_HAND, reason)
    return _request(scan, (pickup, order), command.pieces, view, context)


def _request(
    scan: Scan, found: tuple[Pickup, Order], wanted: tuple[HandedPieces, ...], view: View, context: Context
) -> Decision:
    if view.get(PickupRedemption, scan.id) is not None:
        return Rejected(BOOKED_ALREADY)
    lines = _lines(found[1], view)
    pieces = {each.order_line_id: each.qty for each in wanted} or _rest(lines)
    if len(pieces) < len(wanted) or not _fit(pieces, lines):
        return Rejected(PIECES_UNFIT)
    return Accepted(tuple(_handed(scan, found, pieces, view, context)))


def record_redeemed(command: commands.RecordRedeemed, view: View, context: Context) -> Decision:
    scan = Scan(command.redemption_id, command.ref, command.point_id, command.device_id, RedemptionMode.OFFLINE)
    return _fact(scan, command.pieces, view, context)


def record_unknown(command: commands.RecordUnknownRedeemed, view: View, context: Context) -> Decision:
    scan = Scan(command.redemption_id, command.ref, command.point_id, command.device_id, RedemptionMode.UNKNOWN_CODE)
    return _fact(scan, (), view, context)


def may_honour_unknown(view: View, context: Context) -> bool:
    """Whether the shop lets a manager hand over for one more code whose order is not here today."""
    today = context.shop.business_day(context.at)
    honoured = view.children(PickupRedemption, mode=RedemptionMode.UNKNOWN_CODE)
    count = sum(each.business_on == today for each in honoured)
    return context.shop.pickup_unknown_allowed and count < context.shop.pickup_unknown_per_day


def _fact(scan: Scan, wanted: tuple[HandedPieces, ...], view: View, context: Context) -> Decision:
    """The goods are gone: what fits is booked, and what contradicts the books is written down beside it."""
    if not code.is_ref(scan.ref) or not scan.id:
        return Rejected(REF_UNFIT)
    if view.get(PickupRedemption, scan.id) is not None:
        return Accepted()
    strict = () if _is_allowed(scan, view, context) else (_incident("pickup.unknown_not_allowed", scan, {}, context),)
    found = by_ref(scan.ref, view)
    if found is None:
        row = _row(scan, "", RedemptionVerdict.UNKNOWN, {}, context)
        return Accepted((Put(row), *strict, _incident("pickup.unknown_code", scan, {}, context)))
    pickup, order = found
    lines = _lines(order, view)
    claimed = {each.order_line_id: each.qty for each in wanted} or _rest(lines)
    booked = _bookable(claimed, lines) if _is_collectable(pickup, order) else {}
    changes = [*strict, *_handed(scan, found, booked, view, context)] if booked else list(strict)
    if not booked:
        verdict, kind = _contradiction(pickup)
        changes.append(Put(_row(scan, order.id, verdict, claimed, context)))
        changes.append(_incident(kind, scan, {"order_id": order.id, **_before(order, view)}, context))
    elif booked != claimed:
        params = {"order_id": order.id, **_before(order, view)}
        changes.append(_incident("pickup.redeemed_twice", scan, params, context))
    return Accepted(tuple(changes))


def _is_allowed(scan: Scan, view: View, context: Context) -> bool:
    return scan.mode is not RedemptionMode.UNKNOWN_CODE or may_honour_unknown(view, context)


def _is_collectable(pickup: Pickup, order: Order) -> bool:
    return pickup.state in (PickupState.PREPARING, PickupState.READY) and order.state in COLLECTABLE


def _contradiction(pickup: Pickup) -> tuple[RedemptionVerdict, str]:
    if pickup.state is PickupState.CLOSED or pickup.state is PickupState.ORDERED:
        return RedemptionVerdict.ENDED, "pickup.redeemed_after_end"
    return RedemptionVerdict.TWICE, "pickup.redeemed_twice"


def _before(order: Order, view: View) -> dict[str, Any]:
    """The handing over that a second one meets."""
    earlier = standing(order, view)
    return {"before_id": earlier[-1].id, "before_device_id": earlier[-1].device_id} if earlier else {}


def _handed(
    scan: Scan, found: tuple[Pickup, Order], pieces: Mapping[str, int], view: View, context: Context
) -> list[Change]:
    pickup, order = found
    lines = _lines(order, view)
    whole = is_whole(lines, pieces)
    verdict = RedemptionVerdict.REDEEMED if whole else RedemptionVerdict.PARTLY
    changes: list[Change] = [Put(_row(scan, order.id, verdict, pieces, context))]
    cause = Cause(MovementReason.COLLECTED, "redemption", scan.id)
    for line_id, qty in sorted(pieces.items()):
        changes += leave(lines[line_id], qty, cause, view, context)
    params = {"redemption_id": scan.id, "qty": sum(pieces.values()), "point_id": scan.point_id}
    if whole:
        changes.append(Put(replace(pickup, state=PickupState.COLLECTED, collected_at=context.at)))
        changes.append(Put(replace(order, state=OrderState.COMPLETED, finished_at=context.at)))
        return [*changes, _event("collected", order, params, context)]
    changes.append(Put(replace(order, state=OrderState.PARTLY_SHIPPED)))
    return [*changes, _event("partly_collected", order, params, context)]


def undo(command: commands.UndoRedemption, view: View, context: Context) -> Decision:
    done = view.get(PickupRedemption, command.undone_id)
    order = view.get(Order, done.order_id) if done is not None else None
    pickup = view.get(Pickup, done.order_id) if done is not None else None
    if done is None or order is None or pickup is None or done not in standing(order, view):
        return Rejected(NOT_UNDOABLE)
    if view.get(PickupRedemption, command.redemption_id) is not None:
        return Rejected(BOOKED_ALREADY)
    if _is_refunded_since(done, view):
        return Rejected(NOT_UNDOABLE)
    seconds = context.shop.pickup_undo_seconds
    if context.now > done.happened_at + timedelta(seconds=seconds) + UNDO_GRACE:
        return Rejected(UNDO_TOO_LATE, {"seconds": seconds})
    scan = Scan(command.redemption_id, done.ref, command.point_id, command.device_id, RedemptionMode.UNDO)
    row = replace(_row(scan, order.id, RedemptionVerdict.UNDONE, done.pieces, context), undoes=done.id)
    lines = _lines(order, view)
    cause = Cause(MovementReason.CAME_BACK, "redemption", scan.id)
    changes: list[Change] = [Put(row)]
    for line_id, qty in sorted(done.pieces.items()):
        changes += come_back(lines[line_id], qty, cause, view, context)
    nothing_left_out = all(line.shipped_qty == done.pieces.get(line.id, 0) for line in lines.values())
    state = OrderState.PAID if nothing_left_out else OrderState.PARTLY_SHIPPED
    changes.append(Put(replace(order, state=state, finished_at=None)))
    changes.append(Put(replace(pickup, state=PickupState.READY, collected_at=None)))
    return Accepted((*changes, _event("collection_undone", order, {"redemption_id": done.id}, context)))


def _is_refunded_since(done: PickupRedemption, view: View) -> bool:
    """Whoever got money back for what they hold has it."""
    refunds = view.children(Refund, order_id=done.order_id)
    return any(each.state is not RefundState.FAILED and each.requested_at >= done.happened_at for each in refunds)


def _row(
    scan: Scan, order_id: str, verdict: RedemptionVerdict, pieces: Mapping[str, int], context: Context
) -> PickupRedemption:
    return PickupRedemption(
        id=scan.id,
        ref=scan.ref,
        order_id=order_id,
        device_id=scan.device_id,
        staff_id=context.actor.id,
        point_id=scan.point_id,
        happened_at=context.at,
        business_on=context.shop.business_day(context.at),
        mode=scan.mode,
        verdict=verdict,
        pieces=dict(pieces),
        reason=scan.reason,
    )


def _incident(kind: str, scan: Scan, more: Mapping[str, Any], context: Context) -> Put:
    refs = {"redemption_id": scan.id, "ref": scan.ref, "device_id": scan.device_id, **more}
    return open_incident(Incident(context.new_id("incident", kind), kind, refs, context.at))


def _event(kind: str, order: Order, params: Mapping[str, Any], context: Context) -> Put:
    return Put(OrderEvent(context.new_id("event"), order.id, context.at, kind, context.actor.id, params))


def _lines(order: Order, view: View) -> dict[str, OrderLine]:
    return {line.id: line for line in view.children(OrderLine, order_id=order.id)}


def _rest(lines: Mapping[str, OrderLine]) -> dict[str, int]:
    return {line.id: waiting_qty(line) for line in lines.values() if waiting_qty(line)}


def _fit(pieces: Mapping[str, int], lines: Mapping[str, OrderLine]) -> bool:
    known = pieces.keys() <= lines.keys()
    return known and bool(pieces) and all(1 <= qty <= waiting_qty(lines[each]) for each, qty in pieces.items())


def _bookable(claimed: Mapping[str, int], lines: Mapping[str, OrderLine]) -> dict[str, int]:
    """Of what somebody says was handed over, what is still there to be handed over."""
    fitting = {each: min(qty, waiting_qty(lines[each])) for each, qty in claimed.items() if each in lines}
    return {each: qty for each, qty in fitting.items() if qty > 0}


HANDLERS = (
    (commands.MarkReady, mark_ready),
    (commands.RedeemPickup, redeem),
    (commands.HandOverPickup, hand_over),
    (commands.RecordRedeemed, record_redeemed),
    (commands.RecordUnknownRedeemed, record_unknown),
    (commands.UndoRedemption, undo),
)
