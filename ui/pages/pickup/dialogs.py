"""What the counter asks: where prepared goods stand, and which pieces are handed over now."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.desk.pickup import PickupFile
from app.domain.pickup.commands import HandedPieces
from app.kernel.i18n import tr
from ui.pages.pickup.telling import title_of
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.fitting import fit
from ui.widgets.form import Form
from ui.widgets.money_edit import QuantityEdit, count_complaint, read_counts
from ui.widgets.notice import Notice
from ui.widgets.text import ElidedLabel, label

_WIDTH = 520
_SHELF_SIGNS = 20
_REASON_SIGNS = 80
_LINES_SHOWN = 6
_LINE_HEIGHT = 44


class ShelfDialog(QDialog):
    """Asks where the prepared goods stand; a scanned shelf label goes into the field.

    Attributes: `shelf_field`, `ready_button`.
    """

    def __init__(self, file: PickupFile, on_ready: Callable[[str, str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._order_id = file.order.id
        self._on_ready = on_ready
        self.setWindowTitle(tr("Mark as prepared"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.shelf_field = QLineEdit(file.pickup.shelf, self)
        self.shelf_field.setMaxLength(_SHELF_SIGNS)
        self.shelf_field.setPlaceholderText(tr("Such as A-12; empty if it is handed over at once"))
        self.ready_button = Button(tr("Mark as prepared"), "primary", "check", self)
        self.ready_button.setAutoDefault(True)  # Enter on the button presses it, after it has led there
        self.ready_button.clicked.connect(self._on_ready_clicked)
        decline = Button(tr("Not now"), parent=self)
        decline.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("Where do the goods of {no} stand?", no=file.order.no), "emphasis", wraps=True))
        form = Form(self)
        form.add_row(tr("Stands at"), self.shelf_field)
        column.addWidget(form)
        column.addLayout(_foot(decline, self.ready_button))
        self.shelf_field.setFocus()

    def _on_ready_clicked(self) -> None:
        self.accept()
        self._on_ready(self._order_id, self.shelf_field.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ready_button.setFocus()  # a scanner's Enter leads on, a person presses
            return
        super().keyPressEvent(event)


class PartDialog(QDialog):
    """Asks how many pieces of each article are handed over now.

    Attributes: `qty_fields` by line id, `redeem_button`, `problem_notice`.
    """

    def __init__(self, file: PickupFile, on_part: Callable[[tuple[HandedPieces, ...]], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._on_part = on_part
        self.setWindowTitle(tr("Hand over a part"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.qty_fields: dict[str, QuantityEdit] = {}
        self.problem_notice = Notice("danger", self)
        self.redeem_button = Button(tr("Redeem these pieces"), "primary", "check", self)
        self.redeem_button.clicked.connect(self._on_redeem_clicked)
        decline = Button(tr("Not now"), parent=self)
        decline.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("How many go out now?"), "emphasis"))
        note = tr("The rest stays on the shelf, and the same code is good for it.")
        column.addWidget(label(note, "body", "muted", wraps=True))
        column.addWidget(self._lines(file))
        column.addWidget(self.problem_notice)
        column.addLayout(_foot(decline, self.redeem_button))
        next(iter(self.qty_fields.values())).setFocus()

    def _lines(self, file: PickupFile) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("ground", "clear")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, metrics.SPACE_S, 0)
        rows.setSpacing(0)
        open_lines = [line for line in file.lines if line.open_qty]
        for line in open_lines:
            field = QuantityEdit(title_of(line), 0, line.open_qty)
            field.set_value(line.open_qty)
            field.value_changed.connect(self._on_value_changed)
            self.qty_fields[line.id] = field
            row = QHBoxLayout()
            row.addWidget(ElidedLabel(title_of(line), "row"), 1)
            row.addWidget(field)
            rows.addLayout(row)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        area.setWidget(inner)
        area.setFixedHeight(_LINE_HEIGHT * min(_LINES_SHOWN, max(1, len(open_lines))) + 4)
        return area

    def _on_value_changed(self, _value: object) -> None:
        counts = read_counts(self.qty_fields)
        self.redeem_button.setEnabled(counts is not None and any(counts.values()))
        self.problem_notice.say(count_complaint(self.qty_fields))
        fit(self)

    def _on_redeem_clicked(self) -> None:
        counts = read_counts(self.qty_fields)
        if counts is not None:
            self.accept()
            self._on_part(tuple(HandedPieces(line_id, qty) for line_id, qty in counts.items() if qty))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # Enter never redeems
            super().keyPressEvent(event)


class OverrideDialog(QDialog):
    """Asks a manager for a last word; where there is an order the reason is kept with it.

    Attributes: `reason_field` (None without an order), `hand_over_button`.
    """

    def __init__(self, file: PickupFile | None, on_yes: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._on_yes = on_yes
        self.setWindowTitle(tr("Hand over anyway"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.reason_field: QLineEdit | None = None
        self.hand_over_button = Button(tr("Hand over, I take it on me"), "danger", "hand", self)
        self.hand_over_button.clicked.connect(self._on_hand_over_clicked)
        decline = Button(tr("Not now"), parent=self)
        decline.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        if file is None:
            column.addWidget(label(tr("Hand over without seeing the order?"), "emphasis", wraps=True))
            text = tr("It is a code of this shop. Its goods are known when the order comes; until then it is an issue.")
            column.addWidget(label(text, "body", "muted", wraps=True))
        else:
            column.addWidget(
                label(tr("Hand over {no} although it has expired?", no=file.order.no), "emphasis", wraps=True)
            )
            self.reason_field = QLineEdit(self)
            self.reason_field.setMaxLength(_REASON_SIGNS)
            self.reason_field.textChanged.connect(self._on_reason_changed)
            form = Form(self)
            form.add_row(tr("Why"), self.reason_field, tr("It is kept with the order."))
            column.addWidget(form)
            self.hand_over_button.setEnabled(False)
        column.addLayout(_foot(decline, self.hand_over_button))
        (self.reason_field or decline).setFocus()

    def _on_reason_changed(self, text: str) -> None:
        self.hand_over_button.setEnabled(bool(text.strip()))

    def _on_hand_over_clicked(self) -> None:
        self.accept()
        self._on_yes(self.reason_field.text() if self.reason_field is not None else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # Enter hands nothing over
            super().keyPressEvent(event)


def _foot(*buttons: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(metrics.SPACE_S)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row
