"""What costs more with a million orders than with ten thousand: nothing should by more than a fifth."""

import asyncio
import shutil
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.checkout import check_out, order_only, play
from benchmarks.desktop import seen, start
from benchmarks.many import kept_shop
from benchmarks.measure import Figure, figure, quantile
from benchmarks.replicas import FEW, MANY, QUICK, copied, fed, kept
from benchmarks.search import TYPED, drawn, measured, typed
from benchmarks.shops import APART, cpu_s, serving, stock_up

GOAL = "<= 1.2"
_PIECES = "<= 1.3"
"""An index that is fed has a few pieces, and each costs a look for each word."""
_SEEN = {
    "jump_p50": "painting a page at a random place",
    "apply_cpu_p50": "applying a page of fifty rows",
    "perform_cpu_p50": "an order is noted by the clerk",
}


def growths(is_quick: bool) -> Iterator[Figure]:
    yield from _desktop(is_quick)
    yield from _service(is_quick)


def _desktop(is_quick: bool) -> Iterator[Figure]:
    few, many = (FEW // 10, QUICK) if is_quick else (FEW, MANY)
    with copied(few) as small, copied(many) as large:
        note = f"{many:,} orders against {few:,}"
        before, after = _first_pictures(small, large, 3 if is_quick else 7)
        yield figure("growth: first picture, processors' time", after, "ms", before, GOAL, note)
        told_few, told_many = seen(small, is_quick), seen(large, is_quick)
        for key, name in _SEEN.items():
            yield figure(f"growth: {name}", told_many[key], "ms", told_few[key], GOAL, note)
    yield figure("an order is noted by the clerk, p99", told_many["perform_wall_p99"], "ms", goal="<= 50")
    seed, rounds = drawn(), 10 if is_quick else TYPED
    base, grown = (_worst(typed(count, rounds, seed).values()) for count in (few, many))
    yield figure("growth: search until what it found is painted, all kinds, p99", grown, "ms", base, GOAL, note)
    rounds = 40 if is_quick else 150
    yield from _index_alone(few, many, rounds, seed)
    yield from _grown_from_nothing(rounds, seed)


def _index_alone(few: int, many: int, rounds: int, seed: int) -> Iterator[Figure]:
    """What of that is the index's part. Both are in use: so many searches have been made already."""
    note = f"{many:,} orders against {few:,}"
    at_few, at_many = (
        {name: waits for name, waits, _ in measured(kept(count), count, rounds, seed, rounds)} for count in (few, many)
    )
    base, grown = _mean(at_few.values()), _mean(at_many.values())
    yield figure("growth: search, all kinds together", grown, "ms", base, GOAL, note)
    for name, waits in at_many.items():
        grown, base = statistics.median(waits), statistics.median(at_few[name])
        yield figure(f"growth: search, {name}", grown, "ms", base, GOAL, note)


def _worst(kinds: Iterable[list[float]]) -> float:
    return quantile([wait for waits in kinds for wait in waits], 0.99)


def _mean(kinds: Iterable[list[float]]) -> float:
    """What a search costs of which nobody knows what kind it will be."""
    return statistics.mean(statistics.median(waits) for waits in kinds)


def _grown_from_nothing(rounds: int, seed: int) -> Iterator[Figure]:
    """A counter whose index was fed order by order, beside one whose index was made of the same orders at once."""
    note = f"{QUICK:,} orders that came by and by against the same at once"
    all_fed, all_made = list[float](), list[float]()
    pairs = zip(measured(fed(QUICK), QUICK, rounds, seed), measured(kept(QUICK), QUICK, rounds, seed), strict=True)
    for (name, waits, _), (_, base, _) in pairs:
        value = statistics.median(waits)
        yield figure(f"grown from nothing: search, {name}", value, "ms", statistics.median(base), _PIECES, note)
        all_fed += waits
        all_made += base
    worst = quantile(all_fed, 0.99)
    yield figure("grown from nothing: search, all kinds, p99", worst, "ms", quantile(all_made, 0.99), note=note)


def _first_pictures(small: Path, large: Path, rounds: int) -> tuple[float, float]:
    found: dict[Path, list[float]] = {small: [], large: []}
    for _ in range(rounds):
        for folder, times in found.items():
            times.append(start(str(folder), str(folder / "code"))["cpu"])
    return statistics.median(found[small][1:]), statistics.median(found[large][1:])


def _service(is_quick: bool) -> Iterator[Figure]:
    """Two services at once, one with few orders and one with many, that are asked in turns."""
    few, copies, rounds = (FEW // 10, 20, 2) if is_quick else (FEW, MANY // FEW, 5)
    note = f"{few * copies:,} orders against {few:,}, SQLite"
    with (
        _own_copy(kept_shop(few)) as small,
        _own_copy(kept_shop(few, copies)) as large,
        serving(small, "", APART) as at_few,
        serving(large, "", APART) as at_many,
    ):
        begun = [cpu_s(shop.pid) * 1000 for shop in (at_few, at_many)]
        yield figure("growth: start of the service, processors' time", begun[1], "ms", begun[0], GOAL, note)
        for name, errand, is_paid in (("an order", order_only, False), ("a checkout", check_out, True)):
            costs: dict[int, list[float]] = {at_few.pid: [], at_many.pid: []}
            for number in range(rounds):
                for shop in (at_few, at_many):
                    crowd = play(shop, 128 if is_quick else 320, errand, is_paid=is_paid, crowd_name=f"-{number}")
                    costs[shop.pid].append(asyncio.run(crowd).cpu_ms[0])
            base, grown = (statistics.median(costs[shop.pid]) for shop in (at_few, at_many))
            yield figure(f"growth: {name} at the service, processors' time", grown, "ms", base, GOAL, note)
        base, grown = at_few.memory_mb(), at_many.memory_mb()
        yield figure("growth: memory of the service after load", grown, "MB", base, GOAL, note)


@contextmanager
def _own_copy(kept_folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zhanggui-bench-") as name:
        folder = Path(name) / "shop"
        shutil.copytree(kept_folder, folder)
        stock_up(str(folder), "")
        yield folder
