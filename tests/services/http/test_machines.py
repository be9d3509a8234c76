"""The shop's computers: last seen, and codes for new ones by who may manage them."""

import pytest

from app.domain.permission import Role
from app.domain.staff.commands import ArchiveStaff, CreateStaff
from tests.support.clocks import FixedClock
from tests.support.service import Server


def test_a_code_made_at_the_owners_desktop_makes_one_more_desktop_and_only_one(server: Server) -> None:
    office = server.enrol("office", is_manager=True)
    made = office.ask("POST", "/codes", json={"actor": "owner", "is_manager": False}).json()
    joining = {"code": made["code"], "device_name": "counter 2", "install_key": "key"}
    joined = server.ask("POST", "/sync/v1/enrol", json=joining)
    assert (joined.status_code, joined.json()["no"], joined.json()["is_manager"]) == (200, 2, False)
    assert server.ask("POST", "/sync/v1/enrol", json=joining).status_code == 403


@pytest.mark.parametrize("actor", ["clerk", "boss", "gone", "nobody", ""])
def test_nobody_else_makes_codes(server: Server, actor: str) -> None:
    server.shop.must(CreateStaff("boss", "店长", Role.MANAGER))
    server.shop.must(CreateStaff("gone", "前店主", Role.OWNER))
    server.shop.must(ArchiveStaff("gone"))
    office = server.enrol("office", is_manager=True)
    assert office.ask("POST", "/codes", json={"actor": actor}).status_code == 403
    assert len(server.shop.rows("enrolments")) == 1  # the one that made the office's own desktop


def test_each_computer_tells_when_it_was_last_heard_of(server: Server, clock: FixedClock) -> None:
    office = server.enrol("office", is_manager=True)
    clock.advance(minutes=5)
    counter = server.enrol("counter")
    counter.hello()
    told = {d["device_id"]: d["seen_at"] for d in office.ask("GET", "/devices").json()["devices"]}
    assert told.keys() == {office.id, counter.id}
    assert told[office.id] < told[counter.id]
