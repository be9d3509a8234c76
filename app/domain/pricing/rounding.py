"""Where the odd fen go: every place where pricing divides stands here or in ``app.domain.money``."""

from collections.abc import Iterable, Sequence

from app.domain.money import Fen, allocate, percent


def unit_price(list_fen: Fen, pay_bp: int) -> Fen:
    """The price of one piece at a rate, half a fen up: rounded per piece, so splitting a line changes nothing."""
    return percent(list_fen, pay_bp)


def spread(fen: Fen, pay: Sequence[Fen], units: int) -> list[Fen]:
    """``fen`` shared by what is still to pay at the positions of the bit mask ``units``.

    Weighing by what is left keeps every share within it, so no position ever falls below zero.
    """
    return allocate(fen, [left if units >> index & 1 else 0 for index, left in enumerate(pay)])


def return_share(pay_fen: Fen, qty: int, before_qty: int, count: int) -> Fen:
    """What ``count`` returned pieces of a line give back after ``before_qty`` others; all together exactly the line."""
    if not 0 <= before_qty <= before_qty + count <= qty or qty == 0:
        raise ValueError("more pieces come back than were sold")
    until, _ = divmod(int(pay_fen) * (before_qty + count), qty)
    since, _ = divmod(int(pay_fen) * before_qty, qty)
    return Fen(until - since)


def total_of(amounts: Iterable[Fen]) -> Fen:
    return Fen(sum(map(int, amounts)))


def amount_of(pay: Sequence[Fen], units: int) -> Fen:
    """What is still to pay at the positions of the bit mask ``units``."""
    if units + 1 == 1 << len(pay):
        return total_of(pay)
    return total_of([left for index, left in enumerate(pay) if units >> index & 1])
