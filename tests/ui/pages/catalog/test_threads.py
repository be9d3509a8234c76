"""The page over the desktop's own threads: nothing waits in the window's thread, and everything still arrives."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.support.counter import Counter
from tests.ui.pages.catalog.scene import type_into
from tests.ui.support.over_threads import over_threads
from ui.pages.catalog.edit_dialog import EditDialog
from ui.pages.catalog.new_dialogs import NewProductDialog
from ui.pages.catalog.page import ProductsPage
from ui.pages.catalog.stock_dialog import StockDialog


@pytest.fixture
def page(counter: Counter, qtbot: QtBot) -> Iterator[ProductsPage]:
    with over_threads(counter, ProductsPage, qtbot) as shown:
        qtbot.waitUntil(lambda: shown.presenter.detail is not None and shown.model.loaded_count() == 10)
        yield shown


def open_product(page: ProductsPage, qtbot: QtBot, product_id: str) -> None:
    page.presenter.open_product(product_id)
    qtbot.waitUntil(lambda: page.presenter.detail is not None and page.presenter.detail.product.id == product_id)


def test_editor_saves_everything_and_closes(page: ProductsPage, qtbot: QtBot) -> None:
    open_product(page, qtbot, "yn")
    page.edit()
    dialog = page.dialog
    assert isinstance(dialog, EditDialog)
    type_into(dialog.title_field, "云南小粒")
    dialog.articles.fields[("yn-1", "list_fen")].set_fen(3900)
    type_into(dialog.articles.fields[("yn-3", "shelf")], "C-01")
    dialog.save_button.click()
    dialog.reject()
    assert dialog.isVisible(), "the window stays until all is saved"
    qtbot.waitUntil(lambda: page.dialog is None)
    qtbot.waitUntil(lambda: page.presenter.detail is not None and page.presenter.detail.product.title == "云南小粒")
    detail = page.presenter.detail
    assert detail is not None and detail.skus[0].sku.list_fen == 3900 and detail.skus[2].sku.shelf == "C-01"


def test_stock_moves_once_however_often_it_is_pressed(page: ProductsPage, qtbot: QtBot) -> None:
    open_product(page, qtbot, "yn")
    page.adjust_stock("yn-3")
    dialog = page.dialog
    assert isinstance(dialog, StockDialog)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    dialog.qty_field.set_value(7)
    dialog.save_button.click()
    dialog.save_button.click()
    qtbot.waitUntil(lambda: page.dialog is None)
    qtbot.waitUntil(lambda: page.presenter.detail is not None and page.presenter.detail.skus[2].on_hand_qty == 7)


def test_new_product_is_open_after_it_was_made(page: ProductsPage, qtbot: QtBot) -> None:
    page.create_product()
    dialog = page.dialog
    assert isinstance(dialog, NewProductDialog)
    dialog.title_field.setText("肯尼亚 AA")
    dialog.price_edit.set_fen(5200)
    dialog.save_button.click()
    dialog.save_button.click()
    qtbot.waitUntil(lambda: page.presenter.detail is not None and page.presenter.detail.product.title == "肯尼亚 AA")
    qtbot.waitUntil(lambda: page.model.rowCount() == 11)
    assert page.presenter.detail is not None and page.table.selected_rowid() == page.presenter.detail.rowid
