"""What of a payment may go back, piece by piece, and how a refund is opened."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.money import ZERO, Fen
from app.domain.orders.model import Order, OrderLine
from app.domain.outcome import Bump, Change, Put
from app.domain.payments.model import Payment, PaymentState, Refund, RefundLine, RefundState
from app.domain.pricing.rounding import return_share, total_of
from app.domain.view import View


@dataclass(frozen=True, slots=True)
class Taken:
    """What the refunds of a payment have taken or are taking: pieces and fen by line, freight, and their number.

    ``unsent`` are those of the pieces that have never left.
    """

    qty: Mapping[str, int]
    unsent: Mapping[str, int]
    fen: Mapping[str, int]
    freight_fen: Fen
    refunds: int


NOTHING_TAKEN = Taken({}, {}, {}, ZERO, 0)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to go back: pieces by line, those of them that have not left, and freight."""

    pieces: Mapping[str, int]
    unsent: Mapping[str, int]
    freight_fen: Fen


def paid_payment(order: Order, view: View) -> Payment | None:
    """The payment that paid the order; a free order has none."""
    payments = view.children(Payment, order_id=order.id)
    return next((each for each in payments if each.state is PaymentState.PAID), None)


def taken_of(payment: Payment, view: View) -> Taken:
    qty: Counter[str] = Counter()
    unsent: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    freight = ZERO
    refunds = view.children(Refund, payment_id=payment.id)
    for refund in refunds:
        if refund.state is RefundState.FAILED:
            continue
        lines = view.children(RefundLine, refund_id=refund.id)
        freight += refund.amount_fen - total_of(line.fen for line in lines)
        for line in lines:
            qty[line.order_line_id] += line.qty
            unsent[line.order_line_id] += line.unsent_qty
            fen[line.order_line_id] += int(line.fen)
    return Taken(qty, unsent, fen, freight, len(refunds))


def whole_rest(order: Order, lines: Mapping[str, OrderLine], taken: Taken) -> Wish:
    """Everything that has not gone back yet."""
    all_left = {line.id: line.qty - taken.qty.get(line.id, 0) for line in lines.values()}
    left = {line_id: qty for line_id, qty in all_left.items() if qty}
    unsent = {line_id: unsent_room(lines[line_id], taken) for line_id in left}
    return Wish(left, unsent, order.freight_fen - taken.freight_fen)


def unsent_room(line: OrderLine, taken: Taken) -> int:
    """Pieces that have not left and whose money is still here."""
    return line.qty - line.shipped_qty - taken.unsent.get(line.id, 0)


def sent_room(line: OrderLine, taken: Taken) -> int:
    """Pieces that have left and whose money is still here."""
    return line.shipped_qty - (taken.qty.get(line.id, 0) - taken.unsent.get(line.id, 0))


def shares(wish: Wish, lines: Mapping[str, OrderLine], taken: Taken, refund_id: str) -> list[RefundLine]:
    """The fen of each line's pieces; the last pieces of a line take all that is left of it, so nothing is lost."""
    found = []
    for line_id, count in sorted(wish.pieces.items()):
        line, before = lines[line_id], taken.qty.get(line_id, 0)
        left = Fen(int(line.paid_fen) - taken.fen.get(line_id, 0))
        is_last = before + count == line.qty
        fen = left if is_last else min(left, return_share(line.paid_fen, line.qty, before, count))
        found.append(RefundLine(refund_id, line_id, count, fen, wish.unsent.get(line_id, 0)))
    return found


def opened(payment: Payment, refund: Refund, lines: list[RefundLine]) -> list[Change]:
    """The refund with its lines, and the payment that knows of it in the same commit."""
    promised = replace(payment, refunding_fen=payment.refunding_fen + refund.amount_fen)
    return [Put(promised), Put(refund), *(Put(line) for line in lines)]


def held_back(wish: Wish, lines: Mapping[str, OrderLine], taken: Taken) -> list[Change]:
    """What has not left never will from here on; after a refund that failed it is held back already."""
    changes: list[Change] = []
    for line_id, count in sorted(wish.unsent.items()):
        more = taken.unsent.get(line_id, 0) + count - lines[line_id].cancelled_qty
        if more > 0:
            changes.append(Bump(OrderLine, (line_id,), "cancelled_qty", more))
    return changes


def room_of(payment: Payment) -> Fen:
    """What may still be asked back."""
    return payment.amount_fen - payment.refunding_fen - payment.refunded_fen


def next_number(payment: Payment, taken: Taken) -> str:
    """Ours for WeChat: the attempt's own and how often money went back from it."""
    return f"{payment.out_trade_no}-R{taken.refunds + 1}"
