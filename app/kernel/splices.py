"""How a long list of numbers became another one: a few places at which some went and others came.

Lists of a million rows are exchanged whole, as arrays that nobody changes any more; what shows them wants to know only
what moved.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Splice:
    """From position ``at`` of the old list on, ``gone`` numbers went and ``come`` stand there now."""

    at: int
    gone: int
    come: "array[int]"


@dataclass(frozen=True, slots=True)
class Splices:
    """All splices between two lists, by position in ``since``, the old one; they do not touch each other."""

    since: "array[int]"
    parts: Sequence[Splice]

    def applied(self) -> "array[int]":
        """The new list."""
        found, end = array("q"), 0
        for part in self.parts:
            found += self.since[end : part.at]
            found += part.come
            end = part.at + part.gone
        found += self.since[end:]
        return found

    def moved(self, position: int) -> int | None:
        """Where the number at a position of the old list stands now; None if it went."""
        shift = 0
        for part in self.parts:
            if position < part.at:
                break
            if position < part.at + part.gone:
                return None
            shift += len(part.come) - part.gone
        return position + shift
