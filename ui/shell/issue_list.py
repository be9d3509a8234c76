"""The list of the issue centre: what must be decided, grouped, then what was settled today."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.kernel.i18n import tr
from ui.shell.issue_state import IssueView, grouped
from ui.shell.moment import hour_minute
from ui.theme import fonts, icons, metrics, tokens

_ROW_HEIGHT: Final = 72
_HEAD_HEIGHT: Final = 48
_VIEW: Final = Qt.ItemDataRole.UserRole + 1
_JOINED: Final = Qt.ItemDataRole.UserRole + 2
_AnyIndex = QModelIndex | QPersistentModelIndex


class _IssueDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(200, _HEAD_HEIGHT if index.data(_VIEW) is None else _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        painter.save()
        issue = index.data(_VIEW)
        rect = option.rect
        if not isinstance(issue, IssueView):
            painter.setFont(fonts.font(metrics.ROW, fonts.STRONG))
            painter.setPen(tokens.color("text"))
            painter.drawText(rect.adjusted(16, 0, -16, 0), int(Qt.AlignmentFlag.AlignVCenter), str(index.data()))
        else:
            self._paint_issue(painter, option, issue, bool(index.data(_JOINED)))
        painter.restore()

    def _paint_issue(self, painter: QPainter, option: QStyleOptionViewItem, issue: IssueView, is_joined: bool) -> None:
        rect = option.rect
        is_open = issue.closed_at is None
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(rect, tokens.color("danger_soft" if is_open else "accent_soft"))
            painter.fillRect(
                QRect(rect.left(), rect.top(), 3, rect.height()), tokens.color("danger" if is_open else "fill")
            )
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, tokens.color("hover"))
        left = 56 if is_joined else 0
        painter.fillRect(QRect(rect.left() + left, rect.top(), rect.width() - left, 1), tokens.color("border"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(tokens.color("danger" if is_open else "accent"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        token = "text2" if is_open else "accent_text"
        place = QRect(rect.left() + 18, rect.center().y() - 10, 20, 20)
        icons.paint(painter, place, issue.icon if is_open else "done", "danger" if is_selected and is_open else token)
        self._paint_words(painter, rect.adjusted(50, 0, -16, 0), issue)

    def _paint_words(self, painter: QPainter, area: QRect, issue: IssueView) -> None:
        is_open = issue.closed_at is None
        middle = area.center().y()
        painter.setFont(fonts.font(metrics.NOTE))
        painter.setPen(tokens.color("text2"))
        time = hour_minute(issue.closed_at or issue.at)
        width = painter.fontMetrics().horizontalAdvance(time)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), time)
        room = area.width() - width - 10
        self._line(painter, QRect(area.left(), middle + 1, room, 20), issue.subtitle)
        painter.setFont(fonts.font(metrics.ROW, fonts.STRONG if is_open else fonts.REGULAR))
        painter.setPen(tokens.color("text" if is_open else "text2"))
        self._line(painter, QRect(area.left(), middle - 21, room, 21), issue.title)

    def _line(self, painter: QPainter, line: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), shown)


class IssueList(QListWidget):
    """Signals: `issue_selected(object)` carries the `IssueView`, or None when there is none."""

    issue_selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_IssueDelegate(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._on_current_item_changed)

    def set_issues(self, issues: tuple[IssueView, ...]) -> None:
        """Show these; the chosen one stays chosen, else the first that waits is."""
        chosen = self.current()
        waiting = grouped(tuple(issue for issue in issues if issue.closed_at is None))
        settled = tuple(issue for issue in issues if issue.closed_at is not None)
        self.blockSignals(True)
        self.clear()
        previous = ""
        for issue in waiting:
            self._add(issue, issue.group == previous)
            previous = issue.group
        if settled:
            head = QListWidgetItem(tr("Settled today"), self)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            for issue in sorted(settled, key=lambda item: item.closed_at or item.at, reverse=True):
                self._add(issue, False)
        self.blockSignals(False)
        self.select(chosen.id if chosen is not None else "")
        self.issue_selected.emit(self.current())

    def select(self, issue_id: str) -> None:
        """Choose an issue, or the first if it is not here."""
        rows = [row for row in range(self.count()) if self.item(row).data(_VIEW) is not None]
        wanted = [row for row in rows if self.item(row).data(_VIEW).id == issue_id] or rows[:1]
        self.setCurrentRow(wanted[0] if wanted else -1)

    def current(self) -> IssueView | None:
        """The chosen issue."""
        item = self.currentItem()
        view = item.data(_VIEW) if item is not None else None
        return view if isinstance(view, IssueView) else None

    def _add(self, issue: IssueView, is_joined: bool) -> None:
        item = QListWidgetItem(issue.title, self)
        item.setData(_VIEW, issue)
        item.setData(_JOINED, is_joined)
        spoken = f"{issue.title}, {issue.subtitle}, {hour_minute(issue.at)}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _on_current_item_changed(self) -> None:
        self.issue_selected.emit(self.current())
