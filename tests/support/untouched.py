"""Proof that nothing was changed: every table of the service before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.db.engine import Store
from services.db.tables import METADATA

Dump = dict[str, list[tuple[Any, ...]]]
LOGS = ("command_log", "change_log", "feed_head", "device")
"""Where a refused command leaves its trace: its entry, the device's own verdict, and the ends that they move."""


def dump(store: Store) -> Dump:
    """Every row of every table, at one instant."""
    with store.reading() as database:
        return {
            name: sorted((tuple(r) for r in database.execute(f"SELECT * FROM {name}").fetchall()), key=repr)
            for name in METADATA.tables
        }


@contextmanager
def untouched(store: Store) -> Iterator[None]:
    """Fails when the block changed anything at all, but for what the log keeps of refused commands."""
    before = dump(store)
    yield
    after = dump(store)
    changed = [name for name in before if name not in LOGS and before[name] != after[name]]
    assert changed == [], {name: set(after[name]) ^ set(before[name]) for name in changed}
    applied = [row for row in _new(before, after, "command_log") if "applied" in row]
    assert applied == []
    assert [row for row in _new(before, after, "change_log") if "verdict" not in row] == []


def _new(before: Dump, after: Dump, table: str) -> list[tuple[Any, ...]]:
    """Rows that came; none may have gone or changed."""
    assert set(before[table]) <= set(after[table])
    return [row for row in after[table] if row not in before[table]]
