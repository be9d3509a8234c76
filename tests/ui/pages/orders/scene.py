"""The orders page in the real window, over a real replica: python -m tests.ui.pages.orders.scene FOLDER draws it."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desk.hub import ChangeHub
from app.desk.preferences import PreferenceStore
from app.desk.session import OnDuty
from app.kernel.clock import Clock
from app.kernel.i18n import set_language
from app.kernel.ids import IdSource
from tests.support.counter import STORY, Counter
from ui.bridge.services import PageServices
from ui.pages.orders.page import OrdersPage, entry
from ui.shell.main_window import MainWindow
from ui.shell.state import Person, ShopIdentity, SyncPhase, SyncState
from ui.theme.apply import apply
from ui.widgets.toast import Toast


@dataclass
class QuietDesk:
    """What of the desk the page looks at itself; all work goes through the runner."""

    clock: Clock
    ids: IdSource
    on_duty: OnDuty | None
    hub: ChangeHub


class Scene:
    """``said`` are the toasts, ``gone`` the pages that were asked for."""

    def __init__(self, counter: Counter, size: tuple[int, int] = (1440, 900)) -> None:
        self.counter = counter
        self.said: list[str] = []
        self.gone: list[tuple[str, object]] = []
        runner = counter.runner
        desk = QuietDesk(counter.world.clock, counter.ids, runner.on_duty, runner.hub)
        self.desk = desk
        self.preferences = PreferenceStore(counter.folder)
        services = PageServices(
            desk,  # type: ignore[arg-type]
            runner,
            self.say,
            lambda key, row: self.gone.append((key, row)),
            self.preferences,
            self.recount,
        )
        self.window: MainWindow | None = None
        self.entry = entry(services)
        self.window = MainWindow(
            (self.entry,), ShopIdentity("山野咖啡", "文三路店 · 1 号柜台"), counter.world.clock.now
        )
        self.window.set_person(Person("李敏", "店主"))
        now = counter.world.clock.now()
        self.window.set_sync(SyncState(SyncPhase.SYNCED, now, synced_at=now))
        self.window.resize(*size)
        self.window.show()
        self.window.refresh_counts()

    def say(self, text: str) -> None:
        self.said.append(text)
        if self.window is not None:
            self.window.notify(Toast(text))

    def recount(self) -> None:
        if self.window is not None:
            self.window.refresh_counts()

    @property
    def page(self) -> OrdersPage:
        if self.window is None:
            raise LookupError("no window")
        widget = self.window.page_widget("orders")
        if not isinstance(widget, OrdersPage):
            raise TypeError(widget)
        return widget

    def close(self) -> None:
        if self.window is not None:
            self.page.presenter.close()
            self.window.close()
            self.window.deleteLater()


def settle(app: QCoreApplication | None) -> None:
    for _ in range(6):
        if app is not None:
            app.processEvents()


def _draw(app: QApplication, scene: Scene, folder: Path, name: str) -> None:
    def grab(what: str) -> None:
        settle(app)
        shown = scene.page.dialog if "dialog" in what else scene.window
        if shown is not None:
            shown.grab().save(str(folder / f"{name}-{what}.png"))

    page = scene.page
    settle(app)
    grab("first")
    page.presenter.open_order("o4")
    page.presenter.toggle_reveal()
    grab("partly")
    page.presenter.open_order("o11")
    page.ship()
    settle(app)
    dialog = page.dialog
    if dialog is not None:
        dialog.number_field.setText("SF16881243")  # type: ignore[union-attr]
        dialog._on_ship_clicked()  # type: ignore[union-attr]
        grab("dialog-ship-wrong")
        dialog.number_field.setText("SF1688124306257")  # type: ignore[union-attr]
        dialog._on_ship_clicked()  # type: ignore[union-attr]
    grab("shipped")
    page.print_label()
    settle(app)
    if page.dialog is not None:
        page.dialog.use_folder(folder / "labels")  # type: ignore[union-attr]
        page.dialog.save_button.click()  # type: ignore[union-attr]
        grab("dialog-label")
        page.dialog.accept()
    page.note()
    grab("dialog-note")
    if page.dialog is not None:
        page.dialog.reject()
    page.search_field.setText("没有的")
    QTest.keyClick(page.search_field, Qt.Key.Key_Return)
    grab("filtered")


def main(folder: Path) -> None:
    app = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        for language in ("zh_CN", "en"):
            for size in ((1440, 900), (1366, 768)):
                set_language(language)
                apply(app, theme)  # type: ignore[arg-type]
                with tempfile.TemporaryDirectory() as place:
                    counter = Counter(Path(place), STORY)
                    scene = Scene(counter, size)
                    _draw(app, scene, folder, f"{theme}-{language}-{size[1]}")
                    scene.close()
                    counter.close()
    with tempfile.TemporaryDirectory() as place:
        counter = Counter(Path(place), ())
        scene = Scene(counter)
        settle(app)
        if scene.window is not None:
            scene.window.grab().save(str(folder / "empty.png"))
        scene.close()
        counter.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
