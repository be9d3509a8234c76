"""Puts the windows together with the desktop behind them, and runs until the last one is closed."""

import dataclasses
import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.desk.assembly import AlreadyRunning, Desktop
from app.kernel import i18n, resources, zone
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from app.kernel.later import later
from app.kernel.once import once
from ui.bridge import binding  # noqa: F401 - before all else of Qt's

# isort: split
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QIcon
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
    import hashlib
    import signal

    from app.desk import planning, secrets, wording
    from app.desk import status as links
    from app.desk.plan import Plan
    from app.desk.planning import Wishes
    from app.desk.secrets import SecretStore
    from app.desk.status import SyncStatus
    from app.kernel import clock as clocks
    from app.kernel import logs
    from app.kernel.clock import Clock
    from app.printing.pdf import Pdf
    from app.printing.printers.printer import Printer
    from ui.printing import queue
    from ui.shell import demo_feed, first_start, instance, names, order_feed, sync_feed, troubles
    from ui.shell.page import Page
    from ui.widgets import toast
else:
    hashlib, signal = later("hashlib"), later("signal")
    planning, secrets, wording = later("app.desk.planning"), later("app.desk.secrets"), later("app.desk.wording")
    links, clocks, logs = later("app.desk.status"), later("app.kernel.clock"), later("app.kernel.logs")
    queue, instance, toast = later("ui.printing.queue"), later("ui.shell.instance"), later("ui.widgets.toast")
    demo_feed, first_start = later("ui.shell.demo_feed"), later("ui.shell.first_start")
    names, order_feed = later("ui.shell.names"), later("ui.shell.order_feed")
    sync_feed, troubles = later("ui.shell.sync_feed"), later("ui.shell.troubles")

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
        self.window = MainWindow(self.pages, shop, clock.now, first=self.preferences.last_page)
        self._first: instance.FirstInstance | None = None
        self.demo_feed: demo_feed.DemoFeed | None = None
        self._is_demo = False
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

    # What stands between the desktop and the window, made behind the first picture or when it is needed

    @once
    def feed(self) -> "sync_feed.SyncFeed":
        made = sync_feed.SyncFeed(self.desktop, self.runner, self.window)
        made.status_shown.connect(self._on_feed_status_shown)
        return made

    @once
    def order_feed(self) -> "order_feed.OrderFeed":
        return order_feed.OrderFeed(self.desktop.notifications, self.window)

    @once
    def first_start(self) -> "first_start.FirstStart":
        return first_start.FirstStart(self.desktop, self.window)

    @once
    def names(self) -> "names.Names":
        child = self._plan.child
        is_own = child is not None and not child.shop.get("is_demo", True)
        made = names.Names(self.desktop, self.runner, self.window, self._plan.device_name, wants_own_shop=is_own)
        made.zone_named.connect(self._on_names_zone_named)
        made.demo_known.connect(self._on_names_demo_known)
        return made

    @once
    def troubles(self) -> "troubles.Troubles":
        return troubles.Troubles(self.runner, self.window)

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
        self.order_feed  # noqa: B018 - before orders can come, so that none chimes without a word
        if self._plan.child is not None and not self.desktop.counter_no:
            self.first_start.begin(is_demo=bool(self._plan.child.shop.get("is_demo", True)))
        self.desktop.go_on()
        self.troubles  # noqa: B018 - what fails from here on is told, also where the rest never comes

    def _on_behind(self) -> None:
        self._complete()
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        for part in ("names", "feed", "first_start"):
            getattr(self, part)
        looks.translate_qt(self._app, self.preferences.language)
        for act in (*waiting, self.feed.refresh):
            act()
        buyers = self.desktop.demo_buyers
        if buyers is not None:
            self.demo_feed = demo_feed.DemoFeed(buyers, self.window)
            self.demo_feed.show(is_demo=self._is_demo)

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
        self.names.refresh()
        self.feed.refresh()

    def _remember(self, **changes: Any) -> None:
        self.preferences = dataclasses.replace(self.desktop.preferences.read(), **changes)
        self.desktop.preferences.write(self.preferences)

    # What is told

    def _on_window_person_requested(self) -> None:
        self.names.ask_who()

    def _on_duty_found(self) -> None:
        self.after_picture(self.names.refresh)

    def _on_not_kept(self, error: KnownError) -> None:
        self.troubles.tell(error)

    def _on_names_zone_named(self, name: object) -> None:
        """The shop's clock may be another one than the computer's; what was told before is told anew."""
        if name != self._zone:
            self._zone = str(name)
            zone.set_zone(self._zone)
            self._remember(time_zone=self._zone)
            self.window.retranslate()

    def _on_names_demo_known(self, is_demo: object) -> None:
        self._is_demo = bool(is_demo)
        if self.demo_feed is not None:
            self.demo_feed.show(is_demo=self._is_demo)

    def _on_feed_status_shown(self, status: "SyncStatus") -> None:
        self.first_start.show_status(status)
        if status.link is links.Link.LOADING and self.first_start.view.isHidden():
            self.names.ask(lambda facts: None if facts.name else self._join(status))

    def _join(self, status: "SyncStatus") -> None:
        if self.desktop.status.link is links.Link.LOADING:
            self.first_start.join(status)

    def _on_trouble_came(self, error: KnownError) -> None:
        """What keeps this counter from the shop stays to be read until the shop answers."""
        self.first_start.give_up()
        self.window.set_notice(sync_feed.NO_SHOP, lambda: wording.fault(error))

    def _say(self, text: str) -> None:
        self.window.notify(toast.Toast(text))

    def _offer(self, text: str, verb: str, act: Callable[[], None]) -> None:
        self.window.notify(toast.Toast(text, verb=verb, act=act))

    def _recount(self) -> None:
        self.window.refresh_counts()

    def _go(self, key: str, row: object = "") -> None:
        self.window.go(key, row or None)


def application() -> QApplication:
    """The one application object, with our name and icon."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of application is running")
    app.setApplicationName("Zhanggui")
    app.setWindowIcon(QIcon(str(resources.path("icons/store.svg"))))
    return app


def desktop(main: Path, wishes: "Wishes") -> int:
    """The program as a person starts it; answers the exit code."""
    folder = planning.home(wishes.data)
    fallback = secrets.FileSecrets(folder / "secrets.json")
    try:
        fallback.require_whole()
        plan = planning.plan_of(main, folder, wishes)
    except KnownError as error:
        print(i18n.render(error.template, error.params, i18n.language()), file=sys.stderr)
        return 5
    profile = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return run(plan, secrets.KeyringSecrets(profile, fallback))


def run(plan: "Plan", secret_store: "SecretStore") -> int:
    """Run the desktop; answers the exit code."""
    logs.set_up(plan.folder / "logs", "desktop")
    app = application()
    opened = DesktopWindow(app, plan, secret_store, clocks.SystemClock())
    try:
        opened.show()
    except AlreadyRunning:
        opened.runner.close()
        opened.window.deleteLater()
        return 0 if instance.raise_first(plan.folder) else 4
    gc.freeze()  # what is here by now stays to the end
    gc.enable()
    opened.behind(opened.listen_for_another)
    opened.after_picture(lambda: stop_on_signals(app))
    try:
        return app.exec()
    finally:
        opened.close()


def stop_on_signals(app: QApplication) -> None:
    """Ctrl+C in a terminal ends the program in order; Python must run now and then to notice it."""
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: app.quit())
    beat = QTimer(app)
    beat.timeout.connect(lambda: None)
    beat.start(250)
