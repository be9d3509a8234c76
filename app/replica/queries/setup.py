"""What the settings page shows of the shop: how it is set up, who works in it, and with which computers."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.domain.delivery.model import DeliveryArea
from app.domain.pickup.model import PickupPoint
from app.domain.row import Row
from app.domain.staff.model import Device, Staff
from app.domain.stock.model import Location
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class ShopSetup:
    """``settings`` holds JSON text by key, only what was ever set; the lists hold what is archived too."""

    settings: Mapping[str, str]
    locations: tuple[Location, ...]
    staff: tuple[Staff, ...]
    devices: tuple[Device, ...]
    points: tuple[PickupPoint, ...]
    areas: tuple[DeliveryArea, ...]


def shop_setup(connection: sqlite3.Connection) -> ShopSetup:
    return ShopSetup(
        settings=dict(connection.execute("SELECT key, value FROM settings").fetchall()),
        locations=_all(connection, Location),
        staff=_all(connection, Staff),
        devices=tuple(sorted(_all(connection, Device), key=lambda device: device.no)),
        points=_all(connection, PickupPoint),
        areas=_all(connection, DeliveryArea),
    )


def _all(connection: sqlite3.Connection, kind: type[R]) -> tuple[R, ...]:
    return tuple(mapper_of(kind).row(record) for record in connection.execute(statements_of(kind, "?").select_all))
