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


class Fault(Enum):
    """What goes wrong, and when."""

    NONE = auto()
    NOBODY_HOME = auto()
    NO_PAPER = auto()
    HEAD_OPEN = auto()
    PAPER_ENDS_INSIDE = auto()
    PLUG_PULLED_INSIDE = auto()
    PLUG_PULLED_AFTER = auto()
    MUTE = auto()


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a family answers when asked: the question, its end-of-job mark, and its answers."""

    ask: bytes
    end: bytes
    ready: bytes
    no_paper: bytes
    is_open: bytes


def _hs(paper: int, head: int) -> bytes:
    first = f"\x02030,{paper},0,1234,000,0,0,0,000,0,0,0\x03\r\n"
    second = f"\x02001,0,{head},0,1,2,6,0,00000000,1,000\x03\r\n"
    return (first + second + "\x021234,0\x03\r\n").encode("ascii")


TONGUES: Final = {
    "tspl": Tongue(b"\x1b!?", b"PRINT 1,1\r\n", b"\x00", b"\x04", b"\x01"),
    "zpl": Tongue(b"~HS\r\n", b"^XZ\n", _hs(0, 0), _hs(1, 0), _hs(0, 1)),
    "escpos": Tongue(b"\x10\x04\x02\x10\x04\x04", b"\x1dVB\x00", b"\x12\x12", b"\x32\x72", b"\x16\x12"),
}


class FakePrinter:
    """Counts the papers that came out whole, and those that came out torn."""

    def __init__(self, tongue: Tongue, fault: Fault = Fault.NONE) -> None:
        self._tongue = tongue
        self.fault = fault
        self.whole = 0
        self.torn = 0
        self.jobs: list[bytes] = []
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
                self._serve(line)

    def _serve(self, line: socket.socket) -> None:
        got = b""
        while part := _received(line):
            got += part
            while got.startswith(self._tongue.ask) or self._tongue.end in got:
                if got.startswith(self._tongue.ask):
                    got = got.removeprefix(self._tongue.ask)
                    if self.fault is not Fault.MUTE:
                        line.sendall(self._answer())
                    continue
                if self.fault is Fault.PLUG_PULLED_INSIDE:
                    break
                job, end, got = got.partition(self._tongue.end)
                if not self._print(job + end):
                    return
            if got and self.fault is Fault.PLUG_PULLED_INSIDE:
                self.torn += 1
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HARD)
                return

    def _answer(self) -> bytes:
        if self.fault is Fault.NO_PAPER or self.torn:
            return self._tongue.no_paper
        return self._tongue.is_open if self.fault is Fault.HEAD_OPEN else self._tongue.ready

    def _print(self, job: bytes) -> bool:
        """A whole job; False when the plug is pulled after it."""
        if self.fault is Fault.PAPER_ENDS_INSIDE:
            self.torn += 1
            return True
        self.whole += 1
        self.jobs.append(job)
        return self.fault is not Fault.PLUG_PULLED_AFTER

    def close(self) -> None:
        with contextlib.suppress(OSError):  # a closed door does not everywhere wake whoever waits at it
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65_536)
    except OSError:
        return b""
