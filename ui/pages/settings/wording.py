"""The words of the settings page, without Qt."""

from datetime import datetime, timedelta

from app.desk.sounds import Sound
from app.desk.wording import word
from app.domain.permission import STAFF_ROLES, Role
from app.kernel.i18n import tr
from app.kernel.zone import local


def zone_word(zone: str) -> str:
    """A time zone as people call it, beside the name by which computers know it."""
    words = {
        "Asia/Shanghai": tr("Beijing time"),
        "Asia/Urumqi": tr("Xinjiang time"),
        "Asia/Hong_Kong": tr("Hong Kong time"),
        "Asia/Macau": tr("Macau time"),
        "Asia/Taipei": tr("Taipei time"),
        "Asia/Singapore": tr("Singapore time"),
        "Asia/Kuala_Lumpur": tr("Kuala Lumpur time"),
        "Asia/Tokyo": tr("Tokyo time"),
        "UTC": tr("Universal time"),
    }
    return f"{words[zone]} · {zone}" if zone in words else zone


def role_word(role: str) -> str:
    return word(role)


def roles() -> list[tuple[str, str]]:
    return [(role.value, role_word(role)) for role in STAFF_ROLES]


def role_note(role: str) -> str:
    """What somebody with this role does, in one line."""
    notes = {
        Role.OWNER: tr("Everything, also people, computers and settings"),
        Role.MANAGER: tr("Prices, costs, promotions and refunds, and what clerks do"),
        Role.CLERK: tr("Products, stock, shipping and pickup"),
        Role.COURIER: tr("Own deliveries"),
    }
    return notes.get(Role(role), "") if role in set(Role) else ""


def last_seen(at: datetime | None, now: datetime) -> str:
    """How long ago a computer was heard of."""
    if at is None:
        return "—"
    ago = now - at
    if ago < timedelta(minutes=2):
        return tr("just now")
    if ago < timedelta(hours=1):
        return tr("{count} min ago", count=ago // timedelta(minutes=1))
    here, present = local(at), local(now)
    return here.strftime("%H:%M" if here.date() == present.date() else "%Y-%m-%d %H:%M")


def day(at: datetime) -> str:
    return local(at).strftime("%Y-%m-%d")


def clock(at: datetime) -> str:
    return local(at).strftime("%H:%M")


def grouped(code: str) -> str:
    """A code in groups of four, as it is read out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def sound_word(sound: Sound) -> str:
    """When a sound is heard; one of a newer program is named as it is."""
    words = {
        Sound.NEW_ORDER: tr("New order"),
        Sound.OFFLINE: tr("Offline"),
        Sound.ISSUE: tr("Issue"),
        "pickup_done": tr("Handed over"),
        "pickup_already": tr("Collected before"),
        "pickup_elsewhere": tr("Another point"),
        "pickup_refused": tr("Code refused"),
    }
    return words.get(sound, str(sound))
