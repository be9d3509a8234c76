"""A shop's books explain every fen and every piece, and a fault in any of them is found."""

import pytest

from app.domain.aftersales.commands import CancelOrder, FinishClose, RecordRefund, RefundedPieces, RequestRefund
from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.payments.commands import ConfirmPayment, StartPayment
from app.domain.payments.model import RefundOutcome
from app.domain.promotions.commands import GiveCoupon, PublishPromotion
from app.domain.stock.commands import AdjustStock
from app.domain.stock.model import MovementReason
from services.db.engine import Store
from services.upkeep import books
from tests.support.clocks import FixedClock
from tests.support.shop import BUYER, CLERK, PLACE, SERVICE, Shop


@pytest.fixture
def shop(store: Store) -> Shop:
    """A shop in which everything has happened that moves money or pieces; its writer has ended."""
    shop = Shop(store, FixedClock()).found()
    sku = shop.product(stock=20)
    shop.paid_order("partly", sku, 3)
    shop.must(ShipOrder("partly", "parcel", (ShippedLine("partly-1", 2),), "sf", "SF1234567890123"), CLERK)
    shop.must(RequestRefund("partly", "piece", "broken", (RefundedPieces("partly-1", 1),)))
    shop.order("waits", sku)
    shop.order("closed", sku)
    shop.must(CancelOrder("closed"), BUYER)
    back(shop, sku)
    shop.must(PublishPromotion("five", 0, "五元券", "coupon", {"off_fen": 500}))
    shop.must(GiveCoupon("coupon", "five", "buyer", ("FIVE-0001",)))
    shop.paid_order("reduced", sku, fen=6300)
    late(shop, sku)
    shop.close()
    return shop


def back(shop: Shop, sku: str) -> None:
    """A paid order that was cancelled and whose money has gone back."""
    shop.paid_order("back", sku)
    shop.must(CancelOrder("back"), BUYER)
    number = next(no for no, order_id in shop.rows("refunds", "out_refund_no, order_id") if order_id == "back")
    shop.must(RecordRefund(number, RefundOutcome.SUCCESS, Fen(6800), "50001", shop.clock.now()), SERVICE)
    shop.paid_order("fewer", sku, 3)
    shop.must(RequestRefund("fewer", "less", "", (RefundedPieces("fewer-1", 1, unsent_qty=1),)))
    shop.must(RecordRefund("Tfewer-R1", RefundOutcome.SUCCESS, Fen(6800), "50002", shop.clock.now()), SERVICE)


def late(shop: Shop, sku: str) -> None:
    """Money that came when the order was closed and its pieces were gone."""
    shop.order("late", sku)
    shop.must(StartPayment("late", "late-p", "Tlate"), BUYER)
    shop.must(CancelOrder("late"), BUYER)
    shop.must(FinishClose("late"), SERVICE)
    available = next(on_hand - reserved for on_hand, reserved in shop.rows("stock_levels", "on_hand_qty, reserved_qty"))
    shop.must(AdjustStock(sku, PLACE, -available, MovementReason.LOST))
    shop.must(ConfirmPayment("Tlate", "Wlate", Fen(6800), Fen(6800), "CNY", shop.clock.now()), SERVICE)


def test_a_whole_shop_explains_every_fen_and_every_piece(shop: Shop) -> None:
    with shop.store.reading() as database:
        assert books.findings(database) == []
        assert books.balances(database) == {"owed": -6800, "sales": -(5 * 6800 + 6300), "wechat": 6 * 6800 + 6300}
    states = dict(shop.rows("orders", "id, state"))
    assert states["late"] == states["closed"] == "closed" and states["back"] == "cancelled"
    assert sorted(shop.rows("payments", "state")) == [("paid",)] * 4 + [("surplus",)]


_ENTRY = "INSERT INTO transfers (id, debit, credit, fen, ref_kind, ref_id, happened_at, row_version)"
FAULTS = {
    "what WeChat holds is what was paid less what went back": (
        f"{_ENTRY} VALUES ('x', 'wechat', 'sales', 1, 'payment', 'partly-p', '', 1)"
    ),
    "sales are what orders were paid less what was refunded of them": (
        "UPDATE orders SET paid_fen = paid_fen - 1 WHERE id = 'partly'"
    ),
    "what is owed to buyers is what they paid too much and did not get back": (
        f"{_ENTRY} VALUES ('x', 'sales', 'owed', 1, 'payment', 'partly-p', '', 1)"
    ),
    "the accounts together are nothing": f"{_ENTRY} VALUES ('x', 'wechat', 'pocket', 1, 'payment', 'partly-p', '', 1)",
    "a payment is one entry of its amount": (
        f"{_ENTRY} SELECT 'x', debit, credit, fen, ref_kind, ref_id, happened_at, 1 FROM transfers"
        " WHERE ref_id = 'partly-p'"
    ),
    "a refund is one entry of its amount": "UPDATE refunds SET state = 'succeeded' WHERE id = 'piece'",
    "an entry belongs to a payment or a refund": f"{_ENTRY} VALUES ('x', 'sales', 'owed', 1, 'gift', '', '', 1)",
    "a payment knows what went back of it": "UPDATE payments SET refunded_fen = 0 WHERE id = 'back-p'",
    "a payment knows what is on its way back": "UPDATE refunds SET state = 'failed' WHERE id = 'piece'",
    "an order is paid by its payments": "UPDATE payments SET order_id = 'waits' WHERE id = 'partly-p'",
    "an order is paid its total or nothing": "UPDATE orders SET state = 'paid' WHERE id = 'waits'",
    "an order is refunded by its refunds": "UPDATE orders SET refunded_fen = 0 WHERE id = 'back'",
    "an order costs its lines and its freight": "UPDATE order_lines SET paid_fen = paid_fen - 1 WHERE id = 'partly-1'",
    "a line costs its pieces less its discount": "UPDATE order_lines SET list_fen = 6799 WHERE id = 'waits-1'",
    "a line's discount is what the rules took off": "UPDATE order_lines SET discount_fen = 400 WHERE id = 'reduced-1'",
    "a line is refunded by the parts of refunds": "UPDATE order_lines SET refunded_fen = 1 WHERE id = 'back-1'",
    "a used coupon belongs to one order that has not ended": (
        "UPDATE coupons SET state = 'held', order_id = '' WHERE id = 'coupon'"
    ),
    "stock is the sum of its movements": "UPDATE stock_levels SET on_hand_qty = on_hand_qty + 1",
    "what is promised is what orders hold and has not left": "UPDATE stock_levels SET reserved_qty = reserved_qty - 1",
    "what is short is what was promised and is not there": "UPDATE stock_levels SET short_qty = 1",
    "a line holds its pieces once": "UPDATE reservations SET qty = 2 WHERE order_line_id = 'waits-1'",
    "an order that waits for its payment holds its pieces, and a closed one has given them back": (
        "UPDATE reservations SET state = 'held' WHERE order_line_id = 'closed-1'"
    ),
}


def test_every_planted_fault_is_found_by_its_rule(shop: Shop) -> None:
    assert FAULTS.keys() == {rule.name for rule in books.RULES}
    with shop.store.connect() as database:
        for name, fault in FAULTS.items():
            database.execute("BEGIN")
            assert database.execute(fault).rowcount >= 1, name
            found = {finding.rule for finding in books.findings(database)}
            database.execute("ROLLBACK")
            assert name in found, name
        assert books.findings(database) == []
