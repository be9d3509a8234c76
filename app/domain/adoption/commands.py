"""Intents of desktops that remember what the service has lost."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Kind
from app.domain.delivery.model import DeliveryArea, LocalDelivery, Parcel, ParcelLine
from app.domain.members.model import Buyer
from app.domain.orders.model import Order, OrderContact, OrderDiscount, OrderEvent, OrderLine, OrderPrice
from app.domain.payments.model import Payment, Refund, RefundLine
from app.domain.permission import Permission
from app.domain.pickup.model import Pickup, PickupPoint, PickupRedemption
from app.domain.promotions.model import Coupon
from app.domain.stock.model import Reservation


@dataclass(frozen=True, slots=True)
class AdoptOrder(Command):
    """An order as it stood in ``epoch``, before the service was put back to an older state, with all that is its own.

    ``buyer``, ``point`` and ``area`` are what it refers to: they come back with it where they are gone as well.
    """

    NAME: ClassVar[str] = "order.adopt"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.ORDER_REFUND
    epoch: str
    order: Order
    lines: tuple[OrderLine, ...]
    reservations: tuple[Reservation, ...]
    events: tuple[OrderEvent, ...]
    contact: OrderContact | None = None
    price: OrderPrice | None = None
    discounts: tuple[OrderDiscount, ...] = ()
    coupon: Coupon | None = None
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    refund_lines: tuple[RefundLine, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    parcel_lines: tuple[ParcelLine, ...] = ()
    pickup: Pickup | None = None
    redemptions: tuple[PickupRedemption, ...] = ()
    delivery: LocalDelivery | None = None
    buyer: Buyer | None = None
    point: PickupPoint | None = None
    area: DeliveryArea | None = None
