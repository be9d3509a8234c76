"""Where the shop's own couriers go."""

from app.domain.delivery.model import DeliveryArea
from app.domain.view import View


def open_areas(view: View) -> list[DeliveryArea]:
    return [area for area in view.children(DeliveryArea) if area.archived_at is None]


def area_of(region_code: str, view: View) -> DeliveryArea | None:
    """The area that serves a region: the one that names it most closely."""
    fitting = [
        (len(prefix), area.id, area)
        for area in open_areas(view)
        for prefix in area.regions
        if region_code.startswith(prefix)
    ]
    return max(fitting, key=lambda each: each[:2])[2] if fitting else None
