"""What happened on the tour: each step with its time and whether it held."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from app.kernel.i18n import render

PROMISED_MS: Final = 1_000
MOST_MS: Final = 5_000
_WRITTEN: Final = (".png", ".pdf", ".log")


class StepFailed(Exception):
    """Something that had to be true was not."""


@dataclass
class Step:
    name: str
    holds: bool = False
    ms: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


class Record:
    """Steps in order; written after each, so that a tour that breaks off still tells how far it came.

    The file names steps in English; the terminal is told in ``language``, whatever the windows speak meanwhile.
    """

    def __init__(self, folder: Path, language: str = "en") -> None:
        self._path = folder / "tour.json"
        self._language = language
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
        started = time.perf_counter()
        try:
            yield step.facts
            step.holds = True
        finally:
            step.ms = round((time.perf_counter() - started) * 1000)
            mark, said = self.words("ok" if step.holds else "FAIL"), self.words(name)
            print(f"{mark:<4} {step.ms:>6} ms  {said}  {step.facts or ''}".rstrip(), flush=True)
            self.write()

    def words(self, template: str, **params: object) -> str:
        """A text in the language of the terminal."""
        return render(template, params, self._language)

    @property
    def holds(self) -> bool:
        return bool(self.steps) and not self.is_broken and all(step.holds for step in self.steps)

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
