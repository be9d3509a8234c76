"""Money is a whole number of fen; there is no other kind of money in this program."""

from collections.abc import Sequence
from enum import StrEnum

BASIS_POINTS = 10_000
MINUS = "\u2212"


class Fen(int):
    """An amount in fen (1 yuan = 100 fen), negative for money that goes the other way.

    Adds to and subtracts from Fen, multiplies with a count; it has no division, because a division loses fen.
    Use ``percent`` and ``allocate``, which say where the rest goes.
    """

    __slots__ = ()

    def __add__(self, other: int) -> "Fen":
        return Fen(int(self) + int(other)) if isinstance(other, Fen) or other == 0 else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: int) -> "Fen":
        return Fen(int(self) - int(other)) if isinstance(other, Fen) else NotImplemented

    def __neg__(self) -> "Fen":
        return Fen(-int(self))

    def __mul__(self, count: int) -> "Fen":
        return NotImplemented if isinstance(count, Fen) else Fen(int(self) * count)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> "Fen":
        raise TypeError("money has no division: use percent or allocate")

    __floordiv__ = __truediv__
    __rtruediv__ = __truediv__
    __rfloordiv__ = __truediv__


ZERO = Fen(0)


class Rounding(StrEnum):
    """Where half and broken fen go."""

    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"


def percent(amount: Fen, basis_points: int, rounding: Rounding = Rounding.HALF_UP) -> Fen:
    """``amount × basis_points / 10,000`` in whole fen; the amount must not be negative."""
    if amount < 0 or basis_points < 0:
        raise ValueError("percent takes no negative amount or rate")
    scaled = int(amount) * basis_points
    whole, rest = divmod(scaled, BASIS_POINTS)
    if rounding is Rounding.UP:
        return Fen(whole + (rest > 0))
    if rounding is Rounding.HALF_UP:
        return Fen(whole + (2 * rest >= BASIS_POINTS))
    return Fen(whole)


def allocate(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """``total`` shared by ``weights``: parts sum exactly to it, in order of the weights.

    Each part is rounded down and the fen left over go to the largest remainders, ties by position. Raises ValueError
    for a negative total or weight, and when there is something to share and nobody to take it.
    """
    if total < 0 or any(w < 0 for w in weights):
        raise ValueError("allocate takes no negative total or weight")
    whole = sum(weights)
    if whole == 0:
        if total != 0:
            raise ValueError("nothing to share the amount by")
        return [ZERO for _ in weights]
    parts = [divmod(int(total) * w, whole) for w in weights]
    spare = int(total) - sum(share for share, _ in parts)
    first = sorted(range(len(weights)), key=lambda i: (-parts[i][1], i))[:spare]
    lucky = frozenset(first)
    return [Fen(share + (i in lucky)) for i, (share, _) in enumerate(parts)]


def money_text(fen: int) -> str:
    """Fen as people read money, always two decimals, with a true minus sign: −¥1,234.50."""
    yuan, rest = divmod(abs(int(fen)), 100)
    return f"{MINUS if fen < 0 else ''}¥{yuan:,}.{rest:02d}"
