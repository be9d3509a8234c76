"""Becoming one of the shop's desktops, the first time and as the copy of another one."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.desk.identity import IdentityStore
from app.desk.joining import Joining
from app.desk.secrets import FileSecrets
from app.domain.pickup.code import PickupKeys, mark_of
from app.kernel.errors import KnownError
from app.sync.transport import Refused, Unreachable
from app.wire.messages import EnrolReply, EnrolRequest, HelloReply

HELLO_REPLY = HelloReply(1, "epoch", 0, 1, 0, datetime(2026, 11, 23, tzinfo=UTC), 1, {}, is_manager=False)


class Door:
    """Makes device after device; ``trouble`` is what the next request meets."""

    def __init__(self) -> None:
        self.asked: list[EnrolRequest] = []
        self.trouble: Exception | None = None

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        self.asked.append(request)
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        no = len(self.asked)
        return EnrolReply(f"device-{no}", f"token-{no}", no, False, "epoch")


@pytest.fixture
def identities(tmp_path: Path) -> IdentityStore:
    return IdentityStore(tmp_path, FileSecrets(tmp_path / "secrets.json"), "test")


def test_a_desktop_joins_once(identities: IdentityStore) -> None:
    door = Door()
    joining = Joining(identities, door, "收银台", lambda: "CODE")
    assert identities.token() == ""
    assert joining.join() and joining.join()
    assert len(door.asked) == 1
    assert (joining.identity().device_id, identities.token()) == ("device-1", "token-1")


def test_without_a_line_the_same_code_is_tried_again(identities: IdentityStore) -> None:
    door = Door()
    door.trouble = Unreachable("no line")
    joining = Joining(identities, door, "收银台", lambda: "CODE")
    assert [joining.join(), joining.join()] == [False, True]
    assert [request.code for request in door.asked] == ["CODE", "CODE"]


def test_a_refused_code_is_said_and_not_guessed_again(identities: IdentityStore) -> None:
    door = Door()
    door.trouble = Refused("code_refused", {})
    joining = Joining(identities, door, "收银台", lambda: "WRONG")
    for _ in range(2):
        with pytest.raises(KnownError, match="not accepted"):
            joining.join()
    assert len(door.asked) == 1


def test_a_copy_becomes_a_device_of_its_own_with_a_new_code_only(identities: IdentityStore) -> None:
    door, codes = Door(), ["FIRST"]
    joining = Joining(identities, door, "收银台", lambda: codes[-1])
    assert joining.join()
    first = joining.identity()
    assert not joining.join_anew()
    assert joining.identity() == first
    codes.append("SECOND")
    assert joining.join_anew()
    assert (joining.identity().device_id, identities.token()) == ("device-2", "token-2")
    assert joining.identity().install_key not in (first.install_key, first.next_key)


def test_the_keys_of_the_pickup_codes_come_with_the_enrolment_or_with_a_hello_and_stay(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path / "secrets.json")
    identities = IdentityStore(tmp_path, secrets, "test")
    joining = Joining(identities, Door(), "收银台", lambda: "CODE")
    assert joining.join()
    assert (identities.pickup_keys(), joining.identity().keys_mark) == (None, "")
    keys = PickupKeys("shop", "1", {"1": "5a" * 32})
    joining.greeted(joining.identity(), HELLO_REPLY)
    assert identities.pickup_keys() is None
    joining.greeted(joining.identity(), replace(HELLO_REPLY, keys=keys))
    joining.greeted(joining.identity(), HELLO_REPLY)
    started_again = IdentityStore(tmp_path, secrets, "test")
    assert (started_again.pickup_keys(), started_again.identity().keys_mark) == (keys, mark_of(keys))
    assert "5a5a" not in (tmp_path / "device.json").read_text(encoding="utf-8")
    assert "5a5a" not in repr(keys)


def test_who_this_computer_is_costs_no_look_at_the_disk(identities: IdentityStore, tmp_path: Path) -> None:
    """Windows ask at every scan and the line at every request: on a slow disk they would wait for it."""
    assert Joining(identities, Door(), "counter", lambda: "CODE").join()
    known = (identities.enrolment(), identities.token())
    for path in tmp_path.iterdir():
        path.unlink()
    assert (identities.enrolment(), identities.token()) == known and known[1] == "token-1"
