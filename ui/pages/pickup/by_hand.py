"""What is done at the counter without a scan: find somebody, look, and then redeem by a key of its own. Without Qt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from app.desk import pickup
from app.desk.pickup import Expected, Judged, PickupFile, Problem
from app.desk.runner import Done, Runner
from app.desk.threads import Query
from app.domain.permission import Permission
from app.domain.pickup.commands import HandedPieces, HandOverPickup, MarkReady, RecordUnknownRedeemed
from app.kernel.i18n import tr
from ui.pages.pickup import telling
from ui.pages.pickup.telling import handed_by
from ui.pages.pickup.verdict import Act, Kind
from ui.pages.pickup.view import Core, PickupView, Place

INITIATOR: Final = "pickup"
T = TypeVar("T")


class ByHand:
    """The half of the presenter that answers to the keyboard; what it finds is told and redeemed by the other one."""

    def __init__(self, core: Core, runner: Runner, view: PickupView, place: Place) -> None:
        self._core = core
        self._runner = runner
        self._view = view
        self._place = place

    # Typed and looked up: never redeemed without a key of its own

    def enter(self, text: str) -> None:
        """Enter was pressed in the field."""
        words = text.strip()
        if not words:
            return
        codes = pickup.codes_in(words)
        digits = pickup.human_code(words)
        if not codes and not digits:
            self.search(words, is_entered=True)
            return
        here = self._core.here()
        if here is not None:
            query = (
                pickup.judge_digits(digits, here) if digits else pickup.judge_code(codes[0], self._place.keys(), here)
            )
            self._ask(query, lambda judged: self._look(judged, digits))

    def search(self, words: str, *, is_entered: bool = False) -> None:
        """Who is to come and has this name or phone; one alone is opened at once if Enter asked for it."""

        def answered(rows: tuple[Expected, ...]) -> None:
            if is_entered and len(rows) == 1:
                self.open(rows[0].order_id)
            else:
                self._view.show_found(rows, words)

        self._ask(pickup.search(words, self._core.point_id()), answered)

    def _ask(self, query: Query[T], then: Callable[[T], None]) -> None:
        """What is asked by hand is shown only if nobody has scanned, gone on or asked anew meanwhile."""
        turn = self._core.take_turn()

        def answered(answer: T) -> None:
            if self._core.has_turn(turn):
                then(answer)

        self._runner.query(query, answered, lambda: self._core.has_turn(turn))

    def open(self, order_id: str) -> None:
        """A row of a list was chosen: who it is, and what may be done."""
        here = self._core.here()
        if here is not None:
            self._ask(pickup.judge_order(order_id, here), self._look)

    def _look(self, judged: Judged, digits: str = "", *, undone: bool = False) -> None:
        """Show what was looked up, or why it cannot be collected."""
        if judged.command is None or judged.file is None:
            if digits and judged.problem is Problem.NOT_HERE:
                self._core.next(tr("Nobody has the digits {digits} here. Read them out once more.", digits=digits))
                return
            self._core.decline(judged)
            return
        self._core.light(judged.file.order.id)
        may = self._core.may(Permission.PICKUP_REDEEM)
        file, now = judged.file, self._core.now()
        self._core.show(lambda: telling.found(file, now, may_redeem=may, undone=undone), file)

    def redeem(self, pieces: tuple[HandedPieces, ...] = ()) -> None:
        """What was looked up is handed over, all that is left of it or some pieces."""
        file = self._shown(Kind.FOUND)
        here = self._core.here() if file is not None and not self._core.is_busy() else None
        if file is not None and here is not None:
            self._core.begin(here)
            query = pickup.judge_order(file.order.id, here, pieces)
            self._runner.query(query, lambda judged: self._core.redeem(judged, here), self._core.lose)

    def part(self) -> None:
        """Not everything is there, or wanted now."""
        file = self._shown(Kind.FOUND)
        if file is not None:
            self._view.ask_part(file)

    def _shown(self, kind: Kind) -> PickupFile | None:
        """The order of the verdict that stands there, if it is of this kind."""
        verdict = self._core.verdict
        return self._core.file if verdict is not None and verdict.kind is kind else None

    # The manager's word

    def override(self) -> None:
        """A manager wants to hand over what is refused."""
        if self._wanted_override() is not None:
            self._view.ask_override(self._core.file)

    def hand_over(self, reason: str) -> None:
        """The manager has said so; ``reason`` is kept where there is an order to keep it with."""
        command, file = self._wanted_override(), self._core.file
        if isinstance(command, HandOverPickup) and file is not None:
            handed = handed_by(file, command)
            judged = Judged(file=file, is_offline=not self._place.is_online(), device_id=command.device_id)

            def done(_done: Done) -> None:
                here = replace(self._core.standpoint(), redemption_id=command.redemption_id)
                self._core.ask_aftermath(file.order.id, lambda after: self._core.told(after, handed, judged, here))

            self._runner.perform(replace(command, reason=reason.strip()), done, initiator=INITIATOR)
        elif isinstance(command, RecordUnknownRedeemed):
            now = self._core.now()
            self._runner.perform(command, lambda _: self._core.show(lambda: telling.honoured(now), None))

    def _wanted_override(self) -> HandOverPickup | RecordUnknownRedeemed | None:
        if self._core.verdict is None or all(offer.act is not Act.OVERRIDE for offer in self._core.verdict.offers):
            return None
        return self._core.declined.override if self._core.declined is not None else None

    # Preparing

    def prepare(self) -> None:
        """The goods have been fetched: where do they stand?"""
        file = self._shown(Kind.NOT_READY)
        if file is not None:
            self._view.ask_shelf(file)

    def mark_ready(self, order_id: str, shelf: str) -> None:
        """The goods are fetched and stand on a shelf: the customer is served at once."""
        command = MarkReady(order_id, shelf.strip())
        self._runner.perform(command, lambda _: self._refreshed(order_id), initiator=INITIATOR)

    def _refreshed(self, order_id: str) -> None:
        self._core.ask_aftermath(order_id, lambda _: self.open(order_id))

    def reopen(self, order_id: str) -> None:
        """What was taken back stands there again, as found."""
        here = self._core.here()
        if here is not None:
            self._ask(pickup.judge_order(order_id, here), lambda judged: self._look(judged, undone=True))
