"""Who may do what: every command names one permission, every role is a set of them."""

from enum import StrEnum


class Permission(StrEnum):
    CATALOG_EDIT = "catalog.edit"
    PRICE_EDIT = "price.edit"
    COST_EDIT = "cost.edit"
    STOCK_ADJUST = "stock.adjust"
    STOCK_COUNT = "stock.count"
    ORDER_SHIP = "order.ship"
    ORDER_NOTE = "order.note"
    ORDER_CANCEL = "order.cancel"
    ORDER_REFUND = "order.refund"
    ORDER_DELIVER = "order.deliver"
    PICKUP_REDEEM = "pickup.redeem"
    PICKUP_OVERRIDE = "pickup.override"
    CONTACT_REVEAL = "contact.reveal"
    REPORT_SEE = "report.see"
    STAFF_MANAGE = "staff.manage"
    DEVICE_MANAGE = "device.manage"
    SETTINGS_EDIT = "settings.edit"
    SHOP_GO_ON = "shop.go_on"
    STOREFRONT = "storefront"
    INTERNAL = "internal"


class Role(StrEnum):
    """The four roles of staff, and the two callers that are not staff."""

    OWNER = "owner"
    MANAGER = "manager"
    CLERK = "clerk"
    COURIER = "courier"
    BUYER = "buyer"
    SERVICE = "service"


_CLERK = frozenset(
    {
        Permission.CATALOG_EDIT,
        Permission.STOCK_ADJUST,
        Permission.STOCK_COUNT,
        Permission.ORDER_SHIP,
        Permission.ORDER_CANCEL,
        Permission.ORDER_NOTE,
        Permission.ORDER_DELIVER,
        Permission.PICKUP_REDEEM,
        Permission.CONTACT_REVEAL,
    }
)
_MANAGER = _CLERK | {
    Permission.PRICE_EDIT,
    Permission.COST_EDIT,
    Permission.ORDER_REFUND,
    Permission.PICKUP_OVERRIDE,
    Permission.REPORT_SEE,
}
_OWNER = _MANAGER | {Permission.STAFF_MANAGE, Permission.DEVICE_MANAGE, Permission.SETTINGS_EDIT, Permission.SHOP_GO_ON}
_PERMISSIONS = {
    Role.OWNER: _OWNER,
    Role.MANAGER: _MANAGER,
    Role.CLERK: _CLERK,
    Role.COURIER: frozenset({Permission.ORDER_NOTE, Permission.ORDER_DELIVER}),
    Role.BUYER: frozenset({Permission.STOREFRONT}),
    Role.SERVICE: frozenset({Permission.INTERNAL}),
}

STAFF_ROLES = (Role.OWNER, Role.MANAGER, Role.CLERK, Role.COURIER)


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role may do; a role that this program does not know may do nothing."""
    return _PERMISSIONS.get(role, frozenset())
