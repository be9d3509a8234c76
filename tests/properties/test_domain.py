"""Whatever is done to a shop in whatever order, its books agree; and a replay is the same computation."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from app.domain.command import Actor, Command, Context
from app.domain.incidents.model import Incident
from app.domain.money import Fen
from app.domain.orders.commands import PlaceOrder, ShipOrder, ShippedLine, WantedLine
from app.domain.orders.model import DeliveryKind, Order, OrderLine, OrderState
from app.domain.outcome import Accepted, Bump, Decision, Put
from app.domain.payments.commands import ConfirmPayment, StartPayment
from app.domain.payments.model import Payment, PaymentState, Transfer
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
        total = sum(qty * (6800 if sku == "s1" else 12800) for sku, qty in wanted) + lie
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

    @rule(order_id=orders)
    def start(self, order_id: str) -> None:
        self.do(StartPayment(order_id, f"pay{self.number}", f"T{self.number}"), BUYER)

    @rule(order_id=orders, off=st.sampled_from([0, 0, 0, 1, -1]), transaction=st.integers(1, 4))
    def confirm(self, order_id: str, off: int, transaction: int) -> None:
        attempts = self.view.children(Payment, order_id=order_id)
        number = attempts[0].out_trade_no if attempts else "T-unknown"
        fen = Fen((attempts[0].amount_fen if attempts else 5) + off)
        notice = ConfirmPayment(number, f"W{order_id}-{transaction}", fen, fen, "CNY", self.now)
        assert isinstance(self.do(notice, SERVICE), Accepted), "money that moved is recorded whatever the state"

    @rule(order_id=orders, part=st.integers(1, 6), all_lines=st.booleans())
    def ship(self, order_id: str, part: int, all_lines: bool) -> None:
        lines = self.view.children(OrderLine, order_id=order_id)
        chosen = lines if all_lines else lines[:1]
        sent = tuple(ShippedLine(x.id, x.qty - x.shipped_qty if all_lines else part) for x in chosen)
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
            is_whole = lines[one.order_line_id].shipped_qty == lines[one.order_line_id].qty
            assert is_whole == (one.state is ReservationState.CONSUMED)
            if one.state is ReservationState.HELD:
                held[one.sku_id] += one.qty - lines[one.order_line_id].shipped_qty
        assert all(self.level(sku).reserved_qty == held[sku] for sku in SKUS)
        assert len(lines) == len(self.view.rows(Reservation))

    @invariant()
    def what_is_promised_is_there_or_counted_as_short(self) -> None:
        for sku in SKUS:
            self.check_level(sku, "place")
            level = self.level(sku)
            assert level.short_qty == max(0, level.reserved_qty - level.on_hand_qty), "no more is short than is missing"

    @invariant()
    def money_is_booked_once_for_each_paid_order(self) -> None:
        paid = [p for p in self.view.rows(Payment) if p.state is PaymentState.PAID]
        entries = self.view.rows(Transfer)
        assert sum(entry.fen for entry in entries) == sum(p.amount_fen for p in paid)
        assert sorted(entry.ref_id for entry in entries) == sorted(p.id for p in paid)
        orders = [o for o in self.view.rows(Order) if o.state is not OrderState.UNPAID]
        assert sorted(o.id for o in orders) == sorted(p.order_id for p in paid)
        assert all(o.paid_fen == o.total_fen for o in orders)

    @invariant()
    def orders_add_up_and_lines_are_shipped_within_what_was_bought(self) -> None:
        for order in self.view.rows(Order):
            lines = self.view.children(OrderLine, order_id=order.id)
            assert sum(line.paid_fen for line in lines) + order.freight_fen == order.total_fen
            assert all(0 <= line.shipped_qty <= line.qty for line in lines)
            is_whole = all(line.shipped_qty == line.qty for line in lines)
            assert is_whole == (order.state is OrderState.SHIPPED)


TestShop = ShopMachine.TestCase
TestShop.settings = settings(max_examples=60, stateful_step_count=40)
