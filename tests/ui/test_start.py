"""What the command line makes of a start, before any window is there."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk import identity
from app.desk.plan import Plan
from app.desk.planning import SERVICE_FOLDER, Wishes, home, plan_of
from app.desk.preferences import Preferences, PreferenceStore
from app.desk.queries import ShopFacts
from app.desk.secrets import FileSecrets
from app.desk.status import Link, SyncStatus
from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from app.wire.messages import EnrolReply
from services.settings import place_of
from ui.desktop_window import DesktopWindow
from ui.pages.orders.page import OrdersPage
from ui.theme import tokens


def enrolled(folder: Path) -> None:
    """The folder of a counter that has joined a shop."""
    store = identity.IdentityStore(folder, FileSecrets(folder / "secrets.json"), "1")
    store.enrolled(EnrolReply("d1", "token", 1, True, "epoch"), "key")


def test_enrol_and_serve_speak_of_the_shop_that_the_desktop_opens() -> None:
    assert place_of(None, None, {}).data == home(None) / SERVICE_FOLDER


def test_a_new_shop_is_a_demo_unless_a_real_one_is_wanted(tmp_path: Path) -> None:
    for wishes, is_demo in ((Wishes(), True), (Wishes(is_real=True), False)):
        plan = plan_of(tmp_path / "main.py", tmp_path / "掌柜 data", wishes)
        child = plan.child
        assert child is not None
        assert child.folder == tmp_path / "掌柜 data" / SERVICE_FOLDER
        assert child.shop == {"is_demo": is_demo, "demo_orders": 5_000}
        assert plan.has_buyers is is_demo


def test_where_the_shops_service_is_needs_to_be_said_once(tmp_path: Path) -> None:
    first = plan_of(tmp_path / "main.py", tmp_path, Wishes(service_url="https://shop.example", code="AAAA-BBBB"))
    later = plan_of(tmp_path / "main.py", tmp_path, Wishes())
    assert (first.child, first.service_url, first.code) == (None, "https://shop.example", "AAAA-BBBB")
    assert (later.child, later.service_url, later.code) == (None, "https://shop.example", "")


def test_the_way_back_to_this_computers_own_service(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    (tmp_path / SERVICE_FOLDER).mkdir()
    enrolled(tmp_path)
    assert plan_of(main, tmp_path, Wishes(service_url="http://127.0.0.1:7415")).child is None
    for wishes in (Wishes(is_own=True), Wishes()):
        plan = plan_of(main, tmp_path, wishes)
        assert (plan.child is not None, plan.service_url) == (True, "")


def test_whoever_mistyped_an_address_gets_the_start_back_that_there_was(tmp_path: Path) -> None:
    """Nothing has come from there yet, so nothing is in the way of a shop here."""
    plan = plan_of(tmp_path / "main.py", tmp_path, Wishes(service_url="http://127.0.0.1:7451"))
    assert (plan.child, plan.has_own_shop) == (None, False)
    assert plan_of(tmp_path / "main.py", tmp_path, Wishes(is_own=True)).child is not None


def test_a_counter_of_another_shop_founds_none_over_it(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    plan_of(main, tmp_path, Wishes(service_url="https://shop.example", code="AAAA-BBBB"))
    enrolled(tmp_path)
    with pytest.raises(KnownError, match="https://shop.example"):
        plan_of(main, tmp_path, Wishes(is_own=True))
    assert plan_of(main, tmp_path, Wishes()).service_url == "https://shop.example"


def test_a_code_alone_founds_no_shop(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    for wishes in (Wishes(code="AAAA-BBBB"), Wishes(code="AAAA-BBBB", is_own=True)):
        with pytest.raises(KnownError, match="--service"):
            plan_of(main, tmp_path, wishes)
    plan_of(main, tmp_path, Wishes(service_url="https://shop.example"))
    joining = plan_of(main, tmp_path, Wishes(code="AAAA-BBBB"))
    assert (joining.child, joining.service_url, joining.code) == (None, "https://shop.example", "AAAA-BBBB")


@pytest.mark.parametrize("text", ["shop.example:7415", "ftp://shop.example", "http://", "http:// shop"])
def test_what_is_no_address_of_a_service_is_told_and_not_kept(text: str, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no address of a service"):
        plan_of(tmp_path / "main.py", tmp_path, Wishes(service_url=text))
    assert PreferenceStore(tmp_path).read().service_url == ""


@pytest.mark.parametrize("content", [b"", b'{"service_url": "https://sh', b"[]", b"\xff\xfe"])
def test_a_damaged_file_of_preferences_is_said_and_founds_no_other_shop(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "preferences.json").write_bytes(content)
    with pytest.raises(KnownError, match="preferences.json"):
        plan_of(tmp_path / "main.py", tmp_path, Wishes())


def test_who_tried_the_demo_joins_another_shop_with_a_folder_of_its_own(tmp_path: Path) -> None:
    main, joining = tmp_path / "main.py", Wishes(service_url="https://shop.example", code="AAAA-BBBB")
    (tmp_path / SERVICE_FOLDER).mkdir()
    assert plan_of(main, tmp_path, Wishes()).child is not None
    enrolled(tmp_path)
    for _ in range(2):
        with pytest.raises(KnownError, match="another shop"):
            plan_of(main, tmp_path, joining)
    moved = plan_of(main, tmp_path, Wishes(service_url="https://shop.example"))
    assert (moved.child, moved.service_url) == (None, "https://shop.example")


def test_the_command_that_joined_may_be_given_again(tmp_path: Path) -> None:
    main, joining = tmp_path / "main.py", Wishes(service_url="https://shop.example", code="AAAA-BBBB")
    plan_of(main, tmp_path, joining)
    enrolled(tmp_path)
    assert plan_of(main, tmp_path, joining).service_url == "https://shop.example"


def test_what_keeps_a_counter_from_the_shop_stays_to_be_read(qapp: QApplication, tmp_path: Path) -> None:
    """A refused code passed by as a toast; and whoever asked for a shop of their own got the demo without a word."""
    plan = plan_of(tmp_path / "main.py", tmp_path / "掌柜", Wishes(is_real=True))
    opened = DesktopWindow(qapp, plan, FileSecrets(tmp_path / "secrets.json"), SystemClock())
    try:
        notice = opened.window.notices.notice
        opened.between.names.show(ShopFacts("我的店", "总店", is_demo=False))
        assert notice.isHidden()
        opened.between.names.show(ShopFacts("山野咖啡", "文三路店", is_demo=True))
        assert "演示店" in notice.text_label.text() and str(tmp_path) in notice.text_label.text()
        opened._on_trouble_came(KnownError("enrol.refused", "The enrolment code was not accepted. Ask for a new one."))
        assert "登记码没有被接受" in notice.text_label.text() and opened.window.over.toasts.shown() is None
        opened.choose_language("en")
        assert "The enrolment code was not accepted." in notice.text_label.text()
        opened.between.feed._on_status_came(SyncStatus(Link.ONLINE, SystemClock().now()))
        assert "code" not in notice.text_label.text() and "demo shop" in notice.text_label.text()
    finally:
        opened.close()


@pytest.mark.warns_in_log("the file cannot be written on purpose")
def test_a_choice_that_the_disk_did_not_take_is_told_and_counts_all_the_same(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path / "main.py", tmp_path / "掌柜", Wishes())
    opened = DesktopWindow(qapp, plan, FileSecrets(tmp_path / "secrets.json"), SystemClock())
    try:
        in_the_way = plan.folder / "preferences.json.new"
        in_the_way.mkdir(parents=True)
        opened.choose_theme("dark")
        qtbot.waitUntil(lambda: opened.window.over.toasts.shown() is not None)
        toast = opened.window.over.toasts.shown()
        assert toast is not None and "本机设置没能写到" in toast.said()
        assert tokens.current() == "dark"
        in_the_way.rmdir()
    finally:
        opened.close()
    assert PreferenceStore(plan.folder).read().theme == "dark", "it is tried once more at the end"


def test_the_program_opens_with_the_page_it_was_left_on(qapp: QApplication, tmp_path: Path) -> None:
    plan = Plan(tmp_path / "掌柜", "test", None, "http://127.0.0.1:9")
    for before, then in (
        ("overview", "orders"),
        ("orders", "issues"),
        ("overview", "settings"),
        ("settings", "overview"),
    ):
        opened = DesktopWindow(qapp, plan, FileSecrets(tmp_path / "secrets.json"), SystemClock())
        try:
            assert opened.window.current_page() == before
            opened.window.go(then)
        finally:
            opened.close()


def test_keys_work_as_soon_as_the_first_picture_is_there(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    """Those of the window and those of the page; nothing else has come up behind them yet."""
    PreferenceStore(tmp_path / "掌柜").write_now(Preferences(last_page="orders"))
    plan = Plan(tmp_path / "掌柜", "test", None, "http://127.0.0.1:9")
    opened = DesktopWindow(qapp, plan, FileSecrets(tmp_path / "secrets.json"), SystemClock())
    window, ctrl = opened.window, Qt.KeyboardModifier.ControlModifier
    try:
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        opened._complete()
        page = window.page_widget("orders")
        assert isinstance(page, OrdersPage)
        qtbot.keyClick(window, Qt.Key.Key_F, ctrl)
        assert page.search_field.hasFocus()
        qtbot.keyClick(window, Qt.Key.Key_Comma, ctrl)
        assert window.current_page() == "settings"
        qtbot.keyClick(window, Qt.Key.Key_2, ctrl)
        assert window.current_page() == "orders"
        qtbot.keyClick(window, Qt.Key.Key_F1)
        assert window.over.key_sheet.isVisible()
    finally:
        opened.close()


def test_a_fault_is_told_before_all_is_there_that_works_behind_the_window(qapp: QApplication, tmp_path: Path) -> None:
    """Nobody listened until then, and never where something kept it from coming."""
    plan = Plan(tmp_path / "掌柜", "test", None, "http://127.0.0.1:9")
    opened = DesktopWindow(qapp, plan, FileSecrets(tmp_path / "secrets.json"), SystemClock())
    try:
        opened._complete()
        opened.runner.failed.emit(
            KnownError("enrol.refused", "The enrolment code was not accepted. Ask for a new one.")
        )
        toast = opened.window.over.toasts.shown()
        assert toast is not None and "登记码没有被接受" in toast.said()
    finally:
        opened.close()


def test_a_damaged_enrolment_is_told_before_there_is_a_window(tmp_path: Path) -> None:
    plan_of(tmp_path / "main.py", tmp_path, Wishes())
    (tmp_path / "device.json").write_bytes(b"\xff{")
    with pytest.raises(KnownError) as seen:
        plan_of(tmp_path / "main.py", tmp_path, Wishes())
    assert seen.value.code == "device.damaged"
