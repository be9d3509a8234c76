"""From the orders page onto paper: of the open order and of all ticked ones, and never twice without a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desk.printing import DocumentKind
from app.domain.aftersales.commands import RequestRefund
from app.kernel.i18n import set_language
from tests.support.counter import Bought
from tests.support.print_counter import PrintCounter
from tests.support.waiting import until
from ui.bridge.runner import QtRunner
from ui.bridge.services import PageServices
from ui.pages.orders.label_dialog import LabelDialog
from ui.pages.orders.page import OrdersPage
from ui.pages.orders.papers import LABELS, RECEIPTS

STORY = (
    Bought((("cold", 2),), "shipped"),
    Bought((("milk", 1),), "shipped"),
    Bought((("bean", 3), ("milk", 2))),
)


class Desk:
    def __init__(self, folder: Path) -> None:
        self.counter = PrintCounter(folder, STORY)
        self.papers = self.counter.use_folder()
        self.counter.start()
        self.said: list[str] = []
        self.runner = QtRunner(self.counter.desk)
        services = PageServices(
            self.counter.desk, self.runner, self.said.append, lambda *_: None, printing=lambda: self.counter.printing
        )
        self.page = OrdersPage(services)
        self.page.resize(1200, 800)
        self.page.show()
        self.until(lambda: self.page.model.rowCount() == 3, "the orders")

    def open(self, order_id: str) -> None:
        self.page.presenter.open_order(order_id)
        shown = self.page.presenter
        self.until(lambda: shown.detail is not None and shown.detail.order.id == order_id, "the order")

    def until(self, condition: object, what: str) -> None:
        def met() -> bool:
            QTest.qWait(10)
            return bool(condition())  # type: ignore[operator]

        until(met, what)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.papers.glob("*.pdf")) if self.papers.exists() else []

    def close(self) -> None:
        self.page.presenter.close()
        self.runner.close()
        self.page.close()
        self.page.deleteLater()
        self.counter.close()


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    set_language("zh_CN")
    found = Desk(tmp_path)
    yield found
    found.close()


def test_the_open_order_has_its_receipt_and_its_list(desk: Desk) -> None:
    desk.open("o3")
    desk.page.detail.receipt_button.click()
    desk.until(lambda: desk.files() == ["receipt_WX20261123040003_58.pdf"], "the receipt")
    desk.until(lambda: desk.said == [f"正在存成 PDF：{desk.papers}"], "what was done")
    desk.page.detail.picking_button.click()
    desk.until(lambda: len(desk.files()) == 2, "the list")
    desk.page.detail.receipt_button.click()
    assert desk.page.papers is not None
    acts = desk.page.papers.acts
    desk.until(lambda: acts.dialog is not None, "the question")
    assert acts.dialog is not None
    acts.dialog.reason_given.emit("客户要两张")  # type: ignore[attr-defined]
    acts.dialog.accept()
    desk.until(lambda: "receipt_WX20261123040003_58_copy2.pdf" in desk.files(), "the second")


def test_a_cancelled_order_has_its_receipt_and_nothing_to_fetch(desk: Desk) -> None:
    desk.open("o3")
    assert desk.page.detail.picking_button.isVisible() and desk.page.detail.receipt_button.isVisible()
    desk.counter.counter.shop.must(RequestRefund("o3", "refund-1", ""))
    desk.counter.counter.pull()
    desk.until(lambda: not desk.page.detail.picking_button.isVisible(), "the list to go")
    assert desk.page.detail.receipt_button.isVisible()


def test_a_label_is_printed_where_it_is_looked_at_on_the_paper_in_the_printer(desk: Desk) -> None:
    desk.open("o1")
    desk.page.print_label()
    dialog = desk.page.dialog
    assert isinstance(dialog, LabelDialog)
    desk.until(dialog.print_button.isEnabled, "the label")
    dialog.form_buttons["100x150"].click()
    desk.until(lambda: dialog.preview.image() is not None, "the other paper")
    assert not dialog.print_button.isEnabled(), "that paper is not in the printer"
    dialog.form_buttons["76x130"].click()
    desk.until(dialog.print_button.isEnabled, "the label")
    dialog.print_button.click()
    desk.until(lambda: desk.files() == ["WX20261123040001_SF1688124306001_76x130.pdf"], "the paper")


def test_all_ticked_orders_are_printed_and_none_twice(desk: Desk) -> None:
    desk.page.table.check_all()
    papers = desk.page.papers
    assert papers is not None
    rowids = list(desk.page.model.rowids())
    menu = papers.menu(desk.page.list_card.bulk_bar, rowids)
    assert [action.text() for action in menu.actions()] == ["拣货单", "面单", "小票"]
    menu.actions()[0].trigger()
    desk.until(lambda: len(desk.files()) == 1, "one list for all")
    papers.print_ticked(LABELS, rowids)
    desk.until(lambda: len(desk.files()) == 3, "two labels")
    papers.print_ticked(RECEIPTS, rowids)
    desk.until(lambda: len(desk.files()) == 6, "three receipts")
    desk.until(lambda: desk.said[-1] == "已发去打印 3 张", "what was done")
    papers.print_ticked(LABELS, rowids)
    desk.until(lambda: desk.said[-1] == "已发去打印 0 张 · 打过的或正在打的 2 张", "what was left")
    assert len(desk.counter.jobs()) == 6
    assert {job.kind for job in desk.counter.jobs()} == set(DocumentKind)
