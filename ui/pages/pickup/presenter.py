"""What the pickup page does, without Qt: from a scan to a verdict, one customer after the other."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.desk import pickup
from app.desk.pickup import AtCounter, Judged, PickupFile, Standpoint
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.desk.sounds import Sound
from app.domain.permission import Permission
from app.kernel.i18n import tr
from app.kernel.zone import local
from ui.pages.pickup import telling, wording
from ui.pages.pickup.by_hand import INITIATOR, ByHand
from ui.pages.pickup.telling import Now
from ui.pages.pickup.verdict import Kind, Strip, Verdict
from ui.pages.pickup.view import PickupView, Place

TABLES: Final = (
    *("pickups", "pickup_points", "pickup_redemptions", "settings"),
    *("orders", "order_lines", "order_contacts", "staff"),
)
AGAIN: Final = timedelta(seconds=3)
"""A gun that sees the same phone again so soon means the same customer."""
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
        self.declined: Judged | None = None
        self._scans: deque[str] = deque(maxlen=MOST_WAITING)
        self._busy_since: datetime | None = None
        self._read_text = ""
        self._read_at: datetime | None = None
        self._generation = self._turn = 0
        self._is_shown = True
        self._is_stale = False
        self._lit = ""
        self.hand = ByHand(self, runner, view, place)
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
        self.moved()

    def moved(self) -> None:
        """Another point was chosen, here or in the settings."""
        self._read_at = None
        self.next()
        self.reload()

    # Lists

    def reload(self) -> None:
        """Ask for both lists again; what stands on the large card stays."""
        self._generation += 1
        generation = self._generation
        query = pickup.at_counter(self.point_id(), self._place.clock.now())
        self._runner.query(query, lambda at: self._on_lists(generation, at), lambda: generation == self._generation)

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
            self.hand.enter(text)  # figures alone may be an article's: a person looks before they are redeemed
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
        if self.is_busy() or not self._scans:
            return
        here = self.here()
        if here is None:
            self._scans.clear()
            return
        self.begin(here)
        query = pickup.judge_code(self._scans.popleft(), self._place.keys(), here)
        self._runner.query(query, lambda judged: self.redeem(judged, here), self.lose)

    def lose(self) -> bool:
        """A code was scanned and could not be looked up: that is said at once, since somebody stands there waiting."""
        self._read_at = None  # else the same code would be taken for a scanner's echo
        self.next(tr("It could not be looked up on this computer. Please scan once more."))
        self._go_on()
        return False

    def may(self, permission: Permission) -> bool:
        """Whether whoever is on duty may do this."""
        person = self._place.on_duty()
        return person is not None and person.may(permission)

    def begin(self, here: Standpoint) -> None:
        """From now on nothing else is judged until this is, and nothing that was asked by hand is shown."""
        self._busy_since = here.at
        self.take_turn()

    def take_turn(self) -> int:
        """Whatever was asked by hand before is no longer wanted."""
        self._turn += 1
        return self._turn

    def has_turn(self, turn: int) -> bool:
        return turn == self._turn

    def light(self, order_id: str) -> None:
        """The lists show whom the next verdict is about; nothing can be taken back any more."""
        self._lit = order_id
        self._undoable = None

    def is_busy(self) -> bool:
        return self._busy_since is not None and self._place.clock.now() - self._busy_since < GIVEN_UP

    def here(self) -> Standpoint | None:
        """From where it is asked; None, and the reason is said, while that cannot be told."""
        person, point_id = self._place.on_duty(), self.point_id()
        if person is None or not point_id:
            text = tr("Choose first who is on duty.") if person is None else tr("Choose first which point this is.")
            self._read_at = None
            self.next(text)
            return None
        return self.standpoint()

    def standpoint(self) -> Standpoint:
        """As ``here``, when that has been seen to."""
        place, person = self._place, self._place.on_duty()
        staff_id = person.staff_id if person is not None else ""
        return Standpoint(self.point_id(), staff_id, place.clock.now(), place.ids.new(), place.is_online())

    # Redeeming

    def redeem(self, judged: Judged, here: Standpoint) -> None:
        """Do what was judged, or say why not."""
        file, command = judged.file, judged.command
        if file is None or command is None:
            self.decline(judged)
            return
        handed = telling.handed_by(file, command)

        def done(_done: Done) -> None:
            self._undoable = None
            self.ask_aftermath(file.order.id, lambda after: self.told(after, handed, judged, here))

        def refused(why: Rejected | NeedsNetwork) -> None:
            # Between question and act somebody else was there.
            rejected = None if isinstance(why, NeedsNetwork) else why
            self.decline(Judged(file=file, refusal=rejected, needs_network=rejected is None))

        def lost() -> None:
            self.lose()

        self._runner.perform(command, done, refused, INITIATOR, lost)

    def told(self, file: PickupFile, handed: dict[str, int], judged: Judged, here: Standpoint) -> None:
        """It is done: the verdict, and the time in which it can be taken back."""
        at = self.at
        undo_s = at.undo_s if at else 0
        waiting = at.lists.waiting_count if at else 1

        def strip() -> Strip | None:
            return telling.not_synced(waiting) if judged.is_offline else None

        if undo_s and not judged.is_offline:
            until = self._place.clock.now() + timedelta(seconds=undo_s)
            self._undoable = Undoable(here.redemption_id, file.order.id, judged.device_id, until)
        self.last = (self._place.clock.now(), f"{telling.name_of(file)} {file.pickup.shelf}".strip())
        self._lit = ""
        now = self.now()
        self.show(lambda: telling.redeemed(file, handed, now, strip=strip(), undo_s=undo_s), file)

    def decline(self, judged: Judged) -> None:
        """Nothing is handed over."""
        now = self.now()
        is_already = judged.refusal is not None and judged.refusal.code == telling.ALREADY
        self._lit = judged.file.order.id if judged.file is not None and is_already else ""
        log.info("not handed over: %s", judged.refusal.code if judged.refusal else judged.problem or "no network")
        self._undoable = None
        self.declined = judged
        may = self.may(Permission.PICKUP_OVERRIDE)
        self.show(lambda: telling.refused(judged, now, may_override=may), judged.file)

    def show(self, tell: Callable[[], Verdict], file: PickupFile | None) -> None:
        """One verdict: card, lists and sound together; whoever was scanned meanwhile is next."""
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

    def ask_aftermath(self, order_id: str, then: Callable[[PickupFile], None]) -> None:
        """The order and both lists as they are now."""
        self._generation += 1
        now = self._place.clock.now()

        def answered(answer: tuple[PickupFile | None, AtCounter]) -> None:
            file, self.at = answer
            if file is not None:
                then(file)

        turn = self._turn
        self._runner.query(pickup.aftermath(order_id, self.point_id(), now), answered, lambda: self.has_turn(turn))

    def now(self) -> Now:
        """When and where a verdict is told."""
        now = self._place.clock.now()
        return Now(now, self._place.counter_no(), self.at.today if self.at else local(now).date())

    # After a verdict

    def next(self, notice: str = "") -> None:
        """The next customer: the field is empty and has the keyboard."""
        self.verdict = self.file = self._undoable = self._busy_since = None
        self._lit = ""
        self.take_turn()
        self._view.show_waiting(notice)
        if self.at is not None:
            self._view.show_lists(self.at, "")

    def undo(self) -> None:
        """It was not handed over after all."""
        what, here = self._undoable, self.here() if self._undoable else None
        if what is None or here is None or self._place.clock.now() >= what.until:
            return
        self._undoable = None

        def undone(_done: Done) -> None:
            self._read_at = None  # the same code may be scanned again at once
            self.ask_aftermath(what.order_id, lambda _: self.hand.reopen(what.order_id))

        command = pickup.undoing(what.redemption_id, here, what.device_id)
        self._runner.perform(command, undone, initiator=INITIATOR)

    def tick(self) -> None:
        """A second has passed."""
        if self.verdict is None or self.verdict.kind is not Kind.DONE:
            return
        until = self._undoable.until if self._undoable is not None else self._place.clock.now()
        left = (until - self._place.clock.now()).total_seconds()
        if left <= 0:
            self._undoable = None
        self._view.show_undo(telling.undo_words(int(left + 0.999)) if left > 0 else "")

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


def last_words(presenter: PickupPresenter) -> str:
    """When something was scanned last, and for whom: a scanner cannot be seen, only heard of."""
    if presenter.last is None:
        return tr("nothing yet")
    at, who = presenter.last
    return f"{wording.clock(at)} {who}"
