"""What the sections of the settings page are made of."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme import metrics
from ui.widgets.card import rule
from ui.widgets.money_edit import MoneyEdit, own_problem
from ui.widgets.text import label, repolish, set_tone

FIELD_WIDTH = 300
_CARDS_WIDTH = 920


class ScrolledCards(QScrollArea):
    """Cards below each other; beside a bar they leave a little room, else they stand at the page's edge.

    Signals: `cards_fitted(object)` carries how wide they are now.
    """

    cards_fitted = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget(self)
        content.setProperty("ground", "clear")
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(metrics.SPACE_L)
        self.setWidget(content)
        self.verticalScrollBar().rangeChanged.connect(self._fit)

    def _fit(self) -> None:
        room = self.viewport().width() - (metrics.SPACE_S if self.verticalScrollBar().maximum() else 0)
        width = min(room, _CARDS_WIDTH)
        self.column.setContentsMargins(0, 0, max(0, self.viewport().width() - width), 0)
        self.cards_fitted.emit(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def scrolled(name: str, parent: QWidget) -> tuple[ScrolledCards, QVBoxLayout]:
    """A section that scrolls, and the column that its cards stand in."""
    area = ScrolledCards(name, parent)
    return area, area.column


class SettingRow(QWidget):
    """What a setting is and does on the left, its field on the right, and below what is wrong with it.

    Attributes: `field`, `foot` (for what belongs under the field).
    """

    def __init__(self, title: str, help_text: str, field: QWidget, unit: str = "") -> None:
        super().__init__()
        self.field = field
        self._note: QLabel = label("", "note", "danger", wraps=True)
        self._note.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(metrics.SPACE_L)
        grid.setVerticalSpacing(metrics.SPACE_XS)
        grid.setColumnStretch(0, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        name = label(title, "row", wraps=True)
        name.setBuddy(field)
        words.addWidget(name)
        if help_text:
            words.addWidget(label(help_text, "note", wraps=True))
        grid.addLayout(words, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(_beside(field, unit), 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._note, 1, 1)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(metrics.SPACE_S)
        grid.addLayout(self.foot, 2, 0, 1, 2)
        target = field.focusProxy() or field
        target.setAccessibleName(f"{title} ({unit})" if unit else title)
        if isinstance(field, MoneyEdit):
            field.problem_changed.connect(self._on_field_problem_changed)

    def _on_field_problem_changed(self, problem: object) -> None:
        self.set_problem(str(problem))

    def set_problem(self, text: str) -> None:
        """Say under the field what is wrong with it; empty text takes the complaint away, but not the field's own."""
        text = own_problem(self.field) or text
        self._note.setText(text)
        self._note.setVisible(bool(text))
        target = self.field.focusProxy() or self.field
        if bool(target.property("invalid")) != bool(text):
            target.setProperty("invalid", bool(text))
            repolish(target)


def _beside(field: QWidget, unit: str) -> QWidget:
    """The field with the word that stands behind it, always equally wide together."""
    pair = QWidget()
    pair.setFixedWidth(FIELD_WIDTH)
    across = QHBoxLayout(pair)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(metrics.SPACE_S)
    across.addWidget(field, 1)
    if unit:
        across.addWidget(label(unit, "muted"))
    return pair


def fact_row(title: str, text: str) -> QWidget:
    """One thing that is only told; its text can be copied."""
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(metrics.SPACE_L)
    name = label(title, "muted")
    name.setFixedWidth(152)
    value = label(text, "body", wraps=True)
    value.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    value.setAccessibleName(f"{title}: {text}")
    across.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    across.addWidget(value, 1)
    return row


def ruled(column: QVBoxLayout, *rows: QWidget) -> None:
    """Put rows into a column with hairlines between them."""
    for place, row in enumerate(rows):
        if place or column.count():
            column.addWidget(rule())
        column.addWidget(row)


def empty_out(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while item := layout.takeAt(0):
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty_out(inner)


def say(note: QLabel, text: str, *, is_trouble: bool = True) -> None:
    """Tell something under a list, or take it away with an empty text."""
    note.setText(text)
    note.setVisible(bool(text))
    set_tone(note, "danger" if is_trouble else "")
