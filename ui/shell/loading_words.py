"""What is being fetched while this counter gets the shop, in words instead of tables' names, and how far it is."""

from app.desk.status import SyncStatus
from app.kernel.i18n import tr


def loading_text(status: SyncStatus) -> str:
    """What is fetched now, which part of how many that is and how much of it is here; "" while nothing is fetched."""
    if status.progress is None:
        return ""
    table, rows = status.progress
    place, places = status.part
    return tr(
        "Fetching {what} {place}/{places}, {count} rows",
        what=table_word(table),
        place=place,
        places=places,
        count=f"{rows:,}",
    )


def table_word(table: str) -> str:
    """What people call that which stands in a table; several tables share one word."""
    return _goods(table) or _orders(table) or _house(table) or tr("everything else")


def _goods(table: str) -> str:
    match table:
        case "categories" | "products" | "spec_axes" | "spec_values" | "media" | "product_media":
            return tr("products")
        case "skus" | "sku_costs" | "price_changes" | "last_edits":
            return tr("articles and prices")
        case "locations" | "stock_levels" | "stock_movements" | "reservations":
            return tr("stock")
    return ""


def _orders(table: str) -> str:
    match table:
        case "orders" | "order_contacts" | "order_lines" | "order_events" | "order_prices" | "order_discounts":
            return tr("orders")
        case "parcels" | "parcel_lines" | "waybill_requests":
            return tr("parcels")
        case "pickup_points" | "pickups" | "pickup_redemptions":
            return tr("pickups")
        case "delivery_areas" | "local_deliveries":
            return tr("local deliveries")
        case "payments" | "refunds" | "refund_lines" | "payment_checks" | "transfers":
            return tr("payments and refunds")
    return ""


def _house(table: str) -> str:
    match table:
        case "settings":
            return tr("the shop's settings")
        case "staff" | "devices":
            return tr("staff and counters")
        case "buyers" | "member_levels" | "sku_level_prices":
            return tr("members")
        case "promotions" | "promotion_versions" | "coupons":
            return tr("promotions and coupons")
        case "incidents":
            return tr("issues")
        case "print_stations" | "print_requests" | "printed_papers":
            return tr("printed papers")
    return ""
