"""An order shows what was sold, not what the product looks like now."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk.queries import OrderDetail, order_detail
from app.kernel.i18n import tr
from tests.support.counter import Counter
from ui.pages.orders import detail_parts
from ui.pages.orders.dialogs import ShipDialog
from ui.pages.orders.refund_dialog import RefundDialog


class Asked(QObject):
    """Remembers which pictures are wanted."""

    arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[str] = []

    def image(self, sha256: str, _side: int) -> QImage | None:
        self.wanted.append(sha256)
        return None


def first_order(counter: Counter, state: str = "shipped") -> OrderDetail:
    order_id = next(order_id for order_id, found in counter.shop.rows("orders", "id, state") if found == state)
    found: list[OrderDetail | None] = []
    counter.runner.query(order_detail(order_id), found.append)
    assert found[0] is not None
    return found[0]


def test_the_picture_is_the_one_that_was_sold(counter: Counter, qtbot: QtBot) -> None:
    detail = first_order(counter)
    line = detail.lines[0]
    for sold, shown in (("a" * 64, "a" * 64), ("", "b" * 64)):
        shelf = Asked()
        shop = replace(detail, lines=(replace(line, sha256=sold),), pictures={line.product_id: "b" * 64})
        for row in detail_parts.line_rows(shop, shelf):  # type: ignore[arg-type]
            qtbot.addWidget(row)
        assert set(shelf.wanted) == {shown}


def test_whoever_packs_or_takes_back_sees_the_same_pictures(counter: Counter, qtbot: QtBot) -> None:
    detail, page = first_order(counter, "paid"), QWidget()
    qtbot.addWidget(page)
    detail = replace(detail, pictures={line.product_id: "b" * 64 for line in detail.lines})
    for dialog in (
        ShipDialog(counter.runner, detail, counter.ids, "SF", page),
        RefundDialog(counter.runner, detail, counter.ids, page),
    ):
        shelf = Asked()
        dialog.show_pictures(shelf)  # type: ignore[arg-type]
        assert set(shelf.wanted) == {"b" * 64}
        dialog.reject()


def test_who_collects_has_no_line_for_an_address(counter: Counter) -> None:
    detail = first_order(counter)
    assert detail.contact is not None
    for address in ("文三路 90 号", ""):
        told = replace(detail, contact=replace(detail.contact, address=address))
        for is_revealed in (False, True):
            titles = [title for title, _, _ in detail_parts.fields(told, is_revealed, counter.world.clock)]
            assert (tr("Address") in titles) is bool(address)
