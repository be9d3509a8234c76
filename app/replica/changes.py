"""What a transaction of the replica has changed, for whoever shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MANY = 500
"""From so many rows of one table on, their keys are no longer named."""


class Origin(StrEnum):
    LOCAL = "local"
    FEED = "feed"
    BOOTSTRAP = "bootstrap"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Per table the keys that changed, or None for "many"; replays and bootstraps never notify anybody.

    new_rows       keys that the feed brought and that were not here before, per table
    newly_paid     orders that the feed brought as paid and that were not paid here before
    issues         commands that were refused after they had been shown as done
    """

    origin: Origin
    tables: Mapping[str, frozenset[str] | None]
    new_rows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    issues: tuple[str, ...] = ()
    initiator: str = ""
    newly_paid: frozenset[str] = frozenset()

    def touches(self, tables: Iterable[str]) -> bool:
        return any(table in self.tables for table in tables)


def by_table(touched: Iterable[tuple[str, str]]) -> dict[str, frozenset[str] | None]:
    """(table, key) pairs as a ChangeSet names them."""
    found: dict[str, set[str]] = {}
    for table, key in touched:
        found.setdefault(table, set()).add(key)
    return {table: frozenset(keys) if len(keys) < MANY else None for table, keys in found.items()}
