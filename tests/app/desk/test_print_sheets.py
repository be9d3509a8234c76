"""Papers of several sheets, batches of papers, and a paper that cannot be said in the printer's language."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from app.desk.print_asking import Queued
from app.desk.printers import Language, PrinterSetup, Way
from app.desk.printing import DocumentKind, board
from app.printing.pdf import Pdf
from app.printing.printers.printer import Ending, OnSheet, PrinterState, Sent, every_sheet
from app.replica.paper import JobState
from tests.support.counter import Bought
from tests.support.fake_printer import Fault
from tests.support.print_counter import PrintCounter
from tests.support.waiting import until

MANY = tuple(Bought((("bean", 1), ("milk", 2)), "shipped") for _ in range(24))


class Office:
    """The system's queue of an office printer; it breaks off behind ``breaks_behind`` sheets, waits at ``waits_at``."""

    def __init__(self) -> None:
        self.breaks_behind = -1
        self.waits_at = -1
        self.has_come = threading.Event()
        self.may_go = threading.Event()
        self.sheets: list[str] = []

    def open(self, _name: str, pdf: Pdf) -> "Office":
        self._pdf = pdf
        return self

    def state(self) -> PrinterState:
        return PrinterState.READY

    def send(self, job: bytes, on_sheet: OnSheet = every_sheet) -> Sent:
        assert job == self._pdf.data
        document = pypdfium2.PdfDocument(job)
        try:
            for number in range(len(document)):
                if not on_sheet(number):
                    return Sent(Ending.STOPPED, PrinterState.SILENT)
                if number == self.breaks_behind:
                    return Sent(Ending.DOUBTFUL, PrinterState.BROKEN)
                if number == self.waits_at:
                    self.has_come.set()
                    assert self.may_go.wait(20)
                self.sheets.append(document[number].get_textpage().get_text_bounded().split("第 ")[1].split(" 页")[0])
        finally:
            document.close()
        return Sent(Ending.DONE, PrinterState.SILENT)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[PrintCounter]:
    found = PrintCounter(tmp_path, MANY)
    yield found
    found.close()


@pytest.fixture
def office(counter: PrintCounter) -> Office:
    found = Office()
    kinds = (DocumentKind.PICKING,)
    counter.printing.printers.save(PrinterSetup("hp", "办公室", Way.QUEUE, Language.PDF, "HP", kinds))
    counter.printing.queue.open_queue = found.open
    return found


def ask_for_list(counter: PrintCounter) -> str:
    answer = counter.printing.print(counter.printing.picking_list([f"o{n}" for n in range(1, 25)])).result(20)
    assert isinstance(answer, Queued)
    return answer.job_id


def batches(counter: PrintCounter) -> list[tuple[int, int]]:
    """How many of each batch have come out, of how many."""
    found = counter.desk.query(board(counter.counter.world.clock.now())).result(20)
    return [(batch.done, batch.total) for batch in found.batches.values()]


def test_a_list_goes_on_with_the_sheet_that_is_missing(counter: PrintCounter, office: Office) -> None:
    office.breaks_behind = 1
    job_id = ask_for_list(counter)
    counter.start()
    until(lambda: counter.states() == ["doubtful"], "the fault")
    assert counter.jobs()[0].sheets == 2
    office.breaks_behind = -1
    counter.printing.queue.answer(job_id, came_out=False, first_sheet=1).result(20)
    counter.rest(JobState.DONE)
    assert office.sheets == ["1", "2"], "each sheet once"
    assert len(counter.told()) == 1


def test_a_long_list_stops_behind_the_sheet_that_is_being_printed(counter: PrintCounter, office: Office) -> None:
    office.waits_at = 0
    job_id = ask_for_list(counter)
    counter.start()
    assert office.has_come.wait(20)
    assert counter.printing.queue.sheets() == {job_id: 0}
    assert not counter.printing.queue.cancel(job_id).result(20), "it has begun: only its printer can end it"
    office.may_go.set()
    counter.rest(JobState.CANCELLED)
    assert office.sheets == ["1"] and counter.told() == []
    office.waits_at = -1
    again = counter.printing.print(counter.printing.again(counter.jobs()[0])).result(20)
    assert isinstance(again, Queued) and again.copy_no == 1
    counter.rest(JobState.DONE)
    assert office.sheets == ["1", "1", "2"]


def test_a_batch_is_counted_and_what_waits_of_it_can_be_left_out(counter: PrintCounter) -> None:
    fake = counter.use_label_printer()
    made = counter.printing
    counter.start()
    made.print_all([made.label(f"o{n}", f"o{n}-parcel") for n in (1, 2)]).result(20)
    counter.rest(JobState.DONE)
    fake.fault = Fault.NO_PAPER
    made.print_all([made.label(f"o{n}", f"o{n}-parcel") for n in (2, 3, 4, 5)]).result(20)
    until(lambda: "waiting" in counter.states(), "the empty roll")
    assert batches(counter) == [(0, 3)], "the one that came out before is not in it"
    assert made.queue.cancel("label:o5-parcel:1#1").result(20)
    assert batches(counter) == [(0, 2)]
    assert made.queue.cancel_rest().result(20) == 2
    fake.fault = Fault.NONE
    until(lambda: sorted(set(counter.states())) == ["cancelled", "done"], "the rest")
    assert batches(counter) == []
    assert isinstance(counter.ask(4), Queued)
    until(lambda: fake.whole == 3, "one of them after all")


@pytest.mark.warns_in_log("a file that cannot be drawn is a fault of ours")
def test_a_paper_that_cannot_be_drawn_stops_nobody_else(counter: PrintCounter) -> None:
    fake = counter.use_label_printer()
    assert isinstance(counter.ask(1), Queued) and isinstance(counter.ask(2), Queued)
    spoil = "UPDATE print_job SET pdf = x'25' WHERE id = 'label:o1-parcel:1#1'"
    counter.writer.call(lambda holder: holder.database.execute(spoil))
    counter.start()
    until(lambda: counter.states() == ["failed", "done"], "both ends")
    assert fake.whole == 1
    counter.printing.queue.try_again("label:o1-parcel:1#1").result(20)
    until(lambda: counter.states() == ["failed", "done"], "the same end")
    assert counter.printing.queue.cancel("label:o1-parcel:1#1").result(20)
