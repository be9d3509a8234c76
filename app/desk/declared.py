"""The shop's settings as a form: what kind of field each wants, in which unit, in which group, and what it does.

Kind, unit and group follow from a setting's declaration and its name, so a new setting appears by being declared.
"""

import dataclasses
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.desk.wording import word
from app.domain import settings
from app.domain.money import money_text
from app.domain.settings import NOT_BY_HAND, ShopSettings
from app.kernel import codec
from app.kernel.i18n import tr


class FieldKind(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    MONEY = "money"
    SWITCH = "switch"
    ZONE = "zone"
    LOCATION = "location"


@dataclass(frozen=True, slots=True)
class SettingField:
    """``group`` is a key of ``GROUPS``; ``default`` is JSON text."""

    key: str
    kind: FieldKind
    group: str
    default: str


GROUPS: Final[tuple[tuple[str, tuple[str, ...], Callable[[], str]], ...]] = (
    ("shop", ("shop_", "time_", "default_"), lambda: tr("The shop")),
    ("orders", ("order_", "freight_"), lambda: tr("Orders and freight")),
    ("pickup", ("pickup_",), lambda: tr("Pickup")),
    ("delivery", ("local_", "delivery_"), lambda: tr("Own delivery")),
    ("other", ("",), lambda: tr("Further settings")),
)
ZONES: Final = (
    *("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei"),
    *("Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Tokyo", "UTC"),
)
_UNITS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    ("_minutes", lambda: tr("minutes")),
    ("_seconds", lambda: tr("seconds")),
    ("_days", lambda: tr("days")),
    ("_per_day", lambda: tr("a day")),
    ("_qty", lambda: tr("pieces")),
)
_HELP: Final[Mapping[str, Callable[[], str]]] = {
    "shop_name": lambda: tr("Buyers see it in the mini-program, and it stands on receipts."),
    "shop_phone": lambda: tr("Stands on labels and receipts."),
    "shop_address": lambda: tr("The sender's address on labels."),
    "time_zone": lambda: tr("Decides when a day of the shop begins and ends."),
    "order_expiry_minutes": lambda: tr("An order that is not paid by then is closed, and its goods are free again."),
    "freight_fen": lambda: tr("What an order costs to send where no freight table says otherwise."),
    "default_location_id": lambda: tr("Where goods are taken from unless something else is said."),
    "pickup_days": lambda: tr("After that the code no longer works by itself; the goods wait for the staff."),
    "pickup_undo_seconds": lambda: tr("So long a handing over can be taken back by one key."),
    "pickup_offline_allowed": lambda: tr("Without the network, codes are checked on this computer alone."),
    "pickup_unknown_allowed": lambda: tr("For codes of orders that this computer has not received yet."),
    "pickup_unknown_per_day": lambda: tr("More than so many a day are refused."),
}


def declared() -> tuple[SettingField, ...]:
    """Every setting that a person may change, in the order of its declaration."""
    hints = typing.get_type_hints(ShopSettings)
    found = []
    for field in dataclasses.fields(ShopSettings):
        kind = _kind(field.name, hints[field.name])
        if field.name not in NOT_BY_HAND and kind is not None:
            found.append(SettingField(field.name, kind, _group(field.name), settings.default_text(field.name)))
    return tuple(found)


def _kind(key: str, hint: Any) -> FieldKind | None:
    """None for a shape that no field of a form can hold."""
    named = {"time_zone": FieldKind.ZONE}
    if key in named:
        return named[key]
    if hint is bool:
        return FieldKind.SWITCH
    if isinstance(hint, type) and issubclass(hint, int):
        return FieldKind.MONEY if key.endswith("_fen") else FieldKind.WHOLE
    if hint is str:
        return FieldKind.LOCATION if key.endswith("location_id") else FieldKind.TEXT
    return None


def _group(key: str) -> str:
    return next(name for name, beginnings, _ in GROUPS if key.startswith(beginnings))


def label(key: str) -> str:
    """The setting's name at the beginning of a row."""
    text = word(key)
    return text[:1].upper() + text[1:]


def help_text(key: str) -> str:
    return _HELP[key]() if key in _HELP else ""


def unit(field: SettingField) -> str:
    """What a number counts; empty for everything else."""
    if field.kind is FieldKind.MONEY:
        return tr("yuan")
    if field.kind is not FieldKind.WHOLE:
        return ""
    return next((say() for ending, say in _UNITS if field.key.endswith(ending)), "")


def shown(field: SettingField, value: Any) -> str:
    """A value in words, as beside another one that was meant too."""
    if field.kind is FieldKind.MONEY and isinstance(value, int):
        return money_text(value)
    if field.kind is FieldKind.SWITCH:
        return tr("on") if value else tr("off")
    return str(value) or tr("(empty)")


def text_of(value: Any) -> str:
    """A value as it is stored."""
    return codec.canonical(value)


def limits(field: SettingField) -> tuple[str, str] | None:
    """The least and the most that it may be, in words; None where it has none."""
    found = settings.LIMITS.get(field.key)
    return None if found is None else (shown(field, found[0]), shown(field, found[1]))


def fits(key: str, value: Any) -> bool:
    return settings.fits(key, text_of(value))
