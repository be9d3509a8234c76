"""``./run.sh bench [--quick] [GROUP …]``: measures, prints, and writes ``benchmarks/results.json``."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.checkout import checkouts
from benchmarks.desktop import desktops
from benchmarks.growth import growths
from benchmarks.labels import labels
from benchmarks.measure import Figure, told, write
from benchmarks.peers import PEERS
from benchmarks.screen import screen
from benchmarks.search import searches
from benchmarks.waiting import waitings

RESULTS = Path(__file__).parent / "results.json"
GROUPS: dict[str, Callable[[bool], Iterator[Figure]]] = {
    "labels": labels,
    "checkout": checkouts,
    "screen": screen,
    "desktop": desktops,
    "search": searches,
    "waiting": waitings,
    "growth": growths,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench",
        description="测这台电脑的速度，结果写入 benchmarks/results.json · measure, print, and write the results",
    )
    groups = ", ".join(GROUPS)
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help=f"只测这几组，默认全测 · which of these, or all: {groups}"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="小店、少测几轮，只看大概 · small shops and few rounds: a look, not a result",
    )
    wishes = parser.parse_args(arguments)
    unknown = ", ".join(sorted(set(wishes.groups) - set(GROUPS)))
    if unknown:
        parser.error(f"没有这一组 · no such group: {unknown}")
    rows: dict[str, list[Figure]] = {}
    for name in wishes.groups or GROUPS:
        print(f"— {name}", flush=True)
        for row in GROUPS[name](wishes.quick):
            print(told(row), flush=True)
            rows.setdefault(name, []).append(row)
    if not wishes.quick:
        write(RESULTS, rows, PEERS)
    return 0 if all(row.holds is not False for group in rows.values() for row in group) else 1


if __name__ == "__main__":
    sys.exit(main())
