"""The shop's time zone: what happened in the shop is told by the shop's clock, wherever the computer stands."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.kernel.later import later

if TYPE_CHECKING:
    import zoneinfo
else:
    zoneinfo = later("zoneinfo")

_chosen: "list[zoneinfo.ZoneInfo | None]" = [None]


def set_zone(name: str) -> None:
    """Choose the zone of this process by its name; "" is the computer's own, as long as no shop is known."""
    _chosen[0] = zoneinfo.ZoneInfo(name) if name else None


def is_known(name: str) -> bool:
    """Whether this computer knows a zone of this name; "" is none."""
    try:
        return bool(name) and zoneinfo.ZoneInfo(name) is not None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return False


def local(at: datetime) -> datetime:
    """The same moment on the shop's clock."""
    return at.astimezone(_chosen[0])
