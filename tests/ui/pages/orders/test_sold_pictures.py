"""An order shows what was sold, not what the product looks like now."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.desk.queries import OrderDetail, order_detail
from tests.support.counter import Counter
from ui.pages.orders import detail_parts


class Asked(QObject):
    """Remembers which pictures are wanted."""

    arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[str] = []

    def image(self, sha256: str, _side: int) -> QImage | None:
        self.wanted.append(sha256)
        return None


def test_the_picture_is_the_one_that_was_sold(counter: Counter, qtbot: QtBot) -> None:
    order_id = counter.shop.rows("orders", "id")[0][0]
    found: list[OrderDetail | None] = []
    counter.runner.query(order_detail(order_id), found.append)
    detail = found[0]
    assert detail is not None
    line = detail.lines[0]
    for sold, shown in (("a" * 64, "a" * 64), ("", "b" * 64)):
        shelf = Asked()
        shop = replace(detail, lines=(replace(line, sha256=sold),), pictures={line.product_id: "b" * 64})
        for row in detail_parts.line_rows(shop, shelf):  # type: ignore[arg-type]
            qtbot.addWidget(row)
        assert set(shelf.wanted) == {shown}
