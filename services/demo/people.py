"""Buyers who do not exist: names put together, telephone numbers that nobody has, real towns with made-up streets."""

import json
from dataclasses import dataclass
from functools import cache
from random import Random

from app.domain.orders.commands import Contact
from app.kernel import resources

NEAR = ("330106", "330105", "330108")
"""Districts so near that their people can come by, or be delivered to."""


@dataclass(slots=True)
class Person:
    """A buyer as the demo knows one; ``orders`` counts what was really bought."""

    buyer_id: str
    contact: Contact
    orders: int = 0
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Words:
    """What people and addresses are put together from; ``weights`` say how many of the shop's buyers live where."""

    surnames: tuple[str, ...]
    given: tuple[str, ...]
    streets: tuple[str, ...]
    estates: tuple[str, ...]
    towns: tuple[tuple[str, str, str], ...]
    weights: tuple[int, ...]


@cache
def _words() -> _Words:
    found = json.loads(resources.path("demo/people.json").read_text(encoding="utf-8"))
    towns = tuple((code, city, district) for code, city, district, _ in found["towns"])
    surnames = (*found["surnames"], *found["compound"])
    given, streets, estates = (tuple(found[name].split()) for name in ("given", "streets", "estates"))
    return _Words(surnames, given, streets, estates, towns, tuple(weight for *_, weight in found["towns"]))


def contact(random: Random, *, is_near: bool = False) -> Contact:
    """A receiver; the four noughts in the middle of the number are in no numbering plan's ordinary use."""
    words = _words()
    code, city, district = random.choices(words.towns, words.weights)[0]
    if is_near:
        code, city, district = random.choice([town for town in words.towns if town[0] in NEAR])
    phone = f"1{random.choice('3578')}{random.randint(0, 9)}0000{random.randint(0, 9_999):04d}"
    street, estate = random.choice(words.streets), random.choice(words.estates)
    house = (
        f"{random.randint(1, 30)} 幢 {random.randint(1, 4)} 单元 {random.randint(1, 26)}{random.randint(1, 4):02d} 室"
    )
    address = f"{city}{district}{street} {random.randint(1, 899)} 号{estate} {house}"
    return Contact(random.choice(words.surnames) + random.choice(words.given), phone, code, address)


def is_far(region_code: str) -> bool:
    return region_code[:2] in ("65", "54", "15", "23", "46")
