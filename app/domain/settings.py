"""The shop's own settings: declared here, stored as synced rows, read by handlers and by the service."""

import dataclasses
import zoneinfo
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from app.domain.row import Row
from app.domain.view import View
from app.kernel import codec


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

    def business_day(self, at: datetime) -> date:
        """The shop's own day of a moment."""
        return at.astimezone(zoneinfo.ZoneInfo(self.time_zone)).date()


def read_settings(view: View) -> ShopSettings:
    """The shop's settings as this view holds them; a value that no longer fits its type falls back to the default."""
    stored = {row.key: row.value for row in view.children(Setting)}
    found: dict[str, Any] = {}
    for field in fields(ShopSettings):
        if field.name in stored:
            found[field.name] = codec.parse(stored[field.name])
    try:
        return codec.build(ShopSettings, found)
    except codec.Malformed as error:
        return codec.build(ShopSettings, {k: v for k, v in found.items() if k != error.where})


def fits(key: str, value: str) -> bool:
    """Whether ``value`` (JSON text) may be stored under ``key``: known, of the right type, and usable."""
    if key not in {f.name for f in fields(ShopSettings)}:
        return False
    try:
        settings = codec.build(ShopSettings, {key: codec.parse(value)})
        zoneinfo.ZoneInfo(settings.time_zone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return False
    numbers = [getattr(settings, f.name) for f in dataclasses.fields(settings) if f.type is int]
    return all(number >= 0 for number in numbers) and settings.order_expiry_minutes >= 5
