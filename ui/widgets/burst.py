"""Tells a burst of keys from a scanner from a person's typing, by when the keys come. Plain Python, without a clock.

A gun types a whole code within a tenth of a second and usually ends it with Enter; a person's keys are 100 ms apart,
and never a dozen in a row within 50 ms of each other.
"""

import unicodedata
from dataclasses import dataclass

LONGEST = 512
"""No code is longer: a key that is held down for ever must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What counts as a burst.

    gap_s          the longest pause between two keys of one scan; slow wireless guns need all of it
    end_s          so long after its last key a scan without Enter is over
    least          keys that a scan with Enter has at least
    least_unended  keys that a scan without Enter has at least: nobody types so many so fast
    """

    gap_s: float = 0.05
    end_s: float = 0.1
    least: int = 6
    least_unended: int = 12


def plain_sign(text: str) -> str:
    """The ASCII sign that a key stands for, wide ones of Chinese input methods included; empty for all other keys.

    The blank is none of them: it presses buttons, and no code has one.
    """
    sign = unicodedata.normalize("NFKC", text)
    return sign if len(sign) == 1 and "!" <= sign <= "~" else ""


def narrow(text: str) -> str:
    """Scanned text as it was meant: wide signs made narrow, without what lies around it."""
    return unicodedata.normalize("NFKC", text).strip()


class Burst:
    """The keys that came one after the other and may be a scan.

    Attributes: `timing`, `last_at` (when the last key came).
    """

    def __init__(self, timing: Timing | None = None) -> None:
        self.timing = timing or Timing()
        self._signs: list[str] = []
        self.last_at = float("-inf")

    def __len__(self) -> int:
        return len(self._signs)

    @property
    def is_running(self) -> bool:
        return bool(self._signs)

    def joins(self, at: float) -> bool:
        """Whether a key that comes now belongs to the keys before it."""
        return self.is_running and len(self._signs) < LONGEST and 0 <= at - self.last_at <= self.timing.gap_s

    def add(self, sign: str, at: float) -> None:
        """One more key; whoever calls has dropped the burst before if the key does not join it."""
        self._signs.append(sign)
        self.last_at = at

    def wait_s(self) -> float:
        """How long after its last key it is decided what this was."""
        return self.timing.end_s if self._is_long else self.timing.gap_s

    def ended(self, at: float) -> str:
        """Enter or Tab came: the scanned text and the burst is over, or empty when this was typing."""
        return self._take() if self.joins(at) and len(self) >= self.timing.least else ""

    def paused(self) -> str:
        """No further key came: the scanned text and the burst is over, or empty when this was typing."""
        return self._take() if self._is_long else ""

    def drop(self) -> None:
        """Forget the keys."""
        self._signs.clear()

    def _take(self) -> str:
        text = narrow("".join(self._signs))
        self.drop()
        return text

    @property
    def _is_long(self) -> bool:
        return len(self) >= self.timing.least_unended
