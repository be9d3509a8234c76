"""Codes as sentences in the reader's language."""

from collections.abc import Mapping
from typing import Any

from app.domain.money import Fen
from app.domain.outcome import Rejected
from app.domain.registry import CODES
from app.kernel import i18n

_TEMPLATES = {code.code: code.template for code in CODES}
UNKNOWN = "This was refused ({code})."


def money(fen: int) -> str:
    """¥1,234.50 with a real minus sign, as everywhere on screen and paper."""
    yuan, rest = divmod(abs(int(fen)), 100)
    return f"{'−' if fen < 0 else ''}¥{yuan:,}.{rest:02d}"


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """The refusal for people; amounts become yuan, and a code of a newer service is named as it is."""
    template = _TEMPLATES.get(code)
    if template is None:
        return i18n.tr(UNKNOWN, code=code)
    shown = {key: _shown(key, value) for key, value in params.items()}
    return i18n.render(template, shown, i18n.language())


def refusal(rejected: Rejected) -> str:
    return sentence(rejected.code, rejected.params)


def _shown(key: str, value: Any) -> Any:
    if isinstance(value, Fen) or (key.endswith("_fen") and isinstance(value, int)):
        return money(value)
    if key in ("state", "field", "permission") and isinstance(value, str):
        return i18n.tr(value)
    return value
