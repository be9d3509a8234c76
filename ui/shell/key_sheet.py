"""F1: all keys of the program over the darkened window, from what is bound."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.shell.keys import KeyGroup
from ui.theme import fonts, metrics, tokens
from ui.widgets.button import IconButton
from ui.widgets.card import Card, rule
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import ElidedLabel, label

_COLUMNS: Final = 3
_WIDTH: Final = 1100
_CAP_HEIGHT: Final = 22
_CAPS_ROOM: Final = 108
_SHADE: Final = 0.55


class KeyCaps(QWidget):
    """Keycaps beside each other."""

    def __init__(self, caps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caps = tuple(caps)
        self.setAccessibleName("+".join(caps))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return "+".join(self._caps)

    def sizeHint(self) -> QSize:
        return QSize(_CAPS_ROOM, _CAP_HEIGHT + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(metrics.NOTE))
        measure, left = QFontMetricsF(painter.font()), 0.5
        for cap in self._caps:
            rect = QRectF(left, 1.5, max(24.0, measure.horizontalAdvance(cap) + 14), _CAP_HEIGHT - 2)
            painter.setPen(tokens.color("border2"))
            painter.setBrush(tokens.color("surface2"))
            painter.drawRoundedRect(rect, 5, 5)
            painter.setPen(tokens.color("text2"))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), cap)
            left = rect.right() + 4


class KeySheet(QWidget):
    """Hidden until it is wanted. Any key or a click beside it puts it away, and the focus goes back.

    Attributes: `close_button`.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._before: QWidget | None = None
        self._card: Card | None = None
        self.close_button = IconButton("close", "", parent=self)
        self.close_button.clicked.connect(self.put_away)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()

    def show_groups(self, groups: Sequence[KeyGroup]) -> None:
        """Lay the sheet over the window."""
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
        self._card = self._make(groups)
        self._before = self.window().focusWidget()
        self.fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def put_away(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._before = None

    def fit(self) -> None:
        """As large as the window, the card in its middle."""
        parent = self.parentWidget()
        if parent is None or self._card is None:
            return
        self.setGeometry(parent.rect())
        width = min(_WIDTH, self.width() - 2 * metrics.SPACE_XL)
        self._card.setFixedWidth(width)
        height = self._card.sizeHint().height()
        self._card.setGeometry((self.width() - width) // 2, max(0, (self.height() - height) // 2), width, height)

    # Building

    def _make(self, groups: Sequence[KeyGroup]) -> Card:
        card = Card(padding=metrics.SPACE_XXL, parent=self)
        head = QHBoxLayout()
        head.setSpacing(metrics.SPACE_M)
        head.addWidget(IconLabel("keyboard", "accent_text", 24))
        head.addWidget(label(tr("Keyboard"), "page_title"))
        head.addWidget(label(tr("Nothing to learn: F1 opens it, F1 again puts it away"), "body", "muted"))
        head.addStretch(1)
        self.close_button.set_name(tr("Close"))
        head.addWidget(self.close_button)
        card.body.addLayout(head)
        card.body.addWidget(rule(card))
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_XL)
        for gathered in _shared(groups):
            across.addLayout(self._column(gathered), 1)
        card.body.addLayout(across)
        card.body.addWidget(rule(card))
        note = tr("Scanners type letters and digits and end with Enter: so no single letter is a key.")
        card.body.addWidget(label(note, "body", "muted", wraps=True))
        card.show()
        return card

    @staticmethod
    def _column(groups: Sequence[KeyGroup]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(metrics.SPACE_M)
        for group in groups:
            column.addWidget(label(group.title, "emphasis", "accent"))
            grid = QGridLayout()
            grid.setVerticalSpacing(metrics.SPACE_S)
            grid.setColumnStretch(1, 1)
            for place, (caps, words) in enumerate(group.lines):
                grid.addWidget(KeyCaps(caps), place, 0)
                said = ElidedLabel(words, "body")
                said.setToolTip(words)
                grid.addWidget(said, place, 1)
            column.addLayout(grid)
        column.addStretch(1)
        return column

    # Qt's side

    def event(self, event: QEvent) -> bool:
        """No shortcut of the page below hears a key while the sheet is open; F1 is the sheet's own."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            self.put_away()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._card is None or not self._card.geometry().contains(event.position().toPoint()):
            self.put_away()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(_SHADE)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)


def _shared(groups: Sequence[KeyGroup]) -> list[list[KeyGroup]]:
    """The groups on three columns, each where the least stands so far."""
    columns: list[list[KeyGroup]] = [[] for _ in range(_COLUMNS)]
    for group in groups:
        least = min(columns, key=lambda held: sum(len(each.lines) + 2 for each in held))
        least.append(group)
    return [column for column in columns if column]
