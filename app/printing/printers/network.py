"""Printers on the shop's network, port 9100: bytes go in, and most of them answer when asked how they are."""

import contextlib
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.printing.printers.printer import CAN_START, Ending, OnSheet, PrinterState, Sent, every_sheet

PORT = 9100
CONNECT_S = 3.0
ANSWER_S = 1.0
ASK_AGAIN_S = 0.05
DONE_WITHIN_S = 30.0
_CHUNK = 4_096
log = logging.getLogger("print")


@dataclass(frozen=True, slots=True)
class Question:
    """How a family of printers is asked for its state: the bytes, when the answer is whole, what it means."""

    ask: bytes
    is_whole: Callable[[bytes], bool]
    read: Callable[[bytes], PrinterState]


def _tspl(answer: bytes) -> PrinterState:
    code = answer[0]
    if code == 0x00:
        return PrinterState.READY
    for bit, state in (
        (0x01, PrinterState.OPEN),
        (0x02, PrinterState.JAMMED),
        (0x04, PrinterState.OUT_OF_PAPER),
        (0x10, PrinterState.PAUSED),
        (0x20, PrinterState.BUSY),
    ):
        if code & bit:
            return state
    return PrinterState.BROKEN


def _escpos(answer: bytes) -> PrinterState:
    """The answers to two questions: why offline (2), and how much paper (4)."""
    offline, paper = answer
    if offline & 0x04:
        return PrinterState.OPEN
    if offline & 0x20 or paper & 0x60:
        return PrinterState.OUT_OF_PAPER
    return PrinterState.BROKEN if offline & 0x40 else PrinterState.READY


def _zpl(answer: bytes) -> PrinterState:
    """Three lines: the first has paper, pause and how many labels wait, the second whether the head is open."""
    lines = [line.strip(b"\x02\r\n").split(b",") for line in answer.split(b"\x03")]
    if len(lines[0]) < 5 or len(lines[1]) < 3:
        return PrinterState.SILENT
    if lines[0][1] == b"1":
        return PrinterState.OUT_OF_PAPER
    if lines[1][2] == b"1":
        return PrinterState.OPEN
    if lines[0][2] == b"1":
        return PrinterState.PAUSED
    return PrinterState.BUSY if lines[0][4].strip(b"0") else PrinterState.READY


TSPL = Question(b"\x1b!?", lambda answer: len(answer) == 1, _tspl)
ESCPOS = Question(b"\x10\x04\x02\x10\x04\x04", lambda answer: len(answer) == 2, _escpos)
ZPL = Question(b"~HS\r\n", lambda answer: answer.count(b"\x03") == 3, _zpl)


class NetworkPrinter:
    """A printer at an address.

    A job begins only at a printer that does not say it cannot. After the last byte it is asked until it is ready again;
    one that never answers is believed. Whatever breaks in between is a doubt, never a second label. A printer has
    ``patience_s`` to take a job, and as long again to say that it is done.
    """

    def __init__(
        self, host: str, port: int = PORT, question: Question | None = None, patience_s: float = DONE_WITHIN_S
    ) -> None:
        self._address = (host, port)
        self._question = question
        self._patience_s = patience_s

    def state(self) -> PrinterState:
        try:
            with self._connect() as line:
                return self._ask(line)
        except OSError as error:
            log.info("printer at %s:%s: %s", *self._address, error)
            return PrinterState.OFFLINE

    def send(self, job: bytes, on_sheet: OnSheet = every_sheet) -> Sent:
        try:
            line = self._connect()
        except OSError as error:
            log.info("printer at %s:%s not reached: %s", *self._address, error)
            return Sent(Ending.NOT_BEGUN, PrinterState.OFFLINE)
        with line:
            try:
                before = self._ask(line)
            except OSError:
                return Sent(Ending.NOT_BEGUN, PrinterState.OFFLINE)
            if before not in CAN_START:
                return Sent(Ending.NOT_BEGUN, before)
            return self._send(line, job, can_answer=before is not PrinterState.SILENT)

    def _connect(self) -> socket.socket:
        line = socket.create_connection(self._address, CONNECT_S)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def _send(self, line: socket.socket, job: bytes, *, can_answer: bool) -> Sent:
        line.settimeout(self._patience_s)
        try:
            for at in range(0, len(job), _CHUNK):
                line.sendall(job[at : at + _CHUNK])
            if not can_answer:
                return _until_hung_up(line)
            return self._until_ready(line)
        except OSError as error:
            log.warning("printer at %s:%s broke off: %s", *self._address, error)
            return Sent(Ending.DOUBTFUL, PrinterState.OFFLINE)

    def _until_ready(self, line: socket.socket) -> Sent:
        """Ask until the paper is out. A printer that worked and falls silent is still working: its buffer is full."""
        until = time.monotonic() + self._patience_s
        state = PrinterState.SILENT
        while time.monotonic() < until:
            state = self._ask(line)
            if state is PrinterState.READY:
                return Sent(Ending.DONE, state)
            if state not in (PrinterState.BUSY, PrinterState.SILENT):
                return Sent(Ending.DOUBTFUL, state)
            time.sleep(ASK_AGAIN_S)  # one that answers at once that it is busy is not to be asked a thousand times
        return Sent(Ending.DOUBTFUL, state)

    def _ask(self, line: socket.socket) -> PrinterState:
        """Raises OSError when the line is broken; a printer that says nothing in time is silent."""
        if self._question is None:
            return PrinterState.SILENT
        line.settimeout(ANSWER_S)
        line.sendall(self._question.ask)
        answer = b""
        try:
            while not self._question.is_whole(answer):
                part = line.recv(1)
                if not part:
                    raise ConnectionResetError("the printer hung up")
                answer += part
        except TimeoutError:
            return PrinterState.SILENT
        return self._question.read(answer)


def _until_hung_up(line: socket.socket) -> Sent:
    """One that says nothing has a moment to hang up: in order, or because it did not take everything (OSError)."""
    line.shutdown(socket.SHUT_WR)
    line.settimeout(ANSWER_S)
    with contextlib.suppress(TimeoutError):
        line.recv(1)
    return Sent(Ending.DONE, PrinterState.SILENT)
