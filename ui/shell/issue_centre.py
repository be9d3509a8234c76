"""The issue centre: only what a person must decide. What mends itself never appears."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.shell.issue_detail import IssueDetail
from ui.shell.issue_list import IssueList
from ui.shell.issue_state import IssueView
from ui.theme import metrics
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.text import label

_LIST_WIDTH: Final = 352
_LIST_NARROW: Final = 320


class IssueCentre(QWidget):
    """List and detail. Signals: `decided(object)` carries an `IssueChoice`."""

    decided = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._issues: tuple[IssueView, ...] = ()
        self.list = IssueList(self)
        self.detail = IssueDetail(self)
        self._head = label("", "card_title")
        self._fact = label("", "note")
        self._foot = label("", "note", wraps=True)
        self._list_card = self._build_list()
        self._empty = EmptyState("done", self)
        both = QWidget(self)
        self._row = QHBoxLayout(both)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._list_card)
        self._row.addWidget(self.detail, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(both)
        self._stack.addWidget(self._empty)
        self.list.issue_selected.connect(self.detail.show_issue)
        self.detail.decided.connect(self.decided)
        self.retranslate()

    def _build_list(self) -> Card:
        card = Card(padding=0, parent=self)
        card.body.setContentsMargins(1, 0, 1, 1)
        card.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(metrics.SPACE_L, 14, metrics.SPACE_L, 14)
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self._fact)
        card.body.addLayout(head)
        card.body.addWidget(self.list, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(metrics.SPACE_L, metrics.SPACE_M, metrics.SPACE_L, metrics.SPACE_L)
        foot.addWidget(self._foot)
        card.body.addLayout(foot)
        return card

    def set_issues(self, issues: tuple[IssueView, ...]) -> None:
        """Show what waits and what was settled today."""
        self._issues = issues
        self.list.set_issues(issues)
        self._stack.setCurrentIndex(0 if issues else 1)

    def open_row(self, row: object) -> None:
        """Choose the issue with this id."""
        self.list.select(str(row))
        self.list.setFocus()

    def title(self) -> str:
        """What the top bar calls this place."""
        return tr("Issue centre")

    def fact(self) -> str:
        """How much waits, and how much was settled today."""
        waiting = self.waiting_count()
        settled = len(self._issues) - waiting
        return tr("{waiting} to decide · {settled} settled today", waiting=waiting, settled=settled)

    def waiting_count(self) -> int:
        """How much must be decided."""
        return sum(issue.closed_at is None for issue in self._issues)

    def retranslate(self) -> None:
        """Say the fixed texts again; the issues themselves are given anew."""
        self.list.setAccessibleName(tr("Issues"))
        self._head.setText(tr("To decide"))
        self._fact.setText(tr("Grouped by order"))
        self._foot.setText(tr("Only what a person must decide stands here. The rest has sorted itself out."))
        self._empty.set_texts(
            tr("Nothing to decide"), tr("What was done here and elsewhere fits together. If not, it shows up here.")
        )
        self.list.set_issues(self._issues)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._list_card.setFixedWidth(_LIST_NARROW if self.width() < 1170 else _LIST_WIDTH)
        self._row.setSpacing(metrics.card_gap(self.window().height()))
