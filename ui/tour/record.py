"""What happened on the tour: each step with its time and whether it held."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from app.kernel.i18n import render
from ui.tour.telling import sentences

PROMISED_MS: Final = 1_000
MOST_MS: Final = 5_000
_WRITTEN: Final = (".png", ".pdf", ".log")


class StepFailed(Exception):
    """Something that had to be true was not."""


@dataclass
class Step:
    """``holds`` is None for a step that could not be played here; ``facts`` say why."""

    name: str
    holds: bool | None = False
    ms: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


class Record:
    """Steps in order; written after each, so that a tour that breaks off still tells how far it came.

    The file names steps in English and keeps bare facts; the terminal is told sentences in ``language``, whatever the
    windows speak meanwhile.
    """

    def __init__(self, folder: Path, language: str = "en") -> None:
        self._path = folder / "tour.json"
        self.language = language
        self.steps: list[Step] = []
        self.files: list[str] = []
        self.is_broken = False

    def sweep(self) -> None:
        """Take away what a former tour has written here, as its own record names it, and nothing else."""
        for name in _files_of(self._path):
            self._path.with_name(name).unlink(missing_ok=True)
        self.write()

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Time a step; what is put into the yielded dictionary stands beside it."""
        step = Step(name)
        self.steps.append(step)
        mark = self.words("FAIL")
        started = time.perf_counter()
        try:
            yield step.facts
            step.holds, mark = True, self.words("ok")
        except KeyboardInterrupt:
            mark = self.words("cut short")
            raise
        finally:
            step.ms = round((time.perf_counter() - started) * 1000)
            self._tell(step, mark)

    def leave_out(self, name: str, why: str) -> None:
        """A step that cannot be played here is neither done nor failed; ``why`` says what would have to be here."""
        step = Step(name, None, facts={"not_played": why})
        self.steps.append(step)
        self._tell(step, self.words("not played"))

    def _tell(self, step: Step, mark: str) -> None:
        print(f"{mark:<4} {step.ms:>6} ms  {self.words(step.name)}", flush=True)
        for sentence in sentences(step.facts, self.words):
            print(f"{'':<14}  · {sentence}", flush=True)
        self.write()

    def words(self, template: str, **params: object) -> str:
        """A text in the language of the terminal."""
        return render(template, params, self.language)

    @property
    def holds(self) -> bool:
        return bool(self.steps) and not self.is_broken and all(step.holds is not False for step in self.steps)

    def write(self) -> None:
        told = {"holds": self.holds, "steps": [asdict(step) for step in self.steps], "files": sorted(self.files)}
        self._path.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), encoding="utf-8")


def _files_of(path: Path) -> list[str]:
    """The files that a record names, beside itself; none when there is no record, or something else in its place."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    names = told.get("files") if isinstance(told, dict) else None
    found = names if isinstance(names, list) else []
    return [name for name in found if isinstance(name, str) and Path(name).name == name and name.endswith(_WRITTEN)]


def require(condition: object, what: str) -> None:
    if not condition:
        raise StepFailed(what)


def tell_pace(facts: dict[str, Any], ms: int) -> None:
    """Tell beside a step how long what is promised within a second took, and whether it did.

    A busy machine may break the promise, which is told; only what is too late on any machine ends the tour.
    """
    facts.update(ms=ms, promised_ms=PROMISED_MS, is_in_time=ms <= PROMISED_MS)
    require(ms <= MOST_MS, f"it took {ms} ms")
