"""What the large card says, as plain data: one verdict and the acts that fit it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """FOUND: somebody was looked up by hand, and nothing is redeemed yet."""

    FOUND = "found"
    DONE = "done"
    ALREADY = "already"
    ELSEWHERE = "elsewhere"
    NOT_READY = "not_ready"
    REFUSED = "refused"


class Act(StrEnum):
    """What can be done from a verdict; each has its key."""

    NEXT = "next"
    UNDO = "undo"
    RECORD = "record"
    COPY = "copy"
    PREPARE = "prepare"
    REDEEM = "redeem"
    PART = "part"
    OVERRIDE = "override"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Goods:
    """One article: how many are handed over; ``place`` where its pieces lie, struck when none goes out now."""

    title: str
    qty: int
    place: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A tinted note: a word that stands out, and the rest."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An act with its words."""

    act: Act
    text: str
    keys: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``slot`` stands in its own box; ``before`` stands small above ``big``, ``lead`` and ``note`` below it.

    ``heading`` and ``numbers`` stand over the goods, ``strip`` over and ``hint`` under all of it. ``is_new`` is false
    when the same verdict is only shown again.
    """

    kind: Kind
    title: str
    time: str
    counter: str
    big: str
    lead: str = ""
    note: str = ""
    before: str = ""
    slot: str = ""
    heading: str = ""
    numbers: tuple[str, ...] = ()
    goods: tuple[Goods, ...] = ()
    strip: Strip | None = None
    hint: str = ""
    offers: tuple[Offer, ...] = ()
