"""The print centre as a clerk uses it: see what waits, say what came out, print again, set printers up."""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.desk.printers import Language, Way
from app.desk.printing import DocumentKind
from app.domain.paper.commands import AssignStation
from app.domain.permission import Role
from app.kernel.errors import KnownError
from app.kernel.i18n import set_language
from app.wire.messages import AskReply
from tests.app.printing.printers import read_escpos, read_tspl
from tests.support.counter import Bought
from tests.support.fake_printer import TONGUES, FakePrinter, Fault
from tests.support.print_counter import PrintCounter
from tests.ui.pages.printing.scene import Scene
from ui.pages.printing import rows
from ui.pages.printing.printer_dialog import PrinterDialog
from ui.pages.printing.station_dialog import StationDialog
from ui.widgets.ask import QuestionDialog
from ui.widgets.button import Button
from ui.widgets.reprint_dialog import ReprintDialog

FIRST = "label:o1-parcel:1#1"


@pytest.fixture
def scene(qapp: QApplication, tmp_path: Path) -> Iterator[Scene]:
    set_language("zh_CN")
    counter = PrintCounter(tmp_path)
    counter.use_folder()
    found = Scene(counter)
    found.until(lambda: found.page.presenter.board is not None, "the page")
    yield found
    found.close()
    counter.close()


def chosen_state(scene: Scene) -> str:
    return scene.page.presenter.row.state if scene.page.presenter.row is not None else ""


def act(scene: Scene, key: str) -> None:
    button = scene.page.paper.buttons[key]
    assert button.isVisible() and button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_nothing_printed_yet_leads_to_the_orders(scene: Scene) -> None:
    assert scene.page.empty_state.isVisible()
    assert not scene.page.paper.isVisible(), "there is no paper to look at"
    scene.page.empty_state.step_chosen.emit("orders")
    assert scene.gone == [("orders", "")]


@pytest.mark.warns_in_log("a printer that breaks off is a warning")
def test_a_jam_is_seen_counted_and_settled_by_looking(scene: Scene) -> None:
    fake = scene.counter.use_label_printer(Fault.PAPER_ENDS_INSIDE)
    scene.counter.start()
    scene.counter.ask(1)
    scene.counter.ask(2)
    scene.until(lambda: scene.entry.count() == 2, "both need somebody")
    scene.until(lambda: chosen_state(scene) != "" and len(scene.page.presenter.board.jobs) == 2, "the rows")  # type: ignore[union-attr]
    card = scene.page.printer_cards["tsc"]
    assert card.ready_button.isVisible()
    scene.page.presenter.choose(FIRST)
    scene.until(lambda: chosen_state(scene) == "打出来了吗", "the question")
    fake.fault, fake.torn = Fault.NONE, 0
    act(scene, "not_out")
    QTest.mouseClick(card.ready_button, Qt.MouseButton.LeftButton)
    scene.until(lambda: chosen_state(scene) == "已打印", "the end")
    scene.until(lambda: scene.entry.count() == 0, "nothing waits")
    assert sorted(scene.counter.numbers_out()) == ["SF1688124306001", "SF1688124306002"]


def test_what_is_shown_is_what_is_printed(scene: Scene) -> None:
    scene.counter.use_label_printer()
    scene.counter.start()
    scene.counter.ask(1)
    fake, preview = scene.counter.fake, scene.page.paper.preview
    assert fake is not None
    scene.until(lambda: preview.image() is not None and bool(fake.jobs), "the picture and the label")
    out, shown = read_tspl(fake.jobs[0]).picture, preview.image()
    assert out is not None and shown is not None and (out.width, out.height) == (shown.width(), shown.height())
    ink = [(x, y) for y in range(0, out.height, 7) for x in range(0, out.width, 3) if not out.getpixel((x, y))]
    dark = [
        (x, y) for y in range(0, out.height, 7) for x in range(0, out.width, 3) if shown.pixelColor(x, y).red() < 128
    ]
    assert ink == dark and len(ink) > 500


def test_what_was_printed_in_one_language_is_listed_in_the_other(scene: Scene) -> None:
    scene.counter.start()
    scene.counter.ask(1)
    scene.until(lambda: bool(scene.page.shown_rows()), "its row")
    assert [row.title for row in scene.page.shown_rows()] == ["面单 SF1688124306001"] and scene.page.paper.isVisible()
    set_language("en")
    scene.page.retranslate()
    assert [row.title for row in scene.page.shown_rows()] == ["Waybill label SF1688124306001"]


@pytest.mark.parametrize("width", [1180, 1280, 1366])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_tab_lies_over_another(scene: Scene, qapp: QApplication, language: str, width: int) -> None:
    scene.counter.start()
    scene.counter.ask(1)
    scene.until(scene.page.paper.isVisible, "the paper beside the list")
    set_language(language)
    assert scene.window is not None
    scene.window.resize(width, 700)
    scene.page.retranslate()
    qapp.sendPostedEvents()
    places = [button.geometry() for button in scene.page.tabs.findChildren(Button) if button.isVisible()]
    assert all(before.right() < after.left() for before, after in pairwise(sorted(places, key=QRect.left)))
    names = {scene.page.add_button.accessibleName(), scene.page.stations_button.toolTip()}
    assert names == ({"加打印机", "打印站"} if language == "zh_CN" else {"Add printer", "Stations"})


def test_printing_again_asks_why(scene: Scene) -> None:
    scene.counter.start()
    scene.counter.ask(1)
    scene.until(lambda: chosen_state(scene) == "已存成文件", "the first")
    assert scene.window is not None
    QTest.keyClick(scene.page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = scene.page.dialog
    assert isinstance(dialog, ReprintDialog)
    scene.until(dialog.isActiveWindow, "the question")
    dialog.reason_buttons[-1].click()
    assert not dialog.print_button.isEnabled(), "something else must be said"
    dialog.note_field.setText("客户要两张")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.until(lambda: len(scene.counter.jobs()) == 2, "the reprint")
    scene.until(lambda: scene.page.presenter.row is not None and scene.page.presenter.row.id.endswith("#2"), "its row")
    assert scene.page.presenter.row is not None
    assert scene.page.presenter.row.note.startswith("补打第 2 次：客户要两张")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_question_why_is_readable_whole(qapp: QApplication, language: str) -> None:
    set_language(language)
    host = QWidget()
    dialog = ReprintDialog("SF1688124306001", 2, datetime(2026, 11, 23, 9, tzinfo=UTC), host)
    dialog.show()
    for text in dialog.findChildren(QLabel):
        needed = text.heightForWidth(text.width()) if text.wordWrap() else text.sizeHint().height()
        assert text.height() >= needed, text.text()
    dialog.close()
    host.deleteLater()
    set_language("zh_CN")


def test_what_the_shop_asks_for_waits_here_until_somebody_prints_it(scene: Scene) -> None:
    scene.counter.counter.shop.must(AssignStation(DocumentKind.RECEIPT, "device-1"))
    scene.counter.counter.buy(9, Bought((("milk", 1),)))
    scene.counter.counter.world.clock.advance(minutes=13 * 60)
    scene.counter.counter.pull()
    scene.counter.start()
    scene.until(lambda: scene.entry.count() == 1, "one waits")
    scene.page.tabs.tab_changed.emit(rows.ASKED)
    scene.until(lambda: scene.page.presenter.row is not None, "its row")
    assert scene.page.presenter.row is not None and scene.page.presenter.row.title == "小票 WX20261123040009"
    act(scene, "print")
    scene.until(lambda: scene.entry.count() == 0, "it was printed")
    scene.until(lambda: [row[0] for row in scene.counter.told()] == ["receipt:o9:1"], "the shop knows")


def test_f8_holds_the_paper_back(scene: Scene) -> None:
    scene.counter.start()
    QTest.keyClick(scene.page.table, Qt.Key.Key_F8)
    scene.counter.ask(1)
    scene.until(lambda: chosen_state(scene) == "已暂停", "the pause")
    QTest.mouseClick(scene.page.printer_cards["pdf"].pause_button, Qt.MouseButton.LeftButton)
    scene.until(lambda: chosen_state(scene) == "已存成文件", "the paper")


def test_what_waits_of_a_batch_is_left_out_after_a_question(scene: Scene) -> None:
    fake = scene.counter.use_label_printer(Fault.NO_PAPER)
    scene.counter.start()
    made = scene.counter.printing
    made.print_all([made.label(f"o{n}", f"o{n}-parcel") for n in (1, 2, 3)]).result(20)
    strip = scene.page.progress
    scene.until(lambda: strip.isVisible() and strip.stop_button.isVisible(), "the strip")
    QTest.mouseClick(strip.stop_button, Qt.MouseButton.LeftButton)
    assert isinstance(scene.page.dialog, QuestionDialog)
    scene.page.dialog.reject()
    scene.counter.writer.call(lambda _: None)
    assert strip.stop_button.isEnabled() and "cancelled" not in scene.counter.states(), "it goes on"
    QTest.mouseClick(strip.stop_button, Qt.MouseButton.LeftButton)
    assert isinstance(scene.page.dialog, QuestionDialog)
    scene.page.dialog.confirm_button.click()
    scene.until(lambda: not strip.isVisible(), "the end")
    assert "已取消 3 张，每张都可以再打。" in scene.said
    assert fake.whole == 0 and set(scene.counter.states()) == {"cancelled"}


@pytest.mark.warns_in_log("a printer that breaks off is a warning")
def test_a_batch_says_which_of_how_many_is_being_printed(scene: Scene) -> None:
    fake = scene.counter.use_label_printer(Fault.STALLS)
    scene.counter.start()
    made = scene.counter.printing
    made.print_all([made.label(f"o{n}", f"o{n}-parcel") for n in (1, 2, 3)]).result(20)

    def states() -> set[str]:
        board = scene.page.presenter.board
        return {row.state for row in scene.page.shown_rows()} if board is not None else set()

    scene.until(lambda: states() == {"打印中 1/3", "排队"}, "the first of three")
    scene.until(lambda: "第 1 / 3 张" in scene.page.printer_cards["tsc"].line_text(), "the printer's card")
    fake.close()
    scene.until(lambda: "打出来了吗" in states(), "it gave up")


@pytest.fixture
def receipt_printer() -> Iterator[FakePrinter]:
    found = FakePrinter(TONGUES["escpos"])
    yield found
    found.close()


def test_a_receipt_printer_can_set_receipts_itself(scene: Scene, receipt_printer: FakePrinter) -> None:
    fake = receipt_printer
    scene.page.set_up()
    dialog = scene.page.dialog
    assert isinstance(dialog, PrinterDialog)
    assert not dialog.setting_box.isVisible(), "a label printer has no such choice"
    dialog.name_field.setText("收银小票")
    dialog.address_field.setText(f"127.0.0.1:{fake.port}")
    dialog.language_box.choose(str(Language.ESCPOS))
    dialog.kind_boxes[DocumentKind.RECEIPT].setChecked(True)
    dialog.knife_box.setChecked(True)
    assert dialog.setting_box.isVisible()
    dialog.setting_box.choose("letters")
    QTest.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)
    scene.until(lambda: fake.whole == 1 and dialog.test_button.isEnabled(), "the test sheet")
    assert "读得出来" in dialog.notice.text_label.text()
    dialog.save_button.click()
    scene.counter.start()
    scene.counter.printing.print(scene.counter.printing.receipt("o1")).result(20)
    scene.until(lambda: fake.whole == 2, "the receipt")
    sheet = read_escpos(fake.jobs[-1])
    assert any("WX20261123040001" in line for line in sheet.lines) and sheet.is_cut
    scene.until(lambda: "自带字库" in scene.page.paper.size_text(), "the preview says that it will look different")


@pytest.mark.warns_in_log("the shop's service cannot be reached")
def test_the_stations_dialog_lets_go_when_nobody_can_tell(scene: Scene) -> None:
    scene.page.assign()
    dialog = scene.page.dialog
    assert isinstance(dialog, StationDialog)
    dialog.station_boxes[DocumentKind.LABEL].choose("device-1")
    full = "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END"
    scene.counter.writer.call(lambda holder: holder.database.execute(full))
    scene.counter.desk.on_asking(_lost)
    dialog.save_button.click()
    assert not dialog.save_button.isEnabled()
    scene.until(dialog.save_button.isEnabled, "the answer that never comes")
    dialog.reject()


def _lost(_request: object) -> "Future[AskReply]":
    answer: Future[AskReply] = Future()
    answer.set_exception(KnownError("disk.full", "The disk is full."))
    return answer


def test_a_printer_is_set_up_with_a_test_sheet(scene: Scene) -> None:
    fake = scene.counter.use_label_printer()
    scene.counter.printing.printers.remove("tsc")
    scene.page.set_up()
    dialog = scene.page.dialog
    assert isinstance(dialog, PrinterDialog)
    assert not dialog.save_button.isEnabled()
    dialog.name_field.setText("后间面单机")
    dialog.address_field.setText(f"127.0.0.1:{fake.port}")
    dialog.kind_boxes[DocumentKind.LABEL].setChecked(True)
    assert not dialog.kind_boxes[DocumentKind.PICKING].isEnabled(), "a label printer has no A4"
    QTest.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)
    scene.until(lambda: fake.whole == 1 and dialog.test_button.isEnabled(), "the test sheet")
    assert "30 毫米" in dialog.notice.text_label.text()
    fake.fault = Fault.NO_PAPER
    QTest.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)
    scene.until(lambda: "缺纸" in dialog.notice.text_label.text(), "the empty roll")
    dialog.save_button.click()
    saved = scene.counter.printing.printers.printer_for(DocumentKind.LABEL)
    assert (saved.name, saved.way, saved.language) == ("后间面单机", Way.NETWORK, Language.TSPL)
    scene.until(lambda: saved.id in scene.page.printer_cards, "its card")
    assert scene.counter.printing.printers.printer_for(DocumentKind.RECEIPT).id == "pdf"
    scene.page.set_up(saved.id)
    assert isinstance(scene.page.dialog, PrinterDialog)
    scene.page.dialog.remove_button.click()
    assert scene.counter.printing.printers.printer_for(DocumentKind.LABEL).id == "pdf"


def test_the_owner_says_which_computer_prints(scene: Scene) -> None:
    scene.page.assign()
    dialog = scene.page.dialog
    assert isinstance(dialog, StationDialog)
    dialog.station_boxes[DocumentKind.LABEL].choose("device-1")
    dialog.save_button.click()
    scene.until(lambda: scene.page.dialog is None, "the answer")
    assert scene.counter.counter.shop.rows("print_stations", "document_kind, device_id") == [("label", "device-1")]
    assert scene.counter.desk.on_duty is not None
    scene.counter.desk.on_duty = type(scene.counter.desk.on_duty)("clerk", "陈子墨", Role.CLERK)
    scene.page.assign()
    assert isinstance(scene.page.dialog, StationDialog) and not scene.page.dialog.save_button.isVisible()
    scene.page.dialog.reject()
