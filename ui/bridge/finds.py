"""What a page answers when it is asked from everywhere what it has."""

from dataclasses import dataclass

from ui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that a page finds: two lines of text, by what its ``open_row`` knows it, and the state that it is in."""

    title: str
    note: str
    row: object
    mark: tuple[str, Tone] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The first of what a page finds, and how much that is in all; None when there is more than was counted."""

    hits: tuple[Hit, ...] = ()
    count: int | None = 0
