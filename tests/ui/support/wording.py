"""Questions about every word that a window shows or speaks: is it translated, and can it be drawn at all."""

import io
import re
from collections.abc import Iterator
from functools import cache

from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QRawFont
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.kernel import resources
from ui.theme.fonts import FILES

_HOLE = re.compile(r"\{[a-z_0-9]*\}")
_LETTERS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
_SOURCES = ("text", "placeholderText", "toolTip", "accessibleName", "windowTitle", "title")
MOST_ROWS = 30


def words(root: QWidget) -> Iterator[str]:
    """Everything that is written or spoken in sight of ``root``, rows of tables included."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget is not root and not widget.isVisibleTo(root):
            continue
        for name in _SOURCES:
            source = getattr(widget, name, None)
            if callable(source) and isinstance(text := source(), str) and text:
                yield text
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is not None:
            yield from (spoken.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _rows(widget)


def _rows(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(), MOST_ROWS)):
            yield from (str(model.index(row, column).data(role) or "") for role in roles)


@cache
def _patterns(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The texts of one language: those without holes, and those with."""
    plain, holed = set(), []
    for path in sorted(resources.path("i18n/zh_CN").glob("*.po")):
        for message in read_po(io.BytesIO(path.read_bytes()), locale="zh_CN"):
            if not message.id or not message.string:
                continue
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in strings if language == "zh_CN" else ids:
                if len(_LETTERS.findall(_HOLE.sub("", text))) < 1:
                    continue
                if _HOLE.search(text):
                    parts = (re.escape(part) for part in _HOLE.split(text))
                    holed.append(re.compile("(?:.|\n)+?".join(parts)))
                else:
                    plain.add(text)
    return frozenset(plain), tuple(holed)


def _is_text_of(language: str, text: str) -> bool:
    plain, holed = _patterns(language)
    return text in plain or any(pattern.fullmatch(text) for pattern in holed)


def untranslated(root: QWidget, language: str) -> list[str]:
    """What the program says in the other language; the shop's own data is whatever it is."""
    other = "en" if language == "zh_CN" else "zh_CN"
    script = re.compile(r"[A-Za-z]{2,}") if language == "zh_CN" else re.compile(r"[\u4e00-\u9fff]")
    suspects = {text for text in words(root) if script.search(text)}
    return sorted(text for text in suspects if _is_text_of(other, text) and not _is_text_of(language, text))


@cache
def _fonts() -> tuple[QRawFont, ...]:
    return tuple(QRawFont(str(resources.path(f"fonts/{name}")), 16.0) for name in FILES)


def missing_glyphs(root: QWidget) -> list[str]:
    """Signs that the bundled font cannot draw; elsewhere they would look different on each computer."""
    signs = {sign for text in words(root) for sign in text if not sign.isspace()}
    return sorted(sign for sign in signs if not all(font.supportsCharacter(ord(sign)) for font in _fonts()))
