"""Ctrl+C on the tour: it ends at its next wait, in order, with all that it has begun.

Python would raise in whatever slot runs just then, where Qt prints an exception and goes on.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGBREAK")


class Stop:
    """The wish to stop, which is heard while ``heard`` is entered and raises once, at the next ``check``."""

    def __init__(self) -> None:
        self._number = 0
        self._is_raised = False

    @property
    def is_wished(self) -> bool:
        return self._number != 0

    @property
    def is_due(self) -> bool:
        """Wished, and not raised yet: what closes afterwards may wait as ever."""
        return self.is_wished and not self._is_raised

    @property
    def exit_code(self) -> int:
        """What a shell expects of a program that a signal has ended: 130 after Ctrl+C."""
        return 128 + self._number

    def check(self) -> None:
        """Raises KeyboardInterrupt when the tour is to end and does not know it yet."""
        if self.is_due:
            self._is_raised = True
            raise KeyboardInterrupt

    @contextmanager
    def heard(self) -> Iterator[None]:
        """From here on signals are wishes. Whoever presses Ctrl+C a second time is not made to wait for any order."""
        self._number, self._is_raised = 0, False
        signals = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        before: dict[int, Any] = {number: signal.getsignal(number) for number in signals}

        def wish(number: int, _frame: FrameType | None) -> None:
            self._number = number
            for each in signals:
                signal.signal(each, before[each])

        for number in signals:
            signal.signal(number, wish)
        try:
            yield
        finally:
            for number in signals:
                signal.signal(number, before[number])


STOP: Final = Stop()
"""One for all, since signals are the whole process's."""
