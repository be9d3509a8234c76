"""A small file of a counter that was damaged on the disk: it heals, or somebody is told what to do. Nothing is lost."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from app.desk import preferences
from app.desk.identity import FILE, IdentityStore
from app.desk.preferences import PreferenceStore
from app.desk.secrets import FileSecrets
from app.domain.pickup.code import PickupKeys
from app.kernel.errors import KnownError
from app.replica import schema
from app.replica.database import ReplicaDatabase
from app.replica.reader import POINTER, current_file
from app.wire.messages import EnrolReply

KEYS = PickupKeys("shop", "1", {"1": "5a" * 32})
NOISE = b"\xa5\x00\xff"


def damages(whole: bytes) -> Iterator[bytes]:
    """Noise, nothing, a torn end, and one bit of each byte in turn."""
    yield from (NOISE * 20, b"", whole[: len(whole) // 2], b"\0" * len(whole))
    for at in range(len(whole)):
        yield whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :]


def said(read: Callable[[], object], path: Path) -> set[str]:
    """What is told of the damages of a file; anything but a KnownError is a defect. "" is a file that still reads."""
    whole, found = path.read_bytes(), set()
    for damaged in damages(whole):
        path.write_bytes(damaged)
        try:
            read()
            found.add("")
        except KnownError as error:
            found.add(error.code)
            assert str(path) in str(error.params["path"])
    path.write_bytes(whole)
    read()
    return found


def enrolled(folder: Path) -> IdentityStore:
    store = IdentityStore(folder, FileSecrets(folder / "secrets.json"), "1")
    store.enrolled(EnrolReply("d1", "token", 7, True, "epoch", KEYS), "first-key")
    return store


def test_a_damaged_enrolment_is_told(tmp_path: Path) -> None:
    enrolled(tmp_path)
    secrets = FileSecrets(tmp_path / "secrets.json")
    assert said(lambda: IdentityStore(tmp_path, secrets, "1").enrolment(), tmp_path / FILE) == {"device.damaged"}


def test_damaged_secrets_are_told(tmp_path: Path) -> None:
    enrolled(tmp_path)
    path = tmp_path / "secrets.json"
    assert said(lambda: IdentityStore(tmp_path, FileSecrets(path), "1").token(), path) == {"secrets.damaged"}


def test_damaged_pickup_keys_are_asked_for_again(tmp_path: Path) -> None:
    enrolled(tmp_path)
    path = tmp_path / "secrets.json"
    kept = json.loads(path.read_text())
    name = next(name for name in kept if name.startswith("pickup"))
    path.write_text(json.dumps(kept | {name: kept[name][:-9]}))
    store = IdentityStore(tmp_path, FileSecrets(path), "1")
    assert store.pickup_keys() is None and store.identity().keys_mark == ""
    store.greeted(store.identity(), KEYS)
    assert IdentityStore(tmp_path, FileSecrets(path), "1").pickup_keys() == KEYS


def test_damaged_preferences_are_told(tmp_path: Path) -> None:
    store = PreferenceStore(tmp_path)
    store.write_now(store.read())
    assert said(lambda: PreferenceStore(tmp_path), tmp_path / preferences.FILE) == {"preferences.damaged"}


def test_a_damaged_pointer_leads_to_the_newest_whole_replica(tmp_path: Path) -> None:
    for number, state in ((2, "complete"), (10, "complete"), (11, "running")):
        database = ReplicaDatabase(tmp_path / f"replica-{number}.db")
        schema.create(database)
        database.execute("UPDATE replica_meta SET bootstrap_state = ?", (state,))
        database.close()
    pointer = tmp_path / POINTER
    pointer.write_text("replica-2.db")
    assert current_file(tmp_path).name == "replica-2.db"
    for damaged in (*damages(b"replica-2.db"), b"replica-3.db", b"../replica-2.db", b"secrets.json"):
        pointer.write_bytes(damaged)
        assert current_file(tmp_path).name == "replica-10.db", damaged
