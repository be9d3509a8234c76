"""Money as people read and write it: yuan on the screen, whole fen inside."""

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.money import money_text
from app.kernel.later import later
from ui.widgets.text import Role

if TYPE_CHECKING:
    import decimal
else:
    decimal = later("decimal")

_FEN_PER_YUAN: Final = 100
_SIGNS: Final = "\u00a5\uffe5"
# A Chinese input method types digits, points, commas and signs in full width.
_NARROW: Final = str.maketrans(
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0e\uff0c\uff0d\u2212", "0123456789.,--"
)
# Half-typed "12." is an amount already; three decimals, exponents and a bare point are not.
_AMOUNT: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{0,2})?")
LARGEST_FEN: Final = 10**14


def format_fen(fen: int) -> str:
    """Fen as money, always two decimals, with a true minus sign: −¥1,234.50."""
    return money_text(fen)


def plain_yuan(fen: int) -> str:
    """Fen as a person types it: no sign of currency and no separators."""
    yuan, rest = divmod(abs(fen), _FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


def narrow(text: str) -> str:
    """Figures in the narrow form that `int` and `Decimal` read."""
    return text.strip().translate(_NARROW)


def parse_yuan(text: str) -> int:
    """Yuan text as fen. Raises ValueError for anything but an amount of at most two decimals."""
    cleaned = narrow(text)
    sign, body = ("-", cleaned[1:]) if cleaned.startswith("-") else ("", cleaned)
    body = body.lstrip(_SIGNS + " ").replace(",", "")
    if not _AMOUNT.fullmatch(body):
        raise ValueError(text)
    fen = int(decimal.Decimal(sign + body).scaleb(2))
    if abs(fen) > LARGEST_FEN:
        raise ValueError(text)
    return fen


class MoneyLabel(QLabel):
    """An amount, right-aligned so that columns of amounts stand under each other."""

    def __init__(self, fen: int | None = None, role: Role = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.set_fen(fen)

    def set_fen(self, fen: int | None) -> None:
        """Show an amount; None shows a dash."""
        self.setText("—" if fen is None else format_fen(fen))
