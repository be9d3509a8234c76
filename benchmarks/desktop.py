"""The desktop with a million orders: its start beside an empty window, its lists, and the feed while somebody looks."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.gui import BEAT_MS
from benchmarks.measure import Figure, figure, in_turns, told_by
from benchmarks.replicas import MANY, QUICK, copied
from benchmarks.starting import BEGUN

STARTS = 7


def desktops(is_quick: bool) -> Iterator[Figure]:
    count = QUICK if is_quick else MANY
    with copied(count) as folder:
        yield from starts(folder, count, 3 if is_quick else STARTS)
        told = seen(folder, is_quick)
    of = f"{count:,} orders"
    yield figure(
        f"page of the table at a random place of {of}, p99 of its painting", told["jump_p99"], "ms", goal="<= 16"
    )
    yield figure(f"page of the table by the wheel, {of}, p99 of its painting", told["wheel_p99"], "ms", goal="<= 16")
    beat = f"{told['rate']:.0f} rows a second arrived; the windows' thread beats every {BEAT_MS} ms"
    yield figure(
        f"longest work of the windows' thread while rows arrive, {of}", told["cpu_max"], "ms", None, "<= 50", beat
    )
    yield figure(f"longest time between two of its beats, {of}", told["wall_max"], "ms", note="whatever else runs here")
    yield figure(f"memory of the desktop, {of}", told["memory_mb"], "MB")


def starts(folder: Path, count: int, rounds: int) -> Iterator[Figure]:
    """An empty window and ours take turns; the processors' time is told beside the clock's."""
    with tempfile.TemporaryDirectory(prefix="zhanggui-bench-code-") as cache:
        for what in ("empty", str(folder)):  # the first start after an installation compiles the program
            start(what, cache)
        found: dict[str, list[dict[str, float]]] = {"empty": [], "ours": []}

        def run(name: str, what: str) -> float:
            found[name].append(start(what, cache))
            return found[name][-1]["painted"]

        empty, painted = in_turns(lambda: run("empty", "empty"), lambda: run("ours", str(folder)), rounds=rounds)
    usable = sorted(each["usable"] for each in found["ours"])[rounds // 2]
    cpu = {name: sorted(each["cpu"] for each in runs)[rounds // 2] for name, runs in found.items()}
    of = f"with {count:,} orders"
    yield figure(f"first picture of the orders page {of}", painted, "ms", empty, "<= 1.5", "against an empty window")
    yield figure(f"the same, processors' time {of}", cpu["ours"], "ms", cpu["empty"])
    yield figure(f"an order can be shipped {of}", usable, "ms", empty, "<= 3", "against an empty window")


def start(what: str, cache: str) -> dict[str, float]:
    """One start, told by the process itself; ``cache`` holds the compiled program."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment[BEGUN] = repr(time.time())
    told: dict[str, float] = told_by("benchmarks.starting", what, environment=environment)
    return told


def seen(folder: Path, is_quick: bool) -> dict[str, float]:
    """What the page in its window tells of itself."""
    told: dict[str, float] = told_by("benchmarks.gui", str(folder), *(["--quick"] if is_quick else []))
    return told
