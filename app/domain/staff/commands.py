"""Intents about people and machines."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.permission import Permission, Role


@dataclass(frozen=True, slots=True)
class CreateStaff(Command):
    NAME: ClassVar[str] = "staff.create"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.STAFF_MANAGE
    staff_id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class ChangeRole(Command):
    NAME: ClassVar[str] = "staff.change_role"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.STAFF_MANAGE
    staff_id: str
    role: Role


@dataclass(frozen=True, slots=True)
class ArchiveStaff(Command):
    NAME: ClassVar[str] = "staff.archive"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.STAFF_MANAGE
    staff_id: str


@dataclass(frozen=True, slots=True)
class FoundShop(Command):
    """The first command of a shop: its owner, its place and its name."""

    NAME: ClassVar[str] = "shop.found"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    shop_name: str
    owner_id: str
    owner_name: str
    location_id: str
    location_name: str
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class EnrolDevice(Command):
    NAME: ClassVar[str] = "device.enrol"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    device_id: str
    no: int
    name: str
    is_manager: int


@dataclass(frozen=True, slots=True)
class RevokeDevice(Command):
    NAME: ClassVar[str] = "device.revoke"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.DEVICE_MANAGE
    device_id: str


@dataclass(frozen=True, slots=True)
class RecordRestore(Command):
    """The shop was put back to an older state, and ``epoch`` has ended: by ``restore``, or behind the service's back.

    Then a desktop proves it, which has seen more than the service knows, or an epoch that the service never had.
    """

    NAME: ClassVar[str] = "shop.record_restore"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    device_id: str
    seen_seq: int
    known_seq: int
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSetting(Command):
    """Set one of the shop's settings; ``value`` is JSON text, and so is what was ``seen``, "" when nobody looked."""

    NAME: ClassVar[str] = "shop.change_setting"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.SETTINGS_EDIT
    key: str
    value: str
    seen: str = ""
