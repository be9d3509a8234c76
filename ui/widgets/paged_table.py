"""A table model over a million rows that holds only their numbers; what is known of them is in `row_windows`."""

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.kernel.i18n import tr
from ui.widgets.cell import Cell, CellRole, Column, Row
from ui.widgets.row_windows import UNKNOWN, AskRowids, PagedSource, RowWindows
from ui.widgets.rowids import common_head, common_tail, place_of

if TYPE_CHECKING:
    from app.kernel.splices import Splices

SPLICES_SHOWN: Final = 16
"""With more of them the rows between the first and the last are exchanged as one."""
_NO_INDEX: Final = QModelIndex()
_ACROSS: Final = Qt.Orientation.Horizontal
_ALIGNMENT: Final = Qt.ItemDataRole.TextAlignmentRole
_HEADER_ROLES: Final = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, _ALIGNMENT})
"""A header that is laid out asks for hundreds of things that no title has."""
_ALIGNMENTS: Final = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "centre": Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter,
}
_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
AnyIndex: TypeAlias = QModelIndex | QPersistentModelIndex


class RowLook(NamedTuple):
    """What is painted of a row: the content of its cells if it is known, and its tick if rows have one."""

    cells: tuple[Cell, ...] | None
    check: Qt.CheckState | None


class PagedModel(QAbstractTableModel, Generic[Row]):
    """Shows the rows whose numbers it is given; asks the source for windows of them when they come in sight.

    Signals: `checks_changed()` after rows were ticked or the ticks were cleared.
    """

    checks_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        source: PagedSource[Row],
        is_checkable: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._is_checkable = is_checkable
        self._rowids: array[int] = array("q")
        self._windows: RowWindows[Row] = RowWindows(source, self)
        self._windows.loaded.connect(self._on_windows_loaded)
        self._rows = self._windows.rows
        self._checked: set[int] = set()

    # What is shown

    def set_rowids(self, rowids: Sequence[int], splices: "Splices | None" = None) -> None:
        """Show these rows in this order. Rows known already keep their content until it is fetched anew.

        A row may be -1 as long as its number is not known: it has its place, and its number is asked for when it comes
        in sight. ``splices`` tells how the rows came out of those that are shown; without it that is found out.
        """
        new = rowids if isinstance(rowids, array) else array("q", rowids)
        old = self._rowids
        if splices is not None and splices.since is old and len(splices.parts) <= SPLICES_SHOWN:
            self._splice(splices, new)
            return
        head = common_head(old, new)
        agrees = self._windows.agree(new)
        if len(old) == len(new) and head < len(old) and old[head] == UNKNOWN and agrees:
            self._rowids = new  # what was unknown is known now, and nothing moves
            self.refresh()
            return
        tail = common_tail(old, new, head)
        if len(old) - tail > head:
            self.beginRemoveRows(_NO_INDEX, head, len(old) - tail - 1)
            self._rowids = old[:head] + old[len(old) - tail :]
            self.endRemoveRows()
        if len(new) - tail > head:
            self.beginInsertRows(_NO_INDEX, head, len(new) - tail - 1)
            self._rowids = new
            self.endInsertRows()
        self._rowids = new
        self._drop_hidden_checks()
        self.refresh()

    def _splice(self, splices: "Splices", new: "array[int]") -> None:
        if splices.parts:
            self._rowids = array("q", splices.since)  # the old one belongs to others too
        for part in reversed(splices.parts):
            if part.gone:
                self.beginRemoveRows(_NO_INDEX, part.at, part.at + part.gone - 1)
                del self._rowids[part.at : part.at + part.gone]
                self.endRemoveRows()
            if part.come:
                self.beginInsertRows(_NO_INDEX, part.at, part.at + len(part.come) - 1)
                self._rowids[part.at : part.at] = part.come
                self.endInsertRows()
        self._rowids = new
        if any(part.gone for part in splices.parts):
            self._drop_hidden_checks()
        self.refresh()

    def ask_rowids_with(self, ask: AskRowids) -> None:
        """Whom to ask for rows that are in sight and whose numbers are not known yet."""
        self._windows.ask_rowids = ask

    def know(self, rows: Mapping[int, Row]) -> None:
        """What is shown of the first rows that `set_rowids` is told of next: they are painted at once."""
        self._windows.know(rows)

    def refresh(self) -> None:
        """Fetch again what is in sight, as after a change; old content stays until the new has come."""
        self._windows.refresh(self._rowids)
        self._repaint(0, len(self._rowids) - 1)

    def rowids(self) -> Sequence[int]:
        """The numbers of all rows, in order."""
        return self._rowids

    def rowid_at(self, position: int) -> int | None:
        """The number of the row at a position, if it is known."""
        rowid = self._rowids[position] if 0 <= position < len(self._rowids) else UNKNOWN
        return None if rowid == UNKNOWN else rowid

    def position_of(self, rowid: int) -> int | None:
        """Where a row stands, or None if it is not shown."""
        return place_of(self._rowids, rowid)

    def row_at(self, position: int) -> Row | None:
        """The content of a row if it has been fetched; never fetches."""
        rowid = self.rowid_at(position)
        return None if rowid is None else self._rows.get(rowid)

    def known(self, rowid: int) -> Row | None:
        """The content of the row with this number if it has been fetched; never fetches."""
        return self._rows.get(rowid)

    def columns(self) -> Sequence[Column[Row]]:
        """The columns, as they were given."""
        return self._columns

    def loaded_count(self) -> int:
        """How many rows have been fetched and are kept."""
        return len(self._rows)

    def loaded_here(self) -> int:
        """How many of the shown rows have been fetched and are kept."""
        return len(self._rows) if len(self._rows) <= len(self._rowids) else len(self._rows.keys() & set(self._rowids))

    def retranslate(self) -> None:
        """Say titles and cells again in the language of now."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)
        self._repaint(0, len(self._rowids) - 1)

    # Ticks

    def is_checkable(self) -> bool:
        """Whether rows carry a box."""
        return self._is_checkable

    def checked(self) -> frozenset[int]:
        """The numbers of the ticked rows; a row that a filter hides keeps no tick."""
        return frozenset(self._checked)

    def set_checked(self, rowids: Sequence[int]) -> None:
        """Tick exactly these rows."""
        shown = set(self._rowids)
        self._checked = shown.intersection(rowids) - {UNKNOWN}
        self._repaint(0, len(self._rowids) - 1)
        self.checks_changed.emit()

    def check_loaded(self) -> None:
        """Tick the rows that have been fetched: what a person has seen, not all that a filter fits."""
        self.set_checked(tuple(self._rows))

    def toggle(self, position: int) -> None:
        """Tick a row or take its tick away."""
        rowid = self.rowid_at(position)
        if rowid is None or not self._is_checkable:
            return
        self._checked.symmetric_difference_update({rowid})
        self._repaint(position, position)
        self.checks_changed.emit()

    def _drop_hidden_checks(self) -> None:
        if self._checked:
            kept = self._checked.intersection(self._rowids)
            if kept != self._checked:
                self._checked = kept
                self.checks_changed.emit()

    # Fetching

    def want(self, position: int) -> None:
        """Ask for the rows around this one before it is painted."""
        self._windows.want(position)

    def _on_windows_loaded(self, first: int, last: int) -> None:
        self._repaint(first, last)

    def _repaint(self, first: int, last: int) -> None:
        if 0 <= first <= last and self._columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    # Qt's side

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rowids)

    def columnCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _FLAGS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _HEADER_ROLES or orientation != _ACROSS or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        return _ALIGNMENTS[column.align] if role == _ALIGNMENT else column.title()

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rowids):
            return None
        rowid = self._rowids[index.row()]
        if role == CellRole.ROWID:
            return rowid
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS[column.align]
        if role == Qt.ItemDataRole.CheckStateRole:
            return self._check_state(rowid, index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, CellRole.CELL):
            self._windows.want(index.row())
            return self._content(rowid, column, role)
        return None

    def look(self, position: int, columns: Sequence[Column[Row]]) -> RowLook:
        """All that is painted of a row at once: asking cell by cell, role by role, costs more than the painting."""
        rowid = self._rowids[position]
        self._windows.want(position)
        row = self._rows.get(rowid)
        cells = None if row is None else tuple([column.cell(row) for column in columns])
        return RowLook(cells, self._check_state(rowid, 0))

    def _check_state(self, rowid: int, column: int) -> Qt.CheckState | None:
        if not self._is_checkable or column != 0:
            return None
        return Qt.CheckState.Checked if rowid in self._checked else Qt.CheckState.Unchecked

    def _content(self, rowid: int, column: Column[Row], role: int) -> Any:
        row = self._rows.get(rowid)
        if row is None:
            return None if role == CellRole.CELL else (tr("Loading") if role != Qt.ItemDataRole.DisplayRole else "")
        cell = column.cell(row)
        if role == CellRole.CELL:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title()}: {cell.spoken()}"
        return cell.text
