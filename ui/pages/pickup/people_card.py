"""A list at the right: as many people as there is room for, and how many more there are."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.pickup.rows import HEIGHT, HEIGHT_LOW, PersonRow, RowWords
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.text import ElidedLabel, label


class PeopleCard(Card):
    """Attributes: `title_text`, `rows`, `all_button`.

    Signals: `chosen(object)` carries an order's id; `all_wanted()` wants the whole list.
    """

    chosen = Signal(object)
    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=1, parent=parent)
        self.rows: list[PersonRow] = []
        self._people: tuple[RowWords, ...] = ()
        self._total = 0
        self._lit = ""
        self._height = HEIGHT
        self.title_text = label("", "card_title")
        self.fact_text = ElidedLabel("", "note", self)
        self._empty = label("", "note", wraps=True)
        self._more = label("", "note")
        self.all_button = Button("", "link", parent=self)
        self.all_button.clicked.connect(self.all_wanted)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._area = QWidget(self)
        self._area.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        # As many rows as fit: the rows must not make the card higher.
        self._area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        # Rows follow the card's height once it is laid out, not within the layout's own work.
        self._fit = QTimer(self)
        self._fit.setSingleShot(True)
        self._fit.timeout.connect(self._fill)
        self._assemble()

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(18, 14, 18, 8)
        head.setSpacing(metrics.SPACE_M)
        head.addWidget(self.title_text)
        head.addWidget(self.fact_text, 1)
        self.fact_text.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self._empty.setContentsMargins(18, 4, 18, 8)
        self.body.addWidget(self._empty)
        self.body.addWidget(self._area, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 0, 12, 4)
        foot.addWidget(self._more)
        foot.addStretch(1)
        self.all_button.set_height(metrics.BUTTON_SMALL)
        foot.addWidget(self.all_button)
        self.body.addLayout(foot)

    def set_texts(self, title: str, fact: str, empty: str) -> None:
        self.title_text.setText(title)
        self.fact_text.setText(fact)
        self._empty.setText(empty)
        self.all_button.setText(tr("See all"))

    def set_low(self, *, is_low: bool) -> None:
        self._height = HEIGHT_LOW if is_low else HEIGHT
        self._fill()

    def show_people(self, people: Sequence[RowWords], total: int, lit_order_id: str) -> None:
        """Show whom there is room for; ``total`` may be more than are named."""
        self._people, self._total, self._lit = tuple(people), total, lit_order_id
        self._fill()

    def capacity(self) -> int:
        """How many rows stand in the card."""
        return max(0, self._area.height() // self._height)

    def _fill(self) -> None:
        shown = self._people[: self.capacity()]
        lit = next((words for words in self._people if words.order_id == self._lit), None)
        if lit is not None and lit not in shown and shown:
            shown = (*shown[:-1], lit)  # what the verdict speaks of is always in sight
        while len(self.rows) > len(shown):
            row = self.rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, words in enumerate(shown):
            if place == len(self.rows):
                self.rows.append(self._row(words))
            row = self.rows[place]
            row.setFixedHeight(self._height)
            row.show_words(words)
            row.set_lit(words.order_id == self._lit)
        rest = self._total - len(shown)
        self._empty.setVisible(not self._people)
        self._more.setText(tr("{count} more", count=rest) if rest > 0 else "")
        self.all_button.setVisible(bool(self._people))

    def _row(self, words: RowWords) -> PersonRow:
        row = PersonRow(words, self._height, self._area)
        row.clicked.connect(self._on_row_clicked)
        self._column.insertWidget(len(self.rows), row)
        row.show()
        return row

    def _on_row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, PersonRow):
            self.chosen.emit(row.words.order_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit.start(0)
