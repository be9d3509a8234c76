"""Has dataclasses made at a start from what was compiled at an earlier one.

For each dataclass Python writes the text of its methods and compiles it, at every start anew: a millisecond a class.
Only the desktop does this, and only until its first picture is there: nobody waits for what is made later.
"""

from pathlib import Path
from typing import Any, Final

from app.kernel.kept_code import KeptCode, beside
from app.kernel.later import without

with without("inspect"):  # for classes that say nothing of themselves
    import dataclasses

FILE: Final = beside(__file__, ".classes")
_begun: list[KeptCode] = []


def begin(file: Path = FILE) -> None:
    """From here on the methods' texts are looked up; ``end`` keeps those that were new."""
    kept = KeptCode(file)
    _begun.append(kept)

    def execute(text: str, names: dict[str, Any] | None, made: dict[str, Any]) -> None:
        exec(kept.of(text.encode(), "<string>"), names, made)

    dataclasses.exec = execute  # type: ignore[attr-defined]  # its own name before the built-in one


def end() -> None:
    """Make them Python's way again, and write what was new; to be called where a moment of the disk holds up nobody."""
    if _begun:
        del dataclasses.exec  # type: ignore[attr-defined]
        _begun.pop().keep()
