"""Waybill numbers from the carrier at the counter: asked for once, waited for, and a certain end for each order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication, QProgressBar
from pytestqt.qtbot import QtBot

from app.desk.hub import ChangeHub
from app.domain.delivery.model import WaybillRefusal
from app.domain.paper.commands import AssignStation
from app.domain.paper.model import DocumentKind
from app.domain.waybills.commands import (
    AskLabels,
    RecordCarriers,
    RecordWaybill,
    RecordWaybillRefused,
    RecordWaybillUnclear,
    RequestWaybill,
)
from app.kernel.i18n import set_language
from tests.support.counter import Counter
from tests.support.shop import SERVICE
from tests.ui.pages.orders.scene import Scene, settle
from tests.ui.pages.orders.test_batch import Seen, rowids
from tests.ui.pages.orders.test_shipping import detail_of
from tests.ui.support.surface import clipped, unnamed
from ui.pages.orders import bulk
from ui.pages.orders.batch import BatchPresenter, Standing, Tally
from ui.pages.orders.batch_dialog import BatchDialog
from ui.pages.orders.batch_work import ShipWork
from ui.pages.orders.detail_parts import number_words
from ui.pages.orders.dialogs import ShipDialog
from ui.pages.orders.number_batch import AT_ONCE, NumberBatch
from ui.pages.orders.numbering import NumberPresenter
from ui.widgets.ask import QuestionDialog
from ui.widgets.choice_box import ChoiceBox

TO_SHIP = ("o12", "o11", "o9", "o7", "o6", "o4", "o3")
QUANTITIES = {"o3-1": 3, "o3-2": 2}


@dataclass
class Asked:
    """The dialog as data."""

    asking: str = ""
    can_give_up: bool = False
    refusal: str = ""
    parcels: list[str] = field(default_factory=list)

    def show_asking(self, text: str, *, is_unclear: bool = False) -> None:
        self.asking, self.can_give_up = text, is_unclear

    def show_refusal(self, text: str, *, is_problem: bool = True) -> None:
        self.refusal = text

    def finish(self, parcel_id: str) -> None:
        self.parcels.append(parcel_id)


class Sf:
    """The service's side: what was asked, and the answers that a test wants."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        counter.shop.must(RecordCarriers(("sf",)), SERVICE)
        counter.pull()

    def asked(self) -> list[str]:
        """The orders whose numbers are on their way."""
        rows = self._counter.shop.rows("waybill_requests", "order_id, state")
        return [order_id for order_id, state in rows if state == "asked"]

    def _answer(self, order_id: str, command: Callable[[str], object]) -> None:
        rows = self._counter.shop.rows("waybill_requests", "id, order_id, state")
        request_id = next(found for found, order, state in rows if (order, state) == (order_id, "asked"))
        self._counter.shop.must(command(request_id), SERVICE)  # type: ignore[arg-type]
        self._counter.pull()

    def gives(self, order_id: str) -> None:
        number = f"SF7444{int(order_id[1:]):09}"
        texts = ("571WF-BC-018", "S47", f"MMM={number}", "特快")
        self._answer(order_id, lambda found: RecordWaybill(found, number, *texts))

    def refuses(self, order_id: str, reason: WaybillRefusal, code: str) -> None:
        self._answer(order_id, lambda found: RecordWaybillRefused(found, reason, code))

    def is_unclear(self, order_id: str, tries: int) -> None:
        self._answer(order_id, lambda found: RecordWaybillUnclear(found, tries))


def dialog(counter: Counter) -> tuple[NumberPresenter, Asked]:
    asked = Asked()
    presenter = NumberPresenter(counter.runner, asked, detail_of(counter), counter.ids)
    return presenter, asked


def batch(counter: Counter, ids: tuple[str, ...] = TO_SHIP) -> tuple[BatchPresenter, NumberBatch]:
    presenter = BatchPresenter(counter.runner, Seen(), ShipWork(counter.ids, "sf"))
    numbers = NumberBatch(counter.runner, presenter, counter.ids, counter.world.clock)
    presenter.open(rowids(counter, ids))
    return presenter, numbers


def standings(presenter: BatchPresenter) -> dict[str, str]:
    return {row.detail.order.id: row.standing.value for row in presenter.rows}


def test_without_an_account_nothing_is_offered(counter: Counter) -> None:
    presenter, _ = dialog(counter)
    assert not presenter.can_ask("sf")
    Sf(counter)
    presenter, _ = dialog(counter)
    assert presenter.can_ask("sf")
    assert not presenter.can_ask("zto")


def test_the_order_leaves_when_the_number_is_there(counter: Counter) -> None:
    sf = Sf(counter)
    presenter, asked = dialog(counter)
    presenter.ask("sf", QUANTITIES)
    assert (asked.asking, asked.parcels) == ("正在向顺丰速运取号…", [])
    presenter.ask("sf", QUANTITIES)
    assert sf.asked() == ["o3"]
    sf.gives("o3")
    detail = detail_of(counter)
    assert asked.parcels == [detail.parcels[0].id]
    assert (detail.order.state, detail.parcels[0].waybill_no) == ("shipped", "SF7444000000003")
    assert detail.staff_names[detail.events[-1].actor] == "李敏"


def test_unplugged_it_says_that_it_needs_the_network(counter: Counter) -> None:
    Sf(counter)
    counter.unplug()
    presenter, asked = dialog(counter)
    presenter.ask("sf", QUANTITIES)
    assert asked.refusal and not asked.asking and not presenter.is_asking
    counter.plug_in()
    presenter.ask("sf", QUANTITIES)
    assert asked.asking


def test_an_unclear_answer_is_told_and_a_dialog_that_is_opened_later_takes_it_up(counter: Counter) -> None:
    sf = Sf(counter)
    presenter, asked = dialog(counter)
    presenter.ask("sf", QUANTITIES)
    sf.is_unclear("o3", 1)
    assert asked.asking == "第 2 次查询中，不会重复取号"
    assert number_words(detail_of(counter)) == (asked.asking, "info")
    presenter.close()
    later, shown = dialog(counter)
    later.resume()
    assert shown.asking == asked.asking
    sf.gives("o3")
    assert (len(shown.parcels), asked.parcels) == (1, [])


def test_a_refusal_says_why_and_what_helps_and_stays_with_the_order(counter: Counter) -> None:
    sf = Sf(counter)
    presenter, asked = dialog(counter)
    presenter.ask("sf", QUANTITIES)
    sf.refuses("o3", WaybillRefusal.RECEIVER_UNFIT, "8196")
    assert asked.refusal == "收件电话或地址不对（8196）\n请向买家核对；急的话先手填单号。"
    assert (asked.asking, number_words(detail_of(counter))) == ("", (asked.refusal, "warn"))
    presenter.ask("sf", QUANTITIES)
    sf.gives("o3")
    assert len(asked.parcels) == 1
    assert number_words(detail_of(counter)) == ("", "info")


def test_who_waits_no_longer_can_ship_by_hand_at_once(counter: Counter) -> None:
    sf = Sf(counter)
    presenter, asked = dialog(counter)
    presenter.ask("sf", QUANTITIES)
    assert (bool(asked.asking), asked.can_give_up) == (True, False), "an answer may come at any moment"
    sf.is_unclear("o3", 1)
    assert asked.can_give_up
    counter.unplug()
    presenter.withdraw()
    assert asked.refusal and asked.asking, "the request stands while nobody can be told"
    counter.plug_in()
    presenter.withdraw()
    assert (asked.asking, asked.can_give_up) == ("", False)
    assert asked.refusal == "不再等这个单号，可以照常发货。之后快递再给单号，会自动退回。"
    assert number_words(detail_of(counter)) == (asked.refusal, "info")
    request_id = counter.shop.rows("waybill_requests", "id")[0][0]
    counter.shop.must(RecordWaybill(request_id, "SF7444000000003"), SERVICE)
    counter.pull()
    detail = detail_of(counter)
    assert (detail.parcels, detail.order.state) == ((), "paid")
    assert number_words(detail) == ("", "info")


@pytest.mark.parametrize("reason", [reason for reason in WaybillRefusal])
def test_every_refusal_is_said_in_both_languages(counter: Counter, reason: WaybillRefusal) -> None:
    sf = Sf(counter)
    presenter, asked = dialog(counter)
    presenter.ask("sf", QUANTITIES)
    sf.refuses("o3", reason, "")
    chinese = asked.refusal
    set_language("en")
    english = number_words(detail_of(counter))[0]
    set_language("zh_CN")
    assert chinese and english and chinese != english
    assert "{" not in chinese + english and "_" not in english


def test_many_are_asked_for_a_few_at_a_time_and_each_comes_to_an_end(busy_counter: Counter) -> None:
    sf = Sf(busy_counter)
    presenter, numbers = batch(busy_counter)
    assert numbers.places() == list(range(len(TO_SHIP)))
    numbers.start()
    assert len(sf.asked()) == AT_ONCE
    busy_counter.world.clock.advance(seconds=10)
    sf.gives("o12")
    assert len(sf.asked()) == AT_ONCE
    sf.refuses("o11", WaybillRefusal.NOT_SERVED, "")
    sf.is_unclear("o9", 1)
    assert presenter.tally() == Tally(done=1, refused=2, waiting=4)
    assert numbers.times() == (10, 14)
    said = {row.detail.order.id: (row.said, row.hint, row.remedy) for row in presenter.rows}
    assert said["o11"] == ("顺丰速运不送这个地址", "换一家快递。", "carrier")
    assert said["o9"][0] == "第 2 次查询中，不会重复取号"
    for order_id in sf.asked():
        if order_id != "o9":
            sf.gives(order_id)
    assert presenter.is_over and presenter.tally() == Tally(done=5, refused=2, waiting=0)
    assert numbers.places() == [1], "only what was refused can be asked for again"
    assert len(numbers.parcels) == 5
    sf.gives("o9")
    assert presenter.tally() == Tally(done=6, refused=1, waiting=0)
    assert len(numbers.parcels) == 6


def test_a_stop_lets_end_what_was_asked_and_gives_the_rest_back(busy_counter: Counter) -> None:
    sf = Sf(busy_counter)
    presenter, numbers = batch(busy_counter)
    numbers.start()
    presenter.stop()
    for order_id in sf.asked():
        sf.gives(order_id)
    assert presenter.is_over and presenter.tally() == Tally(done=AT_ONCE, refused=0, waiting=1)
    assert numbers.places() == [6]
    assert detail_of(busy_counter, "o3").order.state == "paid"


def test_a_cut_line_stops_the_batch_and_nothing_is_half_done(busy_counter: Counter) -> None:
    sf = Sf(busy_counter)
    presenter, numbers = batch(busy_counter)
    busy_counter.unplug()
    numbers.start()
    assert presenter.is_over and presenter.tally() == Tally(done=0, refused=1, waiting=6)
    assert sf.asked() == []


def test_labels_go_out_after_the_last_number_as_one_walks_along_the_shelves(busy_counter: Counter) -> None:
    sf = Sf(busy_counter)
    busy_counter.shop.must(AssignStation(DocumentKind.LABEL, "device-1"))
    busy_counter.pull()
    presenter, numbers = batch(busy_counter, tuple(reversed(TO_SHIP)))
    numbers.start()
    while orders := sf.asked():
        assert busy_counter.shop.rows("print_requests", "order_id") == []
        sf.gives(orders[-1])
    (asked,) = [command for command in busy_counter.runner.given if isinstance(command, AskLabels)]
    shelves = {row.key: min(shelf for shelf in row.detail.shelves.values() if shelf) for row in presenter.rows}
    walked = [shelves[parcel_id] for parcel_id in asked.parcel_ids]
    assert walked == sorted(walked) and len(walked) == len(TO_SHIP) and len(set(walked)) > 1
    assert numbers.parcels == [], "the station prints them"
    requests = busy_counter.shop.rows("print_requests", "requested_at, parcel_id")
    assert [parcel_id for _, parcel_id in requests] == list(asked.parcel_ids)


def test_who_closes_the_batch_has_the_labels_of_what_has_come(busy_counter: Counter) -> None:
    sf = Sf(busy_counter)
    busy_counter.shop.must(AssignStation(DocumentKind.LABEL, "device-1"))
    busy_counter.pull()
    presenter, numbers = batch(busy_counter)
    numbers.start()
    sf.gives("o12")
    presenter.close()
    numbers.close()
    (asked,) = [command for command in busy_counter.runner.given if isinstance(command, AskLabels)]
    assert asked.parcel_ids[0] == presenter.rows[0].key
    assert len(asked.parcel_ids) == AT_ONCE + 1, "of those on their way too"
    for order_id in sf.asked():
        sf.gives(order_id)
    labels = [parcel_id for _, parcel_id in busy_counter.shop.rows("print_requests", "key, parcel_id")]
    assert sorted(labels) == sorted(row.key for row in presenter.rows if row.standing is not Standing.WAITING)
    assert len(labels) == AT_ONCE + 1


def test_orders_whose_number_is_on_its_way_are_left_out(busy_counter: Counter) -> None:
    Sf(busy_counter)
    first, numbers = batch(busy_counter, ("o12",))
    numbers.start()
    presenter, _ = batch(busy_counter, ("o12", "o11"))
    assert [row.detail.order.id for row in presenter.rows] == ["o11"]
    assert presenter.left_out[0].why == "取号中"


def test_typed_numbers_and_other_carriers_are_not_asked_for(busy_counter: Counter) -> None:
    Sf(busy_counter)
    presenter, numbers = batch(busy_counter)
    presenter.edit(0, "SF1699000000001")
    presenter.choose_carrier((1,), "zto")
    assert numbers.places() == [2, 3, 4, 5, 6]


@pytest.fixture
def scene(busy_counter: Counter, qapp: QApplication) -> Iterator[Scene]:
    found = Scene(busy_counter, (1366, 768))
    settle(qapp)
    yield found
    found.close()


def test_the_dialog_waits_and_ends_with_the_number(scene: Scene, qtbot: QtBot, qapp: QApplication) -> None:
    sf = Sf(scene.counter)
    scene.page.presenter.open_order("o11")
    scene.page.ship()
    shown = scene.page.dialog
    assert isinstance(shown, ShipDialog)
    assert not shown.ask_button.isHidden()
    shown.carrier_box.setCurrentIndex(1)
    assert shown.ask_button.isHidden()
    shown.carrier_box.setCurrentIndex(0)
    shown.ask_button.click()
    settle(qapp)
    assert not shown.ship_button.isEnabled() and not shown.asking_notice.isHidden()
    assert clipped(shown) == [] and unnamed(shown) == []
    sf.gives("o11")
    settle(qapp)
    assert not shown.isVisible()
    assert detail_of(scene.counter, "o11").order.state == "shipped"


def test_the_open_order_asks_before_nobody_waits_any_longer(scene: Scene, qapp: QApplication) -> None:
    sf = Sf(scene.counter)
    page = scene.page
    page.presenter.open_order("o11")
    page.ship()
    assert isinstance(page.dialog, ShipDialog)
    page.dialog.ask_button.click()
    sf.is_unclear("o11", 1)
    settle(qapp)
    shown = page.dialog
    assert not shown.give_up_button.isHidden()
    assert clipped(shown) == [] and unnamed(shown) == []
    shown.give_up_button.click()
    assert shown.question is not None
    assert clipped(shown.question) == []
    shown.question.decline_button.click()
    assert sf.asked() == ["o11"]
    shown.reject()
    settle(qapp)
    assert not page.detail.give_up_button.isHidden()
    page.detail.give_up_button.click()
    question = page.dialog
    assert isinstance(question, QuestionDialog)
    question.confirm_button.click()
    settle(qapp)
    assert (sf.asked(), page.detail.give_up_button.isHidden()) == ([], True)
    assert scene.said[-1] == "这一单可以换个办法发货了。"
    page.ship()
    assert isinstance(page.dialog, ShipDialog)
    assert page.dialog.ship_button.isEnabled()
    page.dialog.reject()


def test_a_program_that_is_closed_in_the_middle_loses_nothing(busy_counter: Counter, qapp: QApplication) -> None:
    sf = Sf(busy_counter)
    first = Scene(busy_counter, (1366, 768))
    settle(qapp)
    first.page.table.orders.set_checked(rowids(busy_counter, TO_SHIP))
    settle(qapp)
    first.page.bulk.run(bulk.SHIP)
    shown = first.page.dialog
    assert isinstance(shown, BatchDialog)
    shown.ask_button.click()
    settle(qapp)
    first.close()
    settle(qapp)
    busy_counter.runner.hub = ChangeHub()  # with the program everybody who listened is gone
    asked = sf.asked()
    for order_id in asked:
        sf.gives(order_id)
    again = Scene(busy_counter, (1366, 768))
    settle(qapp)
    states = {order_id: detail_of(busy_counter, order_id).order.state.value for order_id in TO_SHIP}
    left = [order_id for order_id in TO_SHIP if order_id not in asked]
    assert (len(asked), left) == (AT_ONCE, ["o3"])
    assert states == dict.fromkeys(asked, "shipped") | {"o3": "paid"}
    again.page.table.orders.set_checked(rowids(busy_counter, TO_SHIP))
    settle(qapp)
    again.page.bulk.run(bulk.SHIP)
    rest = again.page.dialog
    assert isinstance(rest, BatchDialog)
    assert [row.detail.order.id for row in rest.presenter.rows] == left
    rest.reject()
    again.close()


def test_each_failure_has_the_one_button_that_helps(scene: Scene, qapp: QApplication) -> None:
    sf = Sf(scene.counter)
    scene.page.table.orders.set_checked(rowids(scene.counter, TO_SHIP))
    settle(qapp)
    scene.page.bulk.run(bulk.SHIP)
    shown = scene.page.dialog
    assert isinstance(shown, BatchDialog)
    shown.ask_button.click()
    sf.refuses("o12", WaybillRefusal.RECEIVER_UNFIT, "8196")
    sf.refuses("o11", WaybillRefusal.NOT_SERVED, "")
    settle(qapp)
    assert shown.table.remedies == {}, "while others are on their way"
    sf.refuses("o9", WaybillRefusal.PEAK, "")
    sf.refuses("o7", WaybillRefusal.ACCOUNT, "")
    sf.is_unclear("o6", 1)
    for order_id in ("o4", "o3"):
        sf.gives(order_id)
    settle(qapp)
    assert {place: button.text() for place, button in shown.table.remedies.items()} == {
        1: "换快递",
        2: "重取",
        3: "去设置",
    }
    assert clipped(shown) == [] and unnamed(shown) == []
    bar = shown.strip.findChild(QProgressBar)
    red = bar.grab().toImage().pixelColor(bar.width() - 8, bar.height() // 2)
    green = bar.grab().toImage().pixelColor(8, bar.height() // 2)
    assert red.red() > 150 > red.green() and green.green() > green.red()
    shown.table.remedies[2].click()
    settle(qapp)
    assert sf.asked() == ["o6", "o9"]
    sf.gives("o9")
    settle(qapp)
    assert sorted(shown.table.remedies) == [1, 3]
    shown.table.remedies[1].click()
    assert isinstance(QApplication.focusWidget(), ChoiceBox)
    shown.presenter.choose_carrier((1,), "zto")
    settle(qapp)
    assert sorted(shown.table.remedies) == [3]
    shown.table.remedies[3].click()
    settle(qapp)
    assert (shown.isVisible(), scene.gone[-1]) == (False, ("settings", "carrier"))


def test_the_batch_dialog_offers_numbers_for_those_without_one(scene: Scene, qapp: QApplication) -> None:
    sf = Sf(scene.counter)
    table = scene.page.table
    table.orders.set_checked(rowids(scene.counter, TO_SHIP))
    settle(qapp)
    scene.page.bulk.run(bulk.SHIP)
    shown = scene.page.dialog
    assert isinstance(shown, BatchDialog)
    assert shown.ask_button.text() == "取号发货 7 单"
    shown.ask_button.click()
    settle(qapp)
    assert shown.strip.stop_button.text() == "停止取号"
    assert shown.tally_label.text() == "已取号 0 · 没取到 0 · 等待 7 · 已用 0 秒 · 停止只影响还没去取的 1 单"
    assert clipped(shown) == [] and unnamed(shown) == []
    while orders := sf.asked():
        sf.gives(orders[0])
    settle(qapp)
    assert shown.tally_label.text() == "已取号 7 · 没取到 0 · 等待 0"
    assert shown.labels_button.text() == "打印 7 张面单"
    assert shown.ask_button.isHidden()
    assert len([command for command in scene.counter.runner.given if isinstance(command, RequestWaybill)]) == 7
