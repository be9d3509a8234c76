"""One issue: what happened, how it went, how it is now, what to do in the world, and the buttons."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.shell.issue_state import Choice, Fact, HistoryRow, HistoryTone, IssueAction, IssueChoice, IssueView
from ui.shell.moment import hour_minute
from ui.theme import metrics, tokens
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.chip import Chip
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import ElidedLabel, TextTone, label

_MARGIN: Final = 28
_TONES: Final[dict[HistoryTone, TextTone]] = {"plain": "", "muted": "muted", "trouble": "danger"}


class _Dot(QWidget):
    """A point on the line of time."""

    def __init__(self, token: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._token = token
        self.setFixedSize(16, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color(self._token))
        painter.drawEllipse(QPointF(self.width() / 2, self.height() / 2), 4, 4)


class IssueDetail(Card):
    """Signals: `decided(object)` carries an `IssueChoice`."""

    decided = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, parent=parent)
        self._issue: IssueView | None = None
        self._content: QWidget | None = None

    def show_issue(self, issue: IssueView | None) -> None:
        """Show an issue; None empties the card."""
        self._issue = issue
        if self._content is not None:
            self.body.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
            self._content = None
        if issue is not None:
            self._content = self._build(issue)
            self.body.addWidget(self._content)

    def _build(self, issue: IssueView) -> QWidget:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 20)
        column.setSpacing(metrics.SPACE_M)
        area = QScrollArea(content)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._story(issue))
        column.addWidget(area, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        foot.setSpacing(metrics.SPACE_M)
        foot.addWidget(rule(content))
        if issue.actions:
            foot.addLayout(self._actions(issue.actions))
        if issue.note:
            foot.addWidget(label(issue.note, "note", wraps=True))
        column.addLayout(foot)
        return content

    def _story(self, issue: IssueView) -> QWidget:
        story = QWidget()
        story.setProperty("ground", "clear")
        column = QVBoxLayout(story)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, metrics.SPACE_M)
        column.setSpacing(metrics.SPACE_L)
        column.addLayout(self._head(issue))
        if issue.sentence:
            column.addWidget(label(issue.sentence, "lead", wraps=True))
        if issue.choices:
            column.addLayout(self._choices(issue.choices))
        if issue.history:
            column.addWidget(label(tr("How it went"), "label"))
            column.addLayout(self._history(issue.history))
        if issue.facts:
            if not issue.choices:
                column.addWidget(label(tr("How it is now"), "label"))
            column.addLayout(self._facts(issue.facts))
        if issue.advice:
            column.addWidget(self._advice(issue.advice))
        column.addStretch(1)
        return story

    def _head(self, issue: IssueView) -> QHBoxLayout:
        is_open = issue.closed_at is None
        disc = IconLabel(issue.icon, "danger" if is_open else "accent_text", 24)
        disc.set_disc("danger_soft" if is_open else "accent_soft", 56)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(issue.headline, "headline", wraps=True))
        words.addWidget(label(issue.reference, "muted", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_L)
        row.addWidget(disc, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _history(self, rows: Sequence[HistoryRow]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(metrics.SPACE_L)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(3, 1)
        for place, row in enumerate(rows):
            is_trouble = row.tone == "trouble"
            grid.addWidget(label(hour_minute(row.at), "label"), place, 0)
            grid.addWidget(_Dot("danger" if is_trouble else "border2", self), place, 1)
            who = label(row.who, "muted")
            who.setMinimumWidth(112)
            grid.addWidget(who, place, 2)
            what = label(row.what, "strong" if is_trouble else "body", _TONES[row.tone], wraps=True)
            grid.addWidget(what, place, 3)
        return grid

    def _facts(self, facts: Sequence[Fact]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_M)
        for fact in facts:
            card = Card(kind="inset", padding=metrics.SPACE_M, parent=self)
            inner = QHBoxLayout()
            inner.setSpacing(metrics.SPACE_M)
            inner.addWidget(IconLabel(fact.icon, "text2", 20))
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(ElidedLabel(fact.label, "note"))
            words.addWidget(label(fact.value, "row_strong", wraps=True))
            inner.addLayout(words, 1)
            card.body.addLayout(inner)
            row.addWidget(card, 1)
        return row

    def _advice(self, advice: str) -> Card:
        card = Card(kind="warn", padding=metrics.SPACE_M, parent=self)
        inner = QHBoxLayout()
        inner.setContentsMargins(metrics.SPACE_XS, 0, 0, 0)
        inner.setSpacing(metrics.SPACE_M)
        inner.addWidget(IconLabel("hand", "warn", 24))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(tr("One thing for you to do"), "strong", "warn"))
        words.addWidget(label(advice, "lead", wraps=True))
        inner.addLayout(words, 1)
        card.body.addLayout(inner)
        return card

    def _choices(self, choices: Sequence[Choice]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_L)
        for choice in choices:
            card = Card(kind="strong", padding=24, parent=self)
            card.body.setSpacing(metrics.SPACE_XS)
            head = QHBoxLayout()
            head.addWidget(ElidedLabel(choice.owner, "label"), 1)
            head.addWidget(Chip(choice.badge, choice.badge_tone, has_dot=False))
            card.body.addLayout(head)
            card.body.addSpacing(metrics.SPACE_S)
            card.body.addWidget(label(choice.value, "till", wraps=len(choice.value) > 12))
            card.body.addSpacing(metrics.SPACE_S)
            card.body.addWidget(ElidedLabel(choice.by))
            card.body.addWidget(ElidedLabel(choice.when, "muted"))
            card.body.addSpacing(metrics.SPACE_M)
            card.body.addWidget(self._button(choice.action))
            row.addWidget(card, 1)
        return row

    def _actions(self, actions: Sequence[IssueAction]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_M)
        for action in actions:
            if not action.stands_apart:
                row.addWidget(self._button(action))
        row.addStretch(1)
        for action in actions:
            if action.stands_apart:
                row.addWidget(self._button(action))
        return row

    def _button(self, action: IssueAction) -> Button:
        button = Button(action.label, action.kind, action.icon, self)
        button.set_height(metrics.BUTTON_LARGE)
        button.setProperty("action_key", action.key)
        button.clicked.connect(self._on_button_clicked)
        return button

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if button is not None and self._issue is not None:
            self.decided.emit(IssueChoice(self._issue.id, str(button.property("action_key"))))
