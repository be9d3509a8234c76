"""Measuring side by side: ours and the bare thing take turns in one run, so that the machine's moods hit both."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers import Peer

ROUNDS = 5
_ROOT = Path(__file__).parent.parent
_LONGEST_S = 600


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the results.

    ``ratio`` is value / baseline. ``goal`` is what the ratio (or, without a baseline, the value) has to keep to, such
    as ``<= 1.5``; ``holds`` says whether it does, and is null where nothing was promised.
    """

    name: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
    goal: str
    holds: bool | None
    note: str = ""


def figure(  # noqa: PLR0913, PLR0917 - a row has as many columns
    name: str, value: float, unit: str, baseline: float | None = None, goal: str = "", note: str = ""
) -> Figure:
    """A row; the goal is judged here, in one place."""
    ratio = None if baseline is None else value / baseline
    judged = value if ratio is None else ratio
    holds = _holds(judged, goal) if goal else None
    return Figure(name, _short(value), unit, _short(baseline), _short(ratio), goal, holds, note)


def _holds(judged: float, goal: str) -> bool:
    sign, bound = goal.split()
    return judged <= float(bound) if sign == "<=" else judged >= float(bound)


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")  # type: ignore[return-value]


def per_second(work: Callable[[], int]) -> float:
    """How many pieces a second one round makes."""
    started = time.perf_counter()
    count = work()
    return count / (time.perf_counter() - started)


def cpu_s(work: Callable[[], object]) -> float:
    """How much of the processors' time a work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def in_turns(*works: Callable[[], float], rounds: int = ROUNDS) -> tuple[float, ...]:
    """The medians of several measurements that take turns."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for place, work in zip(found, works, strict=True):
            place.append(work())
    return tuple(statistics.median(values) for values in found)


def told_by(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Any:
    """What a module tells, as JSON in its last line, that runs in a process and a window of its own.

    Raises RuntimeError with what it said when it fails.
    """
    shown = {**(environment or os.environ), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, env=shown, cwd=_ROOT, check=False, capture_output=True, text=True, timeout=_LONGEST_S
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return json.loads(done.stdout.splitlines()[-1])


def quantile(values: Iterable[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def told(row: Figure) -> str:
    mark = {True: "✓", False: "✗", None: " "}[row.holds]
    ratio = "" if row.ratio is None else f"  × {row.ratio:g}  of {row.baseline:g}"
    return f"{mark} {row.name}: {row.value:g} {row.unit}{ratio}  {row.goal}  {row.note}".rstrip()


def write(path: Path, groups: Mapping[str, Iterable[Figure]], peers: Iterable[Peer]) -> None:
    """The results with the kind of machine they were made on; groups that were not measured now stay as they were."""
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    before = json.loads(path.read_text(encoding="utf-8"))["figures"] if path.exists() else []
    kept = [row for row in before if row["group"] not in groups]
    new = [{"group": name} | asdict(row) for name, rows in groups.items() for row in rows]
    content = {"machine": machine, "figures": kept + new, "peers": [asdict(peer) for peer in peers]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
