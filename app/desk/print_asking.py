"""Asking for paper: made from the counter's own copy, written down as a job, and never twice without a reason."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from app.desk import papers
from app.desk.desk import Desk
from app.desk.papers import Paper, PaperWish
from app.desk.printers import PrinterSetup, PrinterStore
from app.desk.threads import Query, WriterThread
from app.replica import paper
from app.replica.paper import NewJob
from app.replica.queries import paper as reading
from app.replica.queries.paper import Earlier

T = TypeVar("T")
log = logging.getLogger("print")


@dataclass(frozen=True, slots=True)
class Queued:
    """It comes out of this printer."""

    job_id: str
    printer: PrinterSetup
    copy_no: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class NeedsReason:
    """It came out before; the next one is a reprint, with a reason."""

    wish: PaperWish
    copies: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class InQueue:
    """The same paper has not ended yet: no second one beside it."""

    job_id: str


@dataclass(frozen=True, slots=True)
class NoPaper:
    """What it would say is not here (any more)."""


Answer = Queued | NeedsReason | InQueue | NoPaper


@dataclass(frozen=True, slots=True)
class _Order:
    """How a paper is asked for."""

    wish: PaperWish
    reason: str
    actor: str
    by_itself: bool
    setup: PrinterSetup
    batch: str


class PrintAsking:
    """All methods return at once; ``on_added`` is called after each job that was stored."""

    def __init__(self, desk: Desk, writer: WriterThread, store: PrinterStore, on_added: Callable[[], None]) -> None:
        self._desk = desk
        self._writer = writer
        self._store = store
        self._on_added = on_added

    def ask(self, wish: PaperWish, reason: str = "", *, by_itself: bool = False, batch: str = "") -> "Future[Answer]":
        """Print a paper; a second one of the same needs a reason. The form is the printer's."""
        setup = self._store.printer_for(wish.kind)
        actor = self._desk.on_duty.staff_id if self._desk.on_duty else ""
        wish = replace(wish, form=setup.form_of(wish.kind))
        order = _Order(wish, reason.strip(), actor, by_itself, setup, batch)
        answer: Future[Answer] = Future()
        _then(self._desk.query(_earlier_and_paper(order)), answer, lambda found: self._add(*found, order, answer))
        return answer

    def ask_all(self, wishes: Sequence[PaperWish]) -> "Future[tuple[Answer, ...]]":
        """Print many papers, one behind the other; those that came out before are answered and not printed."""
        done: Future[tuple[Answer, ...]] = Future()
        answers: list[Answer] = []
        batch = self._desk.ids.new() if len(wishes) > 1 else ""

        def more() -> None:
            if len(answers) == len(wishes):
                done.set_result(tuple(answers))
            else:
                _then(self.ask(wishes[len(answers)], batch=batch), done, take)

        def take(answered: Answer) -> None:
            answers.append(answered)
            more()

        more()
        return done

    def _add(self, earlier: Earlier, made: Paper | None, order: _Order, answer: "Future[Answer]") -> None:
        if earlier.open_job:
            answer.set_result(InQueue(earlier.open_job))
        elif _is_again(earlier, order):
            answer.set_result(NeedsReason(order.wish, earlier.copies, earlier.last_at))
        elif made is None:
            answer.set_result(NoPaper())
        else:
            job = _new_job(made, order, self._desk.clock.now())
            stored = self._writer.submit(lambda holder: paper.add(holder.database, job))
            _then(stored, answer, lambda other: self._added(other, job, order.setup, answer))

    def _added(self, other: str, job: NewJob, setup: PrinterSetup, answer: "Future[Answer]") -> None:
        if not other:
            log.info("job %s queued for %s", job.id, setup.id)
            self._desk.hub.publish(paper.changed([job.id]))
            self._on_added()
        answer.set_result(InQueue(other) if other else Queued(job.id, setup, job.copy_no, job.is_confirmed))


def _is_again(earlier: Earlier, order: _Order) -> bool:
    """By itself nothing is ever printed twice."""
    return earlier.copies > 0 and (order.by_itself or not order.reason)


def _earlier_and_paper(order: _Order) -> "Query[tuple[Earlier, Paper | None]]":
    """What came out before and the paper, of one instant; not drawn when it will not be printed."""

    def read(connection: sqlite3.Connection) -> tuple[Earlier, Paper | None]:
        found = reading.earlier(connection, order.wish.key)
        if found.open_job or _is_again(found, order):
            return found, None
        return found, papers.made(replace(order.wish, copy_no=found.copies + 1))(connection)

    return read


def _new_job(made: Paper, order: _Order, at: datetime) -> NewJob:
    wish = made.wish
    return NewJob(
        key=wish.key,
        copy_no=wish.copy_no,
        kind=str(wish.kind),
        title=made.title,
        file_name=made.file_name,
        form=wish.form,
        pdf=made.pdf.data,
        page_dots=made.pdf.page_dots,
        dpi10=made.pdf.resolution.dpi10,
        order_ids=wish.order_ids,
        parcel_id=wish.parcel_id,
        printer_id=order.setup.id,
        reason=order.reason,
        actor=order.actor,
        is_confirmed=made.is_confirmed,
        by_itself=order.by_itself,
        queued_at=at,
        batch=order.batch,
        document=made.document,
    )


def _then(future: "Future[T]", answer: "Future[Any]", work: Callable[[T], None]) -> None:
    """Go on with what was answered; what went wrong goes to whoever waits."""

    def go_on(done: "Future[T]") -> None:
        try:
            work(done.result())
        except Exception as error:  # a callback: whoever waits for the answer gets it
            answer.set_exception(error)

    future.add_done_callback(go_on)
