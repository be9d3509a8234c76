"""The story that the tour plays: two counters that agree, and one order through the whole house."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from PySide6.QtTest import QTest

from app.buyer.answers import Contact, Order
from app.buyer.client import ShopClient
from app.buyer.phone import Phone
from app.desk import queries
from app.desk.sounds import Sound
from app.domain.catalog.commands import ChangePrice, EditProduct
from app.domain.money import Fen
from app.domain.stock.commands import AdjustStock
from app.domain.stock.model import MovementReason
from ui.pages.orders.dialogs import ShipDialog
from ui.pages.orders.label_dialog import LabelDialog
from ui.pages.orders.page import OrdersPage
from ui.tour.bad_days import BadDays
from ui.tour.buying import Buying
from ui.tour.counters import Counter, first_counter, second_counter
from ui.tour.goods import GoodsDesk, opened_dialog, press
from ui.tour.message import follow_message, wait_for_message
from ui.tour.morning import Morning
from ui.tour.papers import PaperRound
from ui.tour.record import Record, StepFailed, require, tell_pace
from ui.tour.stage import Camera, rest, result_of, wait_until

T = TypeVar("T")
OFFLINE_SHOWN_MS = 10_500  # the badge waits ten seconds, so that a short break does not make it flicker
CONTACT = Contact("林晓雨", "13812348888", "浙江省杭州市西湖区文三路 90 号 2 幢 301 室", "330106")
DOOR = "pretended-wechat-door.json"
WAYBILL = "SF1688124306257"


class Story:
    """Plays the steps in order; the first one that does not hold ends the tour."""

    def __init__(self, main: Path, out: Path, folder: Path, record: Record) -> None:
        self._main = main
        self._out = out
        self._folder = folder
        self._record = record
        self._camera = Camera(out, record)
        self._street = ThreadPoolExecutor(1, "buyer")
        self._counters: list[Counter] = []

    def play(self) -> None:
        try:
            self._open_counters()
            self._agree_at_once()
            self._go_on_unplugged()
            self._settle_contradiction()
            order = self._buyer_orders()
            self._hear_of_it(order)
            self._ship_unplugged(order)
            self._buyer_sees_it(order)
            self._heard_once()
            self._buy_more()
            self._pass_a_morning()
            self._compare(order)
            self._pass_bad_days()
            self._take_pictures()
        finally:
            self._street.shutdown(wait=True)
            with self._record.step("what is still open closes in order"):
                for counter in reversed(self._counters):
                    counter.close()
        self._take_empty_pictures()

    def _open_counters(self) -> None:
        with self._record.step("counter 1 opens with its service and founds the demo shop"):
            self._counters.append(first_counter(self._main, self._folder))
        with self._record.step("counter 2 joins with a code"):
            self._counters.append(second_counter(self._folder, self._counters[0]))
            self._two.takes_duty("周晓")

    @property
    def _one(self) -> Counter:
        return self._counters[0]

    @property
    def _two(self) -> Counter:
        return self._counters[1]

    # Two counters agree

    def _agree_at_once(self) -> None:
        with self._record.step("counter 1 changes stock and a title; counter 2 shows it at once") as facts:
            product = self._one.product("云南小粒咖啡豆")
            sku = product.skus[0]
            title = f"{product.product.title} 2026"
            desk = GoodsDesk(self._one, product, self._camera)
            desk.take_damaged(sku.sku.id, 1)
            desk.add_to_title(" 2026")

            def is_there() -> bool:
                seen = self._two.product_by_id(product.product.id)
                return seen.product.title == title and seen.skus[0].on_hand_qty == sku.on_hand_qty - 1

            tell_pace(facts, wait_until(is_there, "counter 2 shows the change"))

    def _go_on_unplugged(self) -> None:
        one, two = self._one, self._two
        wait_until(lambda: one.waiting() == two.waiting() == 0, "everything before is confirmed")
        with self._record.step("both cables are pulled; both go on working") as facts:
            one.cable.cut()
            two.cable.cut()
            wait_until(lambda: one.is_offline() and two.is_offline(), "both notice")
            self._product = one.product("燕麦奶")
            sku = self._product.skus[0]
            place = sku.levels[0].location_id
            one.do(ChangePrice(sku.sku.id, sku.sku.list_fen, Fen(11_900)))
            two.do(ChangePrice(sku.sku.id, sku.sku.list_fen, Fen(10_900)))
            one.do(AdjustStock(sku.sku.id, place, -2, MovementReason.DAMAGED))
            two.do(AdjustStock(sku.sku.id, place, -3, MovementReason.GIFT))
            was = self._product.product.title
            two.do(EditProduct(self._product.product.id, {"title": {"from": was, "to": f"{was}（六瓶）"}}))
            facts["waiting"] = [one.waiting(), two.waiting()]
            require(facts["waiting"] == [2, 3], "what was given waits")
        with self._record.step("the badge says offline, what waits and what works"):
            one.opened.window.go("products")
            rest(OFFLINE_SHOWN_MS)
            one.opened.window.over.panel.open_above(one.opened.window.badge)
            rest(300)
            self._camera.take(one.opened.window, "offline")
            one.opened.window.over.panel.close_panel()

    def _settle_contradiction(self) -> None:
        one, two = self._one, self._two
        with self._record.step("plugged in again, they agree: nothing lost, nothing doubled") as facts:
            one.cable.mend()
            two.cable.mend()
            for counter in (one, two):
                counter.opened.desktop.sync_now()
            wait_until(lambda: one.waiting() == two.waiting() == 0, "everything is sent", 40)
            wait_until(lambda: self._truth(one) == self._truth(two), "both show the same")
            price, on_hand, title = self._truth(one)
            before = self._product.skus[0]
            require(price in (11_900, 10_900), f"the price is {price}")
            require(on_hand == before.on_hand_qty - 5, f"{before.on_hand_qty} − 2 − 3 became {on_hand}")
            require(title.endswith("（六瓶）"), "the title is there")
            facts.update(price_fen=price, on_hand=on_hand, title=title)
        with self._record.step("the issue centre says what, who and when") as facts:
            overviews = [c.ask(queries.sync_overview()) for c in (one, two)]
            open_issues = [[i for i in o.issues if i.resolved_at is None] for o in overviews]
            require([len(i) for i in open_issues].count(1) == 1, f"issues: {[len(i) for i in open_issues]}")
            loser = one if open_issues[0] else two
            issue = (open_issues[0] or open_issues[1])[0]
            require(issue.code == "catalog.conflict", issue.code)
            require("changed_by" in issue.params and "changed_at" in issue.params, "who and when")
            who = next(
                name for staff_id, name, _ in loser.ask(queries.staff()) if staff_id == issue.params["changed_by"]
            )
            facts.update(code=issue.code, params=dict(issue.params), at=loser.name, who=who)
            loser.opened.window.open_issues()
            rest(400)
            self._camera.take_all(loser.opened, "issue-centre", looks=_FOUR_LOOKS)

    def _truth(self, counter: Counter) -> tuple[int, int, str]:
        seen = counter.product_by_id(self._product.product.id)
        return int(seen.skus[0].sku.list_fen), seen.skus[0].on_hand_qty, seen.product.title

    # One order through the whole house

    def _in_the_street(self, act: Callable[[], T], what: str) -> T:
        """Something a buyer does, on a thread of the street, while the counters live on."""
        return result_of(self._street.submit(act), what)

    def _buyer_orders(self) -> Order:
        url = self._one.opened.desktop.service_url
        door = self._folder / "service" / DOOR
        self._phone = Phone(door, "林晓雨")
        self._shop = ShopClient(url)
        with self._record.step("a buyer logs in and finds the goods"):
            self._in_the_street(lambda: self._shop.login(self._phone.login_code()), "login")
            page = self._in_the_street(lambda: self._shop.products(search="冷萃咖啡液"), "products")
            require(page.items, "nothing was found")
            goods = self._in_the_street(lambda: self._shop.product(page.items[0].id), "product")
        with self._record.step("gets a price, orders and pays by WeChat Pay") as facts:
            wanted = [(goods.skus[0].id, 2)]
            quote = self._in_the_street(lambda: self._shop.quote(wanted), "quote")
            order = self._in_the_street(lambda: self._shop.place_order(quote, CONTACT, "tour-order-1"), "order")
            again = self._in_the_street(lambda: self._shop.place_order(quote, CONTACT, "tour-order-1"), "order again")
            require(again.id == order.id, "the same key again is the same order")
            payment = self._in_the_street(lambda: self._shop.pay(order.id), "prepay")
            self._in_the_street(lambda: self._phone.confirm(payment.wx_payment), "payment")
            facts.update(no=order.no, total_fen=order.total_fen, goods_fen=quote.goods_fen)
        with self._record.step("the paid order stands on both counters at once") as facts:

            def stands(counter: Counter) -> bool:
                seen = counter.order(order.id)
                return seen is not None and seen.order.state == "paid"

            tell_pace(facts, wait_until(lambda: stands(self._one) and stands(self._two), "the order stands"))
        return order

    def _hear_of_it(self, order: Order) -> None:
        with self._record.step("each counter chimes once and shows a message that opens the order"):
            for counter in self._counters:
                wait_for_message(counter, order.total_fen)
            rest(300)
            self._camera.take(self._two.opened.window, "new-order")
            for counter in self._counters:
                follow_message(counter, order.id)

    def _heard_once(self) -> None:
        with self._record.step("until now no counter has chimed a second time") as facts:
            facts["heard"] = [list(counter.ears.heard) for counter in self._counters]
            require([c.ears.count(Sound.NEW_ORDER) for c in self._counters] == [1, 1], f"heard: {facts['heard']}")

    def _ship_unplugged(self, order: Order) -> None:
        two = self._two
        two.takes_duty("陈子墨")
        with self._record.step("a clerk ships it with a typed waybill number while the cable is out") as facts:
            two.cable.cut()
            wait_until(two.is_offline, "counter 2 notices")
            window = two.opened.window
            window.go("orders", order.id)
            page = window.page_widget("orders")
            if not isinstance(page, OrdersPage):
                raise StepFailed("the orders page is another one")
            wait_until(lambda: page.presenter.detail is not None, "the order is shown")
            rest(300)
            self._camera.take(window, "order-before-shipping-offline")
            page.ship()
            dialog = opened_dialog(page, ShipDialog)
            QTest.keyClicks(dialog.number_field, WAYBILL)
            rest(200)
            self._camera.take(dialog, "ship-dialog")
            press(dialog.ship_button)
            wait_until(lambda: _state(two, order.id) == "shipped", "it shows as shipped here")
            facts["waiting"] = two.waiting()
            require(facts["waiting"] == 1, "the shipping waits to be sent")
        with self._record.step("the label comes out as PDF, marked as not synced") as facts:
            page.print_label()
            dialog2 = opened_dialog(page, LabelDialog)
            wait_until(dialog2.save_button.isEnabled, "the label is made")
            dialog2.folder = self._out
            rest(200)
            self._camera.take(dialog2, "label-dialog")
            press(dialog2.save_button)
            wait_until(lambda: dialog2.saved_path is not None, "the label is saved")
            saved = dialog2.saved_path
            require(saved is not None and saved.read_bytes().startswith(b"%PDF"), "a PDF file")
            facts["file"] = saved.name if saved else ""
            self._record.files.append(facts["file"])
            dialog2.reject()
            rest(300)
            self._camera.take(two.opened.window, "shipped-offline")

    def _buyer_sees_it(self, order: Order) -> None:
        with self._record.step("unplugged, the buyer still sees a paid order"):
            seen = self._in_the_street(lambda: self._shop.order(order.id), "order")
            require(seen.state == "paid", seen.state)
        with self._record.step("plugged in again, the buyer's API says shipped") as facts:
            self._two.cable.mend()
            self._two.opened.desktop.sync_now()
            wait_until(lambda: self._two.waiting() == 0, "the shipping is confirmed", 40)
            seen = self._in_the_street(lambda: self._shop.order(order.id), "order")
            require(seen.state == "shipped", seen.state)
            require(seen.parcels and seen.parcels[0].waybill_no == WAYBILL, "the waybill number")
            facts.update(state=seen.state, waybill_no=seen.parcels[0].waybill_no)
        with self._record.step("the buyer confirms the receipt; the counters show it completed"):
            ended = self._in_the_street(lambda: self._shop.confirm_receipt(order.id, "tour-receipt-1"), "receipt")
            require(ended.state == "completed", ended.state)
            both = (self._one, self._two)
            wait_until(lambda: all(_state(c, order.id) == "completed" for c in both), "both counters know")
        self._shop.close()
        self._phone.close()

    def _buy_more(self) -> None:
        url, door = self._one.opened.desktop.service_url, self._folder / "service" / DOOR
        Buying(url, door, self._record, self._in_the_street).play(self._one)

    def _pass_a_morning(self) -> None:
        url, door = self._one.opened.desktop.service_url, self._folder / "service" / DOOR
        stage = (self._one, self._two, self._camera)
        shipped = Morning(url, door, self._record, self._in_the_street, stage).play()
        PaperRound(self._one, self._out, self._record, self._camera).play(shipped)

    def _pass_bad_days(self) -> None:
        bad_days = BadDays((self._main, self._folder), self._record, self._in_the_street, self._counters, self._camera)
        bad_days.play()

    def _compare(self, order: Order) -> None:
        with self._record.step("both replicas equal the service, table by table") as facts:
            wait_until(lambda: _state(self._two, order.id) == _state(self._one, order.id), "both know the order alike")
            told = [result_of(c.opened.desktop.compare(), f"{c.name} compares") for c in (self._one, self._two)]
            facts["differing"] = [len(differing) for differing in told]
            require(all(not differing for differing in told), f"tables differ: {told}")

    def _take_pictures(self) -> None:
        with self._record.step("counter 2 closes; every page of counter 1 is pictured in every look"):
            self._counters.pop().close()
            self._one.opened.window.go("orders", queries.OrderFilter())  # the morning has left a filter
            self._camera.take_pages(self._one.opened)

    def _take_empty_pictures(self) -> None:
        with self._record.step("a new shop opens, and every page says what is still missing"):
            counter = first_counter(self._main, self._folder / "new shop", is_demo=False)
            try:
                self._camera.take_pages(counter.opened, "new-shop-")
            finally:
                counter.close()


_FOUR_LOOKS = (
    ("light", "zh_CN", (1440, 900)),
    ("light", "en", (1366, 768)),
    ("dark", "zh_CN", (1366, 768)),
    ("dark", "en", (1440, 900)),
)


def _state(counter: Counter, order_id: str) -> str:
    seen = counter.order(order_id)
    return "" if seen is None else str(seen.order.state)
