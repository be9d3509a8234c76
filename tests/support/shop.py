"""A small shop at an authority, for tests: founded, stocked, with an order when wanted."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.catalog.commands import CreateCategory, CreateProduct, EditProduct, NewSku
from app.domain.command import Actor, Command
from app.domain.members.commands import RegisterBuyer
from app.domain.money import Fen
from app.domain.orders.commands import Contact, PickupWish, PlaceOrder, WantedLine
from app.domain.orders.model import DeliveryKind
from app.domain.payments.commands import ConfirmPayment, StartPayment
from app.domain.permission import Role
from app.domain.pickup.code import PickupKeys
from app.domain.pickup.commands import SavePickupPoint
from app.domain.registry import shop_registry
from app.domain.staff.commands import CreateStaff, FoundShop
from app.domain.stock.commands import ReceiveStock
from app.kernel import codec
from app.kernel.clock import Clock
from app.kernel.derived import derived_id
from services.authority.executor import BATCH_MS, Executor
from services.authority.submission import Answer, Intent
from services.db.engine import Store

OWNER = Actor("owner", Role.OWNER)
CLERK = Actor("clerk", Role.CLERK)
SERVICE = Actor("service", Role.SERVICE)
BUYER = Actor("buyer", Role.BUYER)
PLACE = "place"
PICKUP_KEYS = PickupKeys("shop-of-the-tests", "1", {"1": "5a" * 32})


def intent(command: Command, actor: Actor, issued_at: datetime, command_id: str = "") -> Intent:
    args = codec.plain(command)
    return Intent(
        command_id or derived_id(command.NAME, codec.canonical(args), actor.id),
        command.NAME,
        command.VERSION,
        args,
        actor,
        issued_at,
    )


class Shop:
    """An executor over a store, with short words for what tests do often."""

    def __init__(self, store: Store, clock: Clock, batch_ms: int = BATCH_MS) -> None:
        self.store = store
        self.clock = clock
        self.executor = Executor(store, shop_registry(), clock, batch_ms)
        self.executor.start()

    def do(self, command: Command, actor: Actor = OWNER, command_id: str = "") -> Answer:
        return self.executor.submit(intent(command, actor, self.clock.now(), command_id)).result(30)

    def must(self, command: Command, actor: Actor = OWNER) -> Answer:
        answer = self.do(command, actor)
        assert answer.is_applied, (command.NAME, answer.code, answer.params)
        return answer

    def found(self) -> "Shop":
        self.must(FoundShop("山野咖啡", "owner", "李敏", PLACE, "文三路店"), SERVICE)
        self.must(CreateStaff("clerk", "陈子墨", Role.CLERK))
        self.must(CreateCategory("cat", "", "咖啡豆"))
        return self

    def product(self, product_id: str = "p1", fen: int = 6800, stock: int = 10, barcode: str = "") -> str:
        """A product on sale with one article ``<product>-s`` of which ``stock`` pieces lie at the shop."""
        sku = NewSku(f"{product_id}-s", (), f"SY-{product_id}", barcode, Fen(fen), weight_g=454, shelf="A-01")
        self.must(CreateProduct(product_id, "cat", f"云南小粒咖啡豆 {product_id}", (sku,)))
        self.must(EditProduct(product_id, {"state": {"from": "draft", "to": "on_sale"}}))
        if stock:
            self.must(ReceiveStock(sku.sku_id, PLACE, stock))
        return sku.sku_id

    def pickup_point(self, point_id: str = "pp") -> str:
        """A place to collect at any time."""
        week = {str(day): ["09:00-21:30"] for day in range(1, 8)}
        self.must(SavePickupPoint(point_id, "文三路店", "文三路 90 号", "0571-88880000", week))
        return point_id

    def pickup_order(self, order_id: str, sku_id: str, qty: int = 1, fen: int = 6800) -> Answer:
        """An unpaid order of one line ``<order>-1``, to be collected at ``pp``."""
        digest = hashlib.sha256(order_id.encode()).hexdigest()
        wish = PickupWish("pp", digest[:16], (f"{int(digest, 16) % 10**8:08d}",))
        placing = self.placing(order_id, sku_id, qty, fen)
        return self.do(replace(placing, delivery_kind=DeliveryKind.PICKUP, pickup=wish), BUYER)

    def order(self, order_id: str, sku_id: str, qty: int = 1, fen: int = 6800) -> Answer:
        """An unpaid order of one line ``<order>-1``."""
        return self.do(self.placing(order_id, sku_id, qty, fen), BUYER)

    def placing(self, order_id: str, sku_id: str, qty: int = 1, fen: int = 6800) -> PlaceOrder:
        self.must(RegisterBuyer("buyer", "openid-1"), SERVICE)
        return PlaceOrder(
            order_id=order_id,
            no_candidates=(f"WX{order_id}",),
            lines=(WantedLine(f"{order_id}-1", sku_id, qty),),
            delivery_kind=DeliveryKind.EXPRESS,
            contact=Contact("林晓雨", "13800138000", "330106", "浙江省杭州市西湖区文三路 90 号 2 幢 301 室"),
            expected_total_fen=Fen(fen * qty),
        )

    def paid_order(self, order_id: str, sku_id: str, qty: int = 1, fen: int = 6800) -> None:
        assert self.order(order_id, sku_id, qty, fen).is_applied
        self.paid_order_now(order_id, fen * qty)

    def paid_order_now(self, order_id: str, fen: int) -> None:
        """The buyer pays an order that waits for it."""
        self.must(StartPayment(order_id, f"{order_id}-p", f"T{order_id}"), BUYER)
        total = Fen(fen)
        paid = ConfirmPayment(f"T{order_id}", f"W{order_id}", total, total, "CNY", self.clock.now())
        self.must(paid, SERVICE)

    def rows(self, table: str, columns: str = "*") -> list[Any]:
        with self.store.reading() as database:
            return [tuple(r) for r in database.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()]

    def close(self) -> None:
        self.executor.close()
