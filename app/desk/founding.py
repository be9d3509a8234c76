"""How far a demo shop is that is being made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Founding:
    """``what`` is "pictures" or "orders"."""

    what: str
    done: int
    total: int
