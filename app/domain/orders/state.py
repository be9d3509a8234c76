"""How an order can stand, how it leaves the shop and where it came from: what lists need to know of orders."""

from enum import StrEnum
from typing import Final


class OrderState(StrEnum):
    """Closing and closed: it ended unpaid. Cancelled: it was paid, and its money goes back."""

    UNPAID = "unpaid"
    PAID = "paid"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


SHIPPABLE: Final = (OrderState.PAID, OrderState.PARTLY_SHIPPED)
GIVEN_UP: Final = (OrderState.CLOSING, OrderState.CLOSED, OrderState.CANCELLED)
"""Nothing of them ever leaves the shop."""


class DeliveryKind(StrEnum):
    """LOCAL: the shop's own courier brings it."""

    EXPRESS = "express"
    PICKUP = "pickup"
    LOCAL = "local"


class Channel(StrEnum):
    MINI_PROGRAM = "mini_program"
