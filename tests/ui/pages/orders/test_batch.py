"""Many orders at once: ticked, filled in by typing, scanner and sheet, looked over, and sent one by one."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk.queries import OrderFilter, OrderList
from app.desk.runner import Done, NeedsNetwork, Rejected
from app.domain.command import Command
from app.domain.orders.commands import ShipOrder
from app.domain.pickup.commands import MarkReady
from app.kernel.errors import KnownError
from app.kernel.i18n import set_language
from tests.support.counter import Counter
from tests.ui.pages.orders.scene import Scene, settle
from tests.ui.support.surface import clipped, unnamed
from ui.pages.orders import bulk
from ui.pages.orders.batch import BatchPresenter, Standing
from ui.pages.orders.batch_dialog import BatchDialog
from ui.pages.orders.batch_work import NoteWork, ShipWork

TO_SHIP = ("o12", "o11", "o9", "o7", "o6", "o4", "o3")
ENTER, SPACE, CTRL = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier


def number(place: int) -> str:
    return f"SF{1699000000000 + place}"


class Seen:
    """A dialog that shows nothing."""

    def show_rows(self) -> None: ...

    def show_row(self, place: int) -> None: ...

    def show_rows_again(self) -> None: ...

    def show_state(self) -> None: ...


class Held:
    """A runner whose commands are worked off when the test says so."""

    def __init__(self, counter: Counter) -> None:
        self._inner = counter.runner
        self.waiting: list[Callable[[], None]] = []

    def query(self, *args: Any) -> None:
        self._inner.query(*args)

    def perform(
        self,
        command: Command,
        on_done: Callable[[Done], None],
        on_rejected: Callable[[Rejected | NeedsNetwork], None],
        *more: Any,
    ) -> None:
        self.waiting.append(lambda: self._inner.perform(command, on_done, on_rejected, *more))

    def go_on(self) -> None:
        self.waiting.pop(0)()


def rowids(counter: Counter, ids: tuple[str, ...]) -> list[int]:
    found: dict[str, int] = {}
    counter.runner.query(lambda c: dict(c.execute("SELECT id, rid FROM orders").fetchall()), found.update)
    return [found[order_id] for order_id in ids]


def batch(counter: Counter, ids: tuple[str, ...], runner: Any = None) -> BatchPresenter:
    presenter = BatchPresenter(runner or counter.runner, Seen(), ShipWork(counter.ids, "sf"))
    presenter.open(rowids(counter, ids))
    return presenter


def standings(presenter: BatchPresenter) -> list[str]:
    return [row.standing.value for row in presenter.rows]


def test_what_no_carrier_takes_is_left_out_by_name_and_nothing_is_sent_while_a_number_is_wrong(
    busy_counter: Counter,
) -> None:
    presenter = batch(busy_counter, ("o12", "o11", "o10", "o8"))
    assert [row.detail.order.id for row in presenter.rows] == ["o12", "o11"]
    assert [(each.no[-4:], each.why) for each in presenter.left_out] == [("0010", "待付款"), ("0008", "已发货")]
    presenter.edit(0, "SF123")
    presenter.edit(1, number(1))
    presenter.start()
    assert presenter.rows[0].problem == "SF123 不像顺丰速运的单号。" and busy_counter.runner.given == []
    presenter.edit(0, f" {number(1).lower()} ")
    presenter.start()
    assert [row.problem for row in presenter.rows] == ["这个单号填了两次。"] * 2 and busy_counter.runner.given == []
    presenter.choose_carrier((0,), "other")
    presenter.start()
    assert standings(presenter) == ["done", "done"]


def test_a_column_of_a_sheet_fills_the_rows_and_finds_named_orders(busy_counter: Counter) -> None:
    presenter = batch(busy_counter, TO_SHIP)
    named = presenter.rows[5].detail.order.no
    assert presenter.paste(1, f"{number(1)}\n\nYT1234567890123\r\n{named}\t{number(5)}\nJT1234567890123") == 4
    assert [row.text for row in presenter.rows] == [
        *("", number(1), "", "YT1234567890123", "JT1234567890123", number(5), "")
    ]
    assert [row.carrier for row in presenter.rows[3:5]] == ["yto", "jt"], "the number says who takes the parcel"
    assert presenter.ready_places() == [1, 3, 4, 5]


def test_each_order_is_a_command_of_its_own_and_a_refused_one_holds_up_nobody(busy_counter: Counter) -> None:
    busy_counter.unplug()
    presenter = batch(busy_counter, TO_SHIP)
    presenter.paste(0, "\n".join((number(0), "SF1688124306001", number(2))))
    presenter.start()
    assert standings(presenter)[:4] == ["done", "refused", "done", "waiting"] and presenter.is_over
    assert presenter.rows[1].said == "单号 SF1688124306001 已经用在别的包裹上。"
    tally = presenter.tally()
    assert (tally.done, tally.refused, tally.waiting, tally.total) == (2, 1, 0, 3)
    given = [command for command in busy_counter.runner.given if isinstance(command, ShipOrder)]
    assert [command.order_id for command in given] == ["o12", "o11", "o9"]
    assert len({command.parcel_id for command in given}) == 3
    presenter.edit(1, number(1))
    presenter.start()
    assert standings(presenter)[:3] == ["done", "done", "done"]
    assert busy_counter.runner.given[-1].parcel_id == given[1].parcel_id, "tried again, not made a second time"  # type: ignore[attr-defined]
    busy_counter.plug_in()
    busy_counter.push()
    assert len(busy_counter.shop.rows("parcels")) == 4 + 3


def test_a_stop_lets_the_one_under_way_end_and_sends_no_other(busy_counter: Counter) -> None:
    held = Held(busy_counter)
    presenter = batch(busy_counter, TO_SHIP, held)
    presenter.paste(0, "\n".join(number(n) for n in range(7)))
    presenter.start()
    held.go_on()
    assert len(held.waiting) == 1, "one after the other"
    presenter.start()
    presenter.stop()
    held.go_on()
    assert not held.waiting and not presenter.is_running
    assert standings(presenter) == ["done"] * 2 + ["waiting"] * 5
    presenter.start()
    while held.waiting:
        held.go_on()
    assert standings(presenter) == ["done"] * 7


def test_a_full_disk_stops_the_batch_and_says_which_order_was_not_written(busy_counter: Counter) -> None:
    presenter = batch(busy_counter, TO_SHIP)
    presenter.paste(0, "\n".join(number(n) for n in range(3)))
    busy_counter.runner.fault = KnownError("disk.full", "The disk is full.")
    presenter.start()
    assert not presenter.is_running and standings(presenter)[:3] == ["refused", "waiting", "waiting"]
    assert presenter.rows[0].said == "没有记下来。"
    busy_counter.runner.fault = None
    presenter.start()
    assert standings(presenter)[:3] == ["done"] * 3


def test_a_remark_for_many_keeps_what_stands_there(busy_counter: Counter) -> None:
    work = NoteWork()
    presenter = BatchPresenter(busy_counter.runner, Seen(), work)
    presenter.open(rowids(busy_counter, ("o12", "o10")))
    presenter.start()
    assert busy_counter.runner.given == [], "nothing was written yet"
    for remark in ("双十一", "加急"):
        work.remark = remark
        presenter = BatchPresenter(busy_counter.runner, Seen(), work)
        presenter.open(rowids(busy_counter, ("o12", "o10")))
        presenter.start()
    busy_counter.push()
    remarks = dict(busy_counter.shop.rows("orders", "id, staff_remark"))
    assert remarks["o12"] == remarks["o10"] == "双十一\n加急"


@pytest.fixture
def scene(busy_counter: Counter, qtbot: QtBot) -> Iterator[Scene]:
    busy_counter.shop.pickup_order("to-collect", "bean-s")
    busy_counter.shop.paid_order_now("to-collect", 6800)
    busy_counter.pull()
    found = Scene(busy_counter, (1366, 768))
    assert found.window is not None
    found.window.activateWindow()
    qtbot.waitUntil(found.window.isActiveWindow)
    qtbot.waitUntil(lambda: found.page.model.loaded_count() == 13)
    yield found
    found.close()


def opened(scene: Scene, qtbot: QtBot) -> BatchDialog:
    dialog = scene.page.dialog
    assert isinstance(dialog, BatchDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_ticks_by_keyboard_scans_the_numbers_and_ships(scene: Scene, qtbot: QtBot) -> None:
    page, given = scene.page, scene.counter.runner.given
    page.presenter.choose_state("paid,partly_shipped")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_A, CTRL)
    assert page.list_card.bulk_bar.isVisible() and len(page.model.checked()) == 7
    qtbot.keyClick(page.table, SPACE)
    assert len(page.model.checked()) == 6
    set_language("en")
    scene.window.retranslate()  # type: ignore[union-attr]
    settle(QApplication.instance())
    assert clipped(scene.window) == [] and unnamed(scene.window) == []  # type: ignore[arg-type]
    set_language("zh_CN")
    scene.window.retranslate()  # type: ignore[union-attr]
    qtbot.keyClick(page.table, ENTER, CTRL)
    dialog = opened(scene, qtbot)
    assert clipped(dialog) == [] and unnamed(dialog) == []
    for place in range(3):
        qtbot.keyClick(dialog.table, "S")
        qtbot.keyClicks(QApplication.focusWidget(), number(place)[1:])
        qtbot.keyClick(QApplication.focusWidget(), ENTER)
        settle(QApplication.instance())  # the field closes with the next turn of the loop
    assert [row.text for row in dialog.presenter.rows[:4]] == [number(0), number(1), number(2), ""]
    assert given == [] and dialog.start_button.text() == "发货 3 单"
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert len(given) == 3 and dialog.tally_label.text() == "办好 3 单 · 没办成 0 单 · 没轮到 0 单"
    assert clipped(dialog) == [] and unnamed(dialog) == []
    dialog.reject()
    assert page.model.rowCount() == 4 and len(page.model.checked()) == 3, "what was shipped has left tab and ticks"
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.list_card.bulk_bar.isVisible()


def test_orders_to_collect_are_prepared_together_and_the_bar_offers_what_fits(scene: Scene, qtbot: QtBot) -> None:
    page = scene.page
    offered = [action.key for action in page.bulk._actions()]
    assert offered == [bulk.NOTE]
    page.presenter.choose_state("to_collect")
    page.table.check_all()
    assert [action.key for action in page.bulk._actions()] == [bulk.READY, bulk.NOTE]
    page.bulk.run(bulk.READY)
    dialog = opened(scene, qtbot)
    dialog.presenter.edit(0, "A-12")
    dialog.start_button.click()
    assert dialog.presenter.rows[0].standing is Standing.DONE
    command = scene.counter.runner.given[-1]
    assert isinstance(command, MarkReady) and command.shelf == "A-12"
    dialog.reject()


def test_all_that_fit_is_a_step_of_its_own(scene: Scene) -> None:
    page = scene.page
    page.model._rows.pop(page.model.rowids()[-1])  # as if it lay beyond what was scrolled to
    page.table.check_all()
    assert len(page.model.checked()) == 12 and bulk.ALL in [action.key for action in page.bulk._actions()]
    page.list_card.bulk_bar.action_chosen.emit(bulk.ALL)
    assert len(page.model.checked()) == 13


def test_nobody_is_offered_all_of_a_list_that_is_not_whole_yet(scene: Scene) -> None:
    """Of what is found the newest rows are there before it is counted: they are not all."""
    page = scene.page
    begun = OrderList(array("q", page.model.rowids()[:5]), {}, is_whole=False)
    page.show_list(begun, OrderFilter("", "号"))
    page.model._rows.pop(begun.rowids[-1])
    page.table.check_all()
    assert len(page.model.checked()) == 4 and bulk.ALL not in [action.key for action in page.bulk._actions()]
    page.show_list(replace(begun, counts={"": 5}, is_whole=True), OrderFilter("", "号"))
    page.model._rows.pop(begun.rowids[-1], None)
    page.table.check_all()
    assert bulk.ALL in [action.key for action in page.bulk._actions()]
