"""Whatever a printer does wrong and whenever: as many labels as numbers, none twice, none lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.desk.print_asking import InQueue, NeedsReason, NoPaper, Queued
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.paper.commands import AssignStation, MarkPrinted
from app.domain.paper.model import DocumentKind
from app.domain.waybills.commands import AskLabels
from app.kernel import codec
from app.replica import paper
from app.replica.paper import JobState
from app.sync.identity import Identity
from tests.support.counter import Bought
from tests.support.fake_printer import Fault
from tests.support.print_counter import PrintCounter
from tests.support.shop import OWNER
from tests.support.waiting import until
from tests.support.world import enrol

NUMBERS = [f"SF{1688124306000 + n}" for n in (1, 2, 3)]
ENDED_WRONG = {
    Fault.NOBODY_HOME: JobState.WAITING,
    Fault.NO_PAPER: JobState.WAITING,
    Fault.HEAD_OPEN: JobState.WAITING,
    Fault.PAPER_ENDS_INSIDE: JobState.DOUBTFUL,
    Fault.PLUG_PULLED_INSIDE: JobState.DOUBTFUL,
    Fault.PLUG_PULLED_AFTER: JobState.DOUBTFUL,
    Fault.MUTE: JobState.DONE,
}
FAULTS = tuple(ENDED_WRONG)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[PrintCounter]:
    found = PrintCounter(tmp_path)
    yield found
    found.close()


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name.lower() for fault in FAULTS])
@pytest.mark.warns_in_log("a printer that breaks off is a warning")
def test_as_many_labels_as_numbers_whatever_breaks(counter: PrintCounter, fault: Fault) -> None:
    """The first label meets the fault; a person mends the printer and says truthfully what came out."""
    fake = counter.use_label_printer(fault)
    counter.start()
    assert isinstance(counter.ask(1), Queued)
    until(lambda: counter.states() == [ENDED_WRONG[fault]], "the fault")
    whole = fake.whole
    counter.mend()
    for number in (2, 3):
        assert isinstance(counter.ask(number), Queued)
    for job in counter.jobs():
        if job.state is JobState.DOUBTFUL:
            counter.printing.queue.answer(job.id, came_out=whole == 1).result(20)
    counter.rest(JobState.DONE)
    assert sorted(counter.numbers_out()) == NUMBERS, "each number on one label"
    assert [row[:2] for row in counter.told()] == [(f"label:o{n}-parcel:1", 1) for n in (1, 2, 3)]


def test_waiting_paper_keeps_its_order_and_goes_on_by_itself(counter: PrintCounter) -> None:
    fake = counter.use_label_printer(Fault.NO_PAPER)
    counter.start()
    for number in (2, 1, 3):
        assert isinstance(counter.ask(number), Queued)
        counter.counter.world.clock.advance(minutes=1)
    until(lambda: JobState.WAITING in counter.states(), "the empty roll")
    assert counter.ask(2) == InQueue("label:o2-parcel:1#1"), "no second one beside it"
    fake.fault = Fault.NONE
    counter.rest(JobState.DONE)
    assert counter.numbers_out() == [NUMBERS[1], NUMBERS[0], NUMBERS[2]]


def test_what_was_being_printed_at_a_power_cut_asks_a_person(counter: PrintCounter) -> None:
    counter.use_label_printer()
    assert isinstance(counter.ask(1), Queued)
    assert counter.writer.call(
        lambda holder: paper.begin(holder.database, "label:o1-parcel:1#1", counter.counter.world.clock.now())
    )
    counter.stop()
    counter.start_threads()
    counter.start()
    until(lambda: counter.states() == ["doubtful"], "the question")
    assert counter.numbers_out() == [] and isinstance(counter.ask(1, "again"), InQueue)
    counter.printing.queue.answer("label:o1-parcel:1#1", came_out=False).result(20)
    counter.rest(JobState.DONE)
    assert counter.numbers_out() == [NUMBERS[0]]


def test_a_queue_survives_the_end_of_the_program(counter: PrintCounter) -> None:
    counter.use_label_printer()
    assert isinstance(counter.ask(1), Queued)
    counter.stop()
    counter.start_threads()
    counter.start()
    counter.rest(JobState.DONE)
    assert counter.numbers_out() == [NUMBERS[0]]


def test_a_reprint_needs_a_reason_and_keeps_the_number_offline_too(counter: PrintCounter) -> None:
    counter.use_label_printer()
    counter.start()
    assert isinstance(counter.ask(1), Queued)
    counter.rest(JobState.DONE)
    asked = counter.ask(1)
    assert isinstance(asked, NeedsReason) and asked.copies == 1 and asked.last_at is not None
    counter.counter.unplug()
    again = counter.ask(1, "卡纸或撕破")
    assert isinstance(again, Queued) and again.copy_no == 2
    until(lambda: counter.states() == ["done", "done"], "the reprint")
    assert counter.numbers_out() == [NUMBERS[0]] * 2
    counter.counter.plug_in()
    until(lambda: len(counter.told()) == 2, "the facts")
    assert counter.told() == [("label:o1-parcel:1", 1, ""), ("label:o1-parcel:1", 2, "卡纸或撕破")]


def test_a_paper_of_another_counter_is_known(counter: PrintCounter) -> None:
    counter.counter.shop.must(MarkPrinted("p", "label:o1-parcel:1", "device-9", 1), OWNER)
    counter.counter.pull()
    counter.use_folder()
    assert isinstance(counter.ask(1), NeedsReason)
    assert counter.ask(9) == NoPaper()


def test_pause_and_cancel_keep_paper_in(counter: PrintCounter) -> None:
    papers = counter.use_folder()
    counter.printing.queue.pause("pdf", is_paused=True)
    counter.start()
    assert isinstance(counter.ask(1), Queued) and isinstance(counter.ask(2), Queued)
    assert counter.printing.queue.cancel("label:o1-parcel:1#1").result(20)
    counter.printing.queue.pause("pdf", is_paused=False)
    counter.rest(JobState.DONE, JobState.CANCELLED)
    assert [path.name for path in papers.iterdir()] == ["WX20261123040002_SF1688124306002_76x130.pdf"]
    first = counter.ask(1)
    assert isinstance(first, Queued) and first.copy_no == 1, "what never came out is no copy"


def test_a_folder_that_cannot_be_written_waits(counter: PrintCounter, tmp_path: Path) -> None:
    (tmp_path / "纸").write_text("in the way", encoding="utf-8")
    papers = counter.use_folder()
    counter.start()
    assert isinstance(counter.ask(1), Queued)
    until(lambda: counter.states() == ["waiting"], "the folder")
    papers.unlink()
    counter.rest(JobState.DONE)


# --- stations ----------------------------------------------------------------------------------------------------


TO_SHIP = (Bought((("bean", 1),)), Bought((("milk", 1),)))


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PrintCounter]:
    """This computer is the station of labels; o1 and o2 are to be shipped by somebody else."""
    found = PrintCounter(tmp_path, TO_SHIP)
    found.use_folder()
    found.start()
    enrol(found.counter.shop, found.counter.world.clock, "device-2", 2)
    found.counter.shop.must(AssignStation(DocumentKind.LABEL, "device-1"))
    found.counter.pull()
    yield found
    found.close()


def ship(station: PrintCounter, number: int) -> None:
    lines = (ShippedLine(f"o{number}-1", 1),)
    ship = ShipOrder(f"o{number}", f"o{number}-parcel", lines, "sf", f"SF{1688124306000 + number}")
    station.counter.shop.must(ship, OWNER)


def asked(station: PrintCounter) -> list[str]:
    return sorted(key for key, state in station.counter.shop.rows("print_requests", "key, state") if state == "asked")


def settled(station: PrintCounter) -> None:
    """Everything that the feed has set going has come to an end: it is read, drawn and stored, by one thread each."""
    for _ in range(2):
        station.desk.query(lambda _: None).result(20)
    station.writer.call(lambda _: None)


def test_a_station_prints_once_what_a_page_brings(station: PrintCounter) -> None:
    ship(station, 1)
    station.counter.pull()
    station.rest(JobState.DONE)
    until(lambda: [row[:2] for row in station.told()] == [("label:o1-parcel:1", 1)], "the fact")
    assert asked(station) == []
    assert isinstance(station.ask(1), NeedsReason)


def test_labels_of_many_come_out_in_the_order_in_which_they_were_asked_for(station: PrintCounter) -> None:
    must = station.counter.shop.must
    must(AssignStation(DocumentKind.LABEL, ""))
    ship(station, 1)
    ship(station, 2)
    station.counter.world.clock.advance(seconds=1)
    must(AssignStation(DocumentKind.LABEL, "device-1", "device-2"))
    must(AskLabels(("o2-parcel", "o1-parcel")))
    station.counter.pull()
    station.rest(JobState.DONE)
    until(lambda: len(station.told()) == 2, "both facts")
    log = station.counter.shop.rows("command_log", "position, name, args")
    keys = [codec.parse(args)["key"] for _, name, args in log if name == MarkPrinted.NAME]
    assert keys == ["label:o2-parcel:1", "label:o1-parcel:1"]


def test_its_own_shipping_is_printed_when_it_is_confirmed(station: PrintCounter) -> None:
    station.counter.unplug()
    lines = (ShippedLine("o1-1", 1),)
    station.give(ShipOrder("o1", "o1-parcel", lines, "sf", NUMBERS[0]))
    settled(station)
    assert station.jobs() == (), "labels wait for the confirmation"
    station.counter.plug_in()
    station.counter.push()
    station.rest(JobState.DONE)
    assert len(station.jobs()) == 1 and station.jobs()[0].is_confirmed and station.jobs()[0].by_itself


def test_a_label_printed_by_hand_before_is_not_printed_again(station: PrintCounter) -> None:
    station.counter.unplug()
    station.give(ShipOrder("o1", "o1-parcel", (ShippedLine("o1-1", 1),), "sf", NUMBERS[0]))
    assert isinstance(station.ask(1), Queued)
    station.rest(JobState.DONE)
    station.counter.plug_in()
    station.counter.push()
    settled(station)
    assert len(station.jobs()) == 1 and not station.jobs()[0].is_confirmed


def test_what_is_old_waits_for_a_person(station: PrintCounter) -> None:
    ship(station, 1)
    station.counter.world.clock.advance(minutes=12 * 60)
    station.counter.pull()
    settled(station)
    assert station.jobs() == () and asked(station) == ["label:o1-parcel:1"]


def test_a_new_replica_prints_nothing_by_itself(station: PrintCounter) -> None:
    ship(station, 1)
    station.writer.call(lambda holder: holder.database.execute("UPDATE replica_meta SET bootstrap_state = 'outdated'"))
    desktop = station.counter.desktop
    greeting = desktop.steps.hello(Identity("device-1", "key", "next", "test"))
    assert greeting.needs_bootstrap
    desktop.steps.bootstrap("device-1", greeting.reply)
    ship(station, 2)
    station.counter.pull()
    station.rest(JobState.DONE)
    assert [job.key for job in station.jobs()] == ["label:o2-parcel:1"], (
        "what came after is printed, what was there waits"
    )
    assert asked(station)[:1] == ["label:o1-parcel:1"]
    print("a print station after a bootstrap: what was asked for before printed by itself 0, asked for after it 1")


def test_a_restored_service_prints_nothing_a_second_time(station: PrintCounter) -> None:
    world = station.counter.world
    world.back_up()
    station.counter.shop = world.shop
    station.give(ShipOrder("o1", "o1-parcel", (ShippedLine("o1-1", 1),), "sf", NUMBERS[0]))
    station.counter.push()
    station.rest(JobState.DONE)
    world.desktops.clear()  # this one's file belongs to a thread of its own
    world.restore()
    station.counter.shop = station.counter.desktop.line.shop = world.shop
    greeting = station.counter.desktop.steps.hello(Identity("device-1", "key", "next", "test"))
    station.counter.desktop.steps.bootstrap("device-1", greeting.reply)
    station.counter.push()
    settled(station)
    assert station.counter.shop.rows("parcels", "id") == [("o1-parcel",)], "what was shipped is known again"
    assert len(station.jobs()) == 1
    print("a print station after a restore of the service: label printed 1 time, second ones 0")


def test_a_station_that_was_changed_prints_nothing_old(station: PrintCounter) -> None:
    station.counter.shop.must(AssignStation(DocumentKind.LABEL, "device-2", "device-1"))
    ship(station, 1)
    station.counter.shop.must(AssignStation(DocumentKind.LABEL, "device-1", "device-2"))
    station.counter.pull()
    settled(station)
    assert station.jobs() == () and asked(station) == ["label:o1-parcel:1"]
    print("a print station that was reassigned: printed by itself 0, waits for a person 1")


def test_who_is_the_station_no_more_prints_nothing(station: PrintCounter) -> None:
    ship(station, 1)
    station.counter.shop.must(replace(AssignStation(DocumentKind.LABEL, ""), fallback_id="device-1"))
    station.counter.pull()
    settled(station)
    assert station.jobs() == () and asked(station) == ["label:o1-parcel:1"]
