"""The products page in its window: by keyboard, in both languages and themes, at the sizes of real screens."""

from array import array
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desk.goods import ProductFilter, ProductList
from app.desk.session import OnDuty
from app.domain.catalog.commands import ChangePrice, CreateProduct, EditProduct, EditSku, NewSku
from app.domain.money import Fen
from app.domain.permission import Role
from app.domain.stock.commands import AdjustStock, CountStock
from app.domain.stock.model import MovementReason
from app.kernel.i18n import set_language
from tests.support.counter import Counter
from tests.support.shop import PLACE
from tests.ui.pages.catalog.scene import Scene, states, type_into
from tests.ui.pages.orders.scene import settle
from tests.ui.support.surface import clipped, unnamed
from ui.pages.catalog.edit_dialog import EditDialog
from ui.pages.catalog.new_dialogs import NewCategoryDialog, NewProductDialog
from ui.pages.catalog.page import ProductsPage
from ui.pages.catalog.stock_dialog import StockDialog
from ui.shell.main_window import MainWindow
from ui.theme.apply import apply
from ui.widgets.ask import QuestionDialog
from ui.widgets.button import Button

ENTER, DOWN, UP, TAB, ESC = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Tab, Qt.Key.Key_Escape
CTRL = Qt.KeyboardModifier.ControlModifier
Open = Callable[..., Scene]
Dialog = TypeVar("Dialog", bound=QDialog)


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


@pytest.mark.parametrize("width", [1180, 1280, 1366])
def test_a_narrow_list_still_names_its_products(counter: Counter, open_scene: Open, width: int) -> None:
    scene = open_scene(counter, (width, 700))
    assert scene.page.detail.isVisible() and scene.page.table.columnWidth(0) >= 140


def spoken(page: ProductsPage) -> str:
    """All words of the open product."""
    settle(QApplication.instance())
    texts = [str(w.text()) for w in page.detail.findChildren(QWidget) if hasattr(w, "text") and w.isVisible()]
    return " | ".join(texts)


def answer(is_yes: bool) -> list[str]:
    """Answers the next question; what it asked is in the list afterwards."""
    asked: list[str] = []

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QuestionDialog):
            QTimer.singleShot(0, press)
            return
        asked.append(dialog.windowTitle())
        (dialog.confirm_button if is_yes else dialog.decline_button).click()

    QTimer.singleShot(0, press)
    return asked


def active(scene: Scene, kind: type[Dialog], qtbot: QtBot) -> Dialog:
    """The open dialog, once it takes the keyboard."""
    dialog = scene.page.dialog
    assert isinstance(dialog, kind)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def said_in(dialog: QWidget) -> str:
    return "\n".join(words.text() for words in dialog.findChildren(QLabel) if words.isVisible())


def press_undo(window: MainWindow) -> None:
    next(button for button in window.findChildren(Button) if button.text() == "撤销" and button.isVisible()).click()


def edit_dialog(scene: Scene) -> EditDialog:
    assert isinstance(scene.page.dialog, EditDialog)
    return scene.page.dialog


def test_arrows_enter_and_escape_lead_through_the_page(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    page = open_scene(counter).page
    page.table.setFocus()
    qtbot.keyClick(page.table, DOWN)
    assert page.presenter.detail.product.id == "et"
    qtbot.keyClick(page.table, ENTER)
    assert page.detail.edit_button.hasFocus()
    qtbot.keyClick(page.detail.edit_button, ESC)
    assert not page.detail.isVisible() and page.table.hasFocus()
    assert not page.table.isColumnHidden(1), "there is room for the category now"
    qtbot.keyClick(page.table, DOWN)
    assert not page.detail.isVisible() and page.presenter.detail.product.id == "bl"
    qtbot.keyClick(page.table, ENTER)
    assert page.detail.isVisible()


def test_price_is_changed_by_keyboard_unplugged(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    counter.unplug()
    scene = open_scene(counter)
    page = scene.page
    page.presenter.open_product("yn")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_E, CTRL)
    dialog = active(scene, EditDialog, qtbot)
    price = dialog.articles.fields[("yn-2", "list_fen")]
    price.setFocus()
    price.selectAll()
    qtbot.keyClicks(price, "72.5")
    assert dialog.save_button.text() == "保存 1 处改动"
    qtbot.keyClick(price, Qt.Key.Key_S, CTRL)
    assert counter.runner.given == [ChangePrice("yn-2", Fen(6800), Fen(7250))]
    assert page.dialog is None and "¥72.50" in spoken(page) and "未同步" in spoken(page)
    assert scene.said == ["已保存，会自动上传。"]
    counter.plug_in()
    counter.push()
    assert "未同步" not in spoken(page)


def test_a_changed_price_is_taken_back_from_the_message(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.presenter.open_product("yn")
    for fen in (7250, 7300):
        page.edit()
        edit_dialog(scene).articles.fields[("yn-2", "list_fen")].set_fen(fen)
        edit_dialog(scene).presenter.save()
        assert scene.window is not None
        if fen == 7250:
            press_undo(scene.window)
            assert counter.runner.given[-2:] == [
                ChangePrice("yn-2", Fen(6800), Fen(7250)),
                ChangePrice("yn-2", Fen(7250), Fen(6800)),
            ]
            assert "¥68.00" in spoken(page) and scene.said[-1] == "已改回原来的价格。"
            scene.window.over.toasts.dismiss()
    # Somebody else was quicker: their price is not overwritten.
    counter.shop.must(ChangePrice("yn-2", Fen(6800), Fen(9900)))
    counter.pull()
    counter.runner.refused.clear()
    press_undo(scene.window)
    assert len(counter.runner.refused) == 1 and "¥99.00" in spoken(page)


def test_a_price_that_cannot_be_read_is_marked_and_not_saved(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    scene.page.presenter.open_product("yn")
    scene.page.table.setFocus()
    qtbot.keyClick(scene.page.table, Qt.Key.Key_E, CTRL)
    dialog = active(scene, EditDialog, qtbot)
    price = dialog.articles.fields[("yn-2", "list_fen")]
    for typed, words in (("26.5.5", "这不是金额"), ("6901234567892", "是不是把条码扫到这里了")):
        price.selectAll()
        qtbot.keyClicks(price, typed)
        assert words in said_in(dialog)
        qtbot.keyClick(price, Qt.Key.Key_S, CTRL)
        assert scene.page.dialog is dialog and price.text() == typed and words in said_in(dialog)
    assert counter.runner.given == []
    price.selectAll()
    qtbot.keyClicks(price, "26.5")
    assert "是不是把条码扫到这里了" not in said_in(dialog)
    qtbot.keyClick(price, Qt.Key.Key_S, CTRL)
    assert counter.runner.given == [ChangePrice("yn-2", Fen(6800), Fen(2650))]


def test_what_is_wrong_with_a_price_is_in_sight_below_it(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    assert scene.window is not None
    scene.window.resize(1366, 768)
    scene.page.presenter.open_product("yn")
    scene.page.edit()
    dialog = edit_dialog(scene)
    for sku_id in ("yn-1", "yn-3"):
        price = dialog.articles.fields[(sku_id, "list_fen")]
        price.setText("26.5.5")
        qtbot.waitUntil(partial(said_below, dialog, price))
        price.set_fen(2650)
    dialog.description_edit.setPlainText("日晒")
    assert dialog.presenter.unsaved == 3


def said_below(dialog: EditDialog, field: QWidget) -> bool:
    """Whether the complaint stands right below the field and can be read whole."""
    words = next((each for each in dialog.articles.findChildren(QLabel) if "这不是金额" in each.text()), None)
    if words is None or words.visibleRegion().boundingRect().height() < words.height():
        return False
    return 0 <= words.geometry().top() - field.geometry().bottom() < 30


def test_conflict_is_named_and_both_values_can_be_chosen(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    scene.page.presenter.open_product("yn")
    scene.page.edit()
    dialog = active(scene, EditDialog, qtbot)
    assert not dialog.banner.isVisible()
    type_into(dialog.title_field, "云南小粒 深烘")
    counter.shop.must(EditProduct("yn", {"title": {"from": "云南小粒咖啡豆 深烘", "to": "云南豆"}}))
    counter.pull()
    assert dialog.banner.isVisible() and dialog.save_button.text() == "解决 1 处冲突"
    qtbot.keyClick(dialog.title_field, Qt.Key.Key_S, CTRL)
    assert counter.runner.given == []
    theirs, mine = (dialog.choice_buttons[(side, ("yn", "title"))] for side in ("theirs", "mine"))
    assert (theirs.text(), mine.text()) == ("采用 云南豆", "保留 云南小粒 深烘")
    theirs.click()
    assert dialog.title_field.text() == "云南豆" and not dialog.banner.isVisible()
    assert dialog.save_button.text() == "保存"
    dialog.reject()


def test_unsaved_changes_go_only_when_somebody_says_so(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    scene.page.edit()
    dialog = edit_dialog(scene)
    type_into(dialog.title_field, "别的")
    asked = answer(False)
    dialog.reject()
    assert asked == ["放弃这些改动？"] and dialog.isVisible()
    answer(True)
    dialog.reject()
    assert not dialog.isVisible() and counter.runner.given == []


def test_wrong_barcode_is_marked_and_arrows_walk_the_column(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    scene.page.presenter.open_product("yn")
    scene.page.edit()
    dialog = active(scene, EditDialog, qtbot)
    first, second = (dialog.articles.fields[(sku, "barcode")] for sku in ("yn-1", "yn-2"))
    first.setFocus()
    qtbot.keyClicks(first, "6901234567890")
    qtbot.keyClick(first, ENTER)
    assert second.hasFocus() and counter.runner.given == [], "a scanner's Enter leads on"
    qtbot.keyClick(second, UP)
    assert first.hasFocus()
    dialog.save_button.click()
    assert first.property("invalid") is True and counter.runner.given == []
    qtbot.keyClick(first, Qt.Key.Key_End)
    qtbot.keyClick(first, Qt.Key.Key_Backspace)
    qtbot.keyClicks(first, "2")
    dialog.save_button.click()
    assert counter.runner.given == [EditSku("yn-1", {"barcode": {"from": "", "to": "6901234567892"}})]


def test_stock_is_adjusted_and_the_refusal_stands_in_place(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.presenter.open_product("yn")
    page.detail.stock_buttons["yn-2"].click()
    dialog = active(scene, StockDialog, qtbot)
    dialog.reason_box.choose("damaged")
    dialog.qty_field.set_value(4)
    dialog.save_button.click()
    assert dialog.refusal_notice.isVisible() and "3" in dialog.refusal_notice.text_label.text()
    dialog.qty_field.setFocus()
    dialog.qty_field.field.selectAll()
    qtbot.keyClicks(dialog.qty_field.field, "2")
    qtbot.keyClick(dialog.qty_field.field, ENTER, CTRL)
    assert counter.runner.given[-1] == AdjustStock("yn-2", PLACE, -2, MovementReason.DAMAGED)
    assert page.dialog is None and "在库 1 − 占用 0 = 可售 1" in spoken(page)


def test_shelf_is_counted_by_keyboard(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.presenter.open_product("yn")
    page.adjust_stock("yn-1")
    dialog = active(scene, StockDialog, qtbot)
    qtbot.keyClick(dialog.tabs, Qt.Key.Key_Right)
    qtbot.keyClicks(dialog.count_field.field, "44")
    assert dialog.movements.index(0, 4).data() == "46"
    qtbot.keyClick(dialog.count_field.field, ENTER, CTRL)
    assert counter.runner.given == [CountStock("yn-1", PLACE, 46, 44)]


def test_off_sale_is_asked_before_and_on_sale_is_not(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.presenter.open_product("yn")
    asked = answer(False)
    page.detail.off_sale_button.click()
    assert asked == ["下架“云南小粒咖啡豆 深烘”？"] and counter.runner.given == []
    answer(True)
    page.detail.off_sale_button.click()
    assert page.presenter.detail.product.state == "off_sale"
    assert page.detail.on_sale_button.isVisible() and not page.detail.off_sale_button.isVisible()
    page.detail.on_sale_button.click()
    assert page.presenter.detail.product.state == "on_sale"


def test_another_person_on_duty_is_offered_what_they_may_do(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.presenter.open_product("yn")
    assert page.table.isVisible() and page.detail.off_sale_button.isVisible()
    owner, scene.desk.on_duty = scene.desk.on_duty, OnDuty("courier", "小周", Role.COURIER)
    page.person_changed()
    offered = [button.text() for button in page.findChildren(Button) if button.isVisible() and button.isEnabled()]
    assert not {"新建商品", "下架", "编辑"} & set(offered)
    assert not page.category_button.isVisible()
    scene.desk.on_duty = owner
    page.person_changed()
    assert page.detail.off_sale_button.isVisible() and page.category_button.isVisible()


def test_new_product_is_made_by_keyboard_and_opened(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_N, CTRL)
    dialog = active(scene, NewProductDialog, qtbot)
    qtbot.keyClicks(dialog.title_field, "Kenya AA")
    qtbot.keyClicks(dialog.price_edit, "52")
    qtbot.keyClick(dialog.price_edit, ENTER, CTRL)
    command = counter.runner.given[0]
    assert isinstance(command, CreateProduct) and command.skus[0].list_fen == 5200
    assert page.presenter.detail.product.title == "Kenya AA" and page.model.rowCount() == 11
    assert page.table.selected_rowid() == page.presenter.detail.rowid
    assert scene.entry.fact() == "共 11 件商品" and scene.entry.count() is None


def test_new_category_appears_in_the_tree(counter: Counter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(counter)
    page = scene.page
    page.category_button.click()
    dialog = active(scene, NewCategoryDialog, qtbot)
    qtbot.keyClicks(dialog.name_field, "Cups")
    qtbot.keyClick(dialog.name_field, ENTER, CTRL)
    found = page.tree.findItems("Cups", Qt.MatchFlag.MatchRecursive)
    assert len(found) == 1
    page.tree.setCurrentItem(found[0])
    assert page.empty_state.isVisible() and not page.detail.isVisible()
    page.empty_state.step_chosen.emit("clear")
    assert page.model.rowCount() == 10 and page.tree.chosen() == ""


def test_search_works_in_the_top_bar_and_is_cleared_with_the_filter(
    counter: Counter, open_scene: Open, qtbot: QtBot
) -> None:
    scene = open_scene(counter)
    page = scene.page
    assert scene.window is not None
    field = scene.window.top_bar.search_field
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_F, CTRL)
    assert field.hasFocus()
    qtbot.keyClicks(field, "SY-ET")
    qtbot.keyClick(field, ENTER)
    assert page.model.rowCount() == 1
    qtbot.keyClicks(field, "nothing")
    qtbot.keyClick(field, ENTER)
    assert page.empty_state.isVisible()
    page.empty_state.step_chosen.emit("clear")
    assert field.text() == "" and page.model.rowCount() == 10


def test_change_from_elsewhere_moves_neither_selection_nor_what_is_in_sight(counter: Counter, open_scene: Open) -> None:
    for number in range(12):
        sku = NewSku(f"m{number}-s", (), f"M-{number}", "", Fen(100))
        counter.shop.must(CreateProduct(f"m{number}", "tools", f"滤纸 {number}", (sku,)))
        counter.world.clock.advance(minutes=1)
    counter.pull()
    page = open_scene(counter, (1366, 768)).page
    page.table.select_rowid(page.model.rowid_at(6))
    page.table.verticalScrollBar().setValue(150)
    before = page.model.rowid_at(page.table.indexAt(page.table.viewport().rect().topLeft()).row())
    selected = page.table.selected_rowid()
    counter.shop.must(EditProduct("bl", {"title": {"from": "山野拼配 意式特浓", "to": "山野拼配"}}))
    counter.pull()
    assert page.model.rowid_at(page.table.indexAt(page.table.viewport().rect().topLeft()).row()) == before
    assert page.table.selected_rowid() == selected


def test_another_page_leads_to_a_product(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    scene.page.presenter.choose_category("tools")
    assert scene.window is not None
    scene.window.go("products", "bl")
    assert scene.page.presenter.detail.product.id == "bl"
    assert scene.page.table.selected_rowid() == scene.page.presenter.detail.rowid


def test_shop_without_products_says_what_to_do(counter: Counter, open_scene: Open) -> None:
    page = open_scene(counter).page
    page.show_list(ProductList(array("q"), {"": 0}), ProductFilter())
    assert page.empty_state.isVisible() and not page.detail.isVisible()
    page.empty_state.step_chosen.emit("new")
    assert isinstance(page.dialog, NewProductDialog)
    page.dialog.reject()


def test_list_keeps_qts_rules(counter: Counter, open_scene: Open, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(open_scene(counter).page.model, force_py=True)


def test_movements_keep_qts_rules(counter: Counter, open_scene: Open, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    scene = open_scene(counter)
    scene.page.presenter.open_product("yn")
    scene.page.adjust_stock("yn-1")
    dialog = active(scene, StockDialog, qtbot)
    qtmodeltester.check(dialog.movements, force_py=True)
    dialog.reject()


LOOKS = (
    ((1440, 900), "zh_CN", "light"),
    ((1440, 900), "en", "light"),
    ((1366, 768), "zh_CN", "dark"),
    ((1366, 768), "en", "light"),
)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_is_clipped_or_unnamed(look: Any, counter: Counter, open_scene: Open, qapp: QApplication) -> None:
    size, language, theme = look
    set_language(language)
    apply(qapp, theme)
    scene = open_scene(counter, size)
    found = []
    for state, widget in states(scene):
        settle(qapp)
        found += [f"{state}: {fault}" for fault in (*clipped(widget), *unnamed(widget))]
        if isinstance(widget, QDialog) and scene.window is not None and widget.height() > scene.window.height():
            found.append(f"{state}: higher than the window")
    assert found == []


def test_language_changes_while_the_page_is_open(counter: Counter, open_scene: Open) -> None:
    scene = open_scene(counter)
    assert scene.window is not None
    set_language("en")
    scene.window.retranslate()
    page = scene.page
    assert page.detail.edit_button.text() == "Edit" and page.new_button.text() == "New product"
    assert page.model.columns()[0].title() == "Product" and "On hand" in spoken(page)
    set_language("zh_CN")
    scene.window.retranslate()
    assert "在库" in spoken(page)
