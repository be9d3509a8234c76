"""Codes as sentences in the reader's language."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from app.desk.words import WORDS
from app.domain.money import Fen, money_text
from app.kernel import codec, i18n
from app.kernel.errors import KnownError
from app.kernel.later import later
from app.kernel.zone import local

if TYPE_CHECKING:
    from app.domain.catalog import edits
    from app.domain.outcome import Rejected
    from app.replica import outcome as outcomes
    from app.replica.outcome import NeedsNetwork
else:
    edits, outcomes = later("app.domain.catalog.edits"), later("app.replica.outcome")

UNKNOWN = "This was refused ({code})."
CHANGED = "{field} was changed by somebody else meanwhile; look at it again."
_CODED = ("state", "field", "permission", "role", "reason", "kind", "key", "where", "why")
"""The params whose values are words of the program and not of people."""
_VALUES = ("current", "seen", "wanted")
MAX_QUOTED = 60


def word(code: str, of: str = "") -> str:
    """A raw code as people say it; ``of`` tells apart what one code means for an "event", a "payment" and so on.

    A code of a newer service is named as it is.
    """
    for key in (f"{of}.{code}", code) if of else (code,):
        said = i18n.tr(key)
        if said != key:
            return said
        if key in WORDS:
            return WORDS[key]
    return code


@cache
def _templates() -> Mapping[str, str]:
    """By code; all rules of the shop are read for them, so not before the first refusal."""
    from app.domain.areas import CODES

    return {each.code: each.template for each in CODES}


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """The refusal for people; amounts become yuan, and a code of a newer service is named as it is."""
    template = _templates().get(code)
    if template is None:
        return i18n.tr(UNKNOWN, code=code)
    if code == edits.CONFLICT.code:
        return _conflict(template, params)
    shown = {key: _shown(key, value) for key, value in params.items()}
    return i18n.render(template, shown, i18n.language())


def refusal(why: "Rejected | NeedsNetwork") -> str:
    """Why something was not done."""
    if isinstance(why, outcomes.NeedsNetwork):
        return i18n.tr("This needs the network. Try again when the counter is online.")
    return sentence(why.code, why.params)


def fault(error: KnownError) -> str:
    """What in the environment was in the way, and what to do about it."""
    return i18n.render(error.template, error.params, i18n.language())


def _conflict(template: str, params: Mapping[str, Any]) -> str:
    """Both values side by side, unless they are ids or longer than a sentence can hold."""
    field = str(params.get("field", ""))
    values = {key: _value(field, params.get(key)) for key in _VALUES}
    if field.endswith("_id") or any(len(value) > MAX_QUOTED for value in values.values()):
        template, values = CHANGED, {}
    return i18n.render(template, {"field": word(field), **values}, i18n.language())


def _value(field: str, value: Any) -> str:
    """The value of a field, which alone tells what kind of thing it is."""
    if value in (None, ""):
        return i18n.tr("(empty)")
    if field.endswith("_fen") and isinstance(value, int):
        return money_text(value)
    if field.endswith("_at"):
        return _moment(str(value))
    return word(str(value)) if field == "state" else str(value)


def _moment(text: str) -> str:
    """A time in this computer's zone; what a device sent as what it had seen may be none, and is shown as it is."""
    try:
        return local(codec.parse_time(text)).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


def _shown(key: str, value: Any) -> Any:
    if isinstance(value, Fen) or (key.endswith("_fen") and isinstance(value, int)):
        return money_text(value)
    if key.endswith("_at") and isinstance(value, str):
        return _moment(value)
    if key == "actor":
        return i18n.tr("This person")  # who that is, an id, tells nobody anything
    if key == "where" and not value:
        return word("value")
    return word(value, of=key) if key in _CODED and isinstance(value, str) else value
