"""Enrolled desktops: how one becomes known, proves who it is, and is told apart from a copy of itself."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.kernel import codec
from app.tables.statements import Database
from app.wire.messages import DeviceSeen

CODE_LIFETIME = timedelta(minutes=10)
LEASE_LIFETIME = timedelta(hours=2)
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that people mistake for another
_CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    id: str
    install_key: str
    next_key: str
    is_manager: bool
    last_device_seq: int
    cursor: int
    revoked_at: str | None


class Identity(StrEnum):
    """What a hello proves: the device itself, itself with its next key, or a copy of it."""

    SAME = "same"
    ROTATED = "rotated"
    CLONED = "cloned"


def digest(secret: str) -> str:
    """Tokens and codes are long and random, so a plain hash keeps them secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """A code for one enrolment: twelve signs, sixty bits."""
    return "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))


def new_token() -> str:
    return secrets.token_urlsafe(32)


def offer_enrolment(database: Database, code: str, is_manager: bool, now: datetime) -> None:
    mark = database.mark
    database.execute(
        f"INSERT INTO enrolments (code_hash, is_manager, expires_at, used_at) VALUES ({mark}, {mark}, {mark}, NULL)",
        (digest(code), int(is_manager), codec.time_text(now + CODE_LIFETIME)),
    )


def use_code(database: Database, code: str, now: datetime) -> bool | None:
    """Whether the code makes a manager's device; None when it is unknown, used or too old. It is used up by this."""
    mark = database.mark
    at = codec.time_text(now)
    found = database.execute(
        f"UPDATE enrolments SET used_at = {mark} WHERE code_hash = {mark} AND used_at IS NULL AND expires_at > {mark}"
        " RETURNING is_manager",
        (at, digest(code), at),
    ).fetchall()
    return bool(found[0][0]) if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class NewDevice:
    """The secret half of an enrolment."""

    id: str
    token: str
    install_key: str
    is_manager: bool


def insert_device(database: Database, device: NewDevice, now: datetime) -> int:
    """Write the device's secret half; answers its number among the shop's counters."""
    marks = ", ".join([database.mark] * 10)
    database.execute(
        "INSERT INTO device (id, token_hash, install_key, next_key, is_manager, last_device_seq, protocol,"
        f" replica_schema, cursor, seen_at) VALUES ({marks})",
        (
            device.id,
            digest(device.token),
            device.install_key,
            "",
            int(device.is_manager),
            0,
            1,
            1,
            0,
            codec.time_text(now),
        ),
    )
    return int(database.execute("SELECT count(*) FROM device").fetchone()[0])


# What the owner locks out is a row of the shop like any other; the secret half follows it.
_SELECT = (
    "SELECT device.id, device.install_key, device.next_key, device.is_manager, device.last_device_seq, device.cursor,"
    " coalesce(device.revoked_at, devices.revoked_at) FROM device LEFT JOIN devices ON devices.id = device.id"
)


def device_by_token(database: Database, token: str) -> DeviceRecord | None:
    record = database.execute(f"{_SELECT} WHERE device.token_hash = {database.mark}", (digest(token),)).fetchone()
    return _record(record)


def device_by_id(database: Database, device_id: str) -> DeviceRecord | None:
    record = database.execute(f"{_SELECT} WHERE device.id = {database.mark}", (device_id,)).fetchone()
    return _record(record)


def _record(record: Any) -> DeviceRecord | None:
    if record is None:
        return None
    device_id, install_key, next_key, is_manager, last_seq, cursor, revoked_at = record
    return DeviceRecord(device_id, install_key, next_key, bool(is_manager), last_seq, cursor, revoked_at)


def identify(device: DeviceRecord, install_key: str, next_key: str) -> Identity:
    """Whether this installation is the one that was here last.

    The pair of before again is a lost reply. The stored next key in use means that the reply arrived. An old key with
    another next key comes from a second machine that was copied from the first. After a restore no key is known.
    """
    if not device.install_key:
        return Identity.SAME
    if install_key == device.install_key:
        return Identity.SAME if device.next_key in ("", next_key) else Identity.CLONED
    return Identity.ROTATED if install_key == device.next_key else Identity.CLONED


def greet(database: Database, device_id: str, keys: tuple[str, str], cursor: int, now: datetime) -> None:
    """Remember what a hello said: the pair of keys, how far the device has read, and when."""
    mark = database.mark
    database.execute(
        f"UPDATE device SET install_key = {mark}, next_key = {mark}, cursor = {mark}, seen_at = {mark}"
        f" WHERE id = {mark}",
        (*keys, cursor, codec.time_text(now), device_id),
    )


def mark_read(database: Database, device_id: str, cursor: int, now: datetime) -> None:
    """The log may be trimmed up to here as far as this device is concerned."""
    mark = database.mark
    database.execute(
        f"UPDATE device SET cursor = {mark}, seen_at = {mark} WHERE id = {mark} AND cursor <= {mark}",
        (cursor, codec.time_text(now), device_id, cursor),
    )


def seen(database: Database) -> tuple[DeviceSeen, ...]:
    """When each computer of the shop was last heard of."""
    records = database.execute("SELECT id, seen_at FROM device ORDER BY id").fetchall()
    return tuple(DeviceSeen(id_, None if at is None else codec.parse_time(at)) for id_, at in records)


def revoke(database: Database, device_id: str, now: datetime) -> None:
    database.execute(
        f"UPDATE device SET revoked_at = {database.mark} WHERE id = {database.mark} AND revoked_at IS NULL",
        (codec.time_text(now), device_id),
    )


def lease(database: Database, device_id: str, floor_seq: int, now: datetime) -> datetime:
    """Keep the log from ``floor_seq`` on while this device makes a new replica; answers until when."""
    until = now + LEASE_LIFETIME
    marks = ", ".join([database.mark] * 3)
    database.execute(
        f"INSERT INTO snapshot_lease (device_id, floor_seq, expires_at) VALUES ({marks})"
        " ON CONFLICT (device_id) DO UPDATE SET floor_seq = excluded.floor_seq, expires_at = excluded.expires_at",
        (device_id, floor_seq, codec.time_text(until)),
    )
    return until
