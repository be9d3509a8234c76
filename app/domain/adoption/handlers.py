"""Decisions about orders that a desktop remembers and the service has lost: they come back as they were.

The furthest state of an order wins, told by its events: desktops of one epoch have each seen a beginning of the same
history. What the service has decided otherwise since then is left alone, and a person is told.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from app.domain.adoption import clashes
from app.domain.adoption.coherence import BOOKED, is_coherent
from app.domain.adoption.commands import AdoptOrder
from app.domain.adoption.goods import goods_of, is_placed, moved, unplaced
from app.domain.command import Context
from app.domain.incidents.model import Incident, open_incident, restored_id
from app.domain.members.model import Buyer
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderPrice
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.payments.model import (
    Account,
    CheckState,
    Payment,
    PaymentCheck,
    PaymentState,
    Refund,
    RefundState,
    Transfer,
)
from app.domain.row import Row, key_of
from app.domain.stock.model import Reservation
from app.domain.view import View
from app.kernel.derived import derived_id

UNFIT = RejectCode("adoption.unfit", "The parts of this order do not belong together or do not add up.")
FOREIGN_EPOCH = RejectCode("adoption.foreign_epoch", "This order is of a time that this shop never had.")
CODES = (UNFIT, FOREIGN_EPOCH)
CAME_BACK = "orders.came_back"
"""The incident that lists what a restored shop got back from its desktops; one for each epoch that was lost."""
DIFFERS = "orders.came_back_otherwise"
MOST_LISTED = 200
R = TypeVar("R", bound=Row)


def adopt_order(command: AdoptOrder, view: View, context: Context) -> Decision:
    if view.get(Incident, restored_id(command.epoch)) is None:
        return Rejected(FOREIGN_EPOCH)
    if not is_coherent(command):
        return Rejected(UNFIT)
    known = view.get(Order, command.order.id)
    here = {each.id: each for each in view.children(OrderEvent, order_id=command.order.id)}
    if known is not None and {each.id for each in command.events} <= here.keys():
        return Accepted(tuple(_new(command.redemptions, view)))
    if clash := clashes.found(command, known, here.values(), view):
        return Accepted((_differs(command, clash, context),))
    return Accepted(tuple(_brought(command, known, view, context)))


def happened_already(view: View, context: Context) -> bool:
    """Whether the event that this command writes is there: its order came back with it before the command did."""
    return view.get(OrderEvent, context.new_id("event")) is not None


def _brought(told: AdoptOrder, known: Order | None, view: View, context: Context) -> list[Change]:
    """Everything that the shop does not have of the order, parents before their children."""
    reservations = [each if is_placed(each, view) else unplaced(each) for each in told.reservations]
    lines_before = view.children(OrderLine, order_id=told.order.id)
    held_before = [held for line in lines_before if (held := view.get(Reservation, line.id)) is not None]
    changes: list[Change] = [*_parents(told, view), Put(told.order)]
    if told.contact is not None and known is None:
        changes.append(Put(told.contact))
    changes += [*(Put(line) for line in told.lines), *(Put(each) for each in reservations)]
    changes += [*_new(told.events, view), *_priced(told, view)]
    if told.pickup is not None:
        changes.append(Put(clashes.with_free_code(told.pickup, view)))
    if told.delivery is not None:
        changes.append(Put(told.delivery))
    changes += [*_new(told.redemptions, view), *(Put(each) for each in (*told.parcels, *told.parcel_lines))]
    changes += _money(told, view, context)
    changes += moved(told.order, goods_of(lines_before, held_before), goods_of(told.lines, reservations), view, context)
    return [*changes, _came_back(told, view, context)]


def _parents(told: AdoptOrder, view: View) -> list[Change]:
    kinds: tuple[Row | None, ...] = (told.buyer or Buyer(told.order.buyer_id), told.point, told.area)
    return [Put(row) for row in kinds if row is not None and view.get(type(row), *key_of(row)) is None]


def _new(rows: Iterable[R], view: View) -> list[Change]:
    """Of what is recorded for good, what is not recorded yet."""
    return [Put(row) for row in rows if view.get(type(row), *key_of(row)) is None]


def _priced(told: AdoptOrder, view: View) -> list[Change]:
    """How the price came about; a coupon that cannot be this order's any more is not named."""
    changes: list[Change] = _new(told.discounts, view)
    coupon = clashes.coupon_of(told, view)
    if coupon is not None:
        changes.append(Put(coupon))
    price = told.price
    if price is not None and view.get(OrderPrice, price.order_id) is None:
        changes.append(Put(price if coupon is not None else replace(price, coupon_id="")))
    return changes


def _money(told: AdoptOrder, view: View, context: Context) -> list[Change]:
    """Payments and refunds as they were, each with its entry in the books if that is not there yet.

    A computer can only tell that money came; whether it did, WeChat is asked.
    """
    changes: list[Change] = []
    surplus = {each.id for each in told.payments if each.state is PaymentState.SURPLUS}
    for payment in sorted(told.payments, key=lambda each: each.state is PaymentState.OPEN):
        before = view.get(Payment, payment.id)
        changes.append(Put(payment))
        if payment.state in BOOKED and (before is None or before.state not in BOOKED):
            credit = Account.OWED if payment.id in surplus else Account.SALES
            changes.append(_entry(("payment", payment.id), (Account.WECHAT, credit), payment, context))
            changes += _new((PaymentCheck(payment.id, payment.order_id, CheckState.OPEN, context.at),), view)
    for refund in told.refunds:
        earlier = view.get(Refund, refund.id)
        changes.append(Put(refund))
        if refund.state is RefundState.SUCCEEDED and (earlier is None or earlier.state is not refund.state):
            debit = Account.OWED if refund.payment_id in surplus else Account.SALES
            changes.append(_entry(("refund", refund.id), (debit, Account.WECHAT), refund, context))
    return [*changes, *(Put(part) for part in told.refund_lines)]


def _entry(of: tuple[str, str], accounts: tuple[Account, Account], moved_by: Payment | Refund, context: Context) -> Put:
    at = moved_by.paid_at if isinstance(moved_by, Payment) else moved_by.ended_at
    return Put(
        Transfer(
            id=context.new_id("transfer", *of),
            debit=accounts[0],
            credit=accounts[1],
            fen=moved_by.amount_fen,
            ref_kind=of[0],
            ref_id=of[1],
            happened_at=at or context.at,
        )
    )


def _came_back(told: AdoptOrder, view: View, context: Context) -> Put:
    """One incident for all: it counts them, and is open again when more come after it was settled."""
    incident_id = derived_id(CAME_BACK, told.epoch)
    before = view.get(Incident, incident_id)
    refs = {} if before is None else before.refs
    listed = [str(no) for no in refs.get("nos", ())]
    if told.order.no in listed:
        count = int(refs.get("count", 0))
    else:
        count, listed = int(refs.get("count", 0)) + 1, [*listed, told.order.no][:MOST_LISTED]
    opened_at = context.at if before is None else before.opened_at
    now = {"epoch": told.epoch, "count": count, "nos": listed}
    return open_incident(Incident(incident_id, CAME_BACK, now, opened_at))


def _differs(told: AdoptOrder, clash: str, context: Context) -> Put:
    refs = {
        "order_id": told.order.id,
        "no": told.order.no,
        "state": str(told.order.state),
        "clash": clash,
        "told": [each.kind for each in told.events],
    }
    return open_incident(Incident(context.new_id("incident"), DIFFERS, refs, context.at))


HANDLERS = ((AdoptOrder, adopt_order),)
