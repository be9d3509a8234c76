"""The print centre in the real window, on threads of its own: ``python -m tests.ui.pages.printing.scene`` draws it."""

import sys
import tempfile
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desk.printers import Language
from app.desk.printing import DocumentKind
from app.domain.paper.commands import AssignStation
from app.kernel.i18n import set_language
from app.printing.languages.escpos import Setting
from tests.support.counter import STORY, Bought
from tests.support.fake_printer import Fault
from tests.support.print_counter import PrintCounter
from tests.support.waiting import until
from ui.bridge.runner import QtRunner
from ui.bridge.services import PageServices
from ui.pages.printing.page import PrintingPage, entry
from ui.pages.printing.printer_dialog import PrinterDialog
from ui.shell.main_window import MainWindow
from ui.shell.state import Person, ShopIdentity, SyncPhase, SyncState
from ui.theme.apply import apply
from ui.widgets.toast import Toast


class Scene:
    """``said`` are the toasts, ``gone`` the pages that were asked for."""

    def __init__(self, counter: PrintCounter, size: tuple[int, int] = (1440, 900)) -> None:
        self.counter = counter
        self.said: list[str] = []
        self.gone: list[tuple[str, object]] = []
        self.runner = QtRunner(counter.desk)
        self.window: MainWindow | None = None
        services = PageServices(
            counter.desk,
            self.runner,
            self.say,
            lambda key, row: self.gone.append((key, row)),
            recount=lambda: self.window.refresh_counts() if self.window is not None else None,
            printing=lambda: counter.printing,
        )
        clock = counter.counter.world.clock
        self.entry = entry(services)
        self.window = MainWindow((self.entry,), ShopIdentity("山野咖啡", "文三路店 · 1 号柜台"), clock.now)
        self.window.set_person(Person("李敏", "店主"))
        self.window.set_sync(SyncState(SyncPhase.SYNCED, clock.now(), synced_at=clock.now()))
        self.window.resize(*size)
        self.window.show()

    def say(self, text: str) -> None:
        self.said.append(text)
        if self.window is not None:
            self.window.notify(Toast(text))

    @property
    def page(self) -> PrintingPage:
        assert self.window is not None
        widget = self.window.page_widget("printing")
        assert isinstance(widget, PrintingPage)
        return widget

    def until(self, condition: object, what: str) -> None:
        """Wait with the window alive."""

        def met() -> bool:
            QTest.qWait(10)
            return bool(condition())  # type: ignore[operator]

        until(met, what)

    def close(self) -> None:
        if self.window is not None:
            self.page.presenter.close()
            self.runner.close()
            self.window.close()
            self.window.deleteLater()


def look_at(folder: Path, look: tuple[str, str, tuple[int, int]]) -> None:
    """Pictures of the page empty, full and in trouble, and of its dialogs."""
    language, theme, size = look
    set_language(language)
    apply(QApplication.instance(), theme)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as place:
        story = (*STORY[:4], Bought((("bean", 1),)), *(Bought((("milk", 1),), "shipped"),) * 4)
        counter = PrintCounter(Path(place), story)
        scene = Scene(counter, size)

        def grab(name: str) -> None:
            QTest.qWait(250)
            what = scene.page.dialog if "dialog" in name and scene.page.dialog is not None else scene.window
            assert what is not None
            what.grab().save(str(folder / f"{language}-{theme}-{size[1]}-{name}.png"))

        grab("empty")
        _print_some(counter)
        grab("done")
        _make_trouble(counter)
        grab("trouble")
        scene.page.presenter.choose("label:o2-parcel:1#2")
        grab("doubt")
        scene.page.presenter.choose("label:o1-parcel:1#1")
        acts = {
            "reprint": scene.page.reprint,
            "printer": lambda: scene.page.set_up("tsc"),
            "stations": scene.page.assign,
        }
        for name, act in acts.items():
            act()
            grab(f"dialog-{name}")
            scene.page.dialog.reject()  # type: ignore[union-attr]
        _set_up_receipts(scene)
        grab("dialog-receipts")
        scene.page.dialog.reject()  # type: ignore[union-attr]
        _begin_batch(counter)
        grab("batch")
        scene.page.leave_out_rest()
        grab("dialog-rest")
        scene.page.dialog.reject()  # type: ignore[union-attr]
        counter.fake.close()  # type: ignore[union-attr]
        until(lambda: "printing" not in counter.states(), "the end")
        scene.close()
        counter.close()


def _print_some(counter: PrintCounter) -> None:
    counter.use_folder()
    counter.use_label_printer()
    counter.start()
    for number in (1, 2, 8):
        counter.ask(number)
    printing = counter.printing
    printing.print(printing.picking_list(["o3", "o4", "o5"])).result(20)
    printing.print(printing.receipt("o1")).result(20)
    until(lambda: len(counter.jobs()) == 5 and set(counter.states()) == {"done"}, "papers")


def _make_trouble(counter: PrintCounter) -> None:
    assert counter.fake is not None
    counter.ask(2, "卡纸或撕破")
    counter.fake.fault = Fault.PAPER_ENDS_INSIDE
    counter.ask(4)
    until(lambda: "doubtful" in counter.states(), "doubt")
    for number in (6, 7):
        counter.ask(number)
    until(lambda: "waiting" in counter.states(), "wait")
    counter.counter.shop.must(AssignStation(DocumentKind.RECEIPT, "device-1"))
    counter.counter.pull()


def _set_up_receipts(scene: Scene) -> None:
    """A receipt printer that sets receipts in its own letters."""
    scene.page.set_up()
    dialog = scene.page.dialog
    assert isinstance(dialog, PrinterDialog)
    dialog.address_field.setText("192.168.1.51")
    dialog.language_box.choose(str(Language.ESCPOS))
    dialog.kind_boxes[DocumentKind.RECEIPT].setChecked(True)
    dialog.setting_box.choose(str(Setting.LETTERS))


def _begin_batch(counter: PrintCounter) -> None:
    """Three labels for a printer that takes the first one slowly."""
    counter.printing.queue.cancel_rest().result(20)
    counter.use_label_printer(Fault.STALLS)
    made = counter.printing
    made.print_all([made.label(f"o{n}", f"o{n}-parcel") for n in (6, 7, 9)]).result(20)
    until(lambda: "printing" in counter.states(), "the batch")


def main(folder: Path) -> None:
    app = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        for language in ("zh_CN", "en"):
            for size in ((1440, 900), (1366, 768)):
                look_at(folder, (language, theme, size))
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]))
