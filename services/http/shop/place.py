"""The shop as buyers see it: its name, the ways of delivery that it has, and when and where one can collect."""

from datetime import datetime, timedelta
from typing import Any

from app.domain import opening
from app.domain.delivery.model import DeliveryArea
from app.domain.delivery.rules import open_areas
from app.domain.opening import Opening
from app.domain.orders.model import DeliveryKind
from app.domain.pickup.model import PickupPoint
from app.domain.settings import ShopSettings, read_settings
from app.kernel import codec
from app.tables.view import SqlView
from services.http.shop.answer import json_bytes

DAYS_SHOWN = 7
"""Hours are told for a week, also where no slots are offered."""


def shop_page(view: SqlView, now: datetime) -> tuple[bytes, datetime | None]:
    """The page, and until when it stays right."""
    settings = read_settings(view)
    points = [point for point in view.children(PickupPoint) if point.archived_at is None]
    areas = open_areas(view)
    page = {
        "name": settings.shop_name,
        "phone": settings.shop_phone,
        "address": settings.shop_address,
        "time_zone": settings.time_zone,
        "delivery_kinds": _kinds(points, areas),
        "freight_fen": settings.freight_fen,
        "order_expiry_minutes": settings.order_expiry_minutes,
        "pickup_points": [_point(point, settings, now) for point in points],
        "delivery_areas": [_area(area, settings, now) for area in areas],
    }
    places: list[PickupPoint | DeliveryArea] = [*points, *areas]
    ends = [opening.next_change(place.opening, now, settings.time_zone) for place in places]
    return json_bytes(page), min(ends, default=None)


def _kinds(points: list[PickupPoint], areas: list[DeliveryArea]) -> list[str]:
    had = {DeliveryKind.EXPRESS: True, DeliveryKind.PICKUP: bool(points), DeliveryKind.LOCAL: bool(areas)}
    return [kind.value for kind, is_there in had.items() if is_there]


def _point(point: PickupPoint, settings: ShopSettings, now: datetime) -> dict[str, Any]:
    told = {name: getattr(point, name) for name in ("id", "name", "address", "phone")}
    return told | _times(point.opening, settings, now)


def _area(area: DeliveryArea, settings: ShopSettings, now: datetime) -> dict[str, Any]:
    return {
        "id": area.id,
        "name": area.name,
        "prefixes": list(area.regions),
        "fee_fen": int(area.fee_fen),
        "free_from_fen": None if area.free_from_fen is None else int(area.free_from_fen),
    } | _times(area.opening, settings, now)


def _times(times: Opening, settings: ShopSettings, now: datetime) -> dict[str, Any]:
    zone = settings.time_zone
    today = opening.day_of(now, zone)
    offered = [codec.plain(slot) for slot in opening.slots(times, now, zone)]
    days = [today + timedelta(days=n) for n in range(max(DAYS_SHOWN, times.days_ahead))]
    return {
        "has_slots": times.slot_minutes > 0,
        "days": [
            {
                "on": day.isoformat(),
                "hours": list(opening.hours_on(times.hours, day)),
                "slots": [slot for slot in offered if slot["text"].startswith(day.isoformat())],
            }
            for day in days
        ],
    }
