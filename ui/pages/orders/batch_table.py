"""The orders of a batch as a table whose fields are filled by typing, by a scanner, or by pasting a column."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.delivery import carriers
from app.kernel.i18n import tr
from app.printing.masking import mask_name, mask_phone
from ui.pages.orders.batch import BatchPresenter, BatchRow, Remedy, Standing, standing_words
from ui.pages.orders.wording import carrier_word, parcel_pieces
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.cell import Cell, CellRole, Mark
from ui.widgets.cell_delegate import CellDelegate
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.table_view import TitleHeader

AnyIndex = QModelIndex | QPersistentModelIndex
ORDER: Final = "order"
CARRIER: Final = "carrier"
VALUE: Final = "value"
RESULT: Final = "result"
REMEDY: Final = "remedy"
_WIDTHS: Final = {ORDER: 220, CARRIER: 104, VALUE: 152, REMEDY: 148}
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class BatchModel(QAbstractTableModel):
    """``value_title`` names the column that is filled; without one there is nothing to fill."""

    def __init__(self, presenter: BatchPresenter, value_title: str, done_word: str, *, has_carrier: bool) -> None:
        super().__init__()
        self._presenter = presenter
        self._titles = {ORDER: tr("Order / receiver"), CARRIER: tr("Carrier"), VALUE: value_title, RESULT: tr("Result")}
        self._titles[REMEDY] = ""
        wanted = {ORDER: True, CARRIER: has_carrier, VALUE: bool(value_title), RESULT: True, REMEDY: has_carrier}
        self.keys: Sequence[str] = tuple(key for key in self._titles if wanted[key])
        self._done_word = done_word

    def show_all(self) -> None:
        """The rows came."""
        self.beginResetModel()
        self.endResetModel()

    def show_row(self, place: int) -> None:
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.keys) - 1))

    def show_again(self) -> None:
        """Any of them may look otherwise now."""
        if self._presenter.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._presenter.rows) - 1, len(self.keys) - 1))

    def column(self, key: str) -> int:
        return self.keys.index(key)

    # Qt's side

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._presenter.rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.keys)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid() or self.keys[index.column()] not in (CARRIER, VALUE):
            return flags
        is_open = self._presenter.rows[index.row()].is_open and not self._presenter.is_running
        return flags | Qt.ItemFlag.ItemIsEditable if is_open else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._titles[self.keys[section]]
        return _LEFT if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT
        key, row = self.keys[index.column()], self._presenter.rows[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return row.carrier if key == CARRIER else row.text
        cell = self._cell(key, row)
        if role == CellRole.CELL:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._titles[key]}: {cell.spoken()}"
        return cell.spoken() if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        if self.keys[index.column()] == CARRIER:
            self._presenter.choose_carrier((index.row(),), str(value))
        else:
            self._presenter.edit(index.row(), str(value))
        return True

    def _cell(self, key: str, row: BatchRow) -> Cell:
        if key == ORDER:
            contact, pieces = row.detail.contact, sum(line.open_qty for line in row.detail.lines)
            receiver = f"{mask_name(contact.name)} {mask_phone(contact.phone)}" if contact is not None else "—"
            return Cell(row.detail.order.no, f"{parcel_pieces(pieces)} · {receiver}")
        if key == CARRIER:
            return Cell(carrier_word(row.carrier))
        if key == VALUE:
            return Cell(row.text or "—", token="danger" if row.problem else "text" if row.text else "text3")
        if key == REMEDY:
            return Cell()
        if row.standing is Standing.DONE:
            return Cell(marks=(Mark(self._done_word, "green"),))
        token = "danger" if row.problem or row.standing in (Standing.REFUSED, Standing.UNCLEAR) else "text2"
        return Cell(standing_words(row, self._done_word), "" if row.problem else row.hint, token=token)


def _remedy_word(remedy: Remedy) -> str:
    words = {
        Remedy.RETRY: tr("Ask again"),
        Remedy.CARRIER: tr("Change carrier"),
        Remedy.ACCOUNT: tr("To the settings"),
        Remedy.SHOP: tr("To the settings"),
    }
    return words.get(remedy, "")


class _ValueField(QLineEdit):
    """A field of the column. Signals: `spread(object)` carries several pasted lines."""

    spread = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            text = QGuiApplication.clipboard().text()
            if len(text.strip().splitlines()) > 1 or "\t" in text:
                self.spread.emit(text)
                return
        super().keyPressEvent(event)


class _Fields(CellDelegate):
    """Opens the field or the choice of a cell."""

    def __init__(self, view: "BatchTable") -> None:
        super().__init__(view)
        self._view = view

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        name = str(index.model().headerData(index.column(), Qt.Orientation.Horizontal))
        if self._view.batch_model.keys[index.column()] == CARRIER:
            box = ChoiceBox([(known.code, carrier_word(known.code)) for known in carriers.CARRIERS], parent)
            box.setAccessibleName(name)
            box.activated.connect(self._on_box_activated)
            return box
        field = _ValueField(parent)
        field.setMaxLength(64)
        field.setAccessibleName(name)
        field.spread.connect(self._view.paste)
        return field

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, ChoiceBox):
            editor.choose(str(index.data(Qt.ItemDataRole.EditRole)))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        said = editor.key() if isinstance(editor, ChoiceBox) else editor.text() if isinstance(editor, QLineEdit) else ""
        model.setData(index, said)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        editor.setGeometry(option.rect.adjusted(2, 6, -2, -7))

    def _on_box_activated(self) -> None:
        box = self.sender()
        if isinstance(box, QWidget):
            self.commitData.emit(box)
            self.closeEditor.emit(box)


class BatchTable(QTableView):
    """Typing begins in the field of the row; Enter, which a scanner sends too, goes on to the next row.

    A row that came to nothing has the button of what helps it, in ``remedies`` by its place.
    Signals: `remedy_wanted(object)` carries the place of the row.
    """

    remedy_wanted = Signal(object)

    def __init__(self, presenter: BatchPresenter, model: BatchModel, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.batch_model = model
        self.remedies: dict[int, Button] = {}
        self.setAccessibleName(name)
        self.setItemDelegate(_Fields(self))
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed | triggers.SelectedClicked
        )
        rows, head = self.verticalHeader(), TitleHeader(self)
        self.setHorizontalHeader(head)
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(metrics.ROW_TWO_LINES - 8)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        for place, key in enumerate(model.keys):
            head.setSectionResizeMode(
                place, QHeaderView.ResizeMode.Fixed if key in _WIDTHS else QHeaderView.ResizeMode.Stretch
            )
            if key in _WIDTHS:
                self.setColumnWidth(place, _WIDTHS[key])

    def begin(self, place: int = 0) -> None:
        """Stand in the first row, ready to be typed into."""
        if VALUE in self.batch_model.keys and self._presenter.rows:
            self.setCurrentIndex(self.batch_model.index(place, self.batch_model.column(VALUE)))
        self.setFocus()

    def show_remedies(self) -> None:
        """Put a button beside each row that something helps; none while others are still on their way."""
        if REMEDY not in self.batch_model.keys:
            return
        for place, row in enumerate(self._presenter.rows):
            word = "" if self._presenter.is_running or not row.is_open else _remedy_word(row.remedy)
            button = self.remedies.get(place)
            if button is not None and button.text() != word:
                del self.remedies[place]
                index = self.batch_model.index(place, self.batch_model.column(REMEDY))
                self.setIndexWidget(index, None)  # type: ignore[arg-type]  # takes it away
                button = None
            if word and button is None:
                self._add_remedy(place, word, row.detail.order.no)

    def _add_remedy(self, place: int, word: str, order_no: str) -> None:
        button = Button(word, parent=self)
        button.set_height(metrics.BUTTON_SMALL)
        button.setAccessibleName(f"{word} {order_no}")
        button.clicked.connect(partial(self._on_remedy_clicked, place))
        holder = QWidget(self)
        across = QHBoxLayout(holder)
        across.setContentsMargins(metrics.SPACE_XS, 0, metrics.SPACE_S, 0)
        across.addStretch(1)
        across.addWidget(button)
        self.setIndexWidget(self.batch_model.index(place, self.batch_model.column(REMEDY)), holder)
        self.remedies[place] = button

    def choose_carrier(self, place: int) -> None:
        """Open the choice of carriers in a row."""
        index = self.batch_model.index(place, self.batch_model.column(CARRIER))
        self.setCurrentIndex(index)
        self.edit(index)

    def _on_remedy_clicked(self, place: int, _checked: bool = False) -> None:
        self.remedy_wanted.emit(place)

    def paste(self, text: object) -> None:
        """Fill the column from the current row on."""
        place = max(0, self.currentIndex().row())
        editor = self.indexWidget(self.currentIndex()) or self.focusWidget()
        if isinstance(editor, QLineEdit):
            super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        self._presenter.paste(place, str(text))

    def chosen_places(self) -> list[int]:
        """The rows that are selected; all of them while none or one is."""
        chosen = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return chosen if len(chosen) > 1 else list(range(len(self._presenter.rows)))

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        place = self.currentIndex().row() + 1
        is_line = isinstance(editor, QLineEdit) and hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache
        if is_line and place < self.batch_model.rowCount():
            self.setCurrentIndex(self.batch_model.index(place, self.currentIndex().column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and VALUE in self.batch_model.keys:
            self.paste(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and VALUE in self.batch_model.keys:
            for index in self.selectionModel().selectedRows():
                self._presenter.edit(index.row(), "")
        else:
            super().keyPressEvent(event)
