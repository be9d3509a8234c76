"""People, machines and settings."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.command import Command
from app.domain.incidents.model import RESTORED, Incident
from app.domain.permission import Role
from app.domain.settings import MAX_EXPIRY_MINUTES, Setting, ShopSettings, read_settings
from app.domain.staff.commands import (
    ArchiveStaff,
    ChangeRole,
    ChangeSetting,
    CreateStaff,
    EnrolDevice,
    FoundShop,
    RecordRestore,
    RevokeDevice,
)
from app.domain.staff.model import Device, Staff
from app.domain.stock.model import Location
from app.domain.view import MemoryView
from app.kernel import codec
from tests.app.domain.deciding import CLERK, EARLIER, MANAGER, NOW, SERVICE, given
from tests.app.domain.rows import STAFF, setting

OWNER_ROW, CLERK_ROW = STAFF
PARTNER = Staff("partner", "王芳", Role.OWNER)
COUNTER = Device("d1", 1, "收银台", 0, EARLIER)


def test_a_person_joins_changes_role_and_leaves() -> None:
    assert given(STAFF).when(CreateStaff("new", " 赵一 ", Role.COURIER)).put(Staff) == Staff(
        "new", "赵一", Role.COURIER
    )
    assert given(STAFF).when(ChangeRole("clerk", Role.MANAGER)).put(Staff).role is Role.MANAGER
    assert given(STAFF).when(ArchiveStaff("clerk")).put(Staff).archived_at == NOW
    gone = replace(CLERK_ROW, archived_at=EARLIER)
    assert given(OWNER_ROW, gone).when(ArchiveStaff("clerk")).changes == ()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (CreateStaff("clerk", "赵一", Role.CLERK), "staff.exists"),
        (CreateStaff("new", "  ", Role.CLERK), "staff.nameless"),
        (CreateStaff("new", "赵一", Role.SERVICE), "staff.not_a_staff_role"),
        (CreateStaff("new", "赵一", Role.BUYER), "staff.not_a_staff_role"),
        (CreateStaff("new", "赵一", "emperor"), "staff.not_a_staff_role"),  # type: ignore[arg-type]
        (ChangeRole("gone", Role.CLERK), "staff.not_found"),
        (ChangeRole("clerk", Role.SERVICE), "staff.not_a_staff_role"),
        (ChangeRole("owner", Role.MANAGER), "staff.last_owner"),
        (ArchiveStaff("gone"), "staff.not_found"),
        (ArchiveStaff("owner"), "staff.last_owner"),
        (RevokeDevice("gone"), "device.not_found"),
        (ChangeSetting("colour", '"red"'), "shop.setting_unfit"),
    ],
)
def test_what_cannot_be_is_refused(command: Command, code: str) -> None:
    given(STAFF).when(command).refused(code)


@pytest.mark.parametrize("command", [ChangeRole("owner", Role.CLERK), ArchiveStaff("owner")])
def test_an_owner_may_go_when_another_one_stays(command: Command) -> None:
    assert given(STAFF, PARTNER).when(command).put(Staff).id == "owner"
    given(STAFF, replace(PARTNER, archived_at=EARLIER)).when(command).refused("staff.last_owner")
    assert given(STAFF).when(ChangeRole("owner", Role.OWNER)).put(Staff).role is Role.OWNER


@pytest.mark.parametrize("command", [CreateStaff("new", "赵一", Role.OWNER), ChangeSetting("freight_fen", "0")])
def test_only_the_owner_decides_about_people_and_settings(command: Command) -> None:
    for actor in (MANAGER, CLERK, SERVICE):
        given(STAFF).when(command, actor).refused("not_allowed")


def test_a_shop_is_founded_with_its_owner_and_place() -> None:
    decided = given().when(FoundShop("山野咖啡", "owner", "李敏", "place", "文三路店"), SERVICE)
    assert decided.put(Staff) == Staff("owner", "李敏", Role.OWNER)
    assert decided.put(Location) == Location("place", "文三路店")
    settings = read_settings(decided.after)
    assert (settings.shop_name, settings.default_location_id) == ("山野咖啡", "place")


def test_a_database_that_was_put_back_behind_our_back_is_written_down() -> None:
    put_back = RecordRestore("d1", 90, 70, "old")
    incident = given().when(put_back, SERVICE).put(Incident)
    assert given(incident).when(replace(put_back, device_id="d2"), SERVICE).changes == ()
    assert (incident.kind, dict(incident.refs)) == (
        RESTORED,
        {"device_id": "d1", "seen_seq": 90, "known_seq": 70, "epoch": "old"},
    )


def test_a_device_is_enrolled_and_revoked_once() -> None:
    enrolled = given().when(EnrolDevice("d1", 1, "收银台", 0), SERVICE, issued_at=EARLIER).put(Device)
    assert enrolled == COUNTER
    assert given(COUNTER).when(RevokeDevice("d1")).put(Device).revoked_at == NOW
    assert given(replace(COUNTER, revoked_at=EARLIER)).when(RevokeDevice("d1")).changes == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("order_expiry_minutes", 5),
        ("order_expiry_minutes", MAX_EXPIRY_MINUTES),
        ("freight_fen", 0),
        ("shop_name", "店"),
    ],
)
def test_a_setting_that_fits_is_stored(key: str, value: Any) -> None:
    assert given().when(ChangeSetting(key, codec.canonical(value))).put(Setting) == setting(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("order_expiry_minutes", "4"),
        ("order_expiry_minutes", str(MAX_EXPIRY_MINUTES + 1)),
        ("order_expiry_minutes", '"30"'),
        ("order_expiry_minutes", "30.5"),
        ("order_expiry_minutes", "true"),
        ("freight_fen", "-1"),
        ("freight_fen", "100000001"),
        ("shop_name", "3"),
        ("shop_name", "no json"),
        ("shop_name", "[" * 100_000),
        ("time_zone", '"Mars/Olympus"'),
        ("time_zone", '"Asia"'),
        ("time_zone", '""'),
        ("time_zone", '"../etc/passwd"'),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(key: str, value: str) -> None:
    given().when(ChangeSetting(key, value)).refused("shop.setting_unfit", key=key)


PHONE = setting("shop_phone", "0571-1")


def test_a_setting_that_somebody_else_has_changed_is_not_overwritten_unseen() -> None:
    change = ChangeSetting("shop_phone", '"0571-2"', seen='"0571-0"')
    given(PHONE).when(change).refused("shop.setting_changed", key="shop_phone")
    assert given(PHONE).when(replace(change, seen='"0571-1"')).put(Setting).value == '"0571-2"'
    assert given(setting("shop_phone", "0571-2")).when(change).put(Setting).value == '"0571-2"'
    assert given().when(replace(change, seen='""')).put(Setting).value == '"0571-2"'  # seen as the default says


def test_stored_settings_that_no_longer_fit_fall_back_alone_and_unknown_ones_are_left() -> None:
    rows = [
        Setting("freight_fen", '"free"'),
        Setting("order_expiry_minutes", "no json"),
        Setting("time_zone", '"Nowhere"'),
        Setting("shop_phone", '"0571-1"'),
        Setting("of_a_newer_program", "1"),
    ]
    assert read_settings(MemoryView(rows)) == ShopSettings(shop_phone="0571-1")
