"""Decisions about people, machines and settings."""

from dataclasses import replace

from app.domain import settings
from app.domain.command import Context
from app.domain.incidents.model import Incident, restored_id, shop_restored
from app.domain.outcome import Accepted, Decision, Put, RejectCode, Rejected
from app.domain.permission import STAFF_ROLES, Role
from app.domain.settings import Setting
from app.domain.staff import commands
from app.domain.staff.model import Device, Staff
from app.domain.stock.model import Location
from app.domain.view import View
from app.kernel import codec

NOT_FOUND = RejectCode("staff.not_found", "This person is not on the staff.")
EXISTS = RejectCode("staff.exists", "This person is on the staff already.")
NAMELESS = RejectCode("staff.nameless", "A name is needed.")
NOT_A_STAFF_ROLE = RejectCode("staff.not_a_staff_role", "{role} is not a role of staff.")
LAST_OWNER = RejectCode("staff.last_owner", "The shop needs an owner: name another one first.")
DEVICE_NOT_FOUND = RejectCode("device.not_found", "This device was never enrolled.")
SETTING_UNFIT = RejectCode("shop.setting_unfit", "The setting {key} cannot have this value.")
SETTING_CHANGED = RejectCode("shop.setting_changed", "Somebody else has changed {key} meanwhile. Look at it again.")
CODES = (NOT_FOUND, EXISTS, NAMELESS, NOT_A_STAFF_ROLE, LAST_OWNER, DEVICE_NOT_FOUND, SETTING_UNFIT, SETTING_CHANGED)


def create_staff(command: commands.CreateStaff, view: View, context: Context) -> Decision:
    if view.get(Staff, command.staff_id) is not None:
        return Rejected(EXISTS)
    if not command.name.strip():
        return Rejected(NAMELESS)
    if command.role not in STAFF_ROLES:
        return Rejected(NOT_A_STAFF_ROLE, {"role": command.role})
    return Accepted((Put(Staff(command.staff_id, command.name.strip(), command.role)),))


def change_role(command: commands.ChangeRole, view: View, context: Context) -> Decision:
    person = view.get(Staff, command.staff_id)
    if person is None:
        return Rejected(NOT_FOUND)
    if command.role not in STAFF_ROLES:
        return Rejected(NOT_A_STAFF_ROLE, {"role": command.role})
    if command.role != Role.OWNER and _is_last_owner(person, view):
        return Rejected(LAST_OWNER)
    return Accepted((Put(replace(person, role=command.role)),))


def archive_staff(command: commands.ArchiveStaff, view: View, context: Context) -> Decision:
    person = view.get(Staff, command.staff_id)
    if person is None:
        return Rejected(NOT_FOUND)
    if person.archived_at is not None:
        return Accepted()
    if _is_last_owner(person, view):
        return Rejected(LAST_OWNER)
    return Accepted((Put(replace(person, archived_at=context.at)),))


def _is_last_owner(person: Staff, view: View) -> bool:
    owners = [s for s in view.children(Staff) if s.role == Role.OWNER and s.archived_at is None]
    return [s.id for s in owners] == [person.id]


def found_shop(command: commands.FoundShop, view: View, context: Context) -> Decision:
    return Accepted(
        (
            Put(Staff(command.owner_id, command.owner_name, Role.OWNER)),
            Put(Location(command.location_id, command.location_name)),
            Put(Setting("shop_name", codec.canonical(command.shop_name))),
            Put(Setting("default_location_id", codec.canonical(command.location_id))),
            Put(Setting("is_demo", codec.canonical(command.is_demo))),
        )
    )


def enrol_device(command: commands.EnrolDevice, view: View, context: Context) -> Decision:
    device = Device(command.device_id, command.no, command.name, command.is_manager, enrolled_at=context.at)
    return Accepted((Put(device),))


def revoke_device(command: commands.RevokeDevice, view: View, context: Context) -> Decision:
    device = view.get(Device, command.device_id)
    if device is None:
        return Rejected(DEVICE_NOT_FOUND)
    if device.revoked_at is not None:
        return Accepted()
    return Accepted((Put(replace(device, revoked_at=context.at)),))


def record_restore(command: commands.RecordRestore, view: View, context: Context) -> Decision:
    if view.get(Incident, restored_id(command.epoch)) is not None:
        return Accepted()
    refs = {"device_id": command.device_id, "seen_seq": command.seen_seq, "known_seq": command.known_seq}
    return Accepted((Put(shop_restored(command.epoch, refs, context.at)),))


def change_setting(command: commands.ChangeSetting, view: View, context: Context) -> Decision:
    if command.key in settings.NOT_BY_HAND or not settings.fits(command.key, command.value):
        return Rejected(SETTING_UNFIT, {"key": command.key})
    stored = view.get(Setting, command.key)
    current = settings.default_text(command.key) if stored is None else stored.value
    if command.seen and current not in (command.seen, command.value):
        return Rejected(SETTING_CHANGED, {"key": command.key})
    return Accepted((Put(Setting(command.key, command.value)),))


HANDLERS = (
    (commands.CreateStaff, create_staff),
    (commands.ChangeRole, change_role),
    (commands.ArchiveStaff, archive_staff),
    (commands.FoundShop, found_shop),
    (commands.EnrolDevice, enrol_device),
    (commands.RevokeDevice, revoke_device),
    (commands.RecordRestore, record_restore),
    (commands.ChangeSetting, change_setting),
)
