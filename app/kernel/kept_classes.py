"""Has dataclasses made at a start from what was compiled at an earlier one.

For each dataclass Python writes the text of its methods and compiles it, at every start anew: a millisecond a class.
Only the desktop does this, and only until its first picture is there: nobody waits for what is made later.
"""

from pathlib import Path
from typing import Any, Final

from app.kernel.kept import Kept, at_end_of_start, beside
from app.kernel.kept_code import code_of
from app.kernel.later import without

with without("inspect", "traceback"):  # for classes that say nothing of themselves, and for what goes wrong
    import dataclasses
    import logging  # noqa: F401 - everybody fetches it

FILE: Final = beside(__file__, ".classes")


def begin(file: Path = FILE) -> None:
    """From here to the end of the start the methods' texts are looked up, and those that are new are kept."""
    kept = Kept(file)

    def execute(text: str, names: dict[str, Any] | None, made: dict[str, Any]) -> None:
        exec(code_of(text.encode(), "<string>", kept), names, made)

    def end() -> None:
        if vars(dataclasses).get("exec") is execute:
            del dataclasses.exec  # type: ignore[attr-defined]
        kept.keep()

    dataclasses.exec = execute  # type: ignore[attr-defined]  # its own name before the built-in one
    at_end_of_start(end)
