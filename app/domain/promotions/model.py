"""What makes prices differ from the list: promotions, the coupons that buyers hold, and the prices of member levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from app.domain.money import Fen
from app.domain.row import Row


class PromotionState(StrEnum):
    PUBLISHED = "published"
    STOPPED = "stopped"


class CouponState(StrEnum):
    HELD = "held"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Promotion(Row):
    """The version of a promotion that is in force, or was the last to be; a kind of coupon is a promotion too."""

    TABLE: ClassVar[str] = "promotions"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("state",)
    id: str
    version: int
    name: str
    kind: str
    config: Mapping[str, Any]
    state: PromotionState
    priority: int = 0
    exclusive_group: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PromotionVersion(Row):
    """A version as it was published, for good: old orders refer to it."""

    TABLE: ClassVar[str] = "promotion_versions"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("promotion_id",)
    APPEND_ONLY: ClassVar[bool] = True
    id: str
    promotion_id: str
    version: int
    name: str
    kind: str
    config: Mapping[str, Any]
    priority: int
    exclusive_group: str
    from_at: datetime | None
    until_at: datetime | None
    actor: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Coupon(Row):
    """A coupon in a buyer's hands; a used one belongs to ``order_id``, and one order uses one coupon."""

    TABLE: ClassVar[str] = "coupons"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("buyer_id", "code", "order_id")
    id: str
    kind_id: str
    buyer_id: str
    code: str
    state: CouponState
    given_at: datetime
    order_id: str = ""
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MemberLevel(Row):
    TABLE: ClassVar[str] = "member_levels"
    id: str
    name: str
    sort: int = 0


@dataclass(frozen=True, slots=True)
class SkuLevelPrice(Row):
    """What members of a level pay for one piece of an article."""

    TABLE: ClassVar[str] = "sku_level_prices"
    KEY: ClassVar[tuple[str, ...]] = ("sku_id", "level_id")
    sku_id: str
    level_id: str
    price_fen: Fen
