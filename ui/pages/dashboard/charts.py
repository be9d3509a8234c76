"""The two charts of the overview in their cards: thirty days, and the hours of the week."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.kernel.i18n import tr
from ui.pages.dashboard import wording
from ui.pages.dashboard.models import HeatChart, MonthChart, cell_text
from ui.theme import fonts, metrics
from ui.widgets.card import Card
from ui.widgets.charts.heat import HeatDrawing, HeatLegend
from ui.widgets.charts.line import LineDrawing, Point
from ui.widgets.charts.scale import short
from ui.widgets.charts.view import ChartView
from ui.widgets.text import ElidedLabel, label

_FEN_PER_YUAN = 100


def _assemble(card: Card, head: QHBoxLayout, view: ChartView) -> None:
    card.body.setSpacing(metrics.SPACE_XS)
    card.body.setContentsMargins(metrics.SPACE_L, metrics.SPACE_M, metrics.SPACE_M, metrics.SPACE_S)
    head.setSpacing(metrics.SPACE_S)
    card.body.addLayout(head)
    card.body.addWidget(view, 1)


class MonthCard(Card):
    """Thirty days as a line. Signals: `target_chosen(object)` carries a `Target`."""

    target_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._chart: MonthChart | None = None
        self.heading = label("", "card_title")
        self.view = ChartView(self)
        self.average_label = ElidedLabel("", "note")
        self.average_label.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.total_label = label("", "note")
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addWidget(self.average_label, 1)
        head.addSpacing(metrics.SPACE_XS)
        head.addWidget(self.total_label)
        _assemble(self, head, self.view)
        self.view.mark_chosen.connect(self._on_view_mark_chosen)

    def show_chart(self, chart: MonthChart) -> None:
        self._chart = chart
        self.heading.setText(chart.title)
        # The dashes are a piece of the line that the words are about.
        self.average_label.setText(f"--- {chart.average_text}" if chart.average_text else "")
        self.total_label.setText(chart.total_text)
        unit = _FEN_PER_YUAN if chart.is_money else 1
        drawing = LineDrawing(
            points=tuple(Point(day.label, day.value, day.text) for day in chart.days),
            first=chart.first,
            average=chart.average,
            most_text=chart.most_text,
            last_text=chart.last_text,
            last_label=tr("Today"),
            unit=unit,
            tick_text=lambda value: short(value // unit),
        )
        self.view.show_drawing(drawing, chart.spoken())

    def _on_view_mark_chosen(self, mark: object) -> None:
        if self._chart is not None and isinstance(mark, int):
            self.target_chosen.emit(self._chart.days[mark].target)


class HeatCard(Card):
    """Hours across, weekdays down. Signals: `target_chosen(object)` carries a `Target`."""

    target_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._chart: HeatChart | None = None
        self.heading = label("", "card_title")
        self.view = ChartView(self)
        self.busiest_label = label("", "note_strong")
        self.total_label = ElidedLabel("", "note")  # gives way before the others are cut
        self.total_label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.few_label, self.many_label = label("", "note"), label("", "note")
        self.nothing_label = label("", "muted", wraps=True)
        self.nothing_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.legend = HeatLegend(self)
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        for widget in (self.busiest_label, self.total_label, self.few_label, self.legend, self.many_label):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        _assemble(self, head, self.view)
        self.body.addWidget(self.nothing_label, 1)
        self.view.mark_chosen.connect(self._on_view_mark_chosen)

    def show_chart(self, chart: HeatChart) -> None:
        self._chart = chart
        is_empty = chart.busiest is None
        self.heading.setText(tr("Busy hours"))
        self.busiest_label.setText(chart.busiest_text)
        self.total_label.setText(chart.total_text)
        self.few_label.setText(tr("few"))
        self.many_label.setText(tr("many"))
        self.nothing_label.setText(tr("After the first whole week it shows here when most orders come"))
        for widget in (self.busiest_label, self.total_label, self.few_label, self.legend, self.many_label, self.view):
            widget.setVisible(not is_empty)
        self.nothing_label.setVisible(is_empty)
        labels = tuple(wording.weekday(day) for day in range(7))
        measure = QFontMetricsF(fonts.font(metrics.NOTE))
        drawing = HeatDrawing(
            cells=chart.cells,
            row_labels=labels,
            column_label=wording.hour,
            left=max(measure.horizontalAdvance(each) for each in labels) + 10,
            ringed=chart.busiest,
            say=cell_text,
        )
        self.view.show_drawing(drawing, chart.spoken())

    def _on_view_mark_chosen(self, mark: object) -> None:
        if self._chart is not None and isinstance(mark, int):
            self.target_chosen.emit(self._chart.target_of(*divmod(mark, 24)))
