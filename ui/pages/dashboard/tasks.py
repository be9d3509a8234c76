"""What needs somebody now: one row per kind, the least time left first, one verb each."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.dashboard.models import Target, TaskRow
from ui.pages.dashboard.wording import Tone
from ui.theme import fonts, metrics, tokens
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import ElidedLabel, label

_PILL_WIDTH = 92
_PILL_HEIGHT = 22
_LEAST_ROW = 39
_MOST_ROW = 56


class TimePill(QWidget):
    """How much time is left, on a ground that says how urgent that is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._tone: Tone = "grey"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_left(self, text: str, tone: Tone) -> None:
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_room(self, width: int) -> None:
        """Be as wide as the widest of the list, so that what follows stands in one line."""
        self.setFixedWidth(width)

    def sizeHint(self) -> QSize:
        measure = QFontMetricsF(fonts.font(metrics.NOTE, fonts.STRONG))
        return QSize(max(_PILL_WIDTH, round(measure.horizontalAdvance(self._text) + 20)), _PILL_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color(f"chip_{self._tone}"))
        painter.drawRoundedRect(QRectF(self.rect()), _PILL_HEIGHT / 2, _PILL_HEIGHT / 2)
        painter.setPen(tokens.color(f"chip_{self._tone}_text"))
        painter.setFont(fonts.font(metrics.NOTE, fonts.STRONG))
        painter.drawText(QRectF(self.rect()), int(Qt.AlignmentFlag.AlignCenter), self._text)


class TaskLine(QWidget):
    """One kind of work. Signals: `target_chosen(object)` carries a `Target`."""

    target_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._target = Target("")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_ROW)
        self.setMaximumHeight(_MOST_ROW)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pill = TimePill(self)
        self._icon = IconLabel("wait", "text2", 20)
        self.title_label = ElidedLabel("", "strong")
        self.note_label = ElidedLabel("", "note")
        self.button = Button("", parent=self)
        self.button.set_height(metrics.BUTTON_SMALL - 2)
        self.button.clicked.connect(self._open)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title_label)
        words.addWidget(self.note_label)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(metrics.SPACE_L, 0, metrics.SPACE_L, 0)
        row.setSpacing(metrics.SPACE_M)
        row.addWidget(self.pill)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def show_task(self, task: TaskRow, *, is_first: bool) -> None:
        self._target = task.target
        self.pill.show_left(task.left, task.tone)
        self._icon.set_icon(task.icon, "text2")
        self.title_label.setText(task.title)
        self.note_label.setText(task.note)
        self.note_label.setVisible(bool(task.note))
        self.button.setText(task.verb)
        self.button.set_kind("primary" if is_first else "plain")
        self.button.setAccessibleName(f"{task.verb}: {task.title}, {task.left}")

    def _open(self) -> None:
        self.target_chosen.emit(self._target)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()


class TaskCard(Card):
    """Signals: `target_chosen(object)` carries a `Target`."""

    target_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=1, parent=parent)
        self.body.setSpacing(0)
        self.heading = label("", "card_title")
        self.count_label = label("", "note")
        self.nothing_label = label("", "muted")
        self.nothing_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lines: list[TaskLine] = []
        self._rules: list[QWidget] = []
        head = QHBoxLayout()
        head.setContentsMargins(metrics.SPACE_L, metrics.SPACE_M, metrics.SPACE_L, metrics.SPACE_XS)
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.count_label)
        self.body.addLayout(head)
        inner = QWidget()
        inner.setProperty("ground", "clear")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(inner)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self.nothing_label, 1)

    def show_tasks(self, tasks: tuple[TaskRow, ...]) -> None:
        self.heading.setText(tr("Do now"))
        self.nothing_label.setText(tr("Nothing needs doing now"))
        count = tr("1 kind") if len(tasks) == 1 else tr("{count} kinds · by time left", count=len(tasks))
        self.count_label.setText(count if tasks else "")
        while len(self._lines) < len(tasks):
            self._add_line()
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(tasks))
            self._rules[place].setVisible(0 < place < len(tasks))
            if place < len(tasks):
                line.show_task(tasks[place], is_first=place == 0)
        room = max((line.pill.sizeHint().width() for line in self.lines()), default=0)
        verbs = max((line.button.sizeHint().width() for line in self.lines()), default=0)
        for line in self._lines:
            line.pill.set_room(room)
            line.button.setMinimumWidth(verbs)
        self._area.setVisible(bool(tasks))
        self.nothing_label.setVisible(not tasks)

    def lines(self) -> tuple[TaskLine, ...]:
        """The rows that are shown."""
        return tuple(line for line in self._lines if not line.isHidden())

    def _add_line(self) -> None:
        line, across = TaskLine(self), rule(self)
        line.target_chosen.connect(self.target_chosen)
        self._lines.append(line)
        self._rules.append(across)
        self._column.insertWidget(self._column.count() - 1, across)
        self._column.insertWidget(self._column.count() - 1, line, 1_000)
