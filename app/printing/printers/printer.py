"""What every printer is to the print queue, and the ways in which a job can end."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PrinterState(StrEnum):
    """What a printer says of itself; silent: it is there, but does not answer such questions."""

    READY = "ready"
    OUT_OF_PAPER = "out_of_paper"
    OPEN = "open"
    JAMMED = "jammed"
    PAUSED = "paused"
    BUSY = "busy"
    BROKEN = "broken"
    SILENT = "silent"
    OFFLINE = "offline"


CAN_START = frozenset({PrinterState.READY, PrinterState.BUSY, PrinterState.SILENT})
"""States in which a job may be sent: a busy printer takes it behind the one that it works on."""


class Ending(StrEnum):
    """How sending ended.

    done       every byte was taken, and a printer that can say so is ready again
    not_begun  not a byte left us: it can be sent again without a second paper
    doubtful   some of it left us, and nobody but a person can say whether paper came out
    stopped    a person stopped it between two sheets
    """

    DONE = "done"
    NOT_BEGUN = "not_begun"
    DOUBTFUL = "doubtful"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Sent:
    """The end of one attempt, and what the printer said last."""

    ending: Ending
    state: PrinterState


OnSheet = Callable[[int], bool]
"""Called before each sheet of several (the first is 0); False stops there."""


def every_sheet(_sheet: int) -> bool:
    return True


class Printer(Protocol):
    """One way onto paper. Used by one thread; never raises for what a printer can do wrong.

    ``on_sheet`` is asked by those that take a paper sheet by sheet.
    """

    def state(self) -> PrinterState: ...

    def send(self, job: bytes, on_sheet: OnSheet = every_sheet) -> Sent: ...
