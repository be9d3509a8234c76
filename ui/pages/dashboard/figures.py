"""The cards along the top: a figure with the parts that add up to it, each leading to its rows."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.dashboard.models import Figure, Part, Target
from ui.theme import fonts, metrics, tokens
from ui.widgets.card import Card
from ui.widgets.charts.spark import SparkDrawing
from ui.widgets.charts.view import ChartView
from ui.widgets.text import ElidedLabel, label, set_tone

_GAP = 5.0
_RING = 2
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class PartButton(QAbstractButton):
    """A part of a figure: its name, and its number in bold."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.part = Part("", "", Target(""))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_part(self, part: Part) -> None:
        self.part = part
        self.setText(f"{part.title} {part.figure}")
        self.setAccessibleName(tr("{title} {figure}: open", title=part.title, figure=part.figure))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        plain, strong = self._measures()
        width = plain.horizontalAdvance(self.part.title) + strong.horizontalAdvance(self.part.figure)
        return QSize(round(width + _GAP + 5), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(tokens.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        left = _RING + self._measures()[0].horizontalAdvance(self.part.title) + _GAP
        is_hovered = self.underMouse()
        painter.setFont(fonts.font(metrics.NOTE))
        painter.setPen(tokens.color("accent_text" if is_hovered else "text2"))
        painter.drawText(QRectF(_RING, 0, left, self.height()), middle, self.part.title)
        painter.setFont(fonts.font(metrics.NOTE, fonts.STRONG))
        painter.setPen(tokens.color("accent_text" if is_hovered else "text"))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), middle, self.part.figure)

    def _measures(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        return QFontMetricsF(fonts.font(metrics.NOTE)), QFontMetricsF(fonts.font(metrics.NOTE, fonts.STRONG))


class FigureCard(Card):
    """Pressing the card opens the rows behind the figure, pressing a part those behind the part.

    Signals: `target_chosen(object)` carries a `Target`.
    """

    target_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._figure: Figure | None = None
        self._has_course = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # All cards are equally wide, whatever they say.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.heading = label("", "muted")
        self.figure_label = label("", "figure")
        self.change_label = label("", "note_strong")
        self.note_label = ElidedLabel("", "note")
        self.spark = ChartView(self)
        self.spark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.spark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.spark.setFixedSize(92, 34)
        self._parts: list[PartButton] = []
        self._between: list[QLabel] = []
        self._assemble()

    def _assemble(self) -> None:
        self.body.setSpacing(0)
        self.body.setContentsMargins(metrics.SPACE_L - _RING, 7, metrics.SPACE_L, 7)
        for words in (self.heading, self.figure_label, self.change_label):
            words.setContentsMargins(_RING, 0, 0, 0)  # in one line with the parts, which have their rings around them
        figure = QHBoxLayout()
        figure.setSpacing(metrics.SPACE_S)
        figure.addWidget(self.figure_label)
        figure.addStretch(1)
        figure.addWidget(self.spark)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(metrics.SPACE_XS)
        self._foot.addStrut(20)  # an empty foot keeps its place: the figures of all cards stand in one line
        self._foot.addWidget(self.change_label)
        self._foot.addWidget(self.note_label, 1)
        self._foot.addStretch(0)
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addStretch(1)
        column.addWidget(self.heading)
        column.addLayout(figure)
        column.addLayout(self._foot)
        column.addStretch(1)
        self.body.addLayout(column)

    def show_figure(self, figure: Figure) -> None:
        """Show another state of the same card."""
        self._figure = figure
        self.heading.setText(figure.title)
        self.figure_label.setText(figure.figure)
        self.change_label.setText(figure.change)
        self.change_label.setVisible(bool(figure.change))
        set_tone(self.change_label, "danger" if figure.is_less else "accent")
        self.note_label.setText(figure.note)
        self.note_label.setVisible(not figure.parts)
        self._has_course = len(set(figure.course)) > 1
        self._fit()
        self.spark.show_drawing(SparkDrawing(figure.course), tr("Course of today"))
        self._show_parts(figure.parts)
        said = [figure.figure, *(f"{part.title} {part.figure}" for part in figure.parts), figure.change, figure.note]
        words = ", ".join(each for each in said if each)
        self.setAccessibleName(tr("{title}: {words}. Open", title=figure.title, words=words))

    def parts(self) -> tuple[PartButton, ...]:
        """The parts that are shown."""
        return tuple(part for part in self._parts if not part.isHidden())

    def _show_parts(self, parts: tuple[Part, ...]) -> None:
        while len(self._parts) < len(parts):
            if self._parts:
                dot = label("·", "note")
                self._between.append(dot)
                self._foot.insertWidget(self._foot.count() - 2, dot)
            button = PartButton(self)
            button.clicked.connect(self._on_part_clicked)
            self._parts.append(button)
            self._foot.insertWidget(self._foot.count() - 2, button)
        for place, button in enumerate(self._parts):
            button.setVisible(place < len(parts))
            if place < len(parts):
                button.show_part(parts[place])
        for place, dot in enumerate(self._between):
            dot.setVisible(len(parts) == 2 and place == 0)  # three need all the room

    def _on_part_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, PartButton):
            self.target_chosen.emit(button.part.target)

    def _open(self) -> None:
        if self._figure is not None:
            self.target_chosen.emit(self._figure.target)

    def _fit(self) -> None:
        """A figure is never cut; the course of the day is left out where both have no room."""
        room = self.width() - 2 * metrics.SPACE_L - metrics.SPACE_S - self.figure_label.sizeHint().width()
        self.spark.setVisible(self._has_course and room >= self.spark.width())

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.set_kind("strong")

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self.set_kind("plain")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in _KEYS:
            self._open()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tokens.color("accent"), 2))
            radius = metrics.RADIUS_CARD
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
