"""The service's own books, read from its file when it has ended."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "service" / "shop.db")) as database:
        return database.execute(sql).fetchall()


def check_effects(folder: Path, acknowledged: list[str]) -> tuple[int, int]:
    """How many of the acknowledged commands the service lacks, and how many took effect more than once."""
    verdicts = Counter(rows(folder, "SELECT command_id FROM command_log"))
    effects = Counter(rows(folder, "SELECT ref_id FROM stock_movements WHERE ref_kind = 'command'"))
    applied = {i for (i,) in rows(folder, "SELECT command_id FROM command_log WHERE verdict = 'applied'")}
    lost = [i for i in acknowledged if not verdicts[(i,)] or (i in applied and not effects[(i,)])]
    doubled = [i for i in (verdicts | effects) if max(verdicts[i], effects[i]) > 1]
    return len(lost), len(doubled)


def check_books(folder: Path) -> None:
    """Stock is the sum of its movements, and each device's commands are numbered without a gap."""
    sums = "SELECT sku_id, location_id, sum(delta_qty) FROM stock_movements GROUP BY 1, 2 ORDER BY 1, 2"
    levels = "SELECT sku_id, location_id, on_hand_qty FROM stock_levels WHERE (sku_id, location_id) IN"
    levels += " (SELECT sku_id, location_id FROM stock_movements) ORDER BY 1, 2"
    assert rows(folder, sums) == rows(folder, levels)
    numbers = rows(folder, "SELECT count(*), min(device_seq), max(device_seq) FROM command_log GROUP BY device_id")
    assert all(first is None or (first, last) == (1, count) for count, first, last in numbers)
