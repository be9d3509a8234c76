"""The overview: how is today, and what must I do first?"""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.dashboard.charts import HeatCard, MonthCard
from ui.pages.dashboard.entry import DashboardEntry, TakeZone
from ui.pages.dashboard.figures import FigureCard
from ui.pages.dashboard.models import PRODUCTS, Board, Figure, Target
from ui.pages.dashboard.newest import NewestCard
from ui.pages.dashboard.presenter import DashboardPresenter
from ui.pages.dashboard.tasks import TaskCard
from ui.theme import metrics
from ui.widgets.awaited import say_awaited
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState, Step

_GATHER_MS = 200
_MINUTE_S = 60
_HIGH_FIGURES, _LOW_FIGURES = 112, 96
_TOP_SHARE, _BOTTOM_SHARE = 34, 30


class DashboardPage(QWidget):
    """The first page of the day.

    Attributes: `figure_cards` by key, `task_card`, `month_card`, `heat_card`, `newest_card`, `empty_state`,
        `presenter`, `minute_timer`. Signals: `filled()`, there are figures.
    """

    filled = Signal()

    def __init__(self, services: PageServices, parent: QWidget | None, take_zone: TakeZone) -> None:
        super().__init__(parent)
        self._services = services
        self._take_zone = take_zone
        self._board: Board | None = None
        self.figure_cards: dict[str, FigureCard] = {}
        self.task_card = TaskCard(self)
        self.month_card = MonthCard(self)
        self.heat_card = HeatCard(self)
        self.newest_card = NewestCard(services.pictures, self)
        self.empty_state = EmptyState("orders", self)
        self._assemble()
        self.presenter = DashboardPresenter(services.runner, self, services.desk.clock, lambda: services.desk.on_duty)
        if (kept := services.preferences) is not None:
            self.presenter.point_id = lambda: kept.read().pickup_point_id
        self._gathering = self._timer(_GATHER_MS, self.presenter.reload)
        self.minute_timer = self._timer(_MINUTE_S * 1_000, self._on_minute_timeout)
        self.presenter.gather_by(self._gather)
        self._connect()
        self.retranslate()
        self.presenter.reload()
        self._await_minute()

    # What the presenter says

    def show_board(self, shown: Board) -> None:
        self._board = shown
        self._show_figures(shown.figures)
        self.task_card.show_tasks(shown.tasks)
        self.month_card.show_chart(shown.month)
        self.heat_card.show_chart(shown.heat)
        self.newest_card.show_rows(shown.newest)
        self._below.setCurrentWidget(self._grid_widget if shown.is_here and not shown.is_new else self._empty_card)
        self._say_empty()
        self._below.setVisible(True)
        if self.presenter.overview is not None:
            self._take_zone(self.presenter.overview.calendar.zone)
            self.filled.emit()

    # What the shell says

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.presenter.show_again()

    def page_shown(self) -> None:
        self.presenter.page_shown()
        self._await_minute()

    def page_hidden(self) -> None:
        self.presenter.page_hidden()
        self.minute_timer.stop()

    def person_changed(self) -> None:
        """Somebody else is on duty, who may see more or less."""
        self.presenter.show_again()

    # Building

    def _assemble(self) -> None:
        self._figures = QHBoxLayout()
        self._grid_widget = QWidget(self)
        self._grid = QGridLayout(self._grid_widget)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.task_card, 0, 0)
        self._grid.addWidget(self.month_card, 0, 1)
        self._grid.addWidget(self.newest_card, 1, 0)
        self._grid.addWidget(self.heat_card, 1, 1)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 1)
        for card in (self.task_card, self.month_card, self.newest_card, self.heat_card):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._grid.setRowStretch(0, _TOP_SHARE)
        self._grid.setRowStretch(1, _BOTTOM_SHARE)
        self._empty_card = Card(parent=self)
        self._empty_card.body.addWidget(self.empty_state)
        self._below = QStackedWidget(self)
        self._below.addWidget(self._grid_widget)
        self._below.addWidget(self._empty_card)
        self._below.setVisible(False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._figures)
        self._column.addWidget(self._below, 1)
        self._column.addStretch(0)

    def _connect(self) -> None:
        for card in (self.task_card, self.month_card, self.heat_card, self.newest_card):
            card.target_chosen.connect(self._on_target_chosen)
        self.empty_state.step_chosen.connect(self._on_empty_step_chosen)

    def _timer(self, span_ms: int, on_timeout: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(span_ms)
        timer.timeout.connect(on_timeout)
        return timer

    def _show_figures(self, figures: tuple[Figure, ...]) -> None:
        for place, figure in enumerate(figures):
            if figure.key not in self.figure_cards:
                card = FigureCard(self)
                card.target_chosen.connect(self._on_target_chosen)
                card.setFixedHeight(self._figure_height())
                self.figure_cards[figure.key] = card
                self._figures.insertWidget(place, card, 1)
            self.figure_cards[figure.key].show_figure(figure)
        keys = {figure.key for figure in figures}
        for key, card in self.figure_cards.items():
            card.setVisible(key in keys)

    def _say_empty(self) -> None:
        if self._board is not None and not self._board.is_here:
            say_awaited(self.empty_state)
        if self._board is None or not self._board.is_new:
            return
        count = self._board.on_sale_count
        note = tr("1 product on sale") if count == 1 else tr("{count} products on sale", count=f"{count:,}")
        step = Step(PRODUCTS, tr("Go to products"), tr("Put goods on sale"), note, "products", is_primary=True)
        self.empty_state.set_texts(
            tr("No orders yet"), tr("They appear here by themselves as soon as someone orders."), (step,)
        )

    def _figure_height(self) -> int:
        return _LOW_FIGURES if self.window().height() < metrics.LOW_SCREEN else _HIGH_FIGURES

    # Time

    def _gather(self) -> None:
        """Several changes are one question; but nobody is told a moment longer that the shop has not come."""
        if self._board is not None and not self._board.is_here:
            self._below.setVisible(False)
            self.presenter.reload()
        elif not self._gathering.isActive():
            self._gathering.start()

    def _await_minute(self) -> None:
        """The next minute of the clock: with it the time left, the comparison and, at midnight, the day change."""
        now = self._services.desk.clock.now()
        self.minute_timer.start(max(1, round((_MINUTE_S - now.second) * 1_000 - now.microsecond / 1_000)))

    def _on_minute_timeout(self) -> None:
        self.presenter.reload()
        self._services.recount()
        self._await_minute()

    # Slots

    def _on_target_chosen(self, target: object) -> None:
        if isinstance(target, Target):
            self._services.go(target.page, target.row)

    def _on_empty_step_chosen(self, key: object) -> None:
        self._services.go(str(key), "")

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = metrics.card_gap(self.window().height())
        for layout in (self._figures, self._grid, self._column):
            layout.setSpacing(gap)
        for card in self.figure_cards.values():
            card.setFixedHeight(self._figure_height())


def make_page(services: PageServices, parent: QWidget, take_zone: TakeZone) -> QWidget:
    """The page's widget."""
    return DashboardPage(services, parent, take_zone)


def entry(services: PageServices) -> DashboardEntry:
    """The page as the shell registers it."""
    return DashboardEntry(services, make_page)
