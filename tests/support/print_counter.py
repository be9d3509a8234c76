"""A counter with its own threads, whose papers go to a printer that can be tampered with."""

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import zxingcpp

from app.desk.desk import Desk
from app.desk.print_asking import Answer
from app.desk.printers import Language, PrinterSetup, Way
from app.desk.printing import DocumentKind, Printing, PrintJob, board
from app.desk.session import OnDuty
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.command import Command
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.replica.holder import ReplicaHolder
from app.replica.paper import JobState
from app.sync.steps import Steps
from app.wire.messages import AskReply, AskRequest
from tests.app.printing.printers import read_tspl
from tests.support.counter import Bought, CountedIds, Counter
from tests.support.fake_printer import TONGUES, FakePrinter, Fault
from tests.support.waiting import until

SHIPPED = (Bought((("bean", 1),), "shipped"), Bought((("milk", 1),), "shipped"), Bought((("cold", 2),), "shipped"))
LOOK_AGAIN_S = 0.05


class PrintCounter:
    """``counter`` has the shop behind it; ``start`` begins to print, ``stop`` ends the program."""

    def __init__(self, folder: Path, story: tuple[Bought, ...] = SHIPPED) -> None:
        self.counter = Counter(folder, story)
        self.folder = folder
        self.fake: FakePrinter | None = None
        self.counter.desktop.holder.close()
        self.start_threads()

    def start_threads(self) -> None:
        counter = self.counter
        self.writer = WriterThread(lambda: ReplicaHolder(counter.desktop.folder, shop_registry()))
        self.readers = ReaderThreads(self.writer, count=1)  # so that a test knows what is behind what
        self.writer.start().result(20)
        self.readers.start()
        self.desk = Desk(self.writer, self.readers, shop_registry, counter.world.clock, CountedIds())
        self.desk.on_asking(self._ask_service)
        self.desk.on_duty = OnDuty("owner", "李敏", Role.OWNER)
        self.printing = Printing(self.desk, self.writer, self.folder, lambda: 1, LOOK_AGAIN_S)
        counter.desktop.steps = Steps(self.writer, counter.desktop.line, counter.world.clock, self.desk.hub.publish)

    def _ask_service(self, request: AskRequest) -> "Future[AskReply]":
        """As the sync does it: the question, then its rows."""
        answer: Future[AskReply] = Future()

        def work() -> None:
            steps = self.counter.desktop.steps
            reply = steps.ask(request)
            while steps.pull():
                pass
            answer.set_result(reply)

        threading.Thread(target=work, name="asking").start()
        return answer

    def start(self) -> None:
        self.printing.start()

    def stop(self) -> None:
        self.printing.close()
        self.readers.close()
        self.writer.close()

    def close(self) -> None:
        self.stop()
        self.counter.world.close()
        if self.fake is not None:
            self.fake.close()

    # Printers

    def use_folder(self) -> Path:
        papers = self.folder / "纸"
        kinds = tuple(DocumentKind)
        self.printing.printers.save(PrinterSetup("pdf", "", Way.FOLDER, Language.PDF, str(papers), kinds))
        return papers

    def use_label_printer(self, fault: Fault = Fault.NONE) -> FakePrinter:
        """A label printer at an address; the one before it is gone."""
        if self.fake is not None:
            self.fake.close()
        self.fake = FakePrinter(TONGUES["tspl"], fault)
        address = f"127.0.0.1:{self.fake.port}"
        kinds = (DocumentKind.LABEL,)
        self.printing.printers.save(PrinterSetup("tsc", "面单机", Way.NETWORK, Language.TSPL, address, kinds))
        return self.fake

    def mend(self) -> None:
        """New paper, the plug in again; an address where nobody was is somebody's now."""
        fake = self.fake
        assert fake is not None
        if fake.fault is Fault.NOBODY_HOME:
            self.use_label_printer()
        else:
            fake.fault, fake.torn = Fault.NONE, 0

    # Papers

    def ask(self, number: int, reason: str = "") -> Answer:
        wish = self.printing.label(f"o{number}", f"o{number}-parcel")
        return self.printing.print(wish, reason).result(20)

    def jobs(self) -> tuple[PrintJob, ...]:
        found = self.desk.query(board(self.counter.world.clock.now().replace(hour=0))).result(20)
        return tuple(sorted(found.jobs, key=lambda job: job.queued_at))

    def states(self) -> list[str]:
        return [str(job.state) for job in self.jobs()]

    def rest(self, *expected: JobState) -> None:
        """Wait until every job stands as expected, one state for all or one for each."""
        until(
            lambda: bool(self.jobs()) and set(self.states()) <= {str(state) for state in expected}, f"jobs {expected}"
        )

    def numbers_out(self) -> list[str]:
        """The waybill numbers on the labels that came out whole."""
        assert self.fake is not None
        found = []
        for job in self.fake.jobs:
            picture = read_tspl(job).picture
            assert picture is not None
            read = zxingcpp.read_barcodes(picture.convert("L"))
            found += sorted({code.text for code in read if code.format == zxingcpp.BarcodeFormat.Code128})
        return found

    def give(self, command: Command) -> None:
        self.desk.perform(command).result(20)

    def told(self) -> list[Any]:
        """What the shop's service knows to have come out: key, copy and reason."""
        self.counter.push()
        return sorted(self.counter.shop.rows("printed_papers", "key, copy_no, reason"))
