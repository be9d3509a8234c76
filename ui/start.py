"""Puts the windows together with the desktop behind them, and runs until the last one is closed."""

import dataclasses
import gc
import hashlib
import importlib
import logging
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.desk import identity
from app.desk.assembly import AlreadyRunning, Desktop
from app.desk.plan import ChildConfig, Plan, child_command
from app.desk.preferences import Preferences, PreferenceStore
from app.desk.queries import ShopFacts, shop_facts, staff
from app.desk.runner import NeedsNetwork, Rejected
from app.desk.secrets import FileSecrets, KeyringSecrets, SecretStore
from app.desk.session import OnDuty
from app.desk.sounds import system_player
from app.desk.status import Link, SyncStatus
from app.desk.wording import refusal
from app.domain.permission import Role
from app.kernel import i18n, logs, resources, zone
from app.kernel.clock import Clock, SystemClock
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from app.kernel.later import later
from ui.bridge import binding  # noqa: F401 - before all else of Qt's

# isort: split
from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from ui.bridge.pictures import PictureShelf
from ui.bridge.runner import QtRunner
from ui.bridge.services import PageServices
from ui.pages.catalog.entry import ProductsEntry
from ui.pages.dashboard.entry import DashboardEntry
from ui.pages.orders.entry import OrdersEntry
from ui.pages.pickup.entry import PickupEntry
from ui.pages.printing.entry import PrintingEntry
from ui.pages.settings.entry import SettingsEntry
from ui.shell.demo_feed import DemoFeed
from ui.shell.duty import offer_people
from ui.shell.first_start import FirstStart
from ui.shell.main_window import MainWindow
from ui.shell.order_feed import OrderFeed
from ui.shell.page import Filling, Page
from ui.shell.state import Person, ShopIdentity
from ui.shell.sync_feed import NO_SHOP, SyncFeed
from ui.theme.apply import apply
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    import platformdirs

    from app.printing.pdf import Pdf
    from app.printing.printers.printer import Printer
    from ui.printing import queue
    from ui.shell import instance
else:
    platformdirs, queue, instance = later("platformdirs"), later("ui.printing.queue"), later("ui.shell.instance")


def _page_of(name: str) -> Callable[..., QWidget]:
    """Makes a page's widget; what that needs is imported when the page is shown first."""
    return lambda *given: importlib.import_module(f"ui.pages.{name}.page").make_page(*given)


PAGES: Final[Sequence[Callable[[PageServices], Page]]] = (
    lambda services: DashboardEntry(services, _page_of("dashboard")),
    lambda services: OrdersEntry(services, _page_of("orders")),
    lambda services: PickupEntry(services, _page_of("pickup")),
    lambda services: ProductsEntry(services, _page_of("catalog")),
    lambda services: PrintingEntry(services, _page_of("printing")),
    lambda services: SettingsEntry(services, _page_of("settings")),
)
SERVICE_FOLDER: Final = "service"
DEMO_ORDERS: Final = 5_000
"""How much the demo shop of a first start has sold already."""
ANOTHER_SHOP: Final = "another_shop"
log = logging.getLogger("ui")


class _Told(QObject):
    """Brings what the desktop's threads have to say over to the windows' thread."""

    trouble_came = Signal(object)
    duty_found = Signal()
    not_kept = Signal(object)
    behind = Signal()


class _FirstPicture(QObject):
    """Signals: `painted()`, once the page in front has been painted with the first of what it has."""

    painted = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: object = window.page_widget(window.current_page())
        if isinstance(self._page, Filling):
            self._page.filled.connect(self._on_page_filled)
        else:
            self._on_page_filled()

    def _on_page_filled(self) -> None:
        if isinstance(self._page, Filling):
            self._page.filled.disconnect(self._on_page_filled)
        self._window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt paints when it is told to update; what stands in its queue behind that comes afterwards."""
        if event.type() == QEvent.Type.UpdateRequest:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.painted.emit)
        return False


def _open_queue(name: str, pdf: "Pdf") -> "Printer":
    return queue.QueuePrinter(name, pdf)


class DesktopWindow:
    """One desktop with its window; the tour opens two of them."""

    def __init__(self, app: QApplication, plan: Plan, secrets: SecretStore, clock: Clock) -> None:
        self._app = app
        self.desktop = Desktop(plan, secrets, clock, IdSource())
        self.preferences = self.desktop.preferences.read()
        i18n.set_language(self.preferences.language)
        self._zone = self.preferences.time_zone if zone.is_known(self.preferences.time_zone) else ""
        zone.set_zone(self._zone)
        apply(app, _theme(self.preferences))
        self.desktop.open_queue = _open_queue
        self._waiting: list[Callable[[], None]] | None = []
        self.runner = QtRunner(self.desktop.desk)
        self.pictures = PictureShelf(self.runner, self.desktop.pictures, self.runner)
        services = PageServices(
            self.desktop.desk,
            self.runner,
            self._say,
            self._go,
            self.desktop.preferences,
            self._recount,
            self.desktop,
            self.choose_theme,
            self.choose_language,
            lambda: self.desktop.status.link is Link.ONLINE,
            self.desktop.pickup_keys,
            self.pictures,
            sync_status=lambda: self.desktop.status,
            printing=lambda: self.desktop.printing,
            offer=self._offer,
            behind=self.behind,
        )
        self.pages: Sequence[Page] = [make(services) for make in PAGES]
        shop = ShopIdentity(tr("Zhanggui"), plan.device_name)
        self.window = MainWindow(self.pages, shop, clock.now, first=self.preferences.last_page)
        self._folder = plan.folder
        self._first: instance.FirstInstance | None = None
        self._place = plan.device_name
        self._wants_own_shop = plan.child is not None and not plan.child.shop.get("is_demo", True)
        self.feed = SyncFeed(self.desktop, self.runner, self.window)
        self.order_feed = OrderFeed(self.desktop.notifications, self.window)
        self.first_start = FirstStart(self.desktop, self.window)
        self.feed.status_shown.connect(self._on_feed_status_shown)
        self.demo_feed: DemoFeed | None = None
        self._is_demo = False
        self._told = _Told(self.window)
        self.first_picture = _FirstPicture(self.window)
        self.behind(self.feed.refresh)
        self._connect()

    def show(self) -> None:
        """Open the window; the database and the service come up behind it. Raises AlreadyRunning."""
        self.desktop.start(is_behind_window=True)
        self.first_picture.painted.connect(self.desktop.go_on)
        self.window.show()

    def behind(self, act: Callable[[], None]) -> None:
        """Do it when all that comes up behind the first picture is there, or at once if it is."""
        if self._waiting is None:
            act()
        else:
            self._waiting.append(act)

    def listen_for_another(self) -> None:
        """Whoever starts the program once more on this folder gets this window."""
        self._first = instance.FirstInstance(self._folder)
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

    def _on_behind(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        for act in waiting:
            act()
        buyers = self.desktop.demo_buyers
        if buyers is not None:
            self.demo_feed = DemoFeed(buyers, self.window)
            self.demo_feed.show(is_demo=self._is_demo)

    def _connect(self) -> None:
        self._told.trouble_came.connect(self._on_trouble_came)
        self._told.duty_found.connect(self._refresh_names)
        self._told.not_kept.connect(self._on_runner_failed)
        self._told.behind.connect(self._on_behind)
        self.desktop.on_behind = self._told.behind.emit
        self.desktop.on_duty_found = self._told.duty_found.emit
        self.desktop.on_trouble = self._told.trouble_came.emit
        self.desktop.preferences.on_failed = self._told.not_kept.emit
        self.runner.refused.connect(self._on_runner_refused)
        self.runner.failed.connect(self._on_runner_failed)
        self.runner.crashed.connect(self._on_runner_crashed)
        self.runner.listen(lambda changes: self._refresh_names() if changes.touches(("settings", "staff")) else None)
        self.runner.listen(lambda changes: self.window.refresh_counts())
        self.window.page_opened.connect(lambda key: self._remember(last_page=str(key)))
        self.window.theme_chosen.connect(self.choose_theme)
        self.window.language_chosen.connect(self.choose_language)
        self.window.person_requested.connect(self._on_window_person_requested)

    def choose_theme(self, theme: object) -> None:
        self._remember(theme=str(theme))
        apply(self._app, _theme(self.preferences))
        self.window.retranslate()

    def choose_language(self, language: object) -> None:
        self._remember(language=str(language))
        i18n.set_language(str(language))
        _translate_qt(self._app, str(language))
        self.window.retranslate()
        self._refresh_names()
        self.feed.refresh()

    def _remember(self, **changes: Any) -> None:
        self.preferences = dataclasses.replace(self.desktop.preferences.read(), **changes)
        self.desktop.preferences.write(self.preferences)

    def _refresh_names(self) -> None:
        self.runner.query(shop_facts(), self._show_names)

    def _show_names(self, facts: ShopFacts) -> None:
        self._take_zone(facts.time_zone)
        parts = [facts.place] if facts.place else []
        parts += [tr("Counter {no}", no=self.desktop.counter_no)] if self.desktop.counter_no else [self._place]
        name = facts.name or tr("Zhanggui")
        shown = tr("{shop} (demo)", shop=name) if facts.is_demo else name
        self.window.set_identity(ShopIdentity(shown, " · ".join(parts)))
        self._is_demo = facts.is_demo
        if self.demo_feed is not None:
            self.demo_feed.show(is_demo=facts.is_demo)
        if self._wants_own_shop:
            self.window.set_notice(ANOTHER_SHOP, self._tell_of_demo if facts.is_demo else None)
        person = self.desktop.desk.on_duty
        if person is not None:
            self.window.set_person(Person(person.name, role_name(person.role)))

    def _on_feed_status_shown(self, status: SyncStatus) -> None:
        self.first_start.show_status(status)
        if status.link is Link.LOADING and self.first_start.view.isHidden():
            self.runner.query(shop_facts(), lambda facts: None if facts.name else self._join(status))

    def _join(self, status: SyncStatus) -> None:
        if self.desktop.status.link is Link.LOADING:
            self.first_start.join(status)

    def _take_zone(self, name: str) -> None:
        """The shop's clock may be another one than the computer's; what was told before is told anew."""
        if name != self._zone:
            self._zone = name
            zone.set_zone(name)
            self._remember(time_zone=name)
            self.window.retranslate()

    def _tell_of_demo(self) -> str:
        return tr(
            "The folder {folder} holds the demo shop, so that is what you see. A shop of your own needs a new folder:"
            " --data DIR --real",
            folder=str(self.desktop.facts().folder),
        )

    def _on_window_person_requested(self) -> None:
        self.runner.query(staff(), self._offer_people)

    def _offer_people(self, people: Sequence[tuple[str, str, str]]) -> None:
        offer_people(self.window.top_bar, people, lambda role: role_name(Role(role)), self._take_duty)

    def _take_duty(self, person: tuple[str, str, str]) -> None:
        staff_id, name, role = person
        self.desktop.take_duty(OnDuty(staff_id, name, Role(role)))

    def _say(self, text: str) -> None:
        self.window.notify(Toast(text))

    def _offer(self, text: str, verb: str, act: Callable[[], None]) -> None:
        self.window.notify(Toast(text, verb=verb, act=act))

    def _recount(self) -> None:
        self.window.refresh_counts()

    def _go(self, key: str, row: object = "") -> None:
        self.window.go(key, row or None)

    def _on_runner_refused(self, outcome: object) -> None:
        if isinstance(outcome, Rejected):
            self.window.notify(Toast(lambda: refusal(outcome), tone="warning"))
        elif isinstance(outcome, NeedsNetwork):
            self.window.notify(Toast(lambda: tr("This needs the network."), tone="warning"))

    def _on_runner_failed(self, error: KnownError) -> None:
        self.window.notify(Toast(lambda: _sentence(error), tone="issue"))

    def _on_trouble_came(self, error: KnownError) -> None:
        """What keeps this counter from the shop stays to be read until the shop answers."""
        self.first_start.give_up()
        self.window.set_notice(NO_SHOP, lambda: _sentence(error))

    def _on_runner_crashed(self, error: object) -> None:
        self.window.notify(
            Toast(lambda: tr("Something went wrong inside the program. It is written in the log."), tone="issue")
        )


def _sentence(error: KnownError) -> str:
    return i18n.render(error.template, error.params, i18n.language())


def role_name(role: Role) -> str:
    names: dict[Role, Callable[[], str]] = {
        Role.OWNER: lambda: tr("Owner"),
        Role.MANAGER: lambda: tr("Manager"),
        Role.CLERK: lambda: tr("Clerk"),
        Role.COURIER: lambda: tr("Courier"),
    }
    return names[role]() if role in names else str(role)


def _theme(preferences: Preferences) -> Any:
    return preferences.theme if preferences.theme in ("light", "dark", "system") else "light"


def application() -> QApplication:
    """The one application object, with our name, icon and the standard buttons' own translations."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of application is running")
    app.setApplicationName("Zhanggui")
    app.setWindowIcon(QIcon(str(resources.path("icons/store.svg"))))
    return app


def _translate_qt(app: QApplication, language: str) -> None:
    old = app.property("qt_translator")
    if isinstance(old, QTranslator):
        app.removeTranslator(old)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language), "qtbase", "_", folder):
        app.installTranslator(translator)
    app.setProperty("qt_translator", translator)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for; empty where it says nothing."""

    data: str | None = None
    service_url: str = ""
    code: str = ""
    is_real: bool = False


def desktop(main: Path, wishes: Wishes) -> int:
    """The program as a person starts it; answers the exit code."""
    folder = home(wishes.data)
    fallback = FileSecrets(folder / "secrets.json")
    try:
        plan = plan_of(main, folder, wishes)
    except KnownError as error:
        print(i18n.render(error.template, error.params, i18n.language()), file=sys.stderr)
        return 5
    profile = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return run(plan, KeyringSecrets(profile, fallback))


def home(data: str | None) -> Path:
    """The folder of this computer's files."""
    return Path(data).expanduser().absolute() if data else Path(platformdirs.user_data_dir("Zhanggui", False))


def plan_of(main: Path, folder: Path, wishes: Wishes) -> Plan:
    """Our own service beside us, unless the shop has one elsewhere."""
    kept = PreferenceStore(folder).read()
    url = wishes.service_url or kept.service_url
    if url:
        _refuse_another_shop(folder, wishes, kept)
        PreferenceStore(folder).write_now(dataclasses.replace(kept, service_url=url))
        return Plan(folder, platform.node() or "desktop", None, url, wishes.code, player=system_player())
    service = folder / SERVICE_FOLDER
    shop = {"is_demo": not wishes.is_real, "demo_orders": DEMO_ORDERS}
    child = ChildConfig(child_command(main, service), service, kept.port, shop)
    buyers = not wishes.is_real
    return Plan(folder, platform.node() or "desktop", child, player=system_player(), has_buyers=buyers)


def _refuse_another_shop(folder: Path, wishes: Wishes, kept: Preferences) -> None:
    """Whoever tried the demo and then joins a shop would hold the demo's goods, unknown to that shop's service."""
    is_anothers = (folder / SERVICE_FOLDER).exists() or (wishes.service_url or kept.service_url) != kept.service_url
    if wishes.code and is_anothers and (folder / identity.FILE).exists():
        raise KnownError(
            "folder.of_another_shop",
            "The folder {folder} holds another shop. Join with a new folder: --data DIR. "
            "If the shop only has a new address, leave out --code.",
            {"folder": str(folder)},
        )


def run(plan: Plan, secrets: SecretStore) -> int:
    """Run the desktop; answers the exit code."""
    logs.set_up(plan.folder / "logs", "desktop")
    app = application()
    opened = DesktopWindow(app, plan, secrets, SystemClock())
    _translate_qt(app, opened.preferences.language)
    try:
        opened.show()
    except AlreadyRunning:
        opened.runner.close()
        opened.window.deleteLater()
        return 0 if instance.raise_first(plan.folder) else 4
    gc.freeze()  # what is here by now stays to the end
    gc.enable()
    opened.behind(opened.listen_for_another)
    stop_on_signals(app)
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
