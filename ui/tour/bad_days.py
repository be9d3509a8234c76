"""The tour's bad days: the shop moves to PostgreSQL and back, its machine is lost, and an old copy is put back."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.buyer.answers import Contact, Order
from app.buyer.client import ShopClient
from app.buyer.phone import Phone
from app.desk import queries
from app.domain.aftersales.commands import RequestRefund
from app.domain.incidents.model import RESTORED
from app.domain.stock.commands import AdjustStock
from app.domain.stock.model import MovementReason
from app.kernel.i18n import tr
from app.kernel.ids import uuid7
from ui.shell.issue_list import IssueList
from ui.tour.counters import Counter, first_counter
from ui.tour.goods import press
from ui.tour.record import Record, require, tell_pace
from ui.tour.shop_commands import ShopCommands, own_postgres
from ui.tour.stage import Camera, rest, result_of, wait_until
from ui.widgets.button import Button

InTheStreet = Callable[[Callable[[], Any], str], Any]
CONTACT = Contact("周若溪", "13812342046", "浙江省杭州市西湖区文三路 398 号 12 幢 1201 室", "330106")
GOODS = "滤纸"
ACCOUNT, DOOR = "pretended-wechat.json", "pretended-wechat-door.json"
PATIENCE_S = 60.0
WAITS_MS = 3_000
TRIES = 20
LISTENING_MS = 2_500


class BadDays:
    """``counters`` are the two that the story has opened; the first is closed and opened again with its service.

    ``places`` are the program and the folder of the shop.
    """

    def __init__(
        self,
        places: tuple[Path, Path],
        record: Record,
        in_the_street: InTheStreet,
        counters: list[Counter],
        camera: Camera,
    ) -> None:
        (self._main, self._folder), self._record = places, record
        self._do, self._counters, self._camera = in_the_street, counters, camera
        self._service = self._folder / "service"
        self._keep = ShopCommands((self._main, self._service), record.language)
        self._port = int(counters[0].opened.desktop.service_url.rsplit(":", 1)[1])

    def play(self) -> None:
        try:
            with own_postgres() as database:
                self._move_there_and_back(database)
            self._lose_the_machine()
            self._put_an_old_copy_back()
        finally:
            self._keep.close()

    @property
    def _one(self) -> Counter:
        return self._counters[0]

    @property
    def _two(self) -> Counter:
        return self._counters[1]

    # What happens again and again

    def _stop(self) -> None:
        """Counter 1 closes with its service; counter 2 notices."""
        self._one.close()
        wait_until(self._two.is_offline, "counter 2 is alone", PATIENCE_S)

    def _start(self, database: str = "") -> None:
        self._counters[0] = first_counter(self._main, self._folder, port=self._port, database=database)
        self._two.opened.desktop.sync_now()
        wait_until(self._two.is_online, "counter 2 is online again", PATIENCE_S)
        wait_until(lambda: self._one.waiting() == self._two.waiting() == 0, "everything is sent", PATIENCE_S)
        rest(LISTENING_MS)  # the streams that bring news are looked for once a second

    def _sell(self) -> Order:
        """A buyer orders, pays, and stands on both counters."""
        url, door = self._one.opened.desktop.service_url, self._service / DOOR
        shop, phone = ShopClient(url), Phone(door, "周若溪")
        try:
            return self._do(lambda: _bought(shop, phone), "an order")  # type: ignore[no-any-return]
        finally:
            shop.close()
            phone.close()

    def _stands_on_both(self, order: Order, state: str = "paid") -> int:
        both = (self._one, self._two)
        return wait_until(lambda: all(_state(c, order.id) == state for c in both), f"it is {state}", PATIENCE_S)

    def _agree(self) -> None:
        told = [result_of(c.opened.desktop.compare(), f"{c.name} compares", PATIENCE_S) for c in self._counters]
        require(all(not differing for differing in told), f"tables differ: {told}")

    def _replicas(self) -> list[str]:
        """The files that the counters read: made anew, one has another name."""
        return [(self._folder / f"counter-{n}" / "replica" / "replica.current").read_text() for n in (1, 2)]

    # Another database

    def _move_there_and_back(self, database: str) -> None:
        if not database:
            why = "no PostgreSQL is installed here, and the tour alone brings none: ./run.sh tour does"
            self._record.leave_out("the shop moves to PostgreSQL and back", why)
            return
        here = f"sqlite:///{self._service / 'shop.db'}"
        self._move("the shop moves to PostgreSQL; what counter 2 does meanwhile waits", here, database, database)
        with self._record.step("on PostgreSQL a paid order stands on both counters at once") as facts:
            order = self._sell()
            facts["no"] = order.no
            tell_pace(facts, self._stands_on_both(order))
        self._move("the shop moves back to SQLite; what counter 2 does meanwhile waits", database, here, "")
        with self._record.step("what was sold there is here") as facts:
            facts["ms"] = self._stands_on_both(order)

    def _move(self, name: str, source: str, target: str, database: str) -> None:
        with self._record.step(name) as facts:
            before = self._replicas()
            self._stop()
            facts["books_before"] = self._keep.examine(source)
            sku = self._two.product(GOODS).skus[0]
            self._two.do(AdjustStock(sku.sku.id, sku.levels[0].location_id, 1, MovementReason.FOUND))
            require(self._two.waiting() == 1, "it waits")
            facts["said"] = self._keep.move(source, target).splitlines()[0]
            facts["books_after"] = self._keep.examine(target)
            require(facts["books_before"] == facts["books_after"], "the books are the same")
        with self._record.step("both counters go on where they were; what waited is booked"):
            self._start(database)
            now = self._two.product_by_id(sku.sku.product_id).skus[0].on_hand_qty
            require(now == sku.on_hand_qty + 1, f"{sku.on_hand_qty} + 1 became {now}")
            require(self._replicas() == before, "no counter had to fetch everything anew")
            self._agree()

    # Another machine

    def _lose_the_machine(self) -> None:
        file = self._folder / "backup.zgb"
        with self._record.step("a backup is made while a buyer orders") as facts:
            backup = self._keep.begin_backup(file)
            facts["no"] = self._sell().no
            facts["said"] = self._keep.ended(backup).splitlines()[0]
        with self._record.step("a buyer orders after it, and the machine is lost") as facts:
            order = self._sell()
            self._stands_on_both(order)
            self._stop()
            lost = self._service.rename(self._folder / "service-of-the-lost-machine")
            facts["no"] = order.no
        with self._record.step("the backup is restored; the counters bring back what it had not seen") as facts:
            facts["said"] = self._keep.restore(file).splitlines()[0]
            shutil.copy(lost / ACCOUNT, self._service)  # WeChat itself was not lost, and backups do not hold its keys
            self._start()
            facts["ms"] = self._stands_on_both(order)
            shop = ShopClient(self._one.opened.desktop.service_url)
            phone = Phone(self._service / DOOR, "周若溪")
            self._do(lambda: shop.login(phone.login_code()), "login")
            seen: Order = self._do(lambda: shop.order(order.id), "order")
            require(seen.state == "paid", f"the buyer's API says {seen.state}")
            shop.close()
            phone.close()
            self._agree()
        self._wait_for_the_owner(order, "after-restore")

    def _wait_for_the_owner(self, order: Order, picture: str) -> None:
        with self._record.step("a refund waits; the unplugged counter knows why as well") as facts:
            refund = RequestRefund(order.id, uuid7(), "不要了")
            self._ask_until_taken(refund)
            self._two.cable.cut()
            wait_until(self._two.is_offline, "counter 2 notices")
            told = [[i.kind for i in c.ask(queries.sync_overview()).incidents] for c in self._counters]
            require(all(RESTORED in kinds for kinds in told), f"incidents: {told}")
            self._two.opened.window.open_issues()
            rest(400)
            self._camera.take(self._two.opened.window, f"{picture}-unplugged")
            self._two.cable.mend()
            rest(WAITS_MS)
            require(self._refunded(order) == 0, "nothing was paid back")
            facts["waited_ms"] = WAITS_MS
        with self._record.step("the owner lets the shop go on, and the money goes back") as facts:
            self._press_go_on(picture)
            facts["ms"] = wait_until(lambda: self._refunded(order) == order.total_fen, "it is back", PATIENCE_S)

    def _press_go_on(self, picture: str) -> None:
        window = self._one.opened.window
        (incident,) = (i for i in self._one.ask(queries.sync_overview()).incidents if i.kind == RESTORED)
        window.open_issues()
        for issues in window.findChildren(IssueList):
            issues.select(incident.id)
        rest(400)
        self._camera.take(window, picture)
        press(next(b for b in window.findChildren(Button) if b.isVisible() and b.text() == tr("Let refunds go on")))

    def _ask_until_taken(self, refund: RequestRefund) -> None:
        """The service asks WeChat first whether the payment that came back is one."""
        for _ in range(TRIES):
            if self._one.tries(refund):
                return
            rest(WAITS_MS)
        require(False, "WeChat has confirmed the payment")

    def _refunded(self, order: Order) -> int:
        seen = self._one.order(order.id)
        return 0 if seen is None else int(seen.order.refunded_fen)

    # An old copy in the place of the shop

    def _put_an_old_copy_back(self) -> None:
        copy = self._folder / "service-of-yesterday"
        with self._record.step("somebody puts an old copy of the service's files back, behind its back") as facts:
            self._stop()
            shutil.copytree(self._service, copy)
            self._start()
            order = self._sell()
            self._stands_on_both(order)
            self._stop()
            shutil.rmtree(self._service)
            copy.rename(self._service)
            facts["no"] = order.no
        with self._record.step("the counters notice; what the copy had not seen comes back") as facts:
            self._start()
            facts["ms"] = self._stands_on_both(order)
            self._agree()
        self._wait_for_the_owner(order, "after-roll-back")
        with self._record.step("after all of it every fen and every piece is explained") as facts:
            self._stop()
            facts["said"] = self._keep.examine()
            self._start()
            self._agree()


def _bought(shop: ShopClient, phone: Phone) -> Order:
    shop.login(phone.login_code())
    goods = shop.product(shop.products(search=GOODS).items[0].id)
    order = shop.place_order(shop.quote([(goods.skus[0].id, 2)]), CONTACT, uuid7())
    phone.confirm(shop.pay(order.id).wx_payment)
    return order


def _state(counter: Counter, order_id: str) -> str:
    seen = counter.order(order_id)
    return "" if seen is None else str(seen.order.state)
