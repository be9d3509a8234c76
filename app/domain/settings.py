"""The shop's own settings: declared here, stored as synced rows, read by handlers and by the service."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import ClassVar, Final

from app.domain.row import Row
from app.domain.view import View
from app.kernel import codec, typed

MAX_EXPIRY_MINUTES = 30 * 24 * 60
MAX_FREIGHT_FEN = 100_000_000
MAX_PICKUP_DAYS = 365
MAX_UNDO_SECONDS = 600
MAX_UNKNOWN_PER_DAY = 100
LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "order_expiry_minutes": (5, MAX_EXPIRY_MINUTES),
    "freight_fen": (0, MAX_FREIGHT_FEN),
    "pickup_days": (1, MAX_PICKUP_DAYS),
    "pickup_undo_seconds": (0, MAX_UNDO_SECONDS),
    "pickup_unknown_per_day": (0, MAX_UNKNOWN_PER_DAY),
}
"""The least and the most that a setting may be."""


@dataclass(frozen=True, slots=True)
class Setting(Row):
    """One stored setting; ``value`` is JSON text. Unknown keys are kept, a newer program may know them."""

    TABLE: ClassVar[str] = "settings"
    KEY: ClassVar[tuple[str, ...]] = ("key",)
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """All settings with their defaults; the field's name is the stored key."""

    shop_name: str = "掌柜小店"
    shop_phone: str = ""
    shop_address: str = ""
    time_zone: str = "Asia/Shanghai"
    order_expiry_minutes: int = 30
    freight_fen: int = 0
    default_location_id: str = ""
    pickup_days: int = 7
    pickup_undo_seconds: int = 30
    pickup_offline_allowed: bool = True
    pickup_unknown_allowed: bool = False
    pickup_unknown_per_day: int = 3
    is_demo: bool = False
    """Decided when the shop is founded: a demo pays at a stand-in for ever, and a real shop never does."""
    waybill_carriers: str = ""
    """Carriers that the service can ask for waybill numbers, by commas; it writes them down itself when it starts."""

    @property
    def carriers_with_numbers(self) -> tuple[str, ...]:
        return tuple(code for code in self.waybill_carriers.split(",") if code)

    def business_day(self, at: datetime) -> date:
        """The shop's own day of a moment."""
        return at.astimezone(zoneinfo.ZoneInfo(self.time_zone)).date()


NOT_BY_HAND = frozenset({"is_demo", "waybill_carriers"})
"""What is decided with the shop itself, or told by its service: nobody changes it on a form."""


def default_text(key: str) -> str:
    """What a setting is while nobody has set it, as JSON text; raises AttributeError for an unknown key."""
    return codec.canonical(getattr(ShopSettings(), key))


def read_settings(view: View) -> ShopSettings:
    """The shop's settings as this view holds them; a value that no longer fits falls back to its default."""
    return _understood(tuple((row.key, row.value) for row in view.children(Setting)))


@lru_cache(4)
def _understood(stored: tuple[tuple[str, str], ...]) -> ShopSettings:
    """They hardly ever change, and every command asks for them."""
    return typed.build(ShopSettings, {key: codec.parse(value) for key, value in stored if fits(key, value)})


def fits(key: str, value: str) -> bool:
    """Whether ``value`` (JSON text) may be stored under ``key``: known, of the right type, and usable."""
    if key not in {f.name for f in fields(ShopSettings)}:
        return False
    try:
        settings = typed.build(ShopSettings, {key: codec.parse(value)})
        zoneinfo.ZoneInfo(settings.time_zone)
    except (ValueError, RecursionError, zoneinfo.ZoneInfoNotFoundError, OSError):  # a folder's name is an OSError
        return False
    return all(least <= getattr(settings, name) <= most for name, (least, most) in LIMITS.items())
