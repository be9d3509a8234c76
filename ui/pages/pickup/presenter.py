"""What the pickup page does, without Qt: from a scan to a verdict, one customer after the other."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from app.desk import pickup
from app.desk.pickup import AtCounter, Expected, Judged, PickupFile, Problem, Standpoint
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.desk.session import OnDuty
from app.desk.sounds import Sound
from app.domain.permission import Permission
from app.domain.pickup.code import PickupKeys
from app.domain.pickup.commands import HandedPieces, MarkReady, RecordRedeemed, RedeemPickup
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.pickup import telling, wording
from ui.pages.pickup.telling import Now
from ui.pages.pickup.verdict import Kind, Strip, Verdict

TABLES: Final = (
    *("pickups", "pickup_points", "pickup_redemptions", "settings"),
    *("orders", "order_lines", "order_contacts", "staff"),
)
AGAIN: Final = timedelta(seconds=3)
"""A gun that sees the same phone again so soon means the same customer."""
INITIATOR: Final = "pickup"
MOST_WAITING: Final = 20
GIVEN_UP: Final = timedelta(seconds=3)
"""A question without an answer, as after a fault of the disk that a message has told of, holds nobody up for longer."""
SOUNDS: Final = {
    Kind.DONE: Sound.PICKUP_DONE,
    Kind.ALREADY: Sound.PICKUP_ALREADY,
    Kind.NOT_READY: Sound.PICKUP_ALREADY,
    Kind.ELSEWHERE: Sound.PICKUP_ELSEWHERE,
    Kind.REFUSED: Sound.PICKUP_REFUSED,
}
log = logging.getLogger("desk")


class Place(Protocol):
    """What belongs to this counter."""

    clock: Clock
    ids: IdSource

    @property
    def point_id(self) -> str: ...

    def choose_point(self, point_id: str) -> None: ...

    def counter_no(self) -> int: ...

    def is_online(self) -> bool: ...

    def keys(self) -> PickupKeys | None: ...

    def on_duty(self) -> OnDuty | None: ...

    def play(self, sound: Sound) -> None: ...


class PickupView(Protocol):
    """What the page must be able to show. A verdict and the lists beside it come together, to be drawn in one paint."""

    def show_waiting(self, notice: str = "") -> None: ...

    def show_verdict(self, verdict: Verdict) -> None: ...

    def show_lists(self, at: AtCounter, lit_order_id: str) -> None: ...

    def show_found(self, rows: tuple[Expected, ...], words: str) -> None: ...

    def show_points(self, at: AtCounter) -> None: ...

    def show_undo(self, text: str) -> None: ...

    def ask_shelf(self, file: PickupFile) -> None: ...

    def ask_part(self, file: PickupFile) -> None: ...

    def copy(self, text: str) -> None: ...

    def open_order(self, order_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Undoable:
    """What can be taken back until ``until``."""

    redemption_id: str
    order_id: str
    device_id: str
    until: datetime


class PickupPresenter:
    """Judges one code at a time, in the order in which they were scanned; ``verdict`` is what stands there now."""

    def __init__(self, runner: Runner, view: PickupView, place: Place) -> None:
        self._runner = runner
        self._view = view
        self._place = place
        self.verdict: Verdict | None = None
        self._tell: Callable[[], Verdict] | None = None
        self.file: PickupFile | None = None
        self.at: AtCounter | None = None
        self.last: tuple[datetime, str] | None = None
        self._undoable: Undoable | None = None
        self._scans: deque[str] = deque(maxlen=MOST_WAITING)
        self._busy_since: datetime | None = None
        self._read_text = ""
        self._read_at: datetime | None = None
        self._generation = 0
        self._is_shown = True
        self._is_stale = False
        self._lit = ""
        self._stop_listening = runner.listen(self._on_change)

    def close(self) -> None:
        """Nothing is shown any more."""
        self._stop_listening()
        self._generation += 1

    # The point

    def point_id(self) -> str:
        """Where goods are handed over here: as chosen, or the only place there is; "" while nobody has chosen."""
        if self.at is None:
            return self._place.point_id
        known = [point.id for point in self.at.lists.points]
        if self._place.point_id in known:
            return self._place.point_id
        return known[0] if len(known) == 1 else ""

    def choose_point(self, point_id: str) -> None:
        self._place.choose_point(point_id)
        self._read_at = None
        self.next()
        self.reload()

    # Lists

    def reload(self) -> None:
        """Ask for both lists again; what stands on the large card stays."""
        self._generation += 1
        generation = self._generation
        query = pickup.at_counter(self.point_id(), self._place.clock.now())
        self._runner.query(query, lambda at: self._on_lists(generation, at))

    def _on_lists(self, generation: int, at: AtCounter) -> None:
        if generation != self._generation:
            return
        before, self.at = self.point_id() if self.at else None, at
        if before is None and self.point_id() != self._place.point_id:
            self.reload()  # only now it is known which of the points this is
            return
        self._view.show_points(at)
        self._view.show_lists(at, self._lit)

    # Scanned

    def scan(self, text: str) -> None:
        """A scanner has read something, wherever the focus was."""
        codes = pickup.codes_in(text)
        if not codes and pickup.human_code(text):
            self.enter(text)  # figures alone may be an article's: a person looks before they are redeemed
            return
        for code in codes or (text,):
            if not self._is_again(code):
                self._scans.append(code)
        self._go_on()

    def garbled(self) -> None:
        """A scan went into an input method: the page takes the keyboard back and says so."""
        self.next(tr("An input method has taken the scan. The field takes it now: please scan once more."))

    def _is_again(self, code: str) -> bool:
        now = self._place.clock.now()
        is_again = code == self._read_text and self._read_at is not None and now - self._read_at < AGAIN
        self._read_text, self._read_at = code, now
        return is_again

    def _go_on(self) -> None:
        if self._is_busy() or not self._scans:
            return
        here = self._here()
        if here is None:
            self._scans.clear()
            return
        self._busy_since = here.at
        query = pickup.judge_code(self._scans.popleft(), self._place.keys(), here)
        self._runner.query(query, lambda judged: self._redeem(judged, here))

    def _is_busy(self) -> bool:
        return self._busy_since is not None and self._place.clock.now() - self._busy_since < GIVEN_UP

    def _here(self) -> Standpoint | None:
        """From where it is asked; None, and the reason is said, while that cannot be told."""
        person, point_id = self._place.on_duty(), self.point_id()
        if person is None or not point_id:
            text = tr("Choose first who is on duty.") if person is None else tr("Choose first which point this is.")
            self._read_at = None
            self.next(text)
            return None
        place = self._place
        return Standpoint(point_id, person.staff_id, place.clock.now(), place.ids.new(), place.is_online())

    # Redeeming

    def _redeem(self, judged: Judged, here: Standpoint) -> None:
        file, command = judged.file, judged.command
        if file is None or command is None:
            self._decline(judged)
            return
        handed = handed_by(file, command)

        def done(_done: Done) -> None:
            self._undoable = None
            self._ask_aftermath(file.order.id, lambda after: self._told(after, handed, judged, here))

        def refused(why: Rejected | NeedsNetwork) -> None:
            # Between question and act somebody else was there.
            rejected = None if isinstance(why, NeedsNetwork) else why
            self._decline(Judged(file=file, refusal=rejected, needs_network=rejected is None))

        self._runner.perform(command, done, refused, INITIATOR)

    def _told(self, file: PickupFile, handed: dict[str, int], judged: Judged, here: Standpoint) -> None:
        at = self.at
        undo_s = at.undo_s if at else 0
        waiting = at.lists.waiting_count if at else 1

        def strip() -> Strip | None:
            return telling.not_synced(waiting) if judged.is_offline else None

        if undo_s and not judged.is_offline:
            until = self._place.clock.now() + timedelta(seconds=undo_s)
            self._undoable = Undoable(here.redemption_id, file.order.id, judged.device_id, until)
        self.last = (self._place.clock.now(), " ".join(part for part in (name_of(file), file.pickup.shelf) if part))
        self._lit = ""
        now = self._now()
        self._show(lambda: telling.redeemed(file, handed, now, strip=strip(), undo_s=undo_s), file)

    def _decline(self, judged: Judged) -> None:
        now = self._now()
        is_already = judged.refusal is not None and judged.refusal.code == telling.ALREADY
        self._lit = judged.file.order.id if judged.file is not None and is_already else ""
        log.info("not handed over: %s", judged.refusal.code if judged.refusal else judged.problem or "no network")
        self._undoable = None
        self._show(lambda: telling.refused(judged, now), judged.file)

    def _show(self, tell: Callable[[], Verdict], file: PickupFile | None) -> None:
        verdict = tell()
        self._tell, self.verdict, self.file = tell, verdict, file
        self._view.show_verdict(verdict)
        if self.at is not None:
            self._view.show_lists(self.at, self._lit)
        if verdict.kind in SOUNDS:
            self._place.play(SOUNDS[verdict.kind])
        self._busy_since = None
        self._go_on()

    def say_again(self) -> None:
        """The language has changed: the same verdict in other words, without a sound."""
        if self._tell is not None and self.verdict is not None:
            self.verdict = self._tell()
            self._view.show_verdict(self.verdict)
            self.tick()
        if self.at is not None:
            self._view.show_points(self.at)
            self._view.show_lists(self.at, self._lit)

    def _ask_aftermath(self, order_id: str, then: Callable[[PickupFile], None]) -> None:
        self._generation += 1
        now = self._place.clock.now()

        def answered(answer: tuple[PickupFile | None, AtCounter]) -> None:
            file, self.at = answer
            if file is not None:
                then(file)

        self._runner.query(pickup.aftermath(order_id, self.point_id(), now), answered)

    def _now(self) -> Now:
        now = self._place.clock.now()
        return Now(now, self._place.counter_no(), self.at.today if self.at else now.astimezone().date())

    # Typed and looked up: never redeemed without a key of its own

    def enter(self, text: str) -> None:
        """Enter was pressed in the field."""
        words = text.strip()
        if not words:
            return
        codes = pickup.codes_in(words)
        if codes or pickup.human_code(words):
            here = self._here()
            if here is not None:
                keys = self._place.keys()
                digits = pickup.human_code(words)
                query = pickup.judge_digits(digits, here) if digits else pickup.judge_code(codes[0], keys, here)
                self._runner.query(query, lambda judged: self._look(judged, digits))
            return
        self.search(words, is_entered=True)

    def search(self, words: str, *, is_entered: bool = False) -> None:
        """Who is to come and has this name or phone; one alone is opened at once if Enter asked for it."""
        self._generation += 1
        generation = self._generation

        def answered(rows: tuple[Expected, ...]) -> None:
            if generation != self._generation:
                return
            if is_entered and len(rows) == 1:
                self.open(rows[0].order_id)
            else:
                self._view.show_found(rows, words)

        self._runner.query(pickup.search(words, self.point_id()), answered)

    def open(self, order_id: str) -> None:
        """A row of a list was chosen: who it is, and what may be done."""
        here = self._here()
        if here is not None:
            self._runner.query(pickup.judge_order(order_id, here), self._look)

    def _look(self, judged: Judged, digits: str = "", *, undone: bool = False) -> None:
        """Show what was looked up, or why it cannot be collected."""
        if judged.command is None or judged.file is None:
            if digits and judged.problem is Problem.NOT_HERE:
                self.next(tr("Nobody has the digits {digits} here. Read them out once more.", digits=digits))
                return
            self._decline(judged)
            return
        self._lit = judged.file.order.id
        self._undoable = None
        person = self._place.on_duty()
        may = person is not None and person.may(Permission.PICKUP_REDEEM)
        file, now = judged.file, self._now()
        self._show(lambda: telling.found(file, now, may_redeem=may, undone=undone), file)

    def redeem(self, pieces: tuple[HandedPieces, ...] = ()) -> None:
        """What was looked up is handed over, all that is left of it or some pieces."""
        if self.file is None or self.verdict is None or self.verdict.kind is not Kind.FOUND or self._is_busy():
            return
        here = self._here()
        if here is not None:
            self._busy_since = here.at
            query = pickup.judge_order(self.file.order.id, here, pieces)
            self._runner.query(query, lambda judged: self._redeem(judged, here))

    def part(self) -> None:
        if self.file is not None and self.verdict is not None and self.verdict.kind is Kind.FOUND:
            self._view.ask_part(self.file)

    # Preparing

    def prepare(self) -> None:
        if self.file is not None and self.verdict is not None and self.verdict.kind is Kind.NOT_READY:
            self._view.ask_shelf(self.file)

    def mark_ready(self, order_id: str, shelf: str) -> None:
        """The goods are fetched and stand on a shelf: the customer is served at once."""
        command = MarkReady(order_id, shelf.strip())
        self._runner.perform(command, lambda _: self._refreshed(order_id), initiator=INITIATOR)

    def _refreshed(self, order_id: str) -> None:
        self._ask_aftermath(order_id, lambda _: self.open(order_id))

    # After a verdict

    def next(self, notice: str = "") -> None:
        """The next customer: the field is empty and has the keyboard."""
        self.verdict = self.file = self._undoable = self._busy_since = None
        self._lit = ""
        self._view.show_waiting(notice)
        if self.at is not None:
            self._view.show_lists(self.at, "")

    def undo(self) -> None:
        """It was not handed over after all."""
        what, here = self._undoable, self._here() if self._undoable else None
        if what is None or here is None or self._place.clock.now() >= what.until:
            return
        self._undoable = None

        def undone(_done: Done) -> None:
            self._read_at = None  # the same code may be scanned again at once
            self._ask_aftermath(what.order_id, lambda _: self._reopen(what.order_id))

        command = pickup.undoing(what.redemption_id, here, what.device_id)
        self._runner.perform(command, undone, initiator=INITIATOR)

    def _reopen(self, order_id: str) -> None:
        here = self._here()
        if here is not None:
            self._runner.query(pickup.judge_order(order_id, here), lambda judged: self._look(judged, undone=True))

    def tick(self) -> None:
        """A second has passed."""
        if self._undoable is None or self.verdict is None or self.verdict.kind is not Kind.DONE:
            return
        left = (self._undoable.until - self._place.clock.now()).total_seconds()
        if left <= 0:
            self._undoable = None
            self._view.show_undo("")
        else:
            self._view.show_undo(telling.undo_words(int(left + 0.999)))

    def is_undoable(self) -> bool:
        return self._undoable is not None

    def record(self) -> None:
        """Lead to the order, where everything that happened to it stands."""
        if self.file is not None and self.verdict is not None and self.verdict.kind in (Kind.ALREADY, Kind.REFUSED):
            self._view.open_order(self.file.order.id)

    def copy_address(self) -> None:
        if self.file is None or self.file.point is None or self.verdict is None:
            return
        if self.verdict.kind is Kind.ELSEWHERE:
            point = self.file.point
            self._view.copy(" ".join(part for part in (point.name, point.address, point.phone) if part))

    # Changes

    def page_shown(self) -> None:
        self._is_shown = True
        if self._is_stale:
            self._is_stale = False
            self.reload()

    def page_hidden(self) -> None:
        """Whoever comes back finds the counter free for the next customer."""
        self._is_shown = False
        self._scans.clear()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.initiator == INITIATOR or not changes.touches(TABLES):
            return  # what was done here is shown with its verdict
        if self._is_shown:
            self.reload()
        else:
            self._is_stale = True


def name_of(file: PickupFile) -> str:
    return file.contact.name if file.contact is not None and file.contact.name else file.order.no


def handed_by(file: PickupFile, command: object) -> dict[str, int]:
    """The pieces that a command hands over, by order line."""
    pieces = command.pieces if isinstance(command, RedeemPickup | RecordRedeemed) else ()
    if pieces:
        return {piece.order_line_id: piece.qty for piece in pieces}
    return {line.id: line.open_qty for line in file.lines if line.open_qty}


def last_words(presenter: PickupPresenter) -> str:
    """When something was scanned last, and for whom: a scanner cannot be seen, only heard of."""
    if presenter.last is None:
        return tr("nothing yet")
    at, who = presenter.last
    return f"{wording.clock(at)} {who}"
