"""Whatever the program does wrong, the database does not hold it: each rule is broken once, by hand."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.catalog.model import SkuCost
from app.domain.delivery.model import (
    DeliveryArea,
    DeliveryState,
    LocalDelivery,
    Parcel,
    ParcelLine,
    ParcelState,
    WaybillRequest,
    WaybillState,
)
from app.domain.members.model import Buyer, BuyerIdentity
from app.domain.money import Fen
from app.domain.orders.model import OrderDiscount
from app.domain.outcome import Bump, Change, Put, Remove
from app.domain.paper.model import DocumentKind, PaperState, Printed, PrintRequest
from app.domain.payments.model import Account, CheckState, PaymentCheck, Refund, RefundLine, RefundState, Transfer
from app.domain.pickup.model import Pickup, PickupPoint, PickupState
from app.domain.promotions.model import Coupon, CouponState, MemberLevel, Promotion, PromotionState, SkuLevelPrice
from app.domain.row import Row
from app.domain.staff.model import Device
from app.domain.stock.model import MovementReason, StockLevel, StockMovement
from app.tables.execute import execute
from app.tables.schema import DEFINITIONS
from services.db.engine import OpenDatabase, Store
from services.db.errors import DBAPIError, IntegrityError
from tests.app.domain import rows
from tests.app.domain.deciding import NOW
from tests.support.stores import DATABASES, new_url

KEY = ("s1", "place")
PARCEL = Parcel("pa", "o1", "sf", "", "SF1", ParcelState.SHIPPED, NOW)
MOVEMENT = StockMovement("m1", "s1", "place", 10, MovementReason.RECEIVED, "command", "c", "clerk", NOW)
ENTRY = Transfer("t1", Account.WECHAT, Account.SALES, Fen(1), "payment", "pay", NOW)
PAID_ATTEMPT = replace(rows.ATTEMPT, id="p0", out_trade_no="T0", state="paid", transaction_id="W1")  # type: ignore[arg-type]
KIND = Promotion("kind", 1, "十元券", "coupon", {}, PromotionState.PUBLISHED)
COUPON = Coupon("k1", "kind", "buyer", "ABCD", CouponState.USED, NOW, "o1")
DISCOUNT = OrderDiscount("d1", "o1", "line-1", "kind", 1, Fen(1), "pricing.coupon", {})
REFUND = Refund("r1", "p0", "o1", "T0-R1", Fen(100), RefundState.REQUESTED, "", "owner", NOW)
REFUND_LINE = RefundLine("r1", "line-1", 1, Fen(100))
POINT = PickupPoint("pp", "文三路店", "文三路 90 号", "", {})
PICKUP = Pickup("o1", "pp", "ref-1", "48213677", PickupState.READY)
AREA = DeliveryArea("da", "城西", "3301", Fen(500), {})
DELIVERY = LocalDelivery("o1", "da", DeliveryState.OUT)
REQUEST = PrintRequest("k1", DocumentKind.LABEL, "o1", "pa", 1, "d1", PaperState.ASKED, NOW)
ASKED = WaybillRequest("w1", "o1", "pb", 1, "sf", "", "WX1-1", {"line-1": 2}, "clerk", WaybillState.ASKED, NOW)
PRESENT: tuple[Row, ...] = (
    Buyer("buyer"),
    BuyerIdentity("buyer", "openid"),
    *rows.ordered(rows.ORDER, rows.ATTEMPT, PAID_ATTEMPT),
    PARCEL,
    ParcelLine("pa", "line-1", 2),
    Device("d1", 1, "一", 0, NOW),
    MOVEMENT,
    ENTRY,
    MemberLevel("gold", "金卡"),
    KIND,
    COUPON,
    DISCOUNT,
    REFUND,
    REFUND_LINE,
    replace(rows.ORDER, id="o9", no="WX99"),
    POINT,
    PICKUP,
    AREA,
    DELIVERY,
    ASKED,
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, OpenDatabase]]:
    opened = {name: Store(new_url(name, tmp_path_factory.mktemp(name))) for name in DATABASES}
    found = {name: store.connect() for name, store in opened.items()}
    for database in found.values():
        execute(database, [Put(row) for row in PRESENT], 1)
    yield found
    for name, database in found.items():
        database.close()
        opened[name].close()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, stores: dict[str, OpenDatabase]) -> Iterator[OpenDatabase]:
    found = stores[request.param]
    found.execute("BEGIN")
    yield found
    found.execute("ROLLBACK")


def sku(**changes: Any) -> Put:
    return Put(replace(rows.SKU, id="s2", **changes))


def order(**changes: Any) -> Put:
    return Put(replace(rows.ORDER, **changes))


def line(**changes: Any) -> Put:
    return Put(replace(rows.ORDER_LINE, **changes))


def payment(**changes: Any) -> Put:
    return Put(replace(rows.ATTEMPT, **changes))


BREAKS: list[tuple[str, Change]] = [
    ("stock_levels.promised", Bump(StockLevel, KEY, "on_hand_qty", -9)),
    ("stock_levels.promised", Bump(StockLevel, KEY, "reserved_qty", 9)),
    ("stock_levels.promised", Bump(StockLevel, KEY, "reserved_qty", -3)),
    ("stock_levels.promised", Bump(StockLevel, KEY, "short_qty", -1)),
    ("stock_levels.parent", Put(StockLevel("gone", "place"))),
    ("stock_levels.parent", Put(StockLevel("s1", "gone"))),
    ("products.qty", Put(replace(rows.PRODUCT, min_qty=0))),
    ("products.qty", Put(replace(rows.PRODUCT, min_qty=5, max_qty=4))),
    ("products.parent", Put(replace(rows.PRODUCT, category_id="gone"))),
    ("categories.child", Remove(type(rows.CATEGORY), ("cat",))),
    ("skus.price", sku(spec_key="x", barcode="", list_fen=Fen(0))),
    ("skus.spec", sku(barcode="")),
    ("skus.barcode", sku(spec_key="x")),
    ("skus.parent", sku(spec_key="x", barcode="", product_id="gone")),
    ("sku_costs.cost", Put(SkuCost("s1", Fen(-1)))),
    ("orders.total", order(total_fen=Fen(13599))),
    ("orders.amounts", order(goods_fen=Fen(-1), total_fen=Fen(-1))),
    ("orders.amounts", order(discount_fen=Fen(-1), total_fen=Fen(13601))),
    ("orders.paid", order(refunded_fen=Fen(1))),
    ("orders.paid", order(paid_fen=Fen(-1))),
    ("orders.no", order(id="o2")),
    ("orders.parent", order(id="o2", no="WX9", buyer_id="gone")),
    ("order_lines.qty", line(qty=0)),
    ("order_lines.qty", line(shipped_qty=3)),
    ("order_lines.qty", line(returned_qty=3)),
    ("order_lines.cancelled", line(shipped_qty=1, cancelled_qty=2)),
    ("order_lines.paid", line(refunded_fen=Fen(13601))),
    ("order_lines.line_no", line(id="line-2")),
    ("reservations.qty", Put(replace(rows.HELD, qty=0))),
    ("reservations.parent", Put(replace(rows.HELD, order_line_id="gone"))),
    ("parcels.waybill", Put(replace(PARCEL, id="pb"))),
    ("parcel_lines.qty", Put(ParcelLine("pa", "line-1", 0))),
    ("payments.amount", payment(amount_fen=Fen(0))),
    ("payments.amount", payment(payer_fen=Fen(-1))),
    ("payments.refunds", payment(refunding_fen=Fen(10_000), refunded_fen=Fen(3_601))),
    ("payments.refunds", payment(refunded_fen=Fen(-1))),
    ("payments.number", payment(out_trade_no="T0")),
    ("payments.transaction", payment(transaction_id="W1")),
    ("payments.one_paid", payment(state="paid")),
    ("refunds.amount", Put(replace(REFUND, id="r2", out_refund_no="T0-R2", amount_fen=Fen(0)))),
    ("refunds.number", Put(replace(REFUND, id="r2"))),
    ("refunds.parent", Put(replace(REFUND, id="r2", out_refund_no="T0-R2", payment_id="gone"))),
    ("refund_lines.share", Put(replace(REFUND_LINE, qty=0))),
    ("refund_lines.unsent", Put(replace(REFUND_LINE, unsent_qty=REFUND_LINE.qty + 1))),
    ("refund_lines.share", Put(replace(REFUND_LINE, fen=Fen(-1)))),
    ("refund_lines.parent", Put(replace(REFUND_LINE, refund_id="gone"))),
    ("payment_checks.ended", Put(PaymentCheck("p1", "o1", CheckState.EQUAL, NOW))),
    ("payment_checks.parent", Put(PaymentCheck("gone", "o1", CheckState.OPEN, NOW))),
    ("payments.one_open", payment(id="p2", out_trade_no="T9")),
    ("transfers.fen", Put(replace(ENTRY, id="t2", fen=Fen(0)))),
    ("transfers.fen", Put(replace(ENTRY, id="t2", credit=Account.WECHAT))),
    ("buyer_identities.openid", Put(BuyerIdentity("buyer-2", "openid"))),
    ("devices.no", Put(Device("d2", 1, "二", 0, NOW))),
    ("sku_level_prices.price", Put(SkuLevelPrice("s1", "gold", Fen(0)))),
    ("promotions.version", Put(replace(KIND, version=0))),
    ("coupons.used", Put(replace(COUPON, state=CouponState.HELD))),
    ("coupons.used", Put(replace(COUPON, order_id=""))),
    ("coupons.code", Put(replace(COUPON, id="k2", order_id="o2"))),
    ("coupons.one_order", Put(replace(COUPON, id="k2", code="EFGH"))),
    ("order_discounts.fen", Put(replace(DISCOUNT, id="d2", fen=Fen(0)))),
    ("pickups.ref", Put(replace(PICKUP, order_id="o9", human_code="1"))),
    ("pickups.open_code", Put(replace(PICKUP, order_id="o9", ref="ref-2", state=PickupState.PREPARING))),
    ("pickups.parent", Put(replace(PICKUP, point_id="gone"))),
    ("delivery_areas.fee", Put(replace(AREA, fee_fen=Fen(-1)))),
    ("local_deliveries.attempts", Put(replace(DELIVERY, attempts=-1))),
    ("local_deliveries.parent", Put(replace(DELIVERY, area_id="gone"))),
    ("waybill_requests.attempt", Put(replace(ASKED, attempt=0))),
    ("waybill_requests.attempt", Put(replace(ASKED, tries=-1))),
    ("waybill_requests.answered", Put(replace(ASKED, answered_at=NOW))),
    ("waybill_requests.answered", Put(replace(ASKED, state=WaybillState.REFUSED))),
    ("waybill_requests.granted", Put(replace(ASKED, state=WaybillState.GRANTED, answered_at=NOW))),
    ("waybill_requests.parent", Put(replace(ASKED, id="w2", parcel_id="pc", carrier_key="WX1-2", order_id="gone"))),
    ("waybill_requests.key", Put(replace(ASKED, id="w2", parcel_id="pc", order_id="o9"))),
    ("waybill_requests.parcel", Put(replace(ASKED, id="w2", carrier_key="WX99-1", order_id="o9"))),
    ("waybill_requests.one_asked", Put(replace(ASKED, id="w2", parcel_id="pc", carrier_key="WX1-2"))),
    ("print_requests.printed", Put(replace(REQUEST, key="k2", state=PaperState.PRINTED))),
    ("print_requests.printed", Put(replace(REQUEST, key="k2", printed_at=NOW))),
    ("printed_papers.copy", Put(Printed("p1", "k1", 0, "", "clerk", "d1", NOW))),
    ("stock_movements.once", Put(replace(MOVEMENT, delta_qty=99))),
]


@pytest.mark.parametrize(("rule", "change"), BREAKS)
def test_a_change_that_breaks_a_rule_is_not_stored(database: OpenDatabase, rule: str, change: Change) -> None:
    with pytest.raises(IntegrityError):
        execute(database, [change], 2)


def test_what_is_right_is_stored(database: OpenDatabase) -> None:
    fine = [
        sku(spec_key="x", barcode=""),
        Put(replace(rows.SKU, id="s3", spec_key="y", barcode="")),
        payment(state="surplus"),
        Put(replace(ASKED, state=WaybillState.REFUSED, answered_at=NOW)),
        Put(replace(ASKED, id="w2", parcel_id="pc", carrier_key="WX1-2", attempt=2)),
        payment(id="p2", out_trade_no="T9"),
        order(goods_fen=Fen(13000), freight_fen=Fen(800), discount_fen=Fen(200)),
    ]
    assert len(execute(database, fine, 2)) == len(fine)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE stock_movements SET delta_qty = 0",
        "DELETE FROM stock_movements",
        "UPDATE transfers SET fen = 2",
        "DELETE FROM transfers",
    ],
)
def test_what_was_recorded_is_neither_changed_nor_removed(database: OpenDatabase, act: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        database.execute(act)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO feed_head VALUES (2, 'e', 0, 1, 0, '', '')",
        "INSERT INTO change_log VALUES (1, 1, 't', 'p', 'u', NULL, 'all', 'c', 'a', '')",
        "INSERT INTO change_log VALUES (1, 1, 't', 'p', 'd', '{}', 'all', 'c', 'a', '')",
        "INSERT INTO change_log VALUES (1, 1, 't', 'p', 'x', '{}', 'all', 'c', 'a', '')",
        "INSERT INTO snapshot_lease VALUES ('gone', 1, '')",
    ],
)
def test_the_services_own_tables_hold_their_rules_too(database: OpenDatabase, statement: str) -> None:
    with pytest.raises(IntegrityError):
        database.execute(statement)


def test_every_check_that_the_tables_name_is_broken_above() -> None:
    broken = {rule for rule, _ in BREAKS}
    named = {f"{d.kind.TABLE}.{name}" for d in DEFINITIONS for name in d.checks}
    assert named <= broken
