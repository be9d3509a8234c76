"""The places where buyers collect, and the slots they offer."""

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain import opening
from app.domain.opening import Opening
from app.domain.pickup.commands import ArchivePickupPoint, SavePickupPoint
from app.domain.pickup.model import PickupPoint
from tests.app.domain.deciding import CLERK, NOW, given
from tests.app.domain.rows import shop

WEEK: dict[str, Any] = {str(day): ["09:00-12:00", "13:30-21:30"] for day in range(1, 7)}
SAVE = SavePickupPoint("pp", " 文三路店 ", "文三路 90 号", "0571-88880000", WEEK, 60, 30, 3, "place")
POINT = PickupPoint("pp", "文三路店", "文三路 90 号", "0571-88880000", WEEK, 60, 30, 3, "place")
ZONE = "Asia/Shanghai"


def test_a_point_is_saved_archived_and_opened_again() -> None:
    assert given(shop()).when(SAVE).put(PickupPoint) == POINT
    archived = given(shop(POINT)).when(ArchivePickupPoint("pp"))
    gone = archived.put(PickupPoint)
    assert gone.archived_at == NOW
    assert given(shop(gone)).when(ArchivePickupPoint("pp")).changes == ()
    assert given(shop(gone)).when(SAVE).put(PickupPoint) == POINT


def test_who_may_not_change_settings_opens_no_point() -> None:
    given(shop()).when(SAVE, CLERK).refused("not_allowed")
    given(shop()).when(ArchivePickupPoint("gone")).refused("pickup.point_not_found")


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": " "}, "pickup.point_unfit"),
        ({"name": "店" * 61}, "pickup.point_unfit"),
        ({"address": ""}, "pickup.point_unfit"),
        ({"point_id": ""}, "pickup.point_unfit"),
        ({"slot_minutes": 5}, "pickup.hours_unfit"),
        ({"lead_minutes": -1}, "pickup.hours_unfit"),
        ({"days_ahead": 0}, "pickup.hours_unfit"),
        ({"days_ahead": 32}, "pickup.hours_unfit"),
        ({"hours": {"8": ["09:00-12:00"]}}, "pickup.hours_unfit"),
        ({"hours": {"2026-02-30": []}}, "pickup.hours_unfit"),
        ({"hours": {"1": "09:00-12:00"}}, "pickup.hours_unfit"),
        ({"hours": {"1": [9]}}, "pickup.hours_unfit"),
        ({"hours": {"1": ["9-12"]}}, "pickup.hours_unfit"),
        ({"hours": {"1": ["12:00-09:00"]}}, "pickup.hours_unfit"),
        ({"hours": {"1": ["20:00-24:30"]}}, "pickup.hours_unfit"),
        ({"hours": {"1": ["09:00-12:00", "11:00-13:00"]}}, "pickup.hours_unfit"),
        ({"hours": {"1": ["09:00-10:00"] * 7}}, "pickup.hours_unfit"),
        ({"location_id": "gone"}, "pickup.place_not_found"),
    ],
)
def test_a_point_that_does_not_fit_is_refused(changes: dict[str, Any], refused: str) -> None:
    given(shop()).when(dataclasses.replace(SAVE, **changes)).refused(refused)


def test_slots_follow_hours_lead_and_days() -> None:
    monday = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)  # 10:40 in Hangzhou
    found = opening.slots(Opening(WEEK, 60, 30, 1), monday, ZONE)
    assert [slot.text[11:] for slot in found[:2]] == ["13:30-14:30", "14:30-15:30"]
    assert found[-1].text == "2026-11-23 20:30-21:30"
    assert found[0].from_at == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    assert found[-1].until_at == opening.end_of(found[-1].text, ZONE) == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    assert opening.start_of(found[0].text, ZONE) == found[0].from_at
    assert len(opening.slots(Opening(WEEK, 60, 30, 2), monday, ZONE)) == 8 + 11


def test_one_day_may_have_hours_of_its_own() -> None:
    hours = WEEK | {"2026-11-23": ["10:00-11:00"], "2026-11-24": []}
    assert opening.hours_on(hours, date(2026, 11, 23)) == ("10:00-11:00",)
    assert opening.hours_on(hours, date(2026, 11, 24)) == ()
    assert opening.hours_on(hours, date(2026, 11, 25)) == ("09:00-12:00", "13:30-21:30")
    assert opening.hours_on(hours, date(2026, 11, 29)) == ()


def test_a_slot_must_be_chosen_exactly_where_some_are_offered() -> None:
    plan, morning = Opening(WEEK, 60, 30, 1), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert opening.is_offered(plan, "2026-11-23 09:00-10:00", morning, ZONE)
    assert not opening.is_offered(plan, "", morning, ZONE)
    assert not opening.is_offered(plan, "2026-11-23 09:30-10:30", morning, ZONE)
    assert opening.is_offered(Opening(WEEK), "", morning, ZONE)
    assert not opening.is_offered(Opening(WEEK), "2026-11-23 09:00-10:00", morning, ZONE)


def test_what_is_offered_holds_until_it_is_told_to_change() -> None:
    plan = Opening(WEEK, 60, 30, 1)
    at = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    while opening.slots(plan, at, ZONE):
        until = opening.next_change(plan, at, ZONE)
        just_before = until - (until - at) // 1_000_000
        assert opening.slots(plan, just_before, ZONE) == opening.slots(plan, at, ZONE)
        assert opening.slots(plan, until, ZONE) != opening.slots(plan, at, ZONE)
        at = until
    assert opening.next_change(plan, at, ZONE) == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert opening.slots(Opening(WEEK), at, ZONE) == ()


def test_a_place_that_never_closes_has_slots_up_to_midnight() -> None:
    found = opening.slots(Opening({str(n): ["00:00-24:00"] for n in range(1, 8)}, 360, 0, 1), NOW, ZONE)
    assert found[-1].text.endswith(" 18:00-24:00")
