"""The orders page in its window: by keyboard, in both languages and themes, at the sizes of real screens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desk.queries import OrderFilter
from app.domain.permission import Role
from app.kernel.i18n import set_language
from tests.support.counter import STORY, Bought, Counter
from tests.ui.pages.orders.scene import Scene, settle
from tests.ui.support.surface import clipped, unnamed
from ui.pages.orders.dialogs import NoteDialog, ShipDialog
from ui.pages.orders.label_dialog import LabelDialog
from ui.pages.orders.page import OrdersPage
from ui.pages.orders.refund_dialog import RefundDialog
from ui.shell.state import Person
from ui.theme import metrics
from ui.theme.apply import apply
from ui.widgets.ask import QuestionDialog
from ui.widgets.money import format_fen

NUMBER = "SF1688124306257"
ENTER, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Down
CTRL = Qt.KeyboardModifier.ControlModifier
Open = Callable[..., Scene]


@pytest.fixture
def open_scene(qtbot: QtBot) -> Iterator[Open]:
    opened: list[Scene] = []

    def make(counter: Counter, size: tuple[int, int] = (1440, 900)) -> Scene:
        scene = Scene(counter, size)
        opened.append(scene)
        assert scene.window is not None
        scene.window.activateWindow()
        qtbot.waitUntil(scene.window.isActiveWindow)
        qtbot.waitUntil(lambda: scene.page.model.loaded_count() == scene.page.model.rowCount())
        return scene

    yield make
    for scene in opened:
        scene.close()


def test_a_figure_of_another_page_narrows_the_list_until_it_is_taken_back(
    counter: Counter, open_scene: Open, qtbot: QtBot
) -> None:
    page = open_scene(counter, (1366, 768)).page
    page.open_row(OrderFilter("paid,partly_shipped", delivery_kind="express"))
    assert page.filters.isVisible() and [chip.text() for chip in page.filters.chips.values()] == ["快递"]
    assert page.tabs.current() == "paid" and page.model.rowCount() == 1
    page.open_row(OrderFilter(delivery_kind="local"))
    assert page.list_card.empty_state.isVisible() and page.filters.isVisible()
    qtbot.mouseClick(page.filters.chips["delivery_kind"], Qt.MouseButton.LeftButton)
    assert page.model.rowCount() == 3 and not page.filters.isVisible()
    next(action for action in page.filters.menu().actions() if action.data() == "pickup").trigger()
    assert page.list_card.empty_state.isVisible() and page.filters.chips["delivery_kind"].text() == "自提"
    page.list_card.empty_state.step_chosen.emit("clear")
    assert page.model.rowCount() == 3 and not page.filters.isVisible()


def test_down_goes_along_the_list_from_wherever_the_page_has_the_keyboard_and_enter_presses_nothing(
    busy_counter: Counter, open_scene: Open, qtbot: QtBot
) -> None:
    page = open_scene(busy_counter).page
    page.table.selectRow(0)
    page.setFocus()
    qtbot.keyClick(page, ENTER)
    assert page.hasFocus(), "a scanner ends with Enter"
    qtbot.keyClick(page, DOWN)
    assert page.table.hasFocus() and page.table.currentIndex().row() == 1


def spoken(page: OrdersPage) -> str:
    """All words that are in sight of the open order."""
    settle(QApplication.instance())  # new rows come in sight with the next turn of the loop
    shown = [w for w in page.detail.findChildren(QWidget) if w.isVisibleTo(page.detail)]
    texts = [str(w.text()) for w in shown if hasattr(w, "text")]
    return " | ".join(texts)


def ship_dialog(scene: Scene, qtbot: QtBot) -> ShipDialog:
    dialog = scene.page.dialog
    assert isinstance(dialog, ShipDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def label_dialog(scene: Scene, qtbot: QtBot) -> LabelDialog:
    dialog = scene.page.dialog
    assert isinstance(dialog, LabelDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def pdf_text(path: Path) -> tuple[str, tuple[float, float]]:
    document = pypdfium2.PdfDocument(path)
    try:
        page = document[0]
        size = (round(page.get_width() / 72 * 25.4, 1), round(page.get_height() / 72 * 25.4, 1))
        return str(page.get_textpage().get_text_bounded()), size
    finally:
        document.close()


def test_ships_and_prints_unplugged_by_keyboard_alone(
    counter: Counter, open_scene: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    counter.unplug()
    scene = open_scene(counter)
    page = scene.page
    page.table.setFocus()
    qtbot.keyClick(page.table, DOWN)
    qtbot.keyClick(page.table, Qt.Key.Key_Up)
    qtbot.keyClick(page.table, ENTER, CTRL)
    dialog = ship_dialog(scene, qtbot)
    qtbot.keyClicks(dialog.number_field, "sf1688 1243 06257")
    qtbot.keyClick(dialog.number_field, ENTER)
    assert counter.runner.given == [], "a scanner's Enter must not ship"
    qtbot.waitUntil(dialog.ship_button.hasFocus)
    qtbot.keyClick(dialog.ship_button, ENTER)
    assert len(counter.runner.given) == 1
    assert scene.window is not None
    scene.window.activateWindow()
    qtbot.waitUntil(page.detail.label_button.hasFocus)
    assert "未同步" in spoken(page)
    qtbot.keyClick(page.detail.label_button, Qt.Key.Key_P, CTRL)
    label = label_dialog(scene, qtbot)
    label.use_folder(tmp_path / "面单 一号柜台")
    qtbot.waitUntil(label.save_button.hasFocus)
    qtbot.keyClick(label.save_button, ENTER)
    assert label.saved_path is not None
    text, size = pdf_text(label.saved_path)
    assert size == pytest.approx((76, 130), abs=0.2)
    assert "未同步" in text and "1******8888" in text and "共 5 件" in text
    assert "林晓雨" not in text + str(label.saved_path) and "13612348888" not in text
    assert scene.preferences.read().label_folder == str(tmp_path / "面单 一号柜台")
    label.accept()


def test_label_on_the_larger_paper_is_confirmed_once_the_service_has_answered(
    counter: Counter, open_scene: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    scene = open_scene(counter)
    scene.page.ship()
    dialog = ship_dialog(scene, qtbot)
    dialog.number_field.setText(NUMBER)
    qtbot.keyClick(dialog.number_field, ENTER, CTRL)
    scene.page.print_label()
    label = label_dialog(scene, qtbot)
    assert label.unsynced_notice.isVisible()
    counter.push()
    assert not label.unsynced_notice.isVisible(), "the open preview follows the service's answer"
    label.form_buttons["100x150"].click()
    label.use_folder(tmp_path)
    label.save_button.click()
    assert label.saved_path is not None
    text, size = pdf_text(label.saved_path)
    assert size == pytest.approx((100, 150), abs=0.2) and "未同步" not in text
    assert scene.preferences.read().label_form == "100x150"
    label.accept()


def test_folder_that_cannot_be_written_is_said_in_place(
    counter: Counter, open_scene: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    scene = open_scene(counter)
    scene.page.presenter.open_order("o1")
    scene.page.print_label()
    label = label_dialog(scene, qtbot)
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    label.use_folder(blocked / "below")
    label.save_button.click()
    assert label.result_notice.text_label.text().startswith("没有存上：") and label.saved_path is None
    label.reject()


def test_enter_in_a_field_of_pieces_does_not_ship(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    scene.page.ship()
    dialog = ship_dialog(scene, qtbot)
    dialog.number_field.setText(NUMBER)
    field = dialog.qty_fields["o3-1"].field
    field.setFocus()
    qtbot.keyClick(field, DOWN)
    qtbot.keyClick(field, ENTER)
    assert counter.runner.given == [] and dialog.qty_fields["o3-1"].value() == 2
    dialog.reject()


def test_a_barcode_in_a_field_of_pieces_ships_nothing_and_is_told(
    counter: Counter, open_scene: Open, qtbot: QtBot
) -> None:
    scene = open_scene(counter)
    scene.page.ship()
    dialog = ship_dialog(scene, qtbot)
    dialog.number_field.setText(NUMBER)
    field = dialog.qty_fields["o3-1"].field
    for typed, words in (("6901234567892", "是不是把条码扫到这里了"), ("", "这里要填数字")):
        field.setText(typed)
        dialog.ship_button.click()
        assert counter.runner.given == [] and field.text() == typed
        assert dialog.isVisible() and words in dialog.refusal_notice.text_label.text()
        assert clipped(dialog) == []
    field.setText("2")
    assert dialog.refusal_notice.isHidden()
    dialog.ship_button.click()
    assert len(counter.runner.given) == 1


def test_wrong_number_is_said_below_the_field(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    scene.page.ship()
    dialog = ship_dialog(scene, qtbot)
    qtbot.keyClicks(dialog.number_field, "SF1234")
    qtbot.keyClick(dialog.number_field, ENTER)
    assert dialog.number_field.property("invalid") is True and dialog.number_field.hasFocus()
    assert counter.runner.given == []
    dialog.reject()


def test_list_and_detail_say_one_amount(busy_counter: Counter, open_scene: Open) -> None:
    scene = open_scene(busy_counter)
    page = scene.page
    for position in range(page.model.rowCount()):
        row = page.model.row_at(position)
        page.table.select_rowid(page.model.rowid_at(position))
        assert page.presenter.detail.order.id == row.order_id
        assert format_fen(row.total_fen) in spoken(page).split(" | ")


def test_finished_order_offers_no_shipping(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    scene.page.presenter.open_order("o1")
    assert not scene.page.detail.ship_button.isVisible() and scene.page.detail.label_button.isVisible()
    scene.page.ship()
    assert scene.page.dialog is None


def test_shipped_order_leaves_the_tab_but_stays_open_and_down_goes_on(
    busy_counter: Counter, open_scene: Open, qtbot: QtBot
) -> None:
    scene = open_scene(busy_counter)
    page = scene.page
    page.tabs.set_current("paid")
    page.presenter.choose_state("paid")
    names = [page.model.row_at(n).order_id for n in range(page.model.rowCount())]
    page.table.select_rowid(page.model.rowid_at(1))
    page.ship()
    dialog = ship_dialog(scene, qtbot)
    dialog.number_field.setText(NUMBER)
    dialog.ship_button.click()
    assert page.presenter.detail.order.id == names[1], "its label is what comes next"
    assert page.table.selected_rowid() is None
    qtbot.keyClick(page.table, DOWN)
    assert page.presenter.detail.order.id == names[2]


def test_new_order_moves_neither_selection_nor_what_is_in_sight(
    busy_counter: Counter, open_scene: Open, qtbot: QtBot
) -> None:
    scene = open_scene(busy_counter, (1366, 768))
    page = scene.page
    page.table.select_rowid(page.model.rowid_at(5))
    page.table.verticalScrollBar().setValue(100)
    before = page.model.rowid_at(page.table.indexAt(page.table.viewport().rect().topLeft()).row())
    selected = page.table.selected_rowid()
    busy_counter.buy(13, Bought((("scale", 1),)))
    busy_counter.pull()
    assert page.model.rowCount() == len(STORY) + 1
    assert page.model.rowid_at(page.table.indexAt(page.table.viewport().rect().topLeft()).row()) == before
    assert page.table.selected_rowid() == selected


def test_search_by_keyboard_and_back(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    page = scene.page
    qtbot.keyClick(page.table, Qt.Key.Key_F, CTRL)
    assert page.search_field.hasFocus()
    room = page.rows_in_view()
    assert 0 <= room * metrics.ROW_TWO_LINES - page.table.viewport().height() <= 2 * metrics.ROW_TWO_LINES
    qtbot.keyClicks(page.search_field, "nothing")
    qtbot.keyClick(page.search_field, ENTER)
    assert page.list_card.empty_state.isVisible() and not page.detail.isVisible()
    assert page.rows_in_view() == room, "as much is asked for as the window will show"
    page.list_card.empty_state.step_chosen.emit("clear")
    assert page.model.rowCount() == 3 and page.search_field.text() == ""


def test_shop_without_orders_says_what_will_happen(open_scene: Open, tmp_path: Path, qtbot: QtBot) -> None:
    counter = Counter(tmp_path, ())
    try:
        scene = open_scene(counter)
        assert scene.page.list_card.empty_state.isVisible() and not scene.page.detail.isVisible()
        scene.page.list_card.empty_state.step_chosen.emit("products")
        assert scene.gone == [("products", "")]
        assert scene.entry.count() == 0
        counter.buy(1, Bought((("scale", 1),)))
        counter.pull()
        assert not scene.page.list_card.empty_state.isVisible()
        qtbot.waitUntil(scene.page.detail.isVisible)
        assert scene.entry.count() == 1
    finally:
        counter.close()


def test_receiver_is_masked_until_asked_for(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    page = scene.page
    assert "林**" in spoken(page) and "1******8888" in spoken(page)
    assert "13612348888" not in spoken(page) and "1201" not in spoken(page)
    page.detail.reveal_button.click()
    assert "13612348888" in spoken(page) and "1201 室" in spoken(page)


def test_remark_is_written_by_keyboard(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    scene.page.detail.note_button.click()
    dialog = scene.page.dialog
    assert isinstance(dialog, NoteDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClicks(dialog.edit, "gift")
    qtbot.keyClick(dialog.edit, ENTER, CTRL)
    assert "gift" in spoken(scene.page)


def test_another_page_leads_to_an_order(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    scene.page.presenter.choose_state("unpaid")
    assert scene.window is not None
    scene.window.go("orders", "o1")
    assert scene.page.presenter.detail.order.id == "o1"
    assert scene.page.table.selected_rowid() == scene.page.presenter.detail.rowid


def test_actions_are_those_of_whoever_works_here_now(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    page, window, owner = scene.page, scene.window, scene.desk.on_duty
    assert window is not None and owner is not None
    for person, may_ship in ((None, False), (owner, True), (replace(owner, role=Role.COURIER), False)):
        scene.desk.on_duty = person
        window.set_person(None if person is None else Person(person.name, person.role))
        assert page.detail.ship_button.isVisible() is may_ship, person


def test_side_bar_counts_what_is_to_be_shipped(busy_counter: Counter, open_scene: Open) -> None:
    scene = open_scene(busy_counter)
    counts = scene.page.presenter
    assert counts.detail is not None and scene.entry.count() == 7
    assert scene.entry.fact() == "共 12 笔"


def test_model_keeps_qts_rules(busy_counter: Counter, open_scene: Open, qtmodeltester: ModelTester) -> None:
    scene = open_scene(busy_counter)
    qtmodeltester.check(scene.page.model, force_py=True)


def every(scene: Scene) -> Iterator[tuple[str, QWidget]]:
    """The page's states and dialogs, one after the other."""
    page = scene.page
    assert scene.window is not None
    yield "to ship", scene.window
    page.presenter.open_order("o4")
    yield "partly shipped", scene.window
    page.ship()
    dialog: Any = page.dialog
    dialog.show_number_problem("长" * 60)
    dialog.show_refusal("长" * 80)
    yield "ship dialog", dialog
    dialog.reject()
    page.print_label()
    dialog = page.dialog
    yield "label dialog", dialog
    dialog.reject()
    page.note()
    dialog = page.dialog
    yield "note dialog", dialog
    dialog.reject()
    for number, order_id in ((NUMBER, "o4"), ("SF1688124306258", "o11")):
        page.presenter.open_order(order_id)
        page.ship()
        dialog = page.dialog
        dialog.number_field.setText(number)
        first = next(iter(dialog.qty_fields.values()))
        first.set_value(1)
        dialog.ship_button.click()
        yield f"not synced {order_id}", scene.window
    page.presenter.search("nothing")
    yield "no order fits", scene.window


LOOKS = (
    ((1440, 900), "zh_CN", "light"),
    ((1440, 900), "en", "light"),
    ((1366, 768), "zh_CN", "dark"),
    ((1366, 768), "en", "light"),
)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_is_clipped_or_unnamed(look: Any, busy_counter: Counter, open_scene: Open, qapp: QApplication) -> None:
    size, language, theme = look
    set_language(language)
    apply(qapp, theme)
    scene = open_scene(busy_counter, size)
    found = []
    for state, widget in every(scene):
        settle(qapp)
        found += [f"{state}: {fault}" for fault in (*clipped(widget), *unnamed(widget))]
    assert found == []


def test_language_changes_while_the_page_is_open(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    assert scene.window is not None
    set_language("en")
    scene.window.retranslate()
    page = scene.page
    assert "Order details" in spoken(page) and page.detail.ship_button.text() == "Ship"
    assert page.model.columns()[1].title() == "Receiver"
    set_language("zh_CN")
    scene.window.retranslate()
    assert "订单详情" in spoken(page)


def test_an_unpaid_order_is_given_up_after_a_question_and_a_paid_one_is_refunded(
    counter: Counter, open_scene: Open, qtbot: QtBot
) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.presenter.open_order("o2")
    assert page.detail.cancel_button.isVisible() and not page.detail.refund_button.isVisible()
    page.detail.cancel_button.click()
    question = page.dialog
    assert isinstance(question, QuestionDialog)
    assert unnamed(question) == [] and clipped(question) == []
    question.confirm_button.click()
    assert scene.said[-1] == "正在取消订单。"
    assert counter.shop.rows("orders", "id, state")[1] == ("o2", "closed")
    assert "已关闭" in spoken(page) or "未付关闭" in spoken(page)

    page.presenter.open_order("o3")
    page.detail.refund_button.click()
    dialog = page.dialog
    assert isinstance(dialog, RefundDialog)
    settle(QApplication.instance())
    assert unnamed(dialog) == [] and clipped(dialog) == []
    assert not dialog.refund_button.isEnabled()
    dialog.qty_fields["o3-2", False].set_value(1)
    for typed, words in (("6901234567892", "是不是把条码扫到这里了"), ("", "这里要填数字")):
        dialog.qty_fields["o3-1", False].field.setText(typed)
        assert words in dialog.problem_notice.text_label.text() and not dialog.refund_button.isEnabled()
        assert dialog.refund_button.text() == "退款", "no sum of pieces that cannot be read"
        settle(QApplication.instance())
        assert clipped(dialog) == []
    dialog.qty_fields["o3-1", False].set_value(0)
    assert dialog.refund_button.text() == "退款 ¥114.00" and dialog.problem_notice.isHidden()
    qtbot.keyClick(dialog.reason_field, ENTER)
    assert counter.shop.rows("refunds") == [], "Enter in a field gives no money back"
    dialog.refund_button.click()
    assert scene.said[-1] == "已申请退 ¥114.00，到账后订单里会显示。"
    assert "1 件未发已退" in spoken(page)


@pytest.mark.parametrize(("size", "is_counted"), [((1366, 768), True), ((1180, 680), False)])
def test_tabs_of_a_large_shop_are_not_cut(
    size: tuple[int, int], is_counted: bool, counter: Counter, open_scene: Open, qapp: QApplication
) -> None:
    set_language("en")
    scene = open_scene(counter, size)
    page = scene.page
    page.tabs.set_counts({"": 12_480, "paid": 1_128, "to_collect": 147, "shipped": 1_126, "completed": 11_010})
    page.list_card.list_head.fit()
    settle(qapp)
    assert scene.window is not None and clipped(scene.window) == []
    texts = [button.text() for button in page.tabs.findChildren(QAbstractButton)]
    assert ("Completed 11,010" in texts) is is_counted
    assert page.search_field.isVisible() and page.search_field.width() > 160
