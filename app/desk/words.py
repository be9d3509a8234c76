"""English for the raw codes that stand inside sentences: a state, a field, a permission.

The codes themselves are what the Chinese catalogue translates, so a code of a newer service is named as it is.
"""

from collections.abc import Mapping
from typing import Final

_PERMISSIONS: Final = {
    "catalog.edit": "change products",
    "price.edit": "change prices",
    "cost.edit": "see and change costs",
    "stock.adjust": "adjust stock",
    "stock.count": "count stock",
    "order.ship": "ship orders",
    "order.note": "write remarks",
    "order.refund": "refund orders",
    "promotion.edit": "change promotions",
    "contact.reveal": "look up receivers",
    "staff.manage": "manage the staff",
    "device.manage": "manage the computers",
    "settings.edit": "change settings",
    "storefront": "buy in the mini-program",
    "internal": "act as the service",
}

_ROLES: Final = {
    "owner": "Owner",
    "manager": "Manager",
    "clerk": "Clerk",
    "courier": "Courier",
    "buyer": "Buyer",
    "service": "Service",
}

_STATES: Final = {
    "unpaid": "waiting for its payment",
    "paid": "paid and waiting to be shipped",
    "partly_shipped": "partly shipped",
    "shipped": "shipped",
    "closing": "being closed",
    "closed": "closed",
    "cancelled": "cancelled",
    "completed": "completed",
    "draft": "a draft",
    "on_sale": "on sale",
    "off_sale": "off sale",
    "published": "in force",
    "stopped": "stopped",
    "held": "not used yet",
    "used": "used",
    "consumed": "gone out",
    "released": "free again",
    "open": "open",
    "settled": "settled",
    "requested": "on its way",
    "succeeded": "done",
    "failed": "not done",
    "delivered": "delivered",
    "surplus": "paid once too often",
    "payment.paid": "paid",
    "reservation.held": "reserved",
}

_KINDS: Final = {
    "express": "express",
    "mini_program": "mini-program",
    "goods": "goods",
    "wechat": "WeChat Pay",
}

_REASONS: Final = {
    "received": "received",
    "counted": "counted",
    "damaged": "damaged",
    "lost": "lost",
    "found": "found",
    "gift": "given away",
    "returned": "returned",
    "reason.shipped": "shipped",
}

_EVENTS: Final = {
    "event.placed": "Buyer placed the order",
    "event.paid": "Paid",
    "event.shipped": "Shipped",
    "event.closing": "Not paid in time, being closed",
    "event.closed": "Closed without a payment",
    "event.surplus": "Paid without need, the money goes back",
    "event.cancelled": "Cancelled",
    "event.refunding": "Refund on its way",
    "event.refunded": "Refunded",
    "event.received": "Buyer has received the goods",
}

_INCIDENTS: Final = {
    "stock.short": "Goods promised to orders are missing",
    "payment.foreign_account": "A payment notice names another merchant",
    "payment.unknown_number": "Money came in that belongs to no order",
    "payment.wrong_amount": "A payment's amount does not fit its order",
    "payment.second_transaction": "An order was paid twice",
    "payment.transaction_booked": "A payment was booked under another order already",
    "payment.order_not_waiting": "Money came in for an order that no longer waits for it",
    "refund.foreign_account": "A refund notice names another merchant",
    "refund.unknown_number": "WeChat tells of a refund that nobody here asked for",
    "refund.wrong_amount": "A refund's amount is not the one that was asked for",
    "refund.too_much": "More was refunded than was paid",
    "refund.failed": "WeChat did not pay a refund out",
    "command.parked": "Something that happened could not be booked because of a fault in the program",
    "command.dismissed_actor": "Somebody who has left the staff did something",
    "shop.restored": "The shop was restored from a backup",
}

_FIELDS: Final = {
    "title": "The title",
    "subtitle": "The subtitle",
    "description": "The description",
    "category_id": "The category",
    "state": "The state",
    "sale_from_at": "The beginning of the sale",
    "sale_until_at": "The end of the sale",
    "min_qty": "The least number per order",
    "max_qty": "The greatest number per order",
    "name": "The name",
    "sort": "The place in the order",
    "parent_id": "The upper category",
    "code": "The code",
    "barcode": "The barcode",
    "weight_g": "The weight",
    "shelf": "The shelf",
    "list_fen": "The price",
    "qty": "The number of pieces",
    "value": "The value",
}

_SETTINGS: Final = {
    "shop_name": "shop name",
    "shop_phone": "shop telephone",
    "shop_address": "shop address",
    "time_zone": "time zone",
    "order_expiry_minutes": "time to pay",
    "freight_fen": "freight",
    "default_location_id": "usual place of the stock",
    "is_demo": "demo shop",
}

WORDS: Final[Mapping[str, str]] = {
    **_PERMISSIONS,
    **_ROLES,
    **_STATES,
    **_KINDS,
    **_REASONS,
    **_EVENTS,
    **_INCIDENTS,
    **_FIELDS,
    **_SETTINGS,
}
