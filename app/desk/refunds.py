"""What of an order can go back, piece by piece, and what that comes to: by the shop's own rules, before it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.desk.threads import Query
from app.domain.aftersales.commands import RefundedPieces, RequestRefund
from app.domain.money import ZERO, Fen
from app.domain.orders.model import Order, OrderLine, OrderState
from app.domain.payments.refunding import Taken, Wish, paid_payment, sent_room, shares, taken_of, unsent_room
from app.domain.pricing.rounding import total_of
from app.domain.row import Row
from app.domain.view import MemoryView
from app.replica.queries import refunds

Key = tuple[str, bool]
"""A line's id, and whether its pieces have left."""
NOTHING_TAKEN = Taken({}, {}, {}, ZERO, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """Pieces of one line that are alike: they have all left, or none of them has."""

    line: OrderLine
    has_left: bool
    most: int

    @property
    def key(self) -> Key:
        return self.line.id, self.has_left


@dataclass(frozen=True, slots=True)
class RefundSum:
    """What chosen pieces come to. ``cancels``: nothing of the order would leave; ``open_qty`` pieces would still."""

    parts: tuple[tuple[OrderLine, int, Fen], ...]
    freight_fen: Fen
    total_fen: Fen
    cancels: bool
    open_qty: int


@dataclass(frozen=True, slots=True)
class RefundOffer:
    """All that can still be refunded of an order; ``is_whole_only`` when there is nothing to choose any more."""

    order: Order
    choices: tuple[Choice, ...]
    freight_left_fen: Fen
    is_whole_only: bool
    taken: Taken

    def all_pieces(self) -> dict[Key, int]:
        return {choice.key: choice.most for choice in self.choices}

    def sum_of(self, counts: Mapping[Key, int], *, with_freight: bool) -> RefundSum:
        """``with_freight`` is not asked where everything goes back before it has left: the freight does too."""
        lines = {choice.line.id: choice.line for choice in self.choices}
        wish = _wish(counts, ZERO)
        parts = shares(wish, lines, self.taken, "")
        cancels = self.order.state in (OrderState.PAID, OrderState.CANCELLED) and bool(counts) and all(
            counts.get(choice.key, 0) == choice.most for choice in self.choices
        )  # fmt: skip
        freight = self.freight_left_fen if with_freight or cancels else ZERO
        goods = total_of(part.fen for part in parts)
        told = tuple((lines[part.order_line_id], part.qty, part.fen) for part in parts)
        return RefundSum(told, freight, goods + freight, cancels, self._open_qty(wish))

    def command(self, refund_id: str, reason: str, counts: Mapping[Key, int], told: RefundSum) -> RequestRefund:
        if self.is_whole_only:
            return RequestRefund(self.order.id, refund_id, reason)
        wish = _wish(counts, told.freight_fen)
        pieces = tuple(RefundedPieces(line_id, qty, wish.unsent[line_id]) for line_id, qty in wish.pieces.items())
        return RequestRefund(self.order.id, refund_id, reason, pieces, told.freight_fen)

    def _open_qty(self, wish: Wish) -> int:
        """Pieces that would still have to leave; those of a refund that failed are held back already."""
        lines = {choice.line.id: choice.line for choice in self.choices}
        left = 0
        for line in lines.values():
            gone = self.taken.unsent.get(line.id, 0) + wish.unsent.get(line.id, 0)
            left += line.qty - line.shipped_qty - max(line.cancelled_qty, gone)
        return left


def refund_offer(order_id: str) -> Query[RefundOffer | None]:
    """None when there is no such order, or nothing left to go back."""
    return lambda connection: offer_of(refunds.refund_rows(connection, order_id))


def offer_of(rows: Sequence[Row]) -> RefundOffer | None:
    view = MemoryView(rows)
    order = next((row for row in rows if isinstance(row, Order)), None)
    if order is None:
        return None
    payment = paid_payment(order, view)
    taken = NOTHING_TAKEN if payment is None else taken_of(payment, view)
    lines = sorted((row for row in rows if isinstance(row, OrderLine)), key=lambda line: line.line_no)
    choices = [
        Choice(line, has_left, room(line, taken))
        for line in lines
        for has_left, room in ((False, unsent_room), (True, sent_room))
        if room(line, taken) > 0
    ]
    freight_left = Fen(order.freight_fen) - taken.freight_fen
    if not choices and not freight_left:
        return None
    is_whole_only = order.state is OrderState.CANCELLED or payment is None
    return RefundOffer(order, tuple(choices), freight_left, is_whole_only, taken)


def _wish(counts: Mapping[Key, int], freight_fen: Fen) -> Wish:
    pieces: dict[str, int] = {}
    unsent: dict[str, int] = {}
    for (line_id, has_left), qty in counts.items():
        if qty:
            pieces[line_id] = pieces.get(line_id, 0) + qty
            unsent[line_id] = unsent.get(line_id, 0) + (0 if has_left else qty)
    return Wish(pieces, unsent, freight_fen)
