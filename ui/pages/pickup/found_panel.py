"""People found by name or phone, and the whole of a list: a row leads to the person, and redeems nothing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.pickup.rows import HEIGHT_FOUND, PersonRow, RowWords
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.search_field import SearchField
from ui.widgets.text import label

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class FoundPanel(Card):
    """Attributes: `field`, `rows`.

    Signals: `searched(object)` carries the words; `chosen(object)` an order's id; `closed()` goes back.
    """

    searched = Signal(object)
    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=metrics.SPACE_XL, parent=parent)
        self.rows: list[PersonRow] = []
        self._title = label("", "headline")
        self.field = SearchField("", "F4", self)
        self.field.setFixedHeight(metrics.BUTTON_LARGE)
        self.field.search_changed.connect(self.searched)
        self._none = label("", "lead", "muted", wraps=True)
        self._back = Button("", "plain", "back", self)
        self._back.clicked.connect(self.closed)
        self._inner = QWidget()
        self._inner.setProperty("ground", "clear")
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(self._inner)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._back)
        self.body.addLayout(head)
        self.body.addWidget(self.field)
        self.body.addWidget(self._none)
        self.body.addWidget(self._area, 1)

    def retranslate(self) -> None:
        self.field.set_name(tr("Name, or the end of the phone number"))
        self._back.setText(tr("Back    Esc"))

    def begin(self) -> None:
        """An empty search with the keyboard in it."""
        self.field.clear()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_rows(self, title: str, rows: Sequence[RowWords], none: str) -> None:
        self._title.setText(title)
        self._none.setText(none)
        self._none.setVisible(not rows)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for words in rows:
            row = PersonRow(words, HEIGHT_FOUND, self._inner)
            row.clicked.connect(self._on_row_clicked)
            self._column.insertWidget(len(self.rows), row)
            row.show()
            self.rows.append(row)

    def _on_row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, PersonRow):
            self.chosen.emit(row.words.order_id)

    def _step(self, by: int) -> None:
        """The arrows go through the rows, from the field and back to it."""
        focused = next((place for place, row in enumerate(self.rows) if row.hasFocus()), -1)
        place = focused + by
        if place < 0:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif place < len(self.rows):
            self.rows[place].setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(self.rows[place], 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = next((row for row in self.rows if row.hasFocus()), None)
        if event.key() in _STEPS:
            self._step(_STEPS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused is not None:
            focused.click()  # opens the person, which is no redeeming
        else:
            super().keyPressEvent(event)
