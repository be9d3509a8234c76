"""Whatever is done to a shop in whatever order, its books agree; and a replay is the same computation."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from app.domain.aftersales.commands import (
    BeginClose,
    CancelOrder,
    ConfirmReceipt,
    FinishClose,
    RecordRefund,
    RefundedPieces,
    RequestRefund,
)
from app.domain.command import Actor, Command, Context
from app.domain.incidents.model import Incident
from app.domain.members.model import Buyer
from app.domain.money import Fen
from app.domain.orders.commands import PlaceOrder, ShipOrder, ShippedLine, WantedLine
from app.domain.orders.model import DeliveryKind, Order, OrderDiscount, OrderLine, OrderPrice, OrderState
from app.domain.orders.quote import Destination, OrderQuote, quote_order
from app.domain.outcome import Accepted, Bump, Decision, Put
from app.domain.payments.commands import ConfirmPayment, StartPayment
from app.domain.payments.model import (
    Account,
    Payment,
    PaymentState,
    Refund,
    RefundLine,
    RefundOutcome,
    RefundState,
    Transfer,
)
from app.domain.promotions.commands import GiveCoupon
from app.domain.promotions.model import Coupon, CouponState, Promotion, PromotionState
from app.domain.registry import shop_registry
from app.domain.settings import read_settings
from app.domain.stock.commands import AdjustStock, CountStock, ReceiveStock
from app.domain.stock.model import MovementReason, Reservation, ReservationState, StockLevel, StockMovement
from app.domain.view import MemoryView
from app.kernel import codec
from tests.app.domain import rows
from tests.app.domain.deciding import BUYER, CLERK, NOW, OWNER, SERVICE

REGISTRY = shop_registry()
SKUS = ("s1", "s2")
QTY = st.integers(1, 6)
FULL = Promotion(
    "full", 1, "满百减十", "threshold", {"tiers": [{"reach_fen": 10_000, "off_fen": 999}]}, PromotionState.PUBLISHED
)
SEVEN = Promotion("seven", 1, "七元券", "coupon", {"off_fen": 700}, PromotionState.PUBLISHED)
ALL = Promotion("all", 1, "免单券", "coupon", {"off_fen": 999_900}, PromotionState.PUBLISHED, exclusive_group="all")
SKU = st.sampled_from(SKUS)


class ShopMachine(RuleBasedStateMachine):
    """Buyers, clerks and WeChat act in any order, sensibly or not."""

    orders = Bundle("orders")

    @initialize()
    def found(self) -> None:
        second = replace(rows.SKU, id="s2", spec_key="浅烘/1kg", barcode="", list_fen=Fen(12800))
        empty = [StockLevel(sku, "place") for sku in SKUS]
        self.view = MemoryView([*rows.STAFF, rows.CATEGORY, rows.PRODUCT, rows.SKU, second, rows.PLACE, rows.HOME])
        self.view.apply(*(Put(level) for level in empty))
        self.view.apply(Put(Buyer("buyer")), Put(FULL), Put(SEVEN), Put(ALL))
        self.number = 0
        self.now = NOW

    def decide(self, command: Command, actor: Actor, command_id: str, now: Any = None) -> Decision:
        context = Context(command_id, now or self.now, self.now, actor, read_settings(self.view))
        return REGISTRY.decide(command, self.view, context)

    def do(self, command: Command, actor: Actor) -> Decision:
        self.number += 1
        command_id = f"c{self.number}"
        decision = self.decide(command, actor, command_id)
        read = REGISTRY.read(command.NAME, command.VERSION, codec.parse(codec.canonical(codec.plain(command))))
        assert isinstance(read, Command)
        assert self.decide(read, actor, command_id) == decision, "a replay must be the same computation"
        if isinstance(decision, Accepted):
            for change in decision.changes:
                self.view.apply(change)
                if isinstance(change, Bump) and change.kind is StockLevel:
                    self.check_level(*change.key)  # the database checks after each step
        return decision

    def check_level(self, sku: str, place: str) -> None:
        level = self.view.get(StockLevel, sku, place)
        assert level is not None
        assert level.reserved_qty >= 0 and level.short_qty >= 0
        assert level.on_hand_qty + level.short_qty >= level.reserved_qty

    @rule(sku=SKU, qty=st.integers(1, 30))
    def receive(self, sku: str, qty: int) -> None:
        assert isinstance(self.do(ReceiveStock(sku, "place", qty), CLERK), Accepted)

    @rule(sku=SKU, delta=st.integers(-8, 8), reason=st.sampled_from(list(MovementReason)))
    def adjust(self, sku: str, delta: int, reason: MovementReason) -> None:
        before = self.view.get(StockLevel, sku, "place")
        decision = self.do(AdjustStock(sku, "place", delta, reason), OWNER)
        after = self.view.get(StockLevel, sku, "place")
        assert before is not None and after is not None
        if isinstance(decision, Accepted) and delta < 0:
            assert after.short_qty == before.short_qty, "a request leaves what is short alone"

    @rule(sku=SKU, seen=st.integers(-3, 20), counted=st.integers(0, 20))
    def count(self, sku: str, seen: int, counted: int) -> None:
        short = self.level(sku).short_qty
        decision = self.do(CountStock(sku, "place", seen, counted), CLERK)
        assert isinstance(decision, Accepted), "a fact is recorded whatever the state"
        incidents = [c for c in decision.changes if isinstance(c, Put) and isinstance(c.row, Incident)]
        level = self.level(sku)
        assert bool(incidents) == (counted < seen and level.on_hand_qty < level.reserved_qty)
        assert level.short_qty >= short or counted > seen

    def level(self, sku: str) -> StockLevel:
        found = self.view.get(StockLevel, sku, "place")
        assert found is not None
        return found

    @rule(
        target=orders,
        wanted=st.lists(st.tuples(SKU, QTY), min_size=1, max_size=3),
        lie=st.sampled_from([False, False, False, True]),
    )
    def order(self, wanted: list[tuple[str, int]], lie: bool) -> str:
        order_id = f"o{self.number}"
        lines = tuple(WantedLine(f"{order_id}-{n}", sku, qty) for n, (sku, qty) in enumerate(wanted))
        quote = self.quote(lines)
        total = (quote.price.total_fen if isinstance(quote, OrderQuote) else 0) + lie
        place = PlaceOrder(order_id, (f"N{order_id}",), lines, DeliveryKind.EXPRESS, rows.CONTACT, Fen(total))
        decision = self.do(place, BUYER)
        needed = Counter({sku: 0 for sku in SKUS})
        for sku, qty in wanted:
            needed[sku] += qty
        if isinstance(decision, Accepted):
            assert not lie
            assert all(self.level(sku).on_hand_qty >= self.level(sku).reserved_qty for sku in SKUS if needed[sku])
        else:
            assert self.view.get(Order, order_id) is None
        return order_id

    def quote(self, lines: tuple[WantedLine, ...]) -> object:
        context = Context("quote", self.now, self.now, BUYER, read_settings(self.view))
        return quote_order(lines, Destination(), self.view, context)

    @rule(kind=st.sampled_from(["seven", "all"]))
    def give_coupon(self, kind: str) -> None:
        coupon_id = f"k{self.number}"
        assert isinstance(self.do(GiveCoupon(coupon_id, kind, "buyer", (f"CODE-{coupon_id}",)), OWNER), Accepted)

    @rule(order_id=orders)
    def start(self, order_id: str) -> None:
        self.do(StartPayment(order_id, f"pay{self.number}", f"T{self.number}"), BUYER)

    @rule(order_id=orders, off=st.sampled_from([0, 0, 0, 1, -1]), transaction=st.integers(1, 4))
    def confirm(self, order_id: str, off: int, transaction: int) -> None:
        attempts = self.view.children(Payment, order_id=order_id)
        attempt = attempts[transaction % len(attempts)] if attempts else None
        number = attempt.out_trade_no if attempt else "T-unknown"
        fen = Fen((attempt.amount_fen if attempt else 5) + off)
        notice = ConfirmPayment(number, f"W{order_id}-{transaction}", fen, fen, "CNY", self.now)
        assert isinstance(self.do(notice, SERVICE), Accepted), "money that moved is recorded whatever the state"

    @rule(order_id=orders, part=st.integers(1, 6), all_lines=st.booleans())
    def ship(self, order_id: str, part: int, all_lines: bool) -> None:
        lines = self.view.children(OrderLine, order_id=order_id)
        chosen = [x for x in lines if x.open_qty] if all_lines else lines[:1]
        sent = tuple(ShippedLine(x.id, x.open_qty if all_lines else part) for x in chosen)
        self.do(ShipOrder(order_id, f"parcel{self.number}", sent, "sf", f"SF{self.number:013d}"), CLERK)

    @rule(target=orders, wanted=st.lists(st.tuples(SKU, QTY), min_size=1, max_size=3))
    def sell(self, wanted: list[tuple[str, int]]) -> str:
        """Goods come in, are ordered and paid: the way of most orders."""
        for sku, qty in wanted:
            self.receive(sku, qty + max(0, -self.level(sku).available_qty))
        order_id = self.order(wanted, lie=False)
        self.start(order_id)
        self.confirm(order_id, 0, 1)
        order = self.view.get(Order, order_id)
        assert order is not None and order.state is OrderState.PAID
        return order_id

    @rule(order_id=orders)
    def begin_close(self, order_id: str) -> None:
        self.do(BeginClose(order_id), SERVICE)

    @rule(order_id=orders)
    def finish_close(self, order_id: str) -> None:
        self.do(FinishClose(order_id), SERVICE)

    @rule(order_id=orders)
    def cancel(self, order_id: str) -> None:
        before = self.view.get(Order, order_id)
        decision = self.do(CancelOrder(order_id), BUYER)
        if before is not None and before.state in (OrderState.UNPAID, OrderState.PAID):
            assert isinstance(decision, Accepted)

    @rule(order_id=orders, times=st.integers(1, 3), is_gone=st.booleans())
    def pay_too_late(self, order_id: str, times: int, is_gone: bool) -> None:
        """The attempt was open, the order closed, and WeChat says again and again that it was paid after all."""
        self.start(order_id)
        self.cancel(order_id)
        self.finish_close(order_id)
        for sku in SKUS if is_gone else ():
            self.adjust(sku, -self.level(sku).available_qty, MovementReason.LOST)
        for _ in range(times):
            self.confirm(order_id, 0, 1)

    @rule(order_id=orders, qty=st.integers(1, 3), outcome=st.sampled_from(list(RefundOutcome)))
    def ship_and_refund(self, order_id: str, qty: int, outcome: RefundOutcome) -> None:
        self.ship(order_id, 1, all_lines=True)
        self.request_refund(order_id, qty, 0, 0)
        self.record_refund(outcome, len(self.view.rows(Refund)) - 1)

    @rule(order_id=orders)
    def receive_goods(self, order_id: str) -> None:
        self.do(ConfirmReceipt(order_id), BUYER)

    @rule(order_id=orders, qty=st.integers(0, 3), unsent=st.integers(0, 3), freight=st.sampled_from([0, 0, 1, 800]))
    def request_refund(self, order_id: str, qty: int, unsent: int, freight: int) -> None:
        lines = self.view.children(OrderLine, order_id=order_id)
        pieces = tuple(RefundedPieces(line.id, qty, min(qty, unsent)) for line in lines[:2]) if qty else ()
        self.do(RequestRefund(order_id, f"r{self.number}", "", pieces, Fen(freight)), OWNER)

    @rule(order_id=orders, whole=st.booleans(), outcome=st.sampled_from(list(RefundOutcome)))
    def give_up_what_has_not_left(self, order_id: str, whole: bool, outcome: RefundOutcome) -> None:
        """The rest of an order, or one piece of each line, is never to leave."""
        lines = [line for line in self.view.children(OrderLine, order_id=order_id) if line.open_qty]
        counts = {line.id: line.open_qty if whole else 1 for line in lines}
        pieces = tuple(RefundedPieces(line_id, qty, qty) for line_id, qty in counts.items())
        order = self.view.get(Order, order_id)
        if order is None or not pieces:
            return
        freight = order.freight_fen if order.state is OrderState.PAID and whole else Fen(0)
        if isinstance(self.do(RequestRefund(order_id, f"r{self.number}", "", pieces, freight), OWNER), Accepted):
            self.record_refund(outcome, len(self.view.rows(Refund)) - 1)

    @rule(outcome=st.sampled_from([RefundOutcome.SUCCESS, *RefundOutcome]), which=st.integers(0, 5))
    def record_refund(self, outcome: RefundOutcome, which: int) -> None:
        refunds = self.view.rows(Refund)
        if refunds:
            refund = refunds[which % len(refunds)]
            told = RecordRefund(refund.out_refund_no, outcome, refund.amount_fen, "5030", self.now)
            assert isinstance(self.do(told, SERVICE), Accepted), "money that moved is recorded whatever the state"

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def movements_explain_what_is_on_hand(self) -> None:
        sums: Counter[str] = Counter()
        for movement in self.view.rows(StockMovement):
            sums[movement.sku_id] += movement.delta_qty
        assert all(self.level(sku).on_hand_qty == sums[sku] for sku in SKUS)

    @invariant()
    def reservations_explain_what_is_reserved(self) -> None:
        lines = {line.id: line for line in self.view.rows(OrderLine)}
        held: Counter[str] = Counter()
        for one in self.view.rows(Reservation):
            is_whole = lines[one.order_line_id].shipped_qty == one.qty
            assert is_whole == (one.state is ReservationState.CONSUMED)
            if one.state is ReservationState.HELD:
                held[one.sku_id] += one.qty - lines[one.order_line_id].shipped_qty
        assert all(self.level(sku).reserved_qty == held[sku] for sku in SKUS)
        assert len(lines) == len(self.view.rows(Reservation))

    @invariant()
    def an_order_holds_its_pieces_exactly_while_it_needs_them(self) -> None:
        for order in self.view.rows(Order):
            lines = self.view.children(OrderLine, order_id=order.id)
            states = {self.held(line) for line in lines}
            is_refunded = order.state is OrderState.CANCELLED and order.refunded_fen == order.paid_fen
            if order.state is OrderState.CLOSED or is_refunded:
                assert states == {ReservationState.RELEASED}
            else:
                gone = {line.id for line in lines if self.held(line) is ReservationState.RELEASED}
                assert gone == {line.id for line in lines if self.never_left(line) == line.qty}

    def held(self, line: OrderLine) -> ReservationState:
        found = self.view.get(Reservation, line.id)
        assert found is not None
        return found.state

    def never_left(self, line: OrderLine) -> int:
        """Pieces whose money has gone back before they left."""
        ended = {r.id for r in self.view.rows(Refund) if r.state is RefundState.SUCCEEDED}
        parts = self.view.rows(RefundLine)
        return sum(p.unsent_qty for p in parts if p.order_line_id == line.id and p.refund_id in ended)

    @invariant()
    def a_coupon_is_used_by_one_living_order_and_every_order_has_its_own(self) -> None:
        used = {c.order_id: c.id for c in self.view.rows(Coupon) if c.state is CouponState.USED}
        assert len(used) == sum(c.state is CouponState.USED for c in self.view.rows(Coupon))
        for order in self.view.rows(Order):
            price = self.view.get(OrderPrice, order.id)
            assert price is not None
            is_over = order.state is OrderState.CLOSED or order.finished_at and order.state is OrderState.CANCELLED
            assert used.get(order.id, "") == ("" if is_over else price.coupon_id)

    @invariant()
    def what_is_promised_is_there_or_counted_as_short(self) -> None:
        for sku in SKUS:
            self.check_level(sku, "place")
            level = self.level(sku)
            assert level.short_qty == max(0, level.reserved_qty - level.on_hand_qty), "no more is short than is missing"

    @invariant()
    def money_is_booked_once_for_each_payment_and_each_refund(self) -> None:
        came = [p for p in self.view.rows(Payment) if p.state in (PaymentState.PAID, PaymentState.SURPLUS)]
        went = [r for r in self.view.rows(Refund) if r.state is RefundState.SUCCEEDED]
        entries = self.view.rows(Transfer)
        assert sorted(e.ref_id for e in entries) == sorted([p.id for p in came] + [r.id for r in went])
        balance: Counter[Account] = Counter()
        for entry in entries:
            balance[entry.debit] += entry.fen
            balance[entry.credit] -= entry.fen
        assert sum(balance.values()) == 0
        assert balance[Account.WECHAT] == sum(p.amount_fen for p in came) - sum(r.amount_fen for r in went)
        orders = self.view.rows(Order)
        assert -balance[Account.SALES] == sum(o.paid_fen - o.refunded_fen for o in orders)
        surplus = [p for p in came if p.state is PaymentState.SURPLUS]
        assert -balance[Account.OWED] == sum(p.amount_fen - p.refunded_fen for p in surplus)

    @invariant()
    def what_goes_back_is_what_came(self) -> None:
        refunds = self.view.rows(Refund)
        for payment in self.view.rows(Payment):
            mine = [r for r in refunds if r.payment_id == payment.id]
            asked = sum(r.amount_fen for r in mine if r.state is RefundState.REQUESTED)
            done = sum(r.amount_fen for r in mine if r.state is RefundState.SUCCEEDED)
            assert (payment.refunding_fen, payment.refunded_fen) == (asked, done)
            assert asked + done <= payment.amount_fen
        ended = {r.id for r in refunds if r.state is RefundState.SUCCEEDED}
        back: Counter[str] = Counter()
        for part in self.view.rows(RefundLine):
            back[part.order_line_id] += part.fen if part.refund_id in ended else 0
        for line in self.view.rows(OrderLine):
            assert line.refunded_fen == back[line.id] <= line.paid_fen

    @invariant()
    def orders_add_up_and_lines_are_shipped_within_what_was_bought(self) -> None:
        unpaid = (OrderState.UNPAID, OrderState.CLOSING, OrderState.CLOSED)
        for order in self.view.rows(Order):
            lines = self.view.children(OrderLine, order_id=order.id)
            assert sum(line.paid_fen for line in lines) + order.freight_fen == order.total_fen
            assert all(line.open_qty >= 0 and self.never_left(line) <= line.cancelled_qty for line in lines)
            is_whole = not any(line.open_qty for line in lines) and any(line.shipped_qty for line in lines)
            assert is_whole == (order.state in (OrderState.SHIPPED, OrderState.COMPLETED))
            assert order.paid_fen == (0 if order.state in unpaid else order.total_fen)
            discounts = self.view.children(OrderDiscount, order_id=order.id)
            for line in lines:
                assert sum(d.fen for d in discounts if d.line_id == line.id) == line.discount_fen


TestShop = ShopMachine.TestCase
TestShop.settings = settings(max_examples=100, stateful_step_count=40)
