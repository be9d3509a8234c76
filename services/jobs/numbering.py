"""Asking a carrier for a waybill number, under one key however often, until it says clearly how that ended.

An answer that was lost may stand for a number: then the carrier is asked first what became of the key, and ordered
from again only under the same one. A number that nobody needs any more goes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.domain.command import Command
from app.domain.delivery.model import BY_HAND, WaybillRefusal, WaybillRequest, WaybillState
from app.domain.orders.model import SHIPPABLE, Order, OrderContact, OrderLine
from app.domain.row import Audience
from app.domain.settings import ShopSettings, read_settings
from app.domain.waybills.commands import (
    AskLeftLabel,
    RecordWaybill,
    RecordWaybillRefused,
    RecordWaybillReturned,
    RecordWaybillUnclear,
)
from app.domain.waybills.handlers import without_receiver
from app.tables.statements import Database
from app.tables.view import SqlView
from services.adapters.carrier import Cargo, Carrier, Granted, Party, Refused, Unknown, WaybillOrder
from services.authority import jobs
from services.authority.booking import own_intent
from services.authority.jobs import Job
from services.authority.lanes import Lane
from services.jobs.outside import NotYet, Outside
from services.jobs.worker import Handler, Timer

ASK = "waybill.order"
RETURN = "waybill.return"
LABEL = "waybill.label"
LEFT = timedelta(minutes=10)
"""A computer that asks for many numbers asks for their labels itself, after the last; then it was closed before."""
AT_ONCE = timedelta(0)
"""The worker looks whenever a request was written: a clerk stands there and waits."""
MOST_ATTEMPTS = 10_000
THROTTLED_ATTEMPTS = 5
RETURN_ATTEMPTS = 12
_NOT_TOLD = (WaybillRefusal.TOO_OFTEN, WaybillRefusal.MISCONFIGURED)
"""Refusals of the gateway: they say nothing about a number that may be there already."""
_SOUGHT = f"(state = 'withdrawn' AND reason = '{BY_HAND}' AND waybill_no = '')"
"""Nobody waits for it any more, and a number may come all the same."""
Answer = Granted | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Found:
    """What a request is about, as the shop has it now."""

    request: WaybillRequest
    order: Order
    contact: OrderContact | None
    lines: Mapping[str, OrderLine]
    shop: ShopSettings


def finding_requests(outside: Outside) -> Timer:
    def run() -> None:
        outside.enqueue(ASK, f"SELECT id FROM waybill_requests WHERE state = 'asked' OR {_SOUGHT}")
        outside.enqueue(RETURN, "SELECT id FROM waybill_requests WHERE state = 'withdrawn' AND waybill_no <> ''")

    return Timer("waybill numbers", AT_ONCE, run)


def ordering(outside: Outside, carriers: Mapping[str, Carrier]) -> Handler:
    def run(job: Job) -> None:
        found = _found(outside, str(job.payload["id"]))
        if found is None or not found.request.is_unanswered:
            return
        was_asked = job.attempts > 1 or found.request.tries > 0
        answer = _ask(found, carriers.get(found.request.carrier), was_asked=was_asked)
        request = found.request
        if isinstance(answer, Unknown):
            _record(outside, RecordWaybillUnclear(request.id, job.attempts), request.id, str(job.attempts))
            raise NotYet(request.carrier_key)
        if isinstance(answer, Granted):
            texts = (answer.sorting_code, answer.bag_mark, answer.qr_text, answer.service)
            if not request.has_label:
                _look_after_label(outside, request.id)
            _record(outside, RecordWaybill(request.id, answer.waybill_no, *texts), request.id, answer.waybill_no)
            return
        if answer.reason is WaybillRefusal.TOO_OFTEN and job.attempts < THROTTLED_ATTEMPTS:
            raise NotYet(request.carrier_key)
        told = without_receiver(answer.message, found.contact)  # the log of commands keeps it for good
        refused = RecordWaybillRefused(request.id, answer.reason, answer.code, told)
        _record(outside, refused, request.id)

    return Handler(ASK, run, MOST_ATTEMPTS, spends_money=True, table=WaybillRequest.TABLE)


def _look_after_label(outside: Outside, request_id: str) -> None:
    """Before the number is written down, so that no label is lost between the two."""
    at = outside.clock.now() + LEFT

    def write(database: Database) -> None:
        jobs.enqueue(database, LABEL, f"{LABEL}:{request_id}", {"id": request_id}, at)

    outside.executor.chore(write, Lane.BULK).result()


def labelling(outside: Outside) -> Handler:
    """Asks for the labels that whoever asked for the numbers left behind."""

    def run(job: Job) -> None:
        request_id = str(job.payload["id"])
        _record(outside, AskLeftLabel(request_id), request_id)

    return Handler(LABEL, run, MOST_ATTEMPTS, table=WaybillRequest.TABLE)


def returning(outside: Outside, carriers: Mapping[str, Carrier]) -> Handler:
    def run(job: Job) -> None:
        found = _found(outside, str(job.payload["id"]))
        if found is None or found.request.state is not WaybillState.WITHDRAWN or not found.request.waybill_no:
            return
        carrier = carriers.get(found.request.carrier)
        answer = carrier.cancel(found.request.carrier_key) if carrier is not None else Unknown("no account")
        is_unclear = isinstance(answer, Unknown) or (isinstance(answer, Refused) and answer.reason in _NOT_TOLD)
        if is_unclear and job.attempts < RETURN_ATTEMPTS:
            raise NotYet(found.request.carrier_key)
        why = answer.code if isinstance(answer, Refused) else answer.detail if isinstance(answer, Unknown) else ""
        returned = RecordWaybillReturned(found.request.id, is_returned=answer is True, carrier_code=why)
        _record(outside, returned, found.request.id)

    return Handler(RETURN, run, MOST_ATTEMPTS, table=WaybillRequest.TABLE)


def _ask(found: Found, carrier: Carrier | None, *, was_asked: bool) -> Answer:
    key = found.request.carrier_key
    if was_asked:
        if carrier is None:
            return Unknown("no account")
        known = carrier.find(key)
        if isinstance(known, Refused) and known.reason in _NOT_TOLD:
            return Unknown(known.code)
        if not isinstance(known, Refused) or known.reason is not WaybillRefusal.NO_SUCH_ORDER:
            return known
    if found.order.state not in SHIPPABLE or found.request.state is not WaybillState.ASKED:
        return Refused(WaybillRefusal.ORDER_OVER, "", "")
    if carrier is None:
        return Refused(WaybillRefusal.ACCOUNT, "", "")
    if found.contact is None:
        return Refused(WaybillRefusal.RECEIVER_UNFIT, "", "")
    return carrier.order(_wanted(found, found.contact))


def _wanted(found: Found, contact: OrderContact) -> WaybillOrder:
    shop = found.shop
    packed = [
        (found.lines[line_id], int(qty)) for line_id, qty in found.request.lines.items() if line_id in found.lines
    ]
    is_weighed = all(line.weight_g for line, _ in packed)
    return WaybillOrder(
        key=found.request.carrier_key,
        sender=Party(shop.shop_name, shop.shop_phone, shop.shop_address, company=shop.shop_name),
        receiver=Party(contact.name, contact.phone, contact.address),
        cargo=tuple(Cargo(line.title, qty) for line, qty in packed),
        weight_g=sum(line.weight_g * qty for line, qty in packed) if is_weighed else 0,
        service=found.request.service,
    )


def _found(outside: Outside, request_id: str) -> Found | None:
    with outside.store.reading() as database:
        view = SqlView(database, Audience)
        request = view.get(WaybillRequest, request_id)
        order = view.get(Order, request.order_id) if request is not None else None
        if request is None or order is None:
            return None
        lines = {line.id: line for line in view.children(OrderLine, order_id=order.id)}
        return Found(request, order, view.get(OrderContact, order.id), lines, read_settings(view))


def _record(outside: Outside, command: Command, *key: str) -> None:
    """What was answered is a fact; while it cannot be written down the job goes on, and asks again what it knows."""
    (answer,) = outside.decide([own_intent(command, outside.clock.now(), *key)])
    if not answer.is_applied:
        raise NotYet(command.NAME)
