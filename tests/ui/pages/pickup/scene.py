"""The pickup page in the real window, over a real replica: python -m tests.ui.pages.pickup.scene FOLDER draws it."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.desk.preferences import PreferenceStore
from app.desk.session import OnDuty
from app.desk.sounds import Sound
from app.domain.aftersales.commands import RequestRefund
from app.domain.permission import Role
from app.domain.pickup.code import PickupKeys
from app.domain.pickup.commands import HandedPieces
from app.kernel.i18n import set_language
from tests.support.pickup_counter import HERE, KEYS, LIN, SONG, THERE, ZHAO, Buyer, PickupCounter
from tests.ui.pages.orders.scene import QuietDesk, settle
from ui.bridge.services import PageServices
from ui.pages.pickup.page import PickupPage, entry
from ui.shell.main_window import MainWindow
from ui.shell.state import Person, ShopIdentity, SyncPhase, SyncState
from ui.theme.apply import apply

TODAY: Final = "2026-11-23"
STORY: Final = (
    Buyer("郭诗涵", "13812340001", (("scale", 1),), "A-03", slot=f"{TODAY} 17:30-18:00"),
    Buyer(LIN.name, LIN.phone, LIN.goods, "A-12", slot=f"{TODAY} 17:30-18:00"),
    Buyer("马天宇", "13812340002", (("cold", 1),), "A-05", slot=f"{TODAY} 18:00-18:30"),
    Buyer("李沐阳", "13812340003", (("bean", 2),), "A-08", slot=f"{TODAY} 19:00-19:30"),
    Buyer("朱可欣", "13812340004", (("milk", 2), ("bean", 1)), "B-01", slot=f"{TODAY} 20:00-20:30"),
    Buyer("何雨桐", "13812340005", (("scale", 1),), "B-04", slot="2026-11-24 10:00-10:30"),
    Buyer(ZHAO.name, ZHAO.phone, ZHAO.goods, None, slot=f"{TODAY} 18:30-19:00"),
    Buyer("胡俊杰", "13812340006", (("milk", 1),), None, slot=f"{TODAY} 19:30-20:00"),
    Buyer(SONG.name, SONG.phone, SONG.goods, SONG.shelf, THERE, slot=f"{TODAY} 18:00-18:30"),
    Buyer("阿依古丽·买买提江", "13812340007", (("bean", 3), ("milk", 2), ("cold", 1), ("scale", 1)), "仓库二层 B-12",
          slot=f"{TODAY} 21:00-21:30"),
)  # fmt: skip


class Speaker:
    """Plays nothing and remembers it; implements what of the counter's door the page wants."""

    no = 1
    can_sound = True

    def __init__(self) -> None:
        self.heard: list[Sound] = []

    def facts(self) -> "Speaker":
        return self

    def play(self, sound: Sound) -> None:
        self.heard.append(sound)


def press(target: QWidget, text: str, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
    """The keys of a gun, as fast as they come."""
    keys = [(Qt.Key.Key_A, sign) for sign in text] + ([(end, "\r")] if end is not None else [])
    for key, sign in keys:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, sign))


class Scene:
    """The window with its page; ``is_online`` and ``keys`` are the counter's."""

    def __init__(self, shop: PickupCounter, size: tuple[int, int] = (1440, 900), point_id: str = HERE) -> None:
        self.shop, self.counter = shop, shop.counter
        runner = self.counter.runner
        runner.on_duty = OnDuty("clerk", "陈子墨", Role.CLERK)
        self.said: list[str] = []
        self.gone: list[tuple[str, str]] = []
        self.is_online = True
        self.keys: PickupKeys | None = KEYS
        self.speaker = Speaker()
        self.preferences = PreferenceStore(self.counter.folder)
        clock = self.counter.world.clock
        self.desk = QuietDesk(clock, self.counter.ids, runner.on_duty, runner.hub)
        services = PageServices(
            self.desk,  # type: ignore[arg-type]
            runner,
            self.said.append,
            lambda key, row: self.gone.append((key, row)),
            self.preferences,
            self.recount,
            self.speaker,  # type: ignore[arg-type]
            is_online=lambda: self.is_online,
            pickup_keys=lambda: self.keys,
        )
        self.window: MainWindow | None = None
        self.entry = entry(services)
        self.window = MainWindow((self.entry,), ShopIdentity("山野咖啡", "文三路店 · 1 号柜台"), clock.now)
        self.window.set_person(Person("陈子墨", "店员"))
        self.window.set_sync(SyncState(SyncPhase.SYNCED, clock.now(), synced_at=clock.now()))
        self.window.resize(*size)
        self.window.show()
        if point_id:
            self.page.presenter.choose_point(point_id)
        self.window.refresh_counts()

    def be_owner(self) -> None:
        self.desk.on_duty = self.counter.runner.on_duty = OnDuty("owner", "李敏", Role.OWNER)

    def recount(self) -> None:
        if self.window is not None:
            self.window.refresh_counts()

    @property
    def page(self) -> PickupPage:
        assert self.window is not None
        widget = self.window.page_widget("pickup")
        assert isinstance(widget, PickupPage)
        return widget

    def press(self, text: str, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
        """A gun types, to whatever has the focus."""
        press(QApplication.focusWidget() or self.page, text, end)

    def scan(self, buyer: Buyer) -> None:
        self.counter.world.clock.advance(seconds=6)
        self.press(self.shop.code(buyer))

    def close(self) -> None:
        self.page.wedge.set_listening(False)
        self.page.presenter.close()
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()


def states(scene: Scene) -> dict[str, Callable[[], None]]:
    """Every state of the page by its name, in an order in which each can be reached from the one before."""
    page, shop, story = scene.page, scene.shop, STORY
    clock = scene.counter.world.clock

    def offline() -> None:
        scene.counter.unplug()
        scene.is_online = False
        scene.scan(story[2])

    def not_here() -> None:
        newcomer = Buyer("周若溪", "13812342046", (("milk", 1),), "A-02", slot=f"{TODAY} 20:00-20:30")
        shop.buy(newcomer)
        scene.scan(newcomer)

    def refunded() -> None:
        scene.counter.plug_in()
        scene.is_online = True
        scene.counter.push()
        shop.shop.must(RequestRefund(shop.orders["李沐阳"], "refund", "不要了"))
        scene.counter.pull()
        scene.scan(story[3])

    def part() -> None:
        order_id = shop.orders["朱可欣"]
        page.presenter.hand.open(order_id)
        page.presenter.hand.redeem((HandedPieces(f"{order_id}-1", 2),))

    def prepared() -> None:
        page.presenter.hand.mark_ready(shop.orders[ZHAO.name], "C-07")

    def expired() -> None:
        scene.be_owner()
        clock.advance(days=20)
        scene.scan(story[5])

    def searched() -> None:
        page.presenter.hand.search("13812")

    return {
        "waiting": page.presenter.next,
        "success": lambda: scene.scan(story[1]),
        "already": lambda: scene.scan(story[1]),
        "elsewhere": lambda: scene.scan(story[8]),
        "not_ready": lambda: scene.scan(story[6]),
        "prepared": prepared,
        "part": part,
        "many": lambda: scene.scan(story[9]),
        "offline": offline,
        "not_here": not_here,
        "refunded": refunded,
        "unreadable": lambda: scene.press("P1ABCDEFGHIJKL"),
        "input_method": page.presenter.garbled,
        "found": searched,
        "expired": expired,
    }


def many_shop(folder: Path) -> PickupCounter:
    """Ten buyers with slots, and one who has been at the other counter."""
    shop = PickupCounter(folder, STORY, slot_minutes=30)
    shop.redeem_elsewhere(STORY[0])
    shop.counter.world.clock.advance(minutes=4)
    shop.counter.pull()
    return shop


def _draw(app: QApplication, folder: Path, theme: str, language: str, size: tuple[int, int]) -> None:
    set_language(language)
    apply(app, theme)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as place:
        shop = many_shop(Path(place))
        scene = Scene(shop, size)
        for name, reach in states(scene).items():
            reach()
            settle(app)
            _grab(scene.window, folder / f"{name}-{theme}-{language}-{size[1]}.png")
        for name, ask in (("shelf", scene.page.ask_shelf), ("part", scene.page.ask_part)):
            file = scene.page.presenter.file
            if file is not None:
                ask(file)
                settle(app)
                _grab(scene.page.dialog, folder / f"dialog-{name}-{theme}-{language}.png")
                if scene.page.dialog is not None:
                    scene.page.dialog.reject()
        scene.close()
        shop.close()


def _grab(shown: QWidget | None, path: Path) -> None:
    if shown is not None:
        shown.grab().save(str(path))


def main(folder: Path) -> None:
    app = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        for language in ("zh_CN", "en"):
            for size in ((1440, 900), (1366, 768)):
                _draw(app, folder, theme, language, size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
