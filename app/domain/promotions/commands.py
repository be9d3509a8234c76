"""Intents about what makes prices differ: promotions, coupons that are given, and members' levels and prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from app.domain.command import Command, Runs
from app.domain.money import Fen
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class PublishPromotion(Command):
    """Put a promotion in force as its next version; ``seen_version`` is the one its editor saw, 0 for a new one."""

    NAME: ClassVar[str] = "promotion.publish"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.PRICE_EDIT
    promotion_id: str
    seen_version: int
    name: str
    kind: str
    config: Mapping[str, Any]
    priority: int = 0
    exclusive_group: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopPromotion(Command):
    NAME: ClassVar[str] = "promotion.stop"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.PRICE_EDIT
    promotion_id: str


@dataclass(frozen=True, slots=True)
class GiveCoupon(Command):
    """Give a buyer a coupon of a kind in force; ``code_candidates`` are codes to try in turn."""

    NAME: ClassVar[str] = "coupon.give"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.PRICE_EDIT
    coupon_id: str
    kind_id: str
    buyer_id: str
    code_candidates: tuple[str, ...]
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SaveLevel(Command):
    """Name a member level, a new one or an old one anew."""

    NAME: ClassVar[str] = "level.save"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.PRICE_EDIT
    level_id: str
    name: str
    sort: int = 0


@dataclass(frozen=True, slots=True)
class SetBuyerLevel(Command):
    """Make a buyer a member of a level; "" for none."""

    NAME: ClassVar[str] = "buyer.set_level"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.PRICE_EDIT
    buyer_id: str
    level_id: str


@dataclass(frozen=True, slots=True)
class SetLevelPrice(Command):
    """Set what members of a level pay for an article; None takes the level's own price away."""

    NAME: ClassVar[str] = "sku.set_level_price"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.PRICE_EDIT
    sku_id: str
    level_id: str
    price_fen: Fen | None
