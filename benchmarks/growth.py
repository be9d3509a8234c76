"""What of the desktop's costs grows from ten thousand orders to a million: nothing should by more than a fifth."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.desktop import seen, start
from benchmarks.measure import Figure, figure
from benchmarks.replicas import FEW, MANY, QUICK, copied, kept
from benchmarks.search import measured

GOAL = "<= 1.2"
_SEEN = {
    "jump_p50": "painting a page at a random place",
    "apply_cpu_p50": "applying a page of fifty rows",
    "perform_cpu_p50": "an order is noted by the clerk",
}


def growths(is_quick: bool) -> Iterator[Figure]:
    few, many = (FEW // 10, QUICK) if is_quick else (FEW, MANY)
    with copied(few) as small, copied(many) as large:
        note = f"{many:,} orders against {few:,}"
        before, after = _first_pictures(small, large, 3 if is_quick else 7)
        yield figure("growth: first picture, processors' time", after, "ms", before, GOAL, note)
        told_few, told_many = seen(small, is_quick), seen(large, is_quick)
        for key, name in _SEEN.items():
            yield figure(f"growth: {name}", told_many[key], "ms", told_few[key], GOAL, note)
    yield figure("an order is noted by the clerk, p99", told_many["perform_wall_p99"], "ms", goal="<= 50")
    rounds = 40 if is_quick else 150
    small_waits = {name: waits for name, waits, _ in measured(kept(few), few, rounds)}
    for name, waits, _ in measured(kept(many), many, rounds):
        grown, base = statistics.median(waits), statistics.median(small_waits[name])
        yield figure(f"growth: search, {name}", grown, "ms", base, GOAL, note)


def _first_pictures(small: Path, large: Path, rounds: int) -> tuple[float, float]:
    found: dict[Path, list[float]] = {small: [], large: []}
    for _ in range(rounds):
        for folder, times in found.items():
            times.append(start(str(folder), str(folder / "code"))["cpu"])
    return statistics.median(found[small][1:]), statistics.median(found[large][1:])
