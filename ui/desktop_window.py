"""One desktop with its window: what each has to tell the other, in the order in which both come up and end."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from app.desk.assembly import Desktop
from app.kernel import i18n, zone
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from app.kernel.later import later
from app.kernel.once import once
from ui.bridge import binding  # noqa: F401 - before all else of Qt's

# isort: split
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ui.bridge.pictures import PictureShelf
from ui.bridge.runner import QtRunner
from ui.bridge.services import PageServices
from ui.shell import looks
from ui.shell.first_picture import FirstPicture
from ui.shell.main_window import MainWindow
from ui.shell.page_doors import PAGES
from ui.shell.state import ShopIdentity

if TYPE_CHECKING:
    from app.desk import status as links
    from app.desk.plan import Plan
    from app.desk.secrets import SecretStore
    from app.kernel.clock import Clock
    from app.printing.pdf import Pdf
    from app.printing.printers.printer import Printer
    from ui.printing import queue
    from ui.shell import between, instance
    from ui.shell.page import Page
    from ui.widgets import toast
else:
    links, queue = later("app.desk.status"), later("ui.printing.queue")
    between, instance = later("ui.shell.between"), later("ui.shell.instance")
    toast = later("ui.widgets.toast")

LONGEST_WITHOUT_ROWS_MS: Final = 400
"""The window is shown with its first rows in it; a disk that takes longer does not keep it back."""
LONGEST_WITHOUT_PICTURE_MS: Final = 1_500
"""What the window does without until it is painted comes then at the latest; a hidden window is not painted."""


class _Told(QObject):
    """Brings what the desktop's threads have to say over to the windows' thread."""

    trouble_came = Signal(object)
    duty_found = Signal()
    not_kept = Signal(object)
    behind = Signal()


def _open_queue(name: str, pdf: "Pdf") -> "Printer":
    return queue.QueuePrinter(name, pdf)


class DesktopWindow:
    """One desktop with its window; the tour opens two of them."""

    def __init__(self, app: QApplication, plan: "Plan", secret_store: "SecretStore", clock: "Clock") -> None:
        self._app = app
        self._plan = plan
        self.desktop = Desktop(plan, secret_store, clock, IdSource())
        self.desktop.read_early()
        self.preferences = self.desktop.preferences.read()
        i18n.set_language(self.preferences.language)
        self._zone = self.preferences.time_zone if zone.is_known(self.preferences.time_zone) else ""
        zone.set_zone(self._zone)
        looks.wear(app, self.preferences)
        self.desktop.open_queue = _open_queue
        self._waiting: list[Callable[[], None]] | None = []
        self._unpainted: list[Callable[[], None]] | None = []
        self.runner = QtRunner(self.desktop.desk)
        self.pictures = PictureShelf(self.runner, lambda: self.desktop.pictures, self.runner, begin=self.after_picture)
        services = self._services()
        self.pages: Sequence[Page] = [make(services) for make in PAGES]
        shop = ShopIdentity(tr("Zhanggui"), plan.device_name)
        self.window = MainWindow(self.pages, shop, clock.now, self.preferences.last_page, self.after_picture)
        self._first: instance.FirstInstance | None = None
        self._told = _Told(self.window)
        self.first_picture = FirstPicture(self.window)
        self._connect()

    def _services(self) -> PageServices:
        return PageServices(
            self.desktop.desk,
            self.runner,
            self._say,
            self._go,
            self.desktop.preferences,
            self._recount,
            self.desktop,
            self.choose_theme,
            self.choose_language,
            lambda: self.desktop.status.link is links.Link.ONLINE,
            self.desktop.pickup_keys,
            self.pictures,
            sync_status=lambda: self.desktop.status,
            printing=lambda: self.desktop.printing,
            offer=self._offer,
            behind=self.behind,
            after_picture=self.after_picture,
        )

    @once
    def between(self) -> "between.Between":
        """What brings over to the window what the desktop tells."""
        made = between.Between(self.desktop, self.runner, self.window, self._plan)
        made.zone_named.connect(self._on_between_zone_named)
        return made

    # Beginning and end

    def show(self) -> None:
        """Open the window; the database and the service come up behind it. Raises AlreadyRunning."""
        self.desktop.start(is_behind_window=True)
        self.first_picture.painted.connect(self._complete)
        QTimer.singleShot(LONGEST_WITHOUT_PICTURE_MS, self.window, self._complete)
        self.first_picture.show_filled(LONGEST_WITHOUT_ROWS_MS)

    def after_picture(self, act: Callable[[], None]) -> None:
        """Do it as soon as the first picture is there, or at once if it is: what a page needs to be whole."""
        if self._unpainted is None:
            act()
        else:
            self._unpainted.append(act)

    def behind(self, act: Callable[[], None]) -> None:
        """Do it when all that comes up behind the first picture is there, or at once if it is."""
        if self._waiting is None:
            act()
        else:
            self._waiting.append(act)

    def listen_for_another(self) -> None:
        """Whoever starts the program once more on this folder gets this window."""
        self._first = instance.FirstInstance(self._plan.folder)
        self._first.raise_wanted.connect(self.raise_window)

    def close(self) -> None:
        if self._first is not None:
            self._first.close()
        self.runner.close()
        self.desktop.close()
        self.window.close()
        self.window.deleteLater()

    def page_keys(self) -> tuple[str, ...]:
        return tuple(page.key for page in self.pages)

    def raise_window(self) -> None:
        """Bring the window to the front: the program was started a second time."""
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()

    def _complete(self) -> None:
        """The first rows are painted: now the rest of the page, and then all that works behind it."""
        waiting, self._unpainted = self._unpainted, None
        if waiting is None:
            return
        for act in waiting:
            act()
        self.between.begin()
        self.desktop.go_on()

    def _on_behind(self) -> None:
        self._complete()
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        self.between.complete()
        looks.translate_qt(self._app, self.preferences.language)
        for act in (*waiting, self.between.feed.refresh):
            act()
        self.between.show_buyers()

    def _connect(self) -> None:
        self._told.trouble_came.connect(self._on_trouble_came)
        self._told.duty_found.connect(self._on_duty_found)
        self._told.not_kept.connect(self._on_not_kept)
        self._told.behind.connect(self._on_behind)
        self.desktop.on_behind = self._told.behind.emit
        self.desktop.on_duty_found = self._told.duty_found.emit
        self.desktop.on_trouble = self._told.trouble_came.emit
        self.desktop.preferences.on_failed = self._told.not_kept.emit
        self.runner.listen(lambda changes: self.window.refresh_counts())
        self.window.page_opened.connect(lambda key: self._remember(last_page=str(key)))
        self.window.theme_chosen.connect(self.choose_theme)
        self.window.language_chosen.connect(self.choose_language)
        self.window.person_requested.connect(self._on_window_person_requested)

    # What a person chooses

    def choose_theme(self, theme: object) -> None:
        self._remember(theme=str(theme))
        looks.wear(self._app, self.preferences)
        self.window.retranslate()

    def choose_language(self, language: object) -> None:
        self._remember(language=str(language))
        looks.speak(self._app, str(language))
        self.window.retranslate()
        self.between.refresh()

    def _remember(self, **changes: Any) -> None:
        self.preferences = dataclasses.replace(self.desktop.preferences.read(), **changes)
        self.desktop.preferences.write(self.preferences)

    # What is told

    def _on_window_person_requested(self) -> None:
        self.between.names.ask_who()

    def _on_duty_found(self) -> None:
        self.after_picture(self._refresh_names)

    def _refresh_names(self) -> None:
        self.between.names.refresh()

    def _on_not_kept(self, error: KnownError) -> None:
        self.between.troubles.tell(error)

    def _on_between_zone_named(self, name: object) -> None:
        """The shop's clock may be another one than the computer's; what was told before is told anew."""
        if name != self._zone:
            self._zone = str(name)
            zone.set_zone(self._zone)
            self._remember(time_zone=self._zone)
            self.window.retranslate()

    def _on_trouble_came(self, error: KnownError) -> None:
        self.between.tell_trouble(error)

    def _say(self, text: str) -> None:
        self.window.notify(toast.Toast(text))

    def _offer(self, text: str, verb: str, act: Callable[[], None]) -> None:
        self.window.notify(toast.Toast(text, verb=verb, act=act))

    def _recount(self) -> None:
        self.window.refresh_counts()

    def _go(self, key: str, row: object = "") -> None:
        self.window.go(key, row or None)
