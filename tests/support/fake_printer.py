"""A printer on port 9100 with paper that can run out and a plug that can be pulled."""

import contextlib
import socket
import struct
import sys
import threading
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_HARD: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""Hang up without a word, as a machine without power does."""


_BUSY_ANSWERS: Final = 31
"""A slow printer says so often that whoever counts answers instead of seconds gives up on it."""


class Fault(Enum):
    """What goes wrong, and when."""

    NONE = auto()
    NOBODY_HOME = auto()
    NO_PAPER = auto()
    HEAD_OPEN = auto()
    JAMMED = auto()
    HANGS_UP = auto()
    SLOW = auto()
    STALLS = auto()
    PAPER_ENDS_INSIDE = auto()
    PLUG_PULLED_INSIDE = auto()
    PLUG_PULLED_AFTER = auto()
    MUTE = auto()


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a family answers when asked: the question, its end-of-job mark, and its answers.

    One that is never asked helps itself: it waits for paper with the job in its memory.
    """

    ask: bytes
    end: bytes
    ready: bytes
    no_paper: bytes
    is_open: bytes
    jammed: bytes
    busy: bytes


def _hs(paper: int = 0, head: int = 0, pause: int = 0, waiting: int = 0) -> bytes:
    first = f"\x02030,{paper},{pause},1234,{waiting:03},0,0,0,000,0,0,0\x03\r\n"
    second = f"\x02001,0,{head},0,1,2,6,0,00000000,1,000\x03\r\n"
    return (first + second + "\x021234,0\x03\r\n").encode("ascii")


TONGUES: Final = {
    "tspl": Tongue(b"\x1b!?", b"PRINT 1,1\r\n", b"\x00", b"\x04", b"\x01", b"\x02", b"\x20"),
    "zpl": Tongue(b"~HS\r\n", b"^XZ\n", _hs(), _hs(paper=1), _hs(head=1), _hs(pause=1), _hs(waiting=1)),
    "escpos": Tongue(
        *(b"\x10\x04\x02\x10\x04\x04", b"\x1dVB\x00", b"\x12\x12", b"\x32\x72", b"\x16\x12", b"\x52\x12", b"")
    ),
    "pdf": Tongue(b"", b"%%EOF\n", b"", b"", b"", b"", b""),
}


class FakePrinter:
    """Counts the papers that came out whole, and those that came out torn."""

    def __init__(self, tongue: Tongue, fault: Fault = Fault.NONE) -> None:
        self._tongue = tongue
        self.fault = fault
        self.whole = 0
        self.torn = 0
        self.jobs: list[bytes] = []
        self._given_up = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        if fault is Fault.NOBODY_HOME:
            self._door.close()
        self._thread = threading.Thread(target=self._live, name="fake printer")
        self._thread.start()

    def _live(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line:
                if self.fault is Fault.HANGS_UP:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HARD)
                else:
                    self._serve(line)

    def _serve(self, line: socket.socket) -> None:
        got, busy = b"", 0
        while part := self._received(line):
            got += part
            while self._is_asked(got) or self._tongue.end in got:
                if self._is_asked(got):
                    got = got.removeprefix(self._tongue.ask)
                    answer = self._tongue.busy if busy else self._answer()
                    busy = max(0, busy - 1)
                    if self.fault is not Fault.MUTE:
                        line.sendall(answer)
                    continue
                if self.fault is Fault.PLUG_PULLED_INSIDE:
                    break
                job, end, got = got.partition(self._tongue.end)
                busy = self._busy_answers() if self.fault is Fault.SLOW else 0
                if not self._print(job + end):
                    return
            if got and self.fault is Fault.PLUG_PULLED_INSIDE:
                self.torn += 1
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HARD)
                return

    def _busy_answers(self) -> int:
        """A receipt printer has no word for busy: it answers when it is done."""
        return _BUSY_ANSWERS if self._tongue.busy else 1

    def _is_asked(self, got: bytes) -> bool:
        return bool(self._tongue.ask) and got.startswith(self._tongue.ask)

    def _received(self, line: socket.socket) -> bytes:
        """What comes in; one that stalls leaves a job in the line until somebody gives up."""
        try:
            got = line.recv(65_536)
            if self.fault is Fault.STALLS and got and not self._is_asked(got):
                self._given_up.wait(20)
                return b""
            return got
        except OSError:
            return b""

    def _answer(self) -> bytes:
        if self.fault is Fault.NO_PAPER or self.torn:
            return self._tongue.no_paper
        if self.fault is Fault.JAMMED:
            return self._tongue.jammed
        return self._tongue.is_open if self.fault is Fault.HEAD_OPEN else self._tongue.ready

    def _print(self, job: bytes) -> bool:
        """A whole job; False when the plug is pulled after it."""
        if self.fault is Fault.PAPER_ENDS_INSIDE and self._tongue.ask:
            self.torn += 1
            return True
        self.whole += 1
        self.jobs.append(job)
        return self.fault is not Fault.PLUG_PULLED_AFTER

    def close(self) -> None:
        self._given_up.set()
        with contextlib.suppress(OSError):  # a closed door does not everywhere wake whoever waits at it
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)
