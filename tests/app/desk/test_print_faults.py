"""Every kind of paper through the queue to a printer that does everything wrong: as many papers as were asked for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.desk import printers
from app.desk.papers import PaperWish
from app.desk.print_asking import Queued
from app.desk.printers import Language, PrinterSetup, Way
from app.desk.printing import DocumentKind
from app.printing.languages.escpos import Setting
from app.printing.pdf import Pdf, Resolution
from app.printing.stored import document_of
from app.replica import paper
from app.replica.paper import JobState
from app.replica.queries import paper as reading
from app.replica.queries.paper import PrintJob
from tests.support.counter import Bought
from tests.support.fake_printer import TONGUES, FakePrinter, Fault
from tests.support.print_counter import PrintCounter
from tests.support.waiting import until

WAITS = (Fault.NOBODY_HOME, Fault.NO_PAPER, Fault.HEAD_OPEN, Fault.JAMMED, Fault.HANGS_UP)
DOUBTS = (Fault.PAPER_ENDS_INSIDE, Fault.PLUG_PULLED_INSIDE, Fault.PLUG_PULLED_AFTER)
GOES_WELL = (Fault.NONE, Fault.SLOW, Fault.MUTE)
FAULTS = (*WAITS, *DOUBTS, *GOES_WELL)


@dataclass(frozen=True, slots=True)
class Way2Paper:
    """A kind of paper and the printer that it goes to."""

    kind: DocumentKind
    language: Language
    setting: Setting = Setting.PICTURE

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.language}-{self.setting}"

    def setup(self, port: int) -> PrinterSetup:
        address = f"127.0.0.1:{port}"
        kinds = (self.kind,)
        return PrinterSetup("p", "机", Way.NETWORK, self.language, address, kinds, has_knife=True, setting=self.setting)


WAYS = (
    Way2Paper(DocumentKind.LABEL, Language.TSPL),
    Way2Paper(DocumentKind.LABEL, Language.ZPL),
    Way2Paper(DocumentKind.RECEIPT, Language.ESCPOS),
    Way2Paper(DocumentKind.RECEIPT, Language.ESCPOS, Setting.LETTERS),
    Way2Paper(DocumentKind.PICKING, Language.PDF),
)


class Trouble:
    """A counter whose only printer is replaced again and again."""

    def __init__(self, folder: Path, way: Way2Paper) -> None:
        goods = (("bean", 1),)
        self.counter = PrintCounter(folder, (Bought(goods, "shipped"),) * len(FAULTS))
        self.way = way
        self.fakes: list[FakePrinter] = []
        self.counter.use_folder()

    def use(self, fault: Fault) -> FakePrinter:
        for fake in self.fakes:
            fake.close()
        self.fakes.append(FakePrinter(TONGUES[str(self.way.language)], fault))
        self.counter.printing.printers.save(self.way.setup(self.fakes[-1].port))
        return self.fakes[-1]

    def wish(self, number: int) -> PaperWish:
        made = self.counter.printing
        if self.way.kind is DocumentKind.LABEL:
            return made.label(f"o{number}", f"o{number}-parcel")
        if self.way.kind is DocumentKind.RECEIPT:
            return made.receipt(f"o{number}")
        return made.picking_list([f"o{number}"])

    def job(self, job_id: str) -> PrintJob:
        found = self.counter.desk.query(lambda connection: reading.job(connection, job_id)).result(20)
        assert found is not None
        return found

    def bytes_of(self, job: PrintJob) -> bytes:
        """What must have reached the paper."""
        stored = self.counter.desk.query(lambda connection: reading.job_paper(connection, job.id)).result(20)
        assert stored is not None
        pdf = Pdf(stored.data, Resolution(stored.dpi10), stored.page_dots, ())
        document = document_of(stored.document) if stored.document else None
        setup = self.way.setup(1)
        return printers.bytes_for(setup, pdf, job.form, document)

    def close(self) -> None:
        self.counter.close()
        for fake in self.fakes:
            fake.close()


@pytest.fixture(params=WAYS, ids=[way.name for way in WAYS])
def trouble(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Trouble]:
    found = Trouble(tmp_path, request.param)
    yield found
    found.close()


def _settle(trouble: Trouble, fault: Fault, job_id: str, fake: FakePrinter) -> None:
    """A person mends the printer and says truthfully what came out."""
    if fault is Fault.NOBODY_HOME:
        trouble.use(Fault.NONE)
    else:
        fake.fault, fake.torn = Fault.NONE, 0
    if trouble.job(job_id).state is JobState.DOUBTFUL:
        trouble.counter.printing.queue.answer(job_id, came_out=fake.whole == 1).result(20)
    until(lambda: trouble.job(job_id).state is JobState.DONE, f"the paper after {fault.name}")


@pytest.mark.warns_in_log("a printer that breaks off is a warning")
def test_a_paper_for_each_wish_and_none_twice_whatever_breaks(trouble: Trouble) -> None:
    trouble.counter.start()
    ids = []
    for number, fault in enumerate(FAULTS, 1):
        fake = trouble.use(fault)
        answer = trouble.counter.printing.print(trouble.wish(number)).result(20)
        assert isinstance(answer, Queued)
        ids.append(answer.job_id)
        can_tell = bool(TONGUES[str(trouble.way.language)].ask)
        expected = {JobState.WAITING} if fault in WAITS else {JobState.DOUBTFUL}
        if fault in GOES_WELL or not can_tell:  # a printer that cannot be asked helps itself, or hangs up
            expected = {JobState.DONE} if fault in GOES_WELL else {*expected, JobState.DONE, JobState.DOUBTFUL}
        until(lambda job_id=answer.job_id, ends=expected: trouble.job(job_id).state in ends, fault.name)  # type: ignore[misc]
        _settle(trouble, fault, answer.job_id, fake)
    out = Counter(job for fake in trouble.fakes for job in fake.jobs)
    wanted = Counter(trouble.bytes_of(trouble.job(job_id)) for job_id in ids)
    assert out == wanted
    told = trouble.counter.told()
    assert len(told) == len(FAULTS) and {copy_no for _, copy_no, _ in told} == {1}
    second = sum(out.values()) - len(out)
    asked = f"{trouble.way.name}, a printer with {len(FAULTS)} faults"
    print(f"papers of {asked}: {len(ids)} asked for, {len(out)} out, second ones {second}")


# --- the counter's own end ---------------------------------------------------------------------------------------

ID = "label:o1-parcel:1#1"
ENDS = {
    JobState.QUEUED: JobState.DONE,
    JobState.PRINTING: JobState.DOUBTFUL,
    JobState.WAITING: JobState.DONE,
    JobState.DOUBTFUL: JobState.DOUBTFUL,
    JobState.DONE: JobState.DONE,
    JobState.CANCELLED: JobState.CANCELLED,
    JobState.FAILED: JobState.FAILED,
}
_ROAD = {
    JobState.WAITING: (JobState.PRINTING, JobState.WAITING),
    JobState.DOUBTFUL: (JobState.PRINTING, JobState.DOUBTFUL),
    JobState.DONE: (JobState.PRINTING, JobState.DONE),
}


@pytest.mark.parametrize("state", ENDS, ids=[str(state) for state in ENDS])
def test_a_power_cut_in_each_state_prints_nothing_that_may_have_come_out(tmp_path: Path, state: JobState) -> None:
    counter = PrintCounter(tmp_path)
    try:
        fake = counter.use_label_printer()
        assert isinstance(counter.ask(1), Queued)
        for step in _ROAD.get(state, () if state is JobState.QUEUED else (state,)):
            now = counter.counter.world.clock.now()
            if step is JobState.PRINTING:
                assert counter.writer.call(lambda holder, at=now: paper.begin(holder.database, ID, at))  # type: ignore[misc]
            else:
                assert counter.writer.call(lambda holder, at=now, to=step: paper.move(holder.database, ID, to, at))  # type: ignore[misc]
        assert counter.states() == [str(state)]
        counter.stop()
        counter.start_threads()
        counter.start()
        until(lambda: counter.states() == [str(ENDS[state])], "what is left of it")
        came_out = state in (JobState.QUEUED, JobState.WAITING)
        until(lambda: fake.whole == int(came_out), "the paper")
        told = {JobState.QUEUED, JobState.WAITING, JobState.DONE}
        until(lambda: [key for key, *_ in counter.told()] == (["label:o1-parcel:1"] if state in told else []), "shop")
        assert fake.whole == int(came_out)
    finally:
        counter.close()


@pytest.mark.warns_in_log("the disk does not take how a paper ended")
def test_how_a_paper_ended_is_kept_until_the_disk_takes_it(tmp_path: Path) -> None:
    counter = PrintCounter(tmp_path)
    try:
        fake = counter.use_label_printer()
        full = "CREATE TRIGGER full BEFORE UPDATE ON print_job WHEN NEW.state = 'done'"
        full += " BEGIN SELECT RAISE(ABORT, 'full'); END"
        counter.writer.call(lambda holder: holder.database.execute(full))
        counter.start()
        assert isinstance(counter.ask(1), Queued)
        until(lambda: fake.whole == 1, "the label")
        assert counter.states() == ["printing"]
        counter.writer.call(lambda holder: holder.database.execute("DROP TRIGGER full"))
        counter.rest(JobState.DONE)
        assert fake.whole == 1
    finally:
        counter.close()
