"""What a clerk does on the products page, by hand."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from app.desk.goods import ProductDetail
from app.domain.stock.model import MovementReason
from ui.pages.catalog.edit_dialog import EditDialog
from ui.pages.catalog.page import ProductsPage
from ui.pages.catalog.stock_dialog import StockDialog
from ui.tour.counters import Counter
from ui.tour.record import StepFailed
from ui.tour.stage import Camera, rest, wait_until

D = TypeVar("D", bound=QDialog)


def opened_dialog(page: QWidget, kind: type[D]) -> D:
    """The dialog that the page has just opened."""
    found: list[D] = []

    def is_open() -> bool:
        found[:] = [d for d in page.findChildren(kind) if d.isVisible()]
        return bool(found)

    wait_until(is_open, f"{kind.__name__} opens")
    return found[0]


def press(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


class GoodsDesk:
    """The products page of one counter, open at one product."""

    def __init__(self, counter: Counter, product: ProductDetail, camera: Camera) -> None:
        self._camera = camera
        window = counter.opened.window
        window.go("products", product.product.id)
        page = window.page_widget("products")
        if not isinstance(page, ProductsPage):
            raise StepFailed("the products page is another one")
        self._page = page
        self._product_id = product.product.id
        wait_until(self._is_shown, "the product is shown")

    def _is_shown(self) -> bool:
        detail = self._page.presenter.detail
        return detail is not None and detail.product.id == self._product_id

    def take_damaged(self, sku_id: str, pieces: int) -> None:
        """Adjust the stock of an article: some pieces are broken."""
        self._page.adjust_stock(sku_id)
        dialog = opened_dialog(self._page, StockDialog)
        dialog.reason_box.setCurrentIndex(dialog.reason_box.findData(MovementReason.DAMAGED.value))
        field = dialog.qty_field.field
        field.selectAll()
        QTest.keyClicks(field, str(pieces))
        rest(250)
        self._camera.take(dialog, "stock-dialog")
        _save(dialog, dialog.save_button)

    def add_to_title(self, text: str) -> None:
        """Type something behind the title and save."""
        self._page.edit()
        dialog = opened_dialog(self._page, EditDialog)
        dialog.title_field.end(False)
        QTest.keyClicks(dialog.title_field, text)
        rest(250)
        self._camera.take(dialog, "product-editor")
        _save(dialog, dialog.save_button)


def _save(dialog: QDialog, button: QWidget) -> None:
    """Press, and wait until the dialog has gone by itself: it is gone for good then."""
    results: list[int] = []
    dialog.finished.connect(results.append)
    press(button)
    wait_until(lambda: bool(results), "the dialog is done")
