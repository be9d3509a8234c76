"""Round figures for an axis, in whole numbers alone."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from app.kernel.i18n import language, tr

_STEPS: Final = (1, 2, 4, 5, 10)
INTERVALS: Final = 4


def ticks(least: int, most: int, unit: int = 1) -> tuple[int, ...]:
    """Even figures from zero or below to at least ``most``, about four intervals, whole multiples of ``unit``."""
    room = max(1, -(-(max(most, 0) - min(least, 0)) // (INTERVALS * unit)))
    power = 1
    while _STEPS[-1] * power < room:
        power *= 10
    step = next(step * power for step in _STEPS if step * power >= room) * unit
    first = -(-max(-least, 0) // step)
    last = -(-max(most, 0) // step) or (INTERVALS if first == 0 else 0)
    return tuple(step * place for place in range(-first, last + 1))


def short(value: int) -> str:
    """A figure in few signs: 4千 and 1.2万, or 4k and 12k."""
    for size, said in _units():
        if abs(value) >= size:
            amount = (Decimal(value) / size).quantize(Decimal("0.01")).normalize()
            return said(f"{amount:f}".replace("-", "−"))
    return str(value).replace("-", "−")


def _units() -> Sequence[tuple[int, Callable[[str], str]]]:
    if language() == "zh_CN":  # counts by ten thousands, in which English has no word
        return (
            (10**8, lambda amount: tr("{amount} hundred million", amount=amount)),
            (10**4, lambda amount: tr("{amount} ten thousand", amount=amount)),
            (10**3, lambda amount: tr("{amount} thousand", amount=amount)),
        )
    return (
        (10**9, lambda amount: tr("{amount}bn", amount=amount)),
        (10**6, lambda amount: tr("{amount}m", amount=amount)),
        (10**3, lambda amount: tr("{amount}k", amount=amount)),
    )
