"""The settings page in the real window: people, computers, this computer, and both languages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desk.sounds import Sound
from app.domain.permission import Role
from app.domain.pickup.commands import ArchivePickupPoint, SavePickupPoint
from app.domain.staff.commands import ChangeSetting
from app.kernel.errors import KnownError
from app.kernel.i18n import set_language
from app.wire.outside import OutsideReply, OutsideState
from tests.support.counter import Counter
from tests.ui.pages.orders.scene import settle
from tests.ui.pages.settings.scene import Scene, states
from tests.ui.support.surface import clipped, unnamed
from ui.widgets.ask import QuestionDialog
from ui.widgets.card import Card


@pytest.fixture
def scene(counter: Counter, tmp_path: Path, qapp: QApplication) -> Iterator[Scene]:
    found = Scene(counter, tmp_path)
    settle(qapp)
    yield found
    found.close()


def say_yes() -> None:
    """Somebody presses the button that confirms, once the question stands there."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QuestionDialog):
            dialog.confirm_button.click()
        else:
            QTimer.singleShot(5, press)

    QTimer.singleShot(0, press)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_nothing_is_cut_off_and_everything_has_a_name(
    counter: Counter, tmp_path: Path, qapp: QApplication, language: str
) -> None:
    set_language(language)
    scene = Scene(counter, tmp_path, (1366, 768))
    settle(qapp)
    try:
        for what, shown in states(scene):
            settle(qapp)
            assert clipped(shown) == [], what
            assert unnamed(shown) == [], what
    finally:
        scene.close()


@pytest.mark.parametrize("width", [1366, 1920])
def test_what_saves_the_settings_stands_at_the_edge_of_their_cards(
    counter: Counter, tmp_path: Path, qapp: QApplication, width: int
) -> None:
    scene = Scene(counter, tmp_path, (width, 768))
    try:
        settle(qapp)
        shop = scene.section("shop")
        card = next(card for card in shop.findChildren(Card) if card.isVisible())
        right = shop.save_button.mapTo(shop, shop.save_button.rect().topRight()).x()
        assert right == card.mapTo(shop, card.rect().topRight()).x()
    finally:
        scene.close()


def test_a_time_zone_is_named_as_people_call_it(scene: Scene) -> None:
    box = scene.section("shop").fields["time_zone"]
    assert box.currentText() == "北京时间 · Asia/Shanghai"
    assert [box.itemText(place) for place in range(box.count()) if "时间" not in box.itemText(place)] == []


def test_somebody_new_stands_in_the_list_at_once(scene: Scene) -> None:
    people = scene.section("people")
    people.name_field.setText("  朱可欣 ")
    people.role_box.choose("manager")
    people.hire_button.click()
    staff = {p.name: p.role for p in scene.page.presenter.people()}
    assert staff["朱可欣"] is Role.MANAGER
    assert (people.name_field.text(), people.note.isHidden()) == ("", True)


def test_the_shop_keeps_an_owner(scene: Scene) -> None:
    people = scene.section("people")
    say_yes()
    people.dismiss_buttons["owner"].click()
    assert "店主" in people.note.text()
    box = people.role_boxes["owner"]
    box.choose("clerk")
    say_yes()
    box.activated.emit(2)
    assert people.role_boxes["owner"].key() == "owner"  # shown as it still is
    say_yes()
    people.dismiss_buttons["boss"].click()
    assert "boss" not in people.dismiss_buttons


def test_a_computer_is_locked_out_after_a_question(scene: Scene) -> None:
    machines = scene.section("machines")
    assert machines.lock_buttons.keys() == {"device-1", "device-2"}
    say_yes()
    machines.lock_buttons["device-2"].click()
    assert machines.lock_buttons.keys() == {"device-1"}


def test_a_code_is_shown_until_it_ends_and_a_refusal_stays_to_be_read(scene: Scene) -> None:
    machines = scene.section("machines")
    machines.add()
    dialog = machines.dialog
    scene.door.trouble = KnownError("desk.locked", "This computer is no longer one of the shop's. Ask the owner.")
    dialog.make_button.click()
    assert dialog.notice.isVisible() and not dialog.code_label.isVisible()
    scene.door.trouble = None
    dialog.make_button.click()
    assert (dialog.code_label.text(), dialog.left_label.text()) == ("7KQ2-M9XW-HT4P", "还能用 10:00")
    assert not dialog.notice.isVisible()
    scene.counter.world.clock.advance(minutes=11)
    dialog._show_left()
    assert "过期" in dialog.left_label.text()
    dialog.reject()


def test_a_pickup_point_is_made_and_changed_and_closed(scene: Scene) -> None:
    places = scene.section("places")
    places.new_point_button.click()
    dialog = places.dialog
    dialog.save_button.click()
    assert dialog.isVisible() and "name" in {key for key, row in dialog._rows.items() if row._note.isVisible()}
    dialog.name_field.setText("滨江店")
    dialog.address_field.setText("杭州市滨江区江南大道 1 号")
    dialog.day_fields["1"].setText("9：00－12:00、14:00-18:00")
    dialog.day_fields["7"].setText("")
    for key, field in (("slot_minutes", dialog.slot_edit), ("lead_minutes", dialog.lead_edit)):
        for typed in ("6901234567892", ""):
            field.field.setText(typed)
            dialog.save_button.click()
            assert dialog.isVisible() and dialog._rows[key]._note.property("tone") == "danger", (key, typed)
        field.set_value(0)
    dialog.save_button.click()
    assert places.dialog is None
    points = scene.page.presenter.setup.points if scene.page.presenter.setup else ()
    made = next(p for p in points if p.name == "滨江店")
    assert made.hours["1"] == ["09:00-12:00", "14:00-18:00"] and "7" not in made.hours
    say_yes()
    places.close_buttons[made.id].click()
    assert made.id not in places.edit_buttons


def test_hours_of_single_days_survive_an_edit_of_the_week(scene: Scene) -> None:
    """The shop is closed at new year; the dialog shows the week alone."""
    hours = {"1": ["09:00-12:00"], "2027-02-06": []}
    point = SavePickupPoint("point-1", "文三路店", "文三路 398 号", "", hours)
    scene.counter.shop.must(point)
    scene.counter.pull()
    places = scene.section("places")
    places.edit_buttons["point-1"].click()
    places.dialog.day_fields["2"].setText("10:00-12:00")
    places.dialog.save_button.click()
    setup = scene.page.presenter.setup
    found = next(p for p in setup.points if p.id == "point-1") if setup else None
    assert found is not None and found.hours == {**hours, "2": ["10:00-12:00"]}


def test_a_delivery_area_needs_region_codes_and_a_fee(scene: Scene) -> None:
    places = scene.section("places")
    places.new_area_button.click()
    dialog = places.dialog
    dialog.name_field.setText("滨江")
    dialog.prefixes_field.setText("330108，西湖")
    dialog.save_button.click()
    assert places.dialog is dialog
    dialog.prefixes_field.setText("330108，330109")
    dialog.fee_edit.set_fen(600)
    dialog.save_button.click()
    areas = scene.page.presenter.setup.areas if scene.page.presenter.setup else ()
    made = next(a for a in areas if a.name == "滨江")
    assert (made.regions, made.fee_fen, made.free_from_fen) == (("330108", "330109"), 600, None)


def test_an_amount_that_cannot_be_read_is_neither_never_free_nor_another(scene: Scene) -> None:
    places = scene.section("places")
    setup = scene.page.presenter.setup
    area = next(a for a in setup.areas if a.id == "area-1") if setup else None
    assert area is not None and area.free_from_fen == 9900
    places.edit_area(area)
    dialog = places.dialog
    dialog.free_edit.setText("99.0.0")
    dialog.save_button.click()
    assert places.dialog is dialog and dialog.free_edit.text() == "99.0.0"
    dialog.free_edit.clear()
    dialog.fee_edit.setText("6901234567892")
    dialog.save_button.click()
    assert places.dialog is dialog
    dialog.fee_edit.setText("6.5")
    dialog.save_button.click()
    setup = scene.page.presenter.setup
    area = next(a for a in setup.areas if a.id == "area-1") if setup else None
    assert area is not None and (area.fee_fen, area.free_from_fen) == (650, None)


def test_freight_that_cannot_be_read_is_marked_and_not_saved(scene: Scene, qtbot: QtBot) -> None:
    shop = scene.section("shop")
    freight = shop.fields["freight_fen"]
    freight.clear()
    qtbot.keyClicks(freight, "26.5.5")
    shop.save_button.click()
    assert freight.text() == "26.5.5" and scene.counter.runner.given == []
    assert any("这不是金额" in each.text() for each in shop.rows["freight_fen"].findChildren(QLabel))
    scene.page.form.undo_all()
    assert freight.text() == "0.00"


def test_the_point_of_this_counter_is_chosen_among_those_that_are_open(scene: Scene) -> None:
    scene.counter.shop.must(ArchivePickupPoint("pp"))
    scene.counter.pull()
    here = scene.section("counter")
    assert [here.point_box.itemText(n) for n in range(here.point_box.count())] == ["未选择", "文三路店"]
    here.point_box.choose("point-1")
    here.point_box.activated.emit(1)
    assert scene.preferences.read().pickup_point_id == "point-1"
    scene.preferences.write(replace(scene.preferences.read(), pickup_point_id=""))
    scene.page.presenter.reload()
    assert here.point_box.key() == "", "the pickup page can choose it, too"


def closed_by_hand(scene: Scene, press: str) -> bool:
    """Somebody presses the window's cross and then this button of the question; whether the window is gone."""
    asked: list[QuestionDialog] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QuestionDialog):
            asked.append(dialog)
            getattr(dialog, press).click()

    class Cross(QCloseEvent):
        def spontaneous(self) -> bool:
            return True

    assert scene.window is not None
    QTimer.singleShot(0, answer)
    event = Cross()
    scene.window.closeEvent(event)
    assert asked, "nobody asked"
    if event.isAccepted():
        scene.window.hide()
    return scene.window.isHidden()


def test_who_closes_the_window_is_asked_about_unsaved_settings(scene: Scene) -> None:
    shop = scene.section("shop")
    shop.fields["shop_phone"].setText("0571-1")
    shop.fields["shop_phone"].textEdited.emit("0571-1")
    assert not closed_by_hand(scene, "decline_button")
    assert (shop.fields["shop_phone"].text(), scene.counter.runner.given) == ("0571-1", [])
    assert closed_by_hand(scene, "confirm_button")
    assert [command.key for command in scene.counter.runner.given] == ["shop_phone"]


def test_unsaved_settings_that_cannot_be_saved_keep_the_window_and_can_be_dropped(scene: Scene) -> None:
    scene.counter.unplug()
    shop = scene.section("shop")
    shop.fields["shop_phone"].setText("0571-1")
    shop.fields["shop_phone"].textEdited.emit("0571-1")
    scene.page.open_row("counter")
    assert not closed_by_hand(scene, "confirm_button")
    assert shop.notice.isVisible()
    assert closed_by_hand(scene, "third_button")


def test_what_was_typed_of_the_account_survives_a_change_of_language_and_is_asked_about(scene: Scene) -> None:
    wechat = scene.section("wechat")
    assert scene.page.unsaved() == 0
    wechat.fields["app_secret"].setText("s3cret")
    set_language("en")
    scene.page.retranslate()
    wechat = scene.section("wechat")
    assert (wechat.fields["app_secret"].text(), scene.page.unsaved()) == ("s3cret", 1)
    assert closed_by_hand(scene, "confirm_button")
    assert scene.door.given[-1].app_secret == "s3cret"


def test_the_side_bar_says_how_much_is_unsaved_while_another_page_is_looked_at(scene: Scene) -> None:
    assert scene.window is not None
    shop = scene.section("shop")
    shop.fields["shop_phone"].setText("0571-1")
    shop.fields["shop_phone"].textEdited.emit("0571-1")
    assert (scene.entry.count(), scene.entry.fact()) == (1, "1 处未保存")
    scene.page.form.undo_all()
    assert (scene.entry.count(), scene.entry.fact()) == (None, "")


def test_this_computer_keeps_what_is_chosen(scene: Scene) -> None:
    here = scene.section("counter")
    here.volume_box.choose("50")
    here.volume_box.activated.emit(1)
    here.port_field.setText("80")
    here.port_field.textEdited.emit("80")
    assert scene.preferences.read().port == 7415
    here.port_field.setText("8080")
    here.port_field.textEdited.emit("8080")
    here.sound_buttons[Sound.NEW_ORDER].click()
    here.sounds_box.setChecked(False)
    here.theme_box.choose("dark")
    here.theme_box.activated.emit(1)
    kept = scene.preferences.read()
    assert (kept.sound_volume, kept.port, kept.sounds_on) == (50, 8080, False)
    assert (scene.door.heard, scene.themes) == ([Sound.NEW_ORDER], ["dark"])
    assert not here.sound_buttons[Sound.NEW_ORDER].isEnabled()


def type_address(scene: Scene, text: str) -> None:
    """Over what stands in the field, sign by sign."""
    field = scene.section("counter").service_card.url_field
    field.selectAll()
    QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)


def test_half_an_address_is_never_kept(scene: Scene) -> None:
    scene.join("http://192.168.1.5:7415")
    card = scene.section("counter").service_card
    for sign in range(1, len("http://192.168.1.50:7415/")):
        type_address(scene, "http://192.168.1.50:7415/"[:sign])
        assert scene.preferences.read().service_url == "http://192.168.1.5:7415"
    type_address(scene, "shop.example")
    assert not card.save_button.isEnabled() and "http" in " ".join(say.text() for say in card.findChildren(QLabel))
    type_address(scene, "http://192.168.1.50:7415/")
    card.save_button.click()
    assert scene.preferences.read().service_url == "http://192.168.1.50:7415"
    assert "http://192.168.1.50:7415" in card.hint_label.text() and not card.save_button.isEnabled()


def test_the_way_back_to_this_computers_own_service(scene: Scene) -> None:
    scene.join("http://192.168.1.5:7415")
    card = scene.section("counter").service_card
    type_address(scene, "")
    assert card.url_field.placeholderText() == "本机自带的服务" and card.save_button.isEnabled()
    card.save_button.click()
    assert scene.preferences.read().service_url == ""
    assert "从下次启动起，用本机自带的服务" in card.hint_label.text()


def test_a_counter_of_another_shop_has_no_service_of_its_own_to_go_back_to(scene: Scene) -> None:
    """It would found a shop over the rows of the one it belongs to."""
    scene.join("http://192.168.1.5:7415", can_be_own=False)
    card = scene.section("counter").service_card
    type_address(scene, "")
    assert (card.url_field.placeholderText(), card.save_button.isEnabled()) == ("", False)
    assert scene.preferences.read().service_url == "http://192.168.1.5:7415"


def test_an_account_goes_in_and_only_its_endings_come_out(scene: Scene) -> None:
    wechat = scene.section("wechat")
    assert (wechat.fields["appid"].text(), wechat.fields["app_secret"].text()) == ("wx1234", "")
    assert "9f3c" in wechat.fields["app_secret"].placeholderText()
    wechat.fields["mchid"].setText("1900000002")
    wechat.fields["merchant_key"].setPlainText("-----BEGIN PRIVATE KEY-----")
    scene.door.trouble = KnownError("desk.locked", "This computer is no longer one of the shop's. Ask the owner.")
    wechat.save_button.click()
    assert wechat.notice.isVisible() and wechat.fields["merchant_key"].toPlainText(), "a refusal loses nothing typed"
    scene.door.trouble = None
    wechat.save_button.click()
    assert (scene.door.given[-1].mchid, scene.door.given[-1].app_secret) == ("1900000002", "")
    assert scene.door.given[-1].merchant_key.startswith("-----BEGIN")
    assert wechat.fields["merchant_key"].toPlainText() == "" and "1900000002" in wechat.state_label.text()


def test_a_demo_takes_no_real_account(counter: Counter, tmp_path: Path, qapp: QApplication) -> None:
    scene = Scene(counter, tmp_path)
    scene.door.account = OutsideReply(OutsideState.PRETENDED)
    settle(qapp)
    try:
        wechat = scene.section("wechat")
        scene.page.page_shown()
        assert wechat.save_button.isVisible() is False and "演示" in wechat.state_label.text()
    finally:
        scene.close()


def test_what_is_unsaved_survives_a_change_of_language_and_of_page(scene: Scene) -> None:
    shop = scene.section("shop")
    shop.fields["shop_phone"].setText("0571-1")
    shop.fields["shop_phone"].textEdited.emit("0571-1")
    set_language("en")
    scene.page.retranslate()
    shop = scene.section("shop")
    assert (shop.fields["shop_phone"].text(), shop.save_button.text()) == ("0571-1", "Save 1 change")
    assert "1" in scene.page.nav_buttons["shop"].text()
    shop.save_button.click()
    assert (scene.said, shop.save_button.isEnabled()) == (["Saved. It counts at every counter."], False)


def test_two_values_stand_side_by_side_until_one_is_chosen(scene: Scene) -> None:
    shop = scene.section("shop")
    shop.fields["shop_phone"].setText("0571-1")
    shop.fields["shop_phone"].textEdited.emit("0571-1")
    scene.counter.shop.must(ChangeSetting("shop_phone", '"0571-2"'))
    scene.counter.pull()
    foot = shop.rows["shop_phone"].foot
    words = [foot.itemAt(n).widget().text() for n in range(foot.count())]
    assert words == ["刚被改成了 0571-2", "采用对方的", "保留我的"]
    foot.itemAt(1).widget().click()
    assert (shop.fields["shop_phone"].text(), foot.count()) == ("0571-2", 0)


def test_a_clerk_sees_everything_and_can_change_nothing(counter: Counter, tmp_path: Path, qapp: QApplication) -> None:
    counter.runner.on_duty = type(counter.runner.on_duty)("clerk", "陈子墨", Role.CLERK)
    scene = Scene(counter, tmp_path)
    settle(qapp)
    try:
        shop, people, machines = (scene.section(key) for key in ("shop", "people", "machines"))
        assert not shop.fields["shop_phone"].isEnabled() and shop.save_button.isHidden()
        assert people.role_boxes == {} and people.hire_button.isHidden()
        assert machines.lock_buttons == {} and machines.add_button.isHidden()
    finally:
        scene.close()


def test_the_carriers_account_takes_secrets_in_and_never_shows_them(scene: Scene) -> None:
    carrier = scene.section("carrier")
    scene.page.open_row("carrier")
    assert (carrier.fields["partner_id"].text(), carrier.fields["checkword"].text()) == ("SHOP001", "")
    assert "9f3c" in carrier.fields["checkword"].placeholderText()
    carrier.fields["partner_id"].setText("SHOP002")
    carrier.fields["checkword"].setText("a-new-check-word")
    carrier.fields["place"].choose("sandbox")
    assert scene.page.unsaved() == 3
    scene.door.sf.trouble = KnownError("carrier.bad_product", "The product is a number, 1 for example.")
    carrier.save_button.click()
    assert carrier.notice.isVisible() and carrier.fields["checkword"].text(), "a refusal loses nothing typed"
    scene.door.sf.trouble = None
    scene.page.retranslate()
    carrier = scene.section("carrier")
    assert (carrier.fields["checkword"].text(), carrier.fields["place"].key()) == ("a-new-check-word", "sandbox")
    carrier.save_button.click()
    given = scene.door.sf.given[-1]
    assert (given.partner_id, given.checkword, given.is_sandbox) == ("SHOP002", "a-new-check-word", True)
    assert (carrier.fields["checkword"].text(), scene.page.unsaved()) == ("", 0)
    assert "SHOP002" in carrier.state_label.text() and "沙箱" in carrier.state_label.text()
