"""The shop's tables, derived from its rows; constraints that no mistake of ours may break stand here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from app.domain.catalog.model import (
    Category,
    LastEdit,
    Media,
    PriceChange,
    Product,
    ProductMedia,
    Sku,
    SkuCost,
    SpecAxis,
    SpecValue,
)
from app.domain.delivery.model import DeliveryArea, LocalDelivery, Parcel, ParcelLine, WaybillRequest
from app.domain.incidents.model import Incident
from app.domain.members.model import Buyer, BuyerIdentity
from app.domain.orders.model import Order, OrderContact, OrderDiscount, OrderEvent, OrderLine, OrderPrice
from app.domain.paper.model import Printed, PrintRequest, PrintStation
from app.domain.payments.model import Payment, PaymentCheck, Refund, RefundLine, Transfer
from app.domain.pickup.model import Pickup, PickupPoint, PickupRedemption
from app.domain.promotions.model import Coupon, MemberLevel, Promotion, PromotionVersion, SkuLevelPrice
from app.domain.row import Audience, Row
from app.domain.settings import Setting
from app.domain.staff.model import Device, Staff
from app.domain.stock.model import Location, Reservation, StockLevel, StockMovement
from app.kernel.later import later
from app.tables.mapper import VERSION_COLUMN, mapper_of

if TYPE_CHECKING:
    import sqlalchemy as sql
else:
    sql = later("sqlalchemy")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


@cache
def exact_text() -> "sql.Text":
    """Text that both databases order by its bytes, or paging by key would differ between them."""
    return sql.Text().with_variant(sql.Text(collation="C"), "postgresql")


@dataclass(frozen=True, slots=True)
class Definition:
    """A table: its row, and what must hold at the authority whatever the program does."""

    kind: type[Row]
    checks: dict[str, str] = field(default_factory=dict)
    unique: Sequence[tuple[str, ...]] = ()
    unique_where: Sequence[tuple[str, str, str]] = ()
    parents: dict[str, str] = field(default_factory=dict)


_ORDER_SUMS = {
    "total": "total_fen = goods_fen - discount_fen + freight_fen",
    "amounts": "goods_fen >= 0 AND discount_fen >= 0 AND freight_fen >= 0 AND total_fen >= 0",
    "paid": "paid_fen >= 0 AND refunded_fen >= 0 AND refunded_fen <= paid_fen",
}
_LINE_SUMS = {
    "qty": "qty > 0 AND shipped_qty >= 0 AND shipped_qty <= qty AND returned_qty >= 0 AND returned_qty <= qty",
    "paid": "paid_fen >= 0 AND discount_fen >= 0 AND refunded_fen >= 0 AND refunded_fen <= paid_fen",
    "cancelled": "cancelled_qty >= 0 AND shipped_qty + cancelled_qty <= qty",
}
_STOCK = {"promised": "reserved_qty >= 0 AND short_qty >= 0 AND on_hand_qty + short_qty >= reserved_qty"}
_PAYMENT = {
    "amount": "amount_fen > 0 AND payer_fen >= 0",
    "refunds": "refunding_fen >= 0 AND refunded_fen >= 0 AND refunding_fen + refunded_fen <= amount_fen",
}
_WAYBILL = {
    "attempt": "attempt > 0 AND tries >= 0",
    "answered": "(state = 'asked') = (answered_at IS NULL)",
    "granted": "state <> 'granted' OR waybill_no <> ''",
}

DEFINITIONS = (
    Definition(Setting),
    Definition(Staff),
    Definition(Device, unique=[("no",)]),
    Definition(Location),
    Definition(Category),
    Definition(Product, checks={"qty": "min_qty >= 1 AND max_qty >= min_qty"}, parents={"category_id": "categories"}),
    Definition(SpecAxis, parents={"product_id": "products"}),
    Definition(SpecValue, parents={"axis_id": "spec_axes"}),
    Definition(
        Sku,
        checks={"price": "list_fen > 0"},
        unique=[("product_id", "spec_key")],
        unique_where=[("barcode", "barcode", "barcode <> ''")],
        parents={"product_id": "products"},
    ),
    Definition(SkuCost, checks={"cost": "cost_fen >= 0"}, parents={"sku_id": "skus"}),
    Definition(PriceChange),
    Definition(LastEdit),
    Definition(Media),
    Definition(ProductMedia, parents={"product_id": "products"}),
    Definition(StockLevel, checks=_STOCK, parents={"sku_id": "skus", "location_id": "locations"}),
    Definition(StockMovement),
    Definition(Buyer),
    Definition(BuyerIdentity, unique=[("openid",)], parents={"buyer_id": "buyers"}),
    Definition(MemberLevel),
    Definition(
        SkuLevelPrice, checks={"price": "price_fen > 0"}, parents={"sku_id": "skus", "level_id": "member_levels"}
    ),
    Definition(Promotion, checks={"version": "version > 0"}),
    Definition(PromotionVersion, unique=[("promotion_id", "version")], parents={"promotion_id": "promotions"}),
    Definition(
        Coupon,
        checks={"used": "(state = 'used') = (order_id <> '')"},
        unique=[("code",)],
        unique_where=[("one_order", "order_id", "order_id <> ''")],
        parents={"kind_id": "promotions", "buyer_id": "buyers"},
    ),
    Definition(Order, checks=_ORDER_SUMS, unique=[("no",)], parents={"buyer_id": "buyers"}),
    Definition(OrderContact, parents={"order_id": "orders"}),
    Definition(OrderLine, checks=_LINE_SUMS, unique=[("order_id", "line_no")], parents={"order_id": "orders"}),
    Definition(OrderEvent),
    Definition(OrderPrice, parents={"order_id": "orders"}),
    Definition(OrderDiscount, checks={"fen": "fen > 0"}, parents={"order_id": "orders"}),
    Definition(Reservation, checks={"qty": "qty > 0"}, parents={"order_line_id": "order_lines"}),
    Definition(Parcel, unique=[("carrier", "waybill_no")], parents={"order_id": "orders"}),
    Definition(ParcelLine, checks={"qty": "qty > 0"}, parents={"parcel_id": "parcels"}),
    Definition(
        WaybillRequest,
        checks=_WAYBILL,
        unique=[("carrier_key",), ("parcel_id",)],
        unique_where=[("one_asked", "order_id", "state = 'asked'")],
        parents={"order_id": "orders"},
    ),
    Definition(PickupPoint),
    Definition(
        Pickup,
        unique=[("ref",)],
        unique_where=[("open_code", "human_code", "state IN ('ordered', 'preparing', 'ready')")],
        parents={"order_id": "orders", "point_id": "pickup_points"},
    ),
    Definition(PickupRedemption),
    Definition(DeliveryArea, checks={"fee": "fee_fen >= 0"}),
    Definition(
        LocalDelivery,
        checks={"attempts": "attempts >= 0"},
        parents={"order_id": "orders", "area_id": "delivery_areas"},
    ),
    Definition(
        Payment,
        checks=_PAYMENT,
        unique=[("out_trade_no",), ("transaction_id",)],
        unique_where=[
            ("one_open", "order_id, tender", "state = 'open'"),
            ("one_paid", "order_id, tender", "state = 'paid'"),
        ],
        parents={"order_id": "orders"},
    ),
    Definition(
        Refund,
        checks={"amount": "amount_fen > 0"},
        unique=[("out_refund_no",)],
        parents={"payment_id": "payments", "order_id": "orders"},
    ),
    Definition(
        RefundLine,
        checks={"share": "qty > 0 AND fen >= 0", "unsent": "unsent_qty >= 0 AND unsent_qty <= qty"},
        parents={"refund_id": "refunds", "order_line_id": "order_lines"},
    ),
    Definition(
        PaymentCheck,
        checks={"ended": "(state = 'open') = (ended_at IS NULL)"},
        parents={"payment_id": "payments"},
    ),
    Definition(Transfer, checks={"fen": "fen > 0 AND debit <> credit"}),
    Definition(Incident),
    Definition(PrintStation),
    Definition(PrintRequest, checks={"printed": "(state = 'printed') = (printed_at IS NOT NULL)"}),
    Definition(Printed, checks={"copy": "copy_no >= 1"}),
)
KINDS: dict[str, type[Row]] = {d.kind.TABLE: d.kind for d in DEFINITIONS}
"""Row types by table name, parents before their children."""
SYNCED: tuple[type[Row], ...] = tuple(d.kind for d in DEFINITIONS if d.kind.AUDIENCE is not Audience.SERVICE)
"""Row types that travel to desktops."""


def authority_tables(metadata: "sql.MetaData") -> None:
    """Defines all tables as the service holds them, with every constraint."""
    for definition in DEFINITIONS:
        kind = definition.kind
        constraints = [
            sql.PrimaryKeyConstraint(*kind.KEY),
            *(sql.CheckConstraint(sql.text(rule), name=name) for name, rule in definition.checks.items()),
            *(sql.UniqueConstraint(*columns) for columns in definition.unique),
            *(
                sql.ForeignKeyConstraint([column], [f"{parent}.{KINDS[parent].KEY[0]}"])
                for column, parent in definition.parents.items()
            ),
        ]
        table = sql.Table(kind.TABLE, metadata, *_columns(kind), *constraints)
        _indices(table, definition)


def _columns(kind: type[Row]) -> "list[sql.Column[int] | sql.Column[str]]":
    columns: list[sql.Column[int] | sql.Column[str]] = []
    for column in mapper_of(kind).columns:
        if column.is_number:
            columns.append(sql.Column(column.name, sql.BigInteger, nullable=column.is_nullable))
        else:
            columns.append(sql.Column(column.name, exact_text(), nullable=column.is_nullable))
    columns.append(sql.Column(VERSION_COLUMN, sql.BigInteger, nullable=False))
    return columns


def _indices(table: "sql.Table", definition: Definition) -> None:
    covered = {columns[0] for columns in definition.unique} | {definition.kind.KEY[0]}
    for column in definition.kind.LOOKUPS:
        if column not in covered:
            sql.Index(None, table.c[column])
    for name, columns, where in definition.unique_where:
        parts = [table.c[c.strip()] for c in columns.split(",")]
        rule = sql.text(where)
        sql.Index(f"uq_{table.name}_{name}", *parts, unique=True, sqlite_where=rule, postgresql_where=rule)


def replica_tables(metadata: "sql.MetaData") -> None:
    """Defines the synced tables as a desktop holds them.

    A dense integer ``rid`` serves windows and the text index. Nothing but the key is unique there: a page of the feed
    may hold images that are only right together, and the authority has checked them already.
    """
    for kind in SYNCED:
        rid = sql.Column("rid", sql.Integer, primary_key=True)
        table = sql.Table(kind.TABLE, metadata, rid, *_columns(kind), sql.UniqueConstraint(*kind.KEY))
        for column in kind.LOOKUPS:
            if column != kind.KEY[0]:
                sql.Index(None, table.c[column])
