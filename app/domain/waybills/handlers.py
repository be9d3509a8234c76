"""Decisions about waybill numbers: who may be asked, and what becomes of the answer.

A parcel leaves exactly as one whose number was typed. An answer is a fact: what does not fit the shop any more is
written down beside it and never becomes a parcel.
"""

from dataclasses import replace
from datetime import timedelta

from app.domain.command import Actor, Context
from app.domain.delivery import carriers
from app.domain.delivery.model import BY_HAND, Parcel, WaybillRequest, WaybillState
from app.domain.incidents.model import Incident, open_incident
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.orders.handlers import (
    CARRIER_UNKNOWN,
    LINES_UNFIT,
    NUMBER_ON_ITS_WAY,
    PARCEL_EXISTS,
    WAYBILL_TAKEN,
    fits,
    is_taken,
    leaves,
    number_on_its_way,
    shippable,
)
from app.domain.orders.model import OrderContact, OrderEvent
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.paper.model import DocumentKind, Printed, PrintRequest
from app.domain.paper.rules import asked, paper_key
from app.domain.permission import Role
from app.domain.settings import Setting
from app.domain.view import View
from app.domain.waybills import commands
from app.kernel import codec

NO_ACCOUNT = RejectCode("delivery.no_account", "The shop has no account with {carrier} that gives out numbers.")
NOT_ASKED_FOR = RejectCode("delivery.not_asked_for", "This waybill number was not asked for here.")
IS_THERE = RejectCode(
    "delivery.number_is_there", "The waybill number came meanwhile, and the order was shipped with it."
)
CODES = (NO_ACCOUNT, NOT_ASKED_FOR, IS_THERE)
UNKNOWN_REQUEST = "waybill.unknown_request"
SECOND_NUMBER = "waybill.second_number"
NUMBER_TAKEN = "waybill.number_taken"
NOT_RETURNED = "waybill.not_returned"
MAX_MESSAGE = 200
MAX_LABELS = 500


def request_waybill(command: commands.RequestWaybill, view: View, context: Context) -> Decision:
    order = shippable(command.order_id, view)
    if isinstance(order, Rejected):
        return order
    if refusal := _refusal(command, view, context):
        return refusal
    attempt = 1 + max((each.attempt for each in view.children(WaybillRequest, order_id=order.id)), default=0)
    request = WaybillRequest(
        id=command.request_id,
        order_id=order.id,
        parcel_id=command.parcel_id,
        attempt=attempt,
        carrier=command.carrier,
        service=command.service,
        carrier_key=f"{order.no}-{attempt}",
        lines={line.order_line_id: line.qty for line in command.lines},
        actor=context.actor.id,
        state=WaybillState.ASKED,
        requested_at=context.at,
        has_label=1 if command.has_label else 0,
    )
    return Accepted((Put(request),))


def _refusal(command: commands.RequestWaybill, view: View, context: Context) -> Rejected | None:
    carrier = carriers.carrier(command.carrier)
    if carrier is None:
        return Rejected(CARRIER_UNKNOWN)
    if command.carrier not in context.shop.carriers_with_numbers:
        return Rejected(NO_ACCOUNT, {"carrier": carrier.name})
    if number_on_its_way(command.order_id, view) is not None:
        return Rejected(NUMBER_ON_ITS_WAY, {"order_id": command.order_id})
    is_known = view.get(WaybillRequest, command.request_id) is not None
    if is_known or _is_used(command.parcel_id, view):
        return Rejected(PARCEL_EXISTS)
    return None if fits(command.order_id, command.lines, view) else Rejected(LINES_UNFIT)


def _is_used(parcel_id: str, view: View) -> bool:
    return view.get(Parcel, parcel_id) is not None or bool(view.children(WaybillRequest, parcel_id=parcel_id))


def withdraw_waybill(command: commands.WithdrawWaybill, view: View, context: Context) -> Decision:
    """The order is free at once; the carrier is asked on until it says how it ended, for a number has to go back."""
    request = view.get(WaybillRequest, command.request_id)
    if request is None:
        return Rejected(NOT_ASKED_FOR)
    if request.state is WaybillState.GRANTED:
        return Rejected(IS_THERE)
    if request.state is not WaybillState.ASKED:
        return Accepted()
    ended = replace(request, state=WaybillState.WITHDRAWN, reason=BY_HAND, answered_at=context.at)
    return Accepted((Put(ended), _event("number_given_up", replace(ended, actor=context.actor.id, reason=""), context)))


def record_waybill(command: commands.RecordWaybill, view: View, context: Context) -> Decision:
    """The parcel leaves by the hand of who asked; a number that came too late is kept, to be given back."""
    request = view.get(WaybillRequest, command.request_id)
    refs = {"request_id": command.request_id, "waybill_no": command.waybill_no}
    if request is None:
        return _incident(UNKNOWN_REQUEST, refs, context)
    refs |= {"order_id": request.order_id, "carrier": request.carrier}
    if not request.is_unanswered:
        is_told = request.waybill_no == command.waybill_no
        return Accepted() if is_told else _incident(SECOND_NUMBER, refs, context)
    answered = replace(
        request,
        state=WaybillState.GRANTED,
        waybill_no=command.waybill_no,
        sorting_code=command.sorting_code,
        bag_mark=command.bag_mark,
        qr_text=command.qr_text,
        service=command.service or request.service,
        answered_at=context.at,
    )
    if is_taken(request.carrier, command.waybill_no, view):
        # Another parcel travels under it, so it is not ours to give back either.
        ended = replace(answered, state=WaybillState.WITHDRAWN, waybill_no="", reason=WAYBILL_TAKEN.code)
        if _was_typed(answered, view):
            return Accepted((Put(ended),))
        return Accepted(
            (Put(ended), open_incident(Incident(context.new_id("incident"), NUMBER_TAKEN, refs, context.at)))
        )
    if request.state is WaybillState.WITHDRAWN:
        return _given_back(answered, BY_HAND, context)
    return _sent(answered, view, context)


def _was_typed(request: WaybillRequest, view: View) -> bool:
    """Whether the order travels under it already: who did not wait for the answer has found it at the carrier's."""
    parcels = view.children(Parcel, order_id=request.order_id)
    return any((each.carrier, each.waybill_no) == (request.carrier, request.waybill_no) for each in parcels)


def _given_back(request: WaybillRequest, reason: str, context: Context) -> Accepted:
    """The number stands in its row and never on a parcel; a job gives it back."""
    ended = replace(request, state=WaybillState.WITHDRAWN, reason=reason)
    return Accepted((Put(ended), _event("number_withdrawn", request, context)))


def _sent(request: WaybillRequest, view: View, context: Context) -> Decision:
    order = shippable(request.order_id, view)
    lines = tuple(ShippedLine(line_id, qty) for line_id, qty in request.lines.items())
    refusal = order if isinstance(order, Rejected) else None
    if refusal is None and view.get(Parcel, request.parcel_id) is not None:
        refusal = Rejected(PARCEL_EXISTS)
    if refusal is None and not fits(request.order_id, lines, view):
        refusal = Rejected(LINES_UNFIT)
    if refusal is not None or isinstance(order, Rejected):
        return _given_back(request, refusal.code if refusal else "", context)
    by_whom = replace(context, actor=Actor(request.actor, Role.CLERK))
    ship = ShipOrder(order.id, request.parcel_id, lines, request.carrier, request.waybill_no, request.service)
    changes = leaves(ship, order, view, by_whom)
    if request.has_label:
        changes += asked(DocumentKind.LABEL, order.id, request.parcel_id, view, context)
    return Accepted((Put(request), *changes))


def record_refused(command: commands.RecordWaybillRefused, view: View, context: Context) -> Decision:
    """The order waits to be shipped as before; who asks again asks under a new key."""
    request = view.get(WaybillRequest, command.request_id)
    if request is None or not request.is_unanswered:
        return Accepted()
    is_given_up = request.state is WaybillState.WITHDRAWN
    is_over = is_given_up or isinstance(shippable(request.order_id, view), Rejected)
    ended = replace(
        request,
        state=WaybillState.WITHDRAWN if is_over else WaybillState.REFUSED,
        reason=str(command.reason),
        carrier_code=command.carrier_code,
        message=without_receiver(command.message, view.get(OrderContact, request.order_id))[:MAX_MESSAGE],
        answered_at=context.at,
    )
    return Accepted((Put(ended), *(() if is_given_up else (_event("number_refused", ended, context),))))


def without_receiver(message: str, contact: OrderContact | None) -> str:
    """A carrier may repeat what it does not like; a person's data stand in one table alone."""
    for text in (contact.address, contact.phone, contact.name) if contact is not None else ():
        message = message.replace(text, "***") if text else message
    return message


def record_unclear(command: commands.RecordWaybillUnclear, view: View, context: Context) -> Decision:
    request = view.get(WaybillRequest, command.request_id)
    if request is None or not request.is_unanswered or command.tries <= request.tries:
        return Accepted()
    return Accepted((Put(replace(request, tries=command.tries)),))


def record_returned(command: commands.RecordWaybillReturned, view: View, context: Context) -> Decision:
    request = view.get(WaybillRequest, command.request_id)
    if request is None:
        return Accepted()
    if command.is_returned:
        return Accepted((_event("number_returned", request, context),))
    refs = {
        "order_id": request.order_id,
        "carrier": request.carrier,
        "waybill_no": request.waybill_no,
        "carrier_code": command.carrier_code,
    }
    return _incident(NOT_RETURNED, refs, context)


def _event(kind: str, request: WaybillRequest, context: Context) -> Put:
    told = {"carrier": request.carrier, "waybill_no": request.waybill_no, "reason": request.reason}
    known = {name: text for name, text in told.items() if text}
    return Put(OrderEvent(context.new_id(kind), request.order_id, context.at, kind, request.actor, known))


def _incident(kind: str, refs: dict[str, str], context: Context) -> Accepted:
    return Accepted((open_incident(Incident(context.new_id("incident"), kind, refs, context.at)),))


def record_carriers(command: commands.RecordCarriers, view: View, context: Context) -> Decision:
    known = [code for code in command.carriers if carriers.carrier(code) is not None]
    return Accepted((Put(Setting("waybill_carriers", codec.canonical(",".join(known)))),))


def ask_labels(command: commands.AskLabels, view: View, context: Context) -> Decision:
    """One moment apart each, so that the station prints them in this order; what was asked for before is left out.

    A parcel that waits for its number has its label asked for together with it.
    """
    changes: list[Change] = []
    for place, parcel_id in enumerate(dict.fromkeys(command.parcel_ids[:MAX_LABELS])):
        parcel = view.get(Parcel, parcel_id)
        if parcel is None:
            waiting = view.children(WaybillRequest, parcel_id=parcel_id)
            changes += [Put(replace(each, has_label=1)) for each in waiting if each.state is WaybillState.ASKED]
        for change in (
            asked(DocumentKind.LABEL, parcel.order_id, parcel.id, view, context) if parcel is not None else ()
        ):
            if isinstance(change, Put) and isinstance(change.row, PrintRequest):
                at = change.row.requested_at + timedelta(microseconds=place)
                changes.append(Put(replace(change.row, requested_at=at)))
    return Accepted(tuple(changes))


def ask_left_label(command: commands.AskLeftLabel, view: View, context: Context) -> Decision:
    """Nothing where it was printed meanwhile, by a station or by hand, or where no computer prints by itself."""
    request = view.get(WaybillRequest, command.request_id)
    parcel = view.get(Parcel, request.parcel_id) if request is not None else None
    if parcel is None or view.children(Printed, key=paper_key(DocumentKind.LABEL, parcel.id)):
        return Accepted()
    return Accepted(tuple(asked(DocumentKind.LABEL, parcel.order_id, parcel.id, view, context)))


HANDLERS = (
    (commands.RequestWaybill, request_waybill),
    (commands.WithdrawWaybill, withdraw_waybill),
    (commands.AskLabels, ask_labels),
    (commands.AskLeftLabel, ask_left_label),
    (commands.RecordCarriers, record_carriers),
    (commands.RecordWaybill, record_waybill),
    (commands.RecordWaybillRefused, record_refused),
    (commands.RecordWaybillUnclear, record_unclear),
    (commands.RecordWaybillReturned, record_returned),
)
