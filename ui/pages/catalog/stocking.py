"""Adjusting and counting an article's stock, without Qt, and the movements that explain its number."""

from collections.abc import Callable
from typing import Protocol

from app.desk import stock, wording
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.desk.stock import StockStory
from app.domain.command import Command
from app.domain.stock.commands import AdjustStock, CountStock
from app.domain.stock.handlers import ADJUSTMENT_REASONS
from app.domain.stock.model import Location, MovementReason, StockLevel
from app.kernel.i18n import tr
from ui.pages.catalog.presenter import INITIATOR

TAKING = frozenset({MovementReason.DAMAGED, MovementReason.LOST, MovementReason.GIFT})
REASONS = ADJUSTMENT_REASONS
_TABLES = ("stock_levels", "stock_movements", "reservations", "skus", "orders")


class StockView(Protocol):
    """What the stock dialog must be able to show."""

    def show_story(self, story: StockStory) -> None: ...

    def show_refusal(self, text: str) -> None: ...

    def finish(self) -> None: ...


class StockPresenter:
    """Knows the stock of one article; moves it by deltas only."""

    def __init__(self, runner: Runner, view: StockView, sku_id: str) -> None:
        self._runner = runner
        self._view = view
        self._sku_id = sku_id
        self._is_busy = False
        self._generation = 0
        self._places: tuple[Location, ...] = ()
        self._counted_from: int | None = None
        self.story: StockStory | None = None
        self._stop_listening: Callable[[], None] = runner.listen(self._on_change)

    def open(self) -> None:
        self._look()

    def close(self) -> None:
        self._stop_listening()
        self._generation += 1

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved; a window that asked for it stays until it is."""
        return self._is_busy

    @property
    def level(self) -> StockLevel:
        """The stock where the article lies, or would lie first."""
        if self.story is not None and self.story.levels:
            return self.story.levels[0]
        return StockLevel(self._sku_id, self._places[0].id if self._places else "")

    @staticmethod
    def delta(reason: MovementReason, qty: int) -> int:
        """Pieces in or out: the reason says which."""
        return -qty if reason in TAKING else qty

    def note_count(self) -> None:
        """Somebody writes down what lies on the shelf: it is compared with the number that is known now.

        What is sold between this moment and the saving keeps its own movement.
        """
        if self.story is not None:
            self._counted_from = self.level.on_hand_qty

    def count_difference(self, counted_qty: int) -> int:
        seen = self.level.on_hand_qty if self._counted_from is None else self._counted_from
        return counted_qty - seen

    # Acts

    def adjust(self, reason: MovementReason, qty: int | None) -> None:
        if not qty:
            self._view.show_refusal(tr("Say how many pieces."))
            return
        self._perform(AdjustStock(self._sku_id, self.level.location_id, self.delta(reason, qty), reason))

    def count(self, counted_qty: int | None) -> None:
        if counted_qty is None:
            self._view.show_refusal(tr("Say how many pieces."))
            return
        seen = self.level.on_hand_qty if self._counted_from is None else self._counted_from
        self._perform(CountStock(self._sku_id, self.level.location_id, seen, counted_qty))

    def _perform(self, command: Command) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self._view.show_refusal("")
        self._runner.perform(command, self._on_done, self._on_refused, INITIATOR, self._on_lost)

    def _on_done(self, _done: Done) -> None:
        self._is_busy = False
        self._view.finish()

    def _on_refused(self, why: Rejected | NeedsNetwork) -> None:
        self._is_busy = False
        self._view.show_refusal(wording.refusal(why))

    def _on_lost(self) -> None:
        self._is_busy = False

    # What is known

    def _look(self) -> None:
        self._generation += 1
        generation = self._generation
        self._runner.query(stock.locations(), lambda places: self._on_places(generation, places))
        self._runner.query(stock.stock_story(self._sku_id), lambda story: self._on_story(generation, story))

    def _on_places(self, generation: int, places: tuple[Location, ...]) -> None:
        if generation != self._generation:
            return
        self._places = places
        if self.story is not None:
            self._view.show_story(self.story)

    def _on_story(self, generation: int, story: StockStory) -> None:
        if generation == self._generation:
            self.story = story
            self._view.show_story(story)

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches(_TABLES):
            self._look()
