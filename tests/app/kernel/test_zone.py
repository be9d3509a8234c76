"""The shop's clock, wherever the computer stands."""

from datetime import UTC, datetime

import pytest

from app.kernel.zone import local, set_zone

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(("name", "told"), [("Asia/Shanghai", "23 20:00"), ("Pacific/Auckland", "24 01:00")])
def test_moments_are_told_by_the_shops_clock(name: str, told: str) -> None:
    set_zone(name)
    try:
        assert f"{local(NOON):%d %H:%M}" == told and local(NOON) == NOON
    finally:
        set_zone("")
    assert local(NOON) == NOON.astimezone()
