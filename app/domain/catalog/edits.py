"""Field by field edits: what somebody else changed meanwhile is never overwritten unseen."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from app.domain.catalog.model import LastEdit
from app.domain.command import Context
from app.domain.outcome import Change, Put, RejectCode, Rejected
from app.domain.row import Row
from app.domain.view import View
from app.kernel import codec, typed

CONFLICT = RejectCode(
    "catalog.conflict",
    "{field} was changed to {current} meanwhile; you had {seen} and wanted {wanted}.",
)
UNKNOWN_FIELD = RejectCode("catalog.unknown_field", "{field} cannot be changed this way.")
BAD_VALUE = RejectCode("catalog.bad_value", "{field} cannot have this value.")
CODES = (CONFLICT, UNKNOWN_FIELD, BAD_VALUE)

R = TypeVar("R", bound=Row)
Check = Callable[[Any], bool]


def text(least: int, most: int) -> Check:
    """Accepts text whose trimmed length lies between the bounds."""
    return lambda value: isinstance(value, str) and least <= len(value.strip()) and len(value) <= most


def whole(least: int, most: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def one_of(*allowed: str) -> Check:
    return lambda value: value in allowed


def moment(value: Any) -> bool:
    """Accepts null or an RFC 3339 time."""
    if value is None:
        return True
    try:
        codec.parse_time(value)
    except (TypeError, ValueError):
        return False
    return True


def edited(row: R, changes: Mapping[str, Any], checks: Mapping[str, Check], view: View, ref_id: str) -> R | Rejected:
    """The row with the wanted fields, or the refusal of the first one that cannot be changed."""
    wanted: dict[str, Any] = {}
    now = codec.plain(row)
    for field, change in changes.items():
        if field not in checks:
            return Rejected(UNKNOWN_FIELD, {"field": field})
        if not isinstance(change, Mapping) or "to" not in change or not checks[field](change["to"]):
            return Rejected(BAD_VALUE, {"field": field})
        current = now[field]
        if current == change["to"]:
            continue
        if current != change.get("from"):
            return _conflict(field, current, change, view, ref_id)
        wanted[field] = change["to"]
    if not wanted:
        return row
    whole_row = typed.build(type(row), {**now, **wanted})
    touched = {f.name: getattr(whole_row, f.name) for f in fields(row) if f.name in wanted}  # type: ignore[arg-type]
    return replace(row, **touched)  # type: ignore[type-var]  # every Row is a dataclass


def _conflict(field: str, current: Any, change: Mapping[str, Any], view: View, ref_id: str) -> Rejected:
    last = view.get(LastEdit, ref_id, field)
    params = {"field": field, "seen": change.get("from"), "wanted": change["to"], "current": current, "ref_id": ref_id}
    if last is not None:
        params |= {"changed_by": last.actor, "changed_at": codec.time_text(last.changed_at)}
    return Rejected(CONFLICT, params)


def edit_marks(before: Row, after: Row, ref_id: str, context: Context) -> tuple[Change, ...]:
    """Remembers who changed which field last."""
    was, became = codec.plain(before), codec.plain(after)
    changed = [field for field in became if was[field] != became[field] and field != "changed_at"]
    return tuple(Put(LastEdit(ref_id, field, context.actor.id, context.at)) for field in changed)
