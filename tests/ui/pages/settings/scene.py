"""The settings page in the real window: python -m tests.ui.pages.settings.scene FOLDER draws it."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.desk.counter import CounterFacts, NewCode
from app.desk.preferences import PreferenceStore
from app.desk.sounds import Sound
from app.domain.delivery.commands import SaveDeliveryArea
from app.domain.money import Fen
from app.domain.permission import Role
from app.domain.pickup.commands import SavePickupPoint
from app.domain.staff.commands import CreateStaff, EnrolDevice, RevokeDevice
from app.kernel.errors import KnownError
from app.kernel.i18n import set_language
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideReply, OutsideRequest, OutsideState
from tests.support.counter import Counter
from tests.support.shop import SERVICE
from tests.ui.pages.orders.scene import QuietDesk, settle
from ui.bridge.services import PageServices
from ui.pages.settings.page import SettingsPage, entry
from ui.shell.main_window import MainWindow
from ui.shell.state import Person, ShopIdentity, SyncPhase, SyncState
from ui.theme.apply import apply
from ui.widgets.toast import Toast

WEEK = {day: ["09:00-12:00", "14:00-20:00"] for day in "12345"} | {"6": ["10:00-18:00"]}


class Carrier:
    """The shop's account with SF, as the service tells of it; ``trouble`` is what a new one meets."""

    def __init__(self) -> None:
        self.reply = CarrierReply(OutsideState.SET, partner_id="SHOP001", monthly_card="7551234567", ending="…9f3c")
        self.given: list[CarrierRequest] = []
        self.trouble: KnownError | None = None

    def state(self) -> "Future[CarrierReply]":
        answer: Future[CarrierReply] = Future()
        answer.set_result(self.reply)
        return answer

    def set(self, wanted: CarrierRequest) -> "Future[CarrierReply]":
        answer: Future[CarrierReply] = Future()
        self.given.append(wanted)
        if self.trouble is not None:
            answer.set_exception(self.trouble)
        else:
            self.reply = replace(self.reply, partner_id=wanted.partner_id, is_sandbox=wanted.is_sandbox)
            answer.set_result(self.reply)
        return answer


class Door:
    """This counter as far as the page asks of it. ``heard`` are the sounds, ``trouble`` is what a code meets.

    ``service`` is its service's address, whether that is its own, and whether its own could be used.
    """

    def __init__(self, counter: Counter, folder: Path) -> None:
        self.counter = counter
        self.folder = folder
        self.heard: list[Sound] = []
        self.trouble: KnownError | None = None
        self.service = ("http://127.0.0.1:7415", True, True)
        self.given: list[OutsideRequest] = []
        self.sf = Carrier()
        endings = {"app_secret": "9f3c", "apiv3_key": "77aa"}
        at = counter.world.clock.now()
        self.account = OutsideReply(OutsideState.SET, since=at, appid="wx1234", mchid="1900000001", endings=endings)

    def facts(self) -> CounterFacts:
        url, is_own, can_be_own = self.service
        return CounterFacts(
            version="0.1.0",
            folder=Path("D:") / "掌柜 资料",
            logs=Path("D:") / "掌柜 资料" / "logs",
            device_id="device-1",
            no=1,
            is_manager=True,
            service_url=url,
            is_own_service=is_own,
            can_be_own=can_be_own,
            can_sound=True,
        )

    def play(self, sound: Sound) -> None:
        self.heard.append(sound)

    def last_seen(self) -> "Future[Mapping[str, datetime]]":
        now = self.counter.world.clock.now()
        answer: Future[Mapping[str, datetime]] = Future()
        answer.set_result({"device-1": now, "device-2": now - timedelta(minutes=17)})
        return answer

    @property
    def carrier(self) -> "Carrier":
        return self.sf

    @property
    def outside(self) -> "Door":
        return self

    def state(self) -> "Future[OutsideReply]":
        answer: Future[OutsideReply] = Future()
        answer.set_result(self.account)
        return answer

    def set(self, wanted: OutsideRequest) -> "Future[OutsideReply]":
        answer: Future[OutsideReply] = Future()
        self.given.append(wanted)
        if self.trouble is not None:
            answer.set_exception(self.trouble)
        else:
            answer.set_result(replace(self.account, state=OutsideState.SET, appid=wanted.appid, mchid=wanted.mchid))
        return answer

    def new_code(self, *, is_manager: bool) -> "Future[NewCode]":
        answer: Future[NewCode] = Future()
        if self.trouble is not None:
            answer.set_exception(self.trouble)
        else:
            until = self.counter.world.clock.now() + timedelta(minutes=10)
            answer.set_result(NewCode("7KQ2M9XWHT4P", until, is_manager))
        return answer


def fill(counter: Counter) -> None:
    """A manager, a clerk and a courier; a second counter and one that is locked out; places to collect."""
    must = counter.shop.must
    must(CreateStaff("boss", "周若溪", Role.MANAGER))
    must(CreateStaff("courier", "马天宇", Role.COURIER))
    must(EnrolDevice("device-2", 2, "前台 SURFACE", is_manager=0), SERVICE)
    must(EnrolDevice("device-3", 3, "旧笔记本", is_manager=0), SERVICE)
    must(RevokeDevice("device-3"))
    point = SavePickupPoint("point-1", "文三路店", "杭州市西湖区文三路 398 号 1 层", "0571-88066288", WEEK, 30, 60, 3)
    must(point)
    must(SaveDeliveryArea("area-1", "西湖区三公里", ("330106",), Fen(500), WEEK, Fen(9900), 60, 30, 2))
    counter.pull()


class Scene:
    """``said`` are the toasts, ``themes`` and ``languages`` what was chosen."""

    def __init__(self, counter: Counter, folder: Path, size: tuple[int, int] = (1440, 900)) -> None:
        self.counter = counter
        self.said: list[str] = []
        self.themes: list[str] = []
        self.languages: list[str] = []
        runner = counter.runner
        self.door = Door(counter, folder)
        self.preferences = PreferenceStore(folder)
        self.desk = QuietDesk(counter.world.clock, counter.ids, runner.on_duty, runner.hub)
        services = PageServices(
            self.desk,  # type: ignore[arg-type]
            runner,
            self.say,
            lambda key, row: None,
            self.preferences,
            counter=self.door,
            choose_theme=self.themes.append,
            choose_language=self.languages.append,
        )
        self.window: MainWindow | None = None
        self.entry = entry(services)
        self.window = MainWindow(
            (self.entry,), ShopIdentity("山野咖啡", "文三路店 · 1 号柜台"), counter.world.clock.now
        )
        self.window.set_person(Person(runner.on_duty.name, str(runner.on_duty.role)))
        now = counter.world.clock.now()
        self.window.set_sync(SyncState(SyncPhase.SYNCED, now, synced_at=now))
        self.window.resize(*size)
        self.window.show()

    def say(self, text: str) -> None:
        self.said.append(text)
        if self.window is not None:
            self.window.notify(Toast(text))

    @property
    def page(self) -> SettingsPage:
        if self.window is None:
            raise LookupError("no window")
        widget = self.window.page_widget("settings")
        if not isinstance(widget, SettingsPage):
            raise TypeError(widget)
        return widget

    def section(self, key: str) -> Any:
        """The section of this name, shown."""
        self.page.open_row(key)
        return self.page.sections[key]

    def join(self, url: str, *, can_be_own: bool = True) -> None:
        """From now on this counter is one of the shop whose service is there."""
        self.door.service = (url, False, can_be_own)
        self.preferences.write(replace(self.preferences.read(), service_url=url))
        self.page.retranslate()

    def close(self) -> None:
        if self.window is not None:
            self.page.presenter.close()
            self.window.close()
            self.window.deleteLater()


def states(scene: Scene) -> Iterator[tuple[str, QWidget]]:
    """Every section and dialog; each is to be looked at before the next is asked for."""
    if scene.window is None:
        return
    shop = scene.section("shop")
    yield "shop", scene.window
    for key, text in (("shop_phone", "0571-88066299"), ("order_expiry_minutes", "2")):
        shop.fields[key].setText(text)
        shop.fields[key].textEdited.emit(text)
    shop.save_button.click()
    yield "shop-unsaved", scene.window
    scene.page.form.undo_all()
    for key in ("places", "people", "machines", "wechat", "counter", "about"):
        scene.section(key)
        yield key, scene.window
    scene.join("http://192.168.1.5:7415")
    counter = scene.section("counter")
    counter.service_card.url_field.clear()
    counter.service_card.url_field.textEdited.emit("")
    counter.service_card.save_button.click()
    for area in counter.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    yield "counter-elsewhere", scene.window
    yield from _dialogs(scene)


def _dialogs(scene: Scene) -> Iterator[tuple[str, QWidget]]:
    setup = scene.page.presenter.setup
    places, machines = scene.section("places"), scene.page.sections["machines"]
    places.edit_point(setup.points[0] if setup else None)
    yield "point", places.dialog
    places.dialog.done(0)
    places.edit_area(None)
    places.dialog.day_fields["1"].setText("9 点到 12 点")
    places.dialog.save_button.click()
    yield "area", places.dialog
    places.dialog.done(0)
    machines.add()  # type: ignore[attr-defined]
    machines.dialog.make_button.click()  # type: ignore[attr-defined]
    yield "code", machines.dialog  # type: ignore[attr-defined]
    machines.dialog.reject()  # type: ignore[attr-defined]


def main(folder: Path) -> None:
    app = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        for language in ("zh_CN", "en"):
            for size in ((1440, 900), (1366, 768)):
                set_language(language)
                apply(app, theme)
                with tempfile.TemporaryDirectory() as place:
                    counter = Counter(Path(place), ())
                    fill(counter)
                    scene = Scene(counter, Path(place), size)
                    settle(app)
                    for number, (what, shown) in enumerate(states(scene), 1):
                        settle(app)
                        shown.grab().save(str(folder / f"{theme}-{language}-{size[1]}-{number:02}-{what}.png"))
                    scene.close()
                    counter.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
