"""The tour's morning: twenty orders, a batch, single parcels, three pickup codes, two prices, and a cut."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.buyer.answers import Contact, Order, PickupPoint
from app.buyer.client import BY_CARRIER, ShopClient, Way
from app.buyer.phone import Phone
from app.desk import queries, setup
from app.domain.catalog.commands import ChangePrice
from app.domain.money import Fen
from app.domain.pickup import code
from app.domain.pickup.code import PickupKeys
from app.domain.pickup.commands import SavePickupPoint
from ui.pages.orders import bulk
from ui.pages.orders.batch_dialog import BatchDialog
from ui.pages.orders.dialogs import ShipDialog
from ui.pages.orders.page import OrdersPage
from ui.pages.pickup.page import PickupPage
from ui.pages.pickup.verdict import Kind
from ui.tour.counters import Counter
from ui.tour.figures import differing
from ui.tour.goods import opened_dialog, press
from ui.tour.record import Record, StepFailed, require
from ui.tour.stage import Camera, rest, wait_until

P = TypeVar("P", bound=QWidget)
InTheStreet = Callable[[Callable[[], Any], str], Any]
ADDRESS: Final = "浙江省杭州市西湖区翠苑街道文三路 398 号 12 幢 3 单元 1201 室"
PEOPLE: Final = (
    Contact("徐嘉怡", "13912347715", ADDRESS, "330106"),
    Contact("周若溪", "13812342046", ADDRESS, "330106"),
    Contact("赵一鸣", "13712349593", ADDRESS, "330106"),
    Contact("朱可欣", "13512346128", ADDRESS, "330106"),
)
GOODS: Final = ("挂耳咖啡 综合装", "滤纸")
HERE, THERE = "文三路店", "滨江星光店"
POINTS: Final = ((HERE, "杭州市西湖区文三路 398 号 1 层"), (THERE, "杭州市滨江区江南大道 228 号 1 楼"))
ALWAYS: Final = {str(day): ["00:00-23:59"] for day in range(1, 8)}
IN_BATCH: Final = 12
SETTLED_MS: Final = 400
SINGLY: Final = 5
CONTESTED: Final = "滤纸"


class Morning:
    """Counter 1 sends the batch, counter 2 packs singly and hands over."""

    def __init__(
        self, url: str, door: Path, record: Record, in_the_street: InTheStreet, stage: tuple[Counter, Counter, Camera]
    ) -> None:
        self._record = record
        self._do = in_the_street
        self._one, self._two, self._camera = stage
        self._both = (self._one, self._two)
        self._buyers = [(ShopClient(url), Phone(door, who.name), who) for who in PEOPLE]
        self._codes: dict[str, str] = {}
        self._articles: dict[str, str] = {}

    def play(self) -> list[Order]:
        """Answers the orders that left as parcels."""
        try:
            self._open_points()
            parcels, pickups = self._twenty_orders()
            self._ship_together(parcels[:IN_BATCH])
            self._ship_singly(parcels[IN_BATCH:])
            self._prepare(pickups)
            self._redeem(pickups)
            self._two_prices()
            self._agree(pickups)
            self._count()
            return parcels
        finally:
            for shop, phone, _ in self._buyers:
                shop.close()
                phone.close()

    # They come

    def _open_points(self) -> None:
        with self._record.step("the owner opens two pickup points; the mini-program offers both"):
            for place, (name, address) in enumerate(POINTS, 1):
                self._one.do(SavePickupPoint(f"morning-point-{place}", name, address, "0571-88066288", ALWAYS))
            shop = self._buyers[0][0]

            def are_offered() -> bool:
                offered = {point.name for point in self._do(shop.shop, "shop").pickup_points}
                return {name for name, _ in POINTS} <= offered

            wait_until(are_offered, "both points are offered")

    def _twenty_orders(self) -> tuple[list[Order], list[Order]]:
        with self._record.step("twenty orders arrive: seventeen parcels, three to be collected") as facts:
            for shop, phone, _ in self._buyers:
                self._do(partial(_log_in, shop, phone), "login")
            points = self._do(self._buyers[0][0].shop, "shop").pickup_points
            here = next(point for point in points if point.name == HERE)
            there = next(point for point in points if point.name == THERE)
            parcels = [self._order(n, BY_CARRIER) for n in range(IN_BATCH + SINGLY)]
            pickups = [self._order(len(parcels) + n, _way(point)) for n, point in enumerate((here, here, there))]
            orders = [*parcels, *pickups]

            def all_stand() -> bool:
                return all(_state(counter, order.id) == "paid" for counter in self._both for order in orders)

            facts["ms"] = wait_until(all_stand, "all twenty stand on both counters")
            for place, order in enumerate(pickups, len(parcels)):  # a code is there as soon as the order is paid
                shop = self._buyers[place % len(self._buyers)][0]
                self._codes[order.id] = self._do(partial(shop.pickup_code, order.id), "code").text
            facts["orders"] = len(orders)
            facts["total_fen"] = sum(order.total_fen for order in orders)
        return parcels, pickups

    def _order(self, number: int, way: Way) -> Order:
        shop, phone, contact = self._buyers[number % len(self._buyers)]
        sku_id = self._article(shop, GOODS[number % len(GOODS)])
        region = "" if way.kind == "pickup" else contact.region_code
        who = Contact(contact.name, contact.phone, "", "") if way.kind == "pickup" else contact
        wanted = [(sku_id, 1)]
        quote = self._do(lambda: shop.quote(wanted, region, way), "quote")
        order: Order = self._do(lambda: shop.place_order(quote, who, f"morning-{number}", way=way), "order")
        payment = self._do(lambda: shop.pay(order.id), "prepay")
        self._do(lambda: phone.confirm(payment.wx_payment), "payment")
        return order

    def _article(self, shop: ShopClient, search: str) -> str:
        """The first article that is found; whoever has looked once knows it."""
        if search not in self._articles:
            page = self._do(lambda: shop.products(search=search), "products")
            goods = self._do(lambda: shop.product(page.items[0].id), "product")
            self._articles[search] = goods.skus[0].id
        return self._articles[search]

    # They leave

    def _ship_together(self, orders: Sequence[Order]) -> None:
        with self._record.step("counter 1 ships twelve of them at once, pasted from a sheet and looked over") as facts:
            page = _page(self._one, "orders", OrdersPage)
            page.open_row(queries.OrderFilter("paid,partly_shipped", delivery_kind="express"))
            rows = {order.id: self._seen(self._one, order).rowid for order in orders}
            wait_until(lambda: set(rows.values()) <= set(page.model.rowids()), "the list shows them")
            page.model.set_checked(tuple(rows.values()))
            rest(300)
            self._camera.take(self._one.opened.window, "orders-ticked")
            page.bulk.run(bulk.SHIP)
            dialog = opened_dialog(page, BatchDialog)
            wait_until(lambda: len(dialog.presenter.rows) == len(orders), "the batch is read")
            dialog.table.paste("\n".join(_number(n) for n in range(len(orders))))
            dialog.presenter.edit(1, _number(0))
            require(not dialog.presenter.check(), "one number stands there twice and nobody says so")
            press(dialog.start_button)
            require(not dialog.presenter.is_running, "nothing is sent while a number is wrong")
            dialog.presenter.edit(1, _number(1))
            rest(150)
            self._camera.take(dialog, "batch-dialog")
            press(dialog.start_button)
            facts["ms"] = wait_until(lambda: dialog.presenter.is_over, "the batch is through", 20)
            tally = dialog.presenter.tally()
            facts.update(shipped=tally.done, refused=tally.refused)
            require((tally.done, tally.refused, tally.waiting) == (len(orders), 0, 0), f"{tally}")
            rest(150)
            self._camera.take(dialog, "batch-done")
            dialog.reject()
            wait_until(lambda: all(_state(self._two, o.id) == "shipped" for o in orders), "counter 2 knows")

    def _ship_singly(self, orders: Sequence[Order]) -> None:
        with self._record.step("counter 2 ships five one by one") as facts:
            window, page = self._two.opened.window, _page(self._two, "orders", OrdersPage)
            for place, order in enumerate(orders):
                window.go("orders", order.id)
                wait_until(partial(_is_open, page, order.id), "the order is shown")
                page.ship()
                dialog = opened_dialog(page, ShipDialog)
                QTest.keyClicks(dialog.number_field, _number(IN_BATCH + place))
                gone: list[int] = []
                dialog.finished.connect(gone.append)
                press(dialog.ship_button)
                wait_until(partial(bool, gone), "the dialog is done")

            def is_known() -> bool:
                return all(_state(counter, order.id) == "shipped" for counter in self._both for order in orders)

            facts["ms"] = wait_until(is_known, "both counters know")
            facts["parcels"] = len(orders)

    # They are collected

    def _prepare(self, orders: Sequence[Order]) -> None:
        with self._record.step("what is to be collected is prepared, all at once"):
            page = _page(self._one, "orders", OrdersPage)
            page.open_row(queries.OrderFilter(queries.TO_COLLECT))
            rows = [self._seen(self._one, order).rowid for order in orders]
            wait_until(lambda: set(rows) <= set(page.model.rowids()), "the list shows them")
            page.model.set_checked(rows)
            page.bulk.run(bulk.READY)
            dialog = opened_dialog(page, BatchDialog)
            wait_until(lambda: len(dialog.presenter.rows) == len(orders), "the batch is read")
            dialog.table.paste("A-01\nA-02\nA-03")
            press(dialog.start_button)
            wait_until(lambda: dialog.presenter.is_over, "all are marked")
            require(dialog.presenter.tally().done == len(orders), f"{dialog.presenter.tally()}")
            dialog.reject()
            wait_until(lambda: all(self._pickup_state(o) == "ready" for o in orders), "counter 2 knows")

    def _redeem(self, orders: Sequence[Order]) -> None:
        first, second, elsewhere = orders
        two = self._two
        page = _page(two, "pickup", PickupPage)
        two.opened.window.go("pickup")
        point_id = next(p.id for p in two.ask(setup.shop_setup()).points if p.name == HERE)
        page.presenter.choose_point(point_id)
        wait_until(lambda: page.presenter.at is not None, "the lists are there")
        with self._record.step("a pickup code is scanned: redeemed") as facts:
            facts["ms"] = self._scan(page, first, Kind.DONE, "pickup-redeemed")
            wait_until(lambda: two.waiting() == 0, "the service knows")
        with self._record.step("a code of the other point: told where to go") as facts:
            facts["ms"] = self._scan(page, elsewhere, Kind.ELSEWHERE, "pickup-elsewhere")
        with self._record.step("the first code once more: collected already") as facts:
            facts["ms"] = self._scan(page, first, Kind.ALREADY, "pickup-already")
        with self._record.step("a code that another shop has made: refused, and nothing is recorded") as facts:
            facts["ms"] = self._scan_foreign(page)
            require(two.waiting() == 0, "nothing is recorded")
        with self._record.step("a code while the cable is out: handed over, not synced yet") as facts:
            two.cable.cut()
            wait_until(two.is_offline, "counter 2 notices")
            facts["ms"] = self._scan(page, second, Kind.DONE, "pickup-offline")
            verdict = page.presenter.verdict
            require(verdict is not None and verdict.strip is not None, "the strip says that it is not synced")
            facts["waiting"] = two.waiting()

    def _scan(self, page: PickupPage, order: Order, kind: Kind, picture: str) -> int:
        """The gun reads a buyer's code; the verdict must be the wanted one."""
        self._shoot(page, self._codes[order.id])

        def is_told() -> bool:
            verdict, file = page.presenter.verdict, page.presenter.file
            return verdict is not None and verdict.kind is kind and file is not None and file.order.id == order.id

        ms = wait_until(is_told, f"the verdict is {kind.value}")
        rest(150)
        self._camera.take(self._two.opened.window, picture)
        return ms

    def _scan_foreign(self, page: PickupPage) -> int:
        """The right form, the right digit, another shop's key."""
        theirs = PickupKeys("another shop", "1", {"1": "5c" * code.KEY_BYTES})
        self._shoot(page, code.mint(theirs, "00" * 8, datetime(2099, 1, 1, tzinfo=UTC)))

        def is_told() -> bool:
            verdict = page.presenter.verdict
            return verdict is not None and verdict.kind is Kind.REFUSED and page.presenter.file is None

        ms = wait_until(is_told, "the verdict is refused")
        rest(150)
        self._camera.take(self._two.opened.window, "pickup-foreign")
        return ms

    def _shoot(self, page: PickupPage, text: str) -> None:
        """Keys as a gun types them, to whatever has the focus."""
        window = self._two.opened.window
        window.activateWindow()
        target = QApplication.focusWidget()
        target = target if target is not None and window.isAncestorOf(target) else page
        for key, sign in [*((Qt.Key.Key_A, each) for each in text), (Qt.Key.Key_Return, "\r")]:
            for press_kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QCoreApplication.sendEvent(target, QKeyEvent(press_kind, key, Qt.KeyboardModifier.NoModifier, sign))

    # They disagree, and agree again

    def _two_prices(self) -> None:
        with self._record.step("one price is edited on both counters, on one of them without the network") as facts:
            one, two = self._one, self._two
            two.takes_duty("周晓")
            self._product = one.product(CONTESTED)
            sku = self._product.skus[0].sku
            one.do(ChangePrice(sku.id, sku.list_fen, Fen(sku.list_fen + 100)))
            two.do(ChangePrice(sku.id, sku.list_fen, Fen(sku.list_fen + 200)))
            facts["fen"] = [sku.list_fen, sku.list_fen + 100, sku.list_fen + 200]

    def _agree(self, orders: Sequence[Order]) -> None:
        with self._record.step("the network is back: both agree, and the price waits for a decision") as facts:
            one, two = self._one, self._two
            two.cable.mend()
            two.opened.desktop.sync_now()
            both = (one, two)
            facts["ms"] = wait_until(lambda: all(c.waiting() == 0 for c in both), "everything is sent", 40)
            wanted = self._product.skus[0].sku.list_fen + 100

            def is_one_price() -> bool:
                seen = [c.product_by_id(self._product.product.id).skus[0].sku.list_fen for c in both]
                return seen == [wanted, wanted]

            wait_until(is_one_price, "both show the first price")
            issues = [i for i in two.ask(queries.sync_overview()).issues if i.resolved_at is None]
            require("catalog.conflict" in [issue.code for issue in issues], f"{[issue.code for issue in issues]}")

            def is_collected() -> bool:
                return [_state(one, order.id) for order in orders] == ["completed", "completed", "paid"]

            wait_until(is_collected, "what was collected is completed")
            facts["states"] = [_state(one, order.id) for order in orders]

    def _count(self) -> None:
        with self._record.step("every figure is the same wherever it stands, on both counters") as facts:
            told = {c.name: differing(c.opened.window, c.opened.pages, lambda: rest(SETTLED_MS)) for c in self._both}
            facts["differing"] = sum(len(each) for each in told.values())
            require(not any(told.values()), f"{told}")

    def _seen(self, counter: Counter, order: Order) -> queries.OrderDetail:
        detail = counter.order(order.id)
        if detail is None:
            raise StepFailed(f"{counter.name}: no order {order.no}")
        return detail

    def _pickup_state(self, order: Order) -> str:
        pickup = self._seen(self._two, order).pickup
        return "" if pickup is None else str(pickup.state)


def _log_in(shop: ShopClient, phone: Phone) -> None:
    shop.login(phone.login_code())


def _way(point: PickupPoint) -> Way:
    slot = next((slot.text for day in point.days for slot in day.slots), "")
    return Way("pickup", point.id, slot)


def _number(place: int) -> str:
    return f"SF{1699000000000 + place}"


def _state(counter: Counter, order_id: str) -> str:
    seen = counter.order(order_id)
    return "" if seen is None else str(seen.order.state)


def _is_open(page: OrdersPage, order_id: str) -> bool:
    detail = page.presenter.detail
    return detail is not None and detail.order.id == order_id and page.detail.isVisible()


def _page(counter: Counter, key: str, kind: type[P]) -> P:
    window = counter.opened.window
    window.go(key)
    page = window.page_widget(key)
    if not isinstance(page, kind):
        raise StepFailed(f"the page {key} is another one")
    return page
