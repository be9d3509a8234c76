"""What was handed over can be put on paper at the counter, plugged in or not."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk.printers import pdf_folder
from app.desk.printing import Answer, DocumentKind, PaperWish, Queued
from app.kernel.i18n import set_language
from tests.support.clocks import FixedClock
from tests.support.pickup_counter import LIN, PickupCounter
from tests.ui.pages.pickup.scene import Scene
from ui.pages.pickup.verdict import Act
from ui.widgets.paper_acts import PaperActs


@dataclass
class Printer:
    """Takes every paper; ``wanted`` are the orders."""

    wanted: list[str] = field(default_factory=list)

    def receipt(self, order_id: str) -> PaperWish:
        return PaperWish(DocumentKind.RECEIPT, (order_id,), "58", "zh_CN", FixedClock().now())

    def print(self, wish: PaperWish, _reason: str = "") -> "Future[Answer]":
        self.wanted += wish.order_ids
        done: Future[Answer] = Future()
        done.set_result(Queued(wish.key, pdf_folder(Path("纸")), 1, True))
        return done


@pytest.fixture
def scene(qapp: QApplication, shop: PickupCounter) -> Iterator[Scene]:
    set_language("zh_CN")
    found = Scene(shop)
    yield found
    found.close()


def test_the_receipt_of_what_was_handed_over(scene: Scene, qtbot: QtBot) -> None:
    printer, page = Printer(), scene.page
    page.papers = PaperActs(scene.counter.runner, lambda: printer, scene.said.append, page)  # type: ignore[arg-type]
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert printer.wanted == [], "nothing was handed over yet"
    scene.scan(LIN)
    assert list(page.verdict_card.buttons)[-2:] == [Act.PRINT, Act.NEXT]
    page.verdict_card.buttons[Act.PRINT].click()
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert page.presenter.file is not None
    assert printer.wanted == [page.presenter.file.order.id] * 2
    assert scene.said == ["正在存成 PDF：纸"] * 2


def test_no_receipt_is_offered_where_nothing_prints(scene: Scene) -> None:
    scene.scan(LIN)
    assert Act.PRINT not in scene.page.verdict_card.buttons
