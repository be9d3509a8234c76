"""Sums that the database keeps by itself, so that a figure over a million rows is read and not counted.

A rollup is described once, as what a single row adds to it. From that follow the triggers that keep it within the
transaction that changes the row, whoever changes it, and the query that makes it anew: they cannot disagree.
Rows have to be written by UPSERT: REPLACE takes a row away without telling the triggers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.replica.database import ReplicaDatabase

QUARTER_S: Final = 900
"""Sums over time are kept by quarters of an hour since 1970: every zone's days and hours are whole quarters."""


def quarter_of(column: str) -> str:
    """SQL for the quarter of an hour that a stored time lies in."""
    return f"CAST(strftime('%s', {column}) AS INTEGER) / {QUARTER_S}"


@dataclass(frozen=True, slots=True)
class Source:
    """What a row of ``table`` adds: SQL with ``{r}`` for the row.

    columns    the columns of the table that are spoken of; a change of others costs nothing
    keys       where the row belongs
    values     what it adds there
    condition  whether it adds anything
    """

    table: str
    columns: Sequence[str]
    keys: Sequence[str]
    values: Sequence[str]
    condition: str = "1"


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table of sums; ``keys`` are its columns with their types."""

    name: str
    keys: Sequence[str]
    values: Sequence[str]
    sources: Sequence[Source]

    @property
    def key_names(self) -> list[str]:
        return [key.split()[0] for key in self.keys]


SALES: Final = Rollup(
    "sales_quarters",
    keys=("quarter INTEGER", "delivery_kind TEXT"),
    values=("order_count", "paid_fen", "refunded_fen"),
    sources=(
        Source(
            "orders",
            columns=("paid_at", "paid_fen", "delivery_kind"),
            keys=(quarter_of("{r}.paid_at"), "{r}.delivery_kind"),
            values=("1", "{r}.paid_fen", "0"),
            condition="{r}.paid_at IS NOT NULL",
        ),
        Source(
            "transfers",
            columns=("debit", "credit", "fen", "happened_at"),
            keys=(quarter_of("{r}.happened_at"), "''"),
            values=("0", "0", "{r}.fen"),
            condition="{r}.debit = 'sales' AND {r}.credit <> 'sales'",
        ),
    ),
)
"""What was sold when: orders by the time they were paid, and money that left the sales by the time it left."""

ORDERS: Final = Rollup(
    "order_counts",
    keys=("state TEXT", "delivery_kind TEXT"),
    values=("order_count", "total_fen"),
    sources=(
        Source(
            "orders",
            columns=("state", "delivery_kind", "total_fen"),
            keys=("{r}.state", "{r}.delivery_kind"),
            values=("1", "{r}.total_fen"),
        ),
    ),
)
"""How many orders stand where: the one answer for tabs, side bar and overview."""

ROLLUPS: Final[tuple[Rollup, ...]] = (SALES, ORDERS)


def make(database: ReplicaDatabase) -> None:
    """Make all rollups anew from the rows that are here, and keep them from now on."""
    with database.transaction():
        for rollup in ROLLUPS:
            for source in rollup.sources:
                for event in _EVENTS:
                    database.execute(f"DROP TRIGGER IF EXISTS {_trigger_name(rollup, source, event)}")
            database.execute(f"DROP TABLE IF EXISTS {rollup.name}")
            database.execute(_table(rollup))
            for source in rollup.sources:
                database.execute(_add(rollup, source, f"SELECT {_gathered(source)}"))
                for event in _EVENTS:
                    database.execute(_trigger(rollup, source, event))


def drift(database: ReplicaDatabase) -> tuple[str, ...]:
    """The rollups that are not what counting all rows anew would give; none, or it is a bug."""
    return tuple(rollup.name for rollup in ROLLUPS if _kept(database, rollup) != _counted(database, rollup))


_EVENTS: Final = ("INSERT", "UPDATE", "DELETE")
Sums = dict[tuple[object, ...], tuple[int, ...]]


def _kept(database: ReplicaDatabase, rollup: Rollup) -> Sums:
    rows = database.execute(f"SELECT {', '.join([*rollup.key_names, *rollup.values])} FROM {rollup.name}").fetchall()
    width = len(rollup.keys)
    return {tuple(row[:width]): tuple(row[width:]) for row in rows if any(row[width:])}


def _counted(database: ReplicaDatabase, rollup: Rollup) -> Sums:
    width = len(rollup.keys)
    found: Sums = {}
    for source in rollup.sources:
        for row in database.execute(f"SELECT {_gathered(source)}").fetchall():
            key, values = tuple(row[:width]), row[width:]
            before = found.get(key, (0,) * len(values))
            found[key] = tuple(b + v for b, v in zip(before, values, strict=True))
    return {key: values for key, values in found.items() if any(values)}


def _table(rollup: Rollup) -> str:
    keys = ", ".join(f"{key} NOT NULL" for key in rollup.keys)
    values = ", ".join(f"{value} INTEGER NOT NULL" for value in rollup.values)
    return f"CREATE TABLE {rollup.name} ({keys}, {values}, PRIMARY KEY ({', '.join(rollup.key_names)})) WITHOUT ROWID"


def _gathered(source: Source) -> str:
    """The rest of a SELECT over all rows, one row per key."""
    keys = ", ".join(source.keys).format(r="t")
    values = ", ".join(f"sum({value})" for value in source.values).format(r="t")
    places = ", ".join(str(place) for place in range(1, len(source.keys) + 1))
    return f"{keys}, {values} FROM {source.table} t WHERE {source.condition.format(r='t')} GROUP BY {places}"


def _add(rollup: Rollup, source: Source, select: str) -> str:
    columns = ", ".join([*rollup.key_names, *rollup.values])
    sums = ", ".join(f"{value} = {value} + excluded.{value}" for value in rollup.values)
    return (
        f"INSERT INTO {rollup.name} ({columns}) {select}"
        f" ON CONFLICT ({', '.join(rollup.key_names)}) DO UPDATE SET {sums}"
    )


def _trigger_name(rollup: Rollup, source: Source, event: str) -> str:
    return f"{rollup.name}_of_{source.table}_{event.lower()}"


def _trigger(rollup: Rollup, source: Source, event: str) -> str:
    steps = []
    if event != "INSERT":
        steps.append(_add(rollup, source, _one(source, "OLD", "-")))
    if event != "DELETE":
        steps.append(_add(rollup, source, _one(source, "NEW", "")))
    when = ""
    if event == "UPDATE":  # an upsert names all columns, though it changes few of them
        when = " WHEN " + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in source.columns)
    body = "; ".join(steps)
    name = _trigger_name(rollup, source, event)
    return f"CREATE TRIGGER {name} AFTER {event} ON {source.table}{when} BEGIN {body}; END"


def _one(source: Source, row: str, sign: str) -> str:
    keys = ", ".join(source.keys).format(r=row)
    values = ", ".join(f"{sign}({value})" for value in source.values).format(r=row)
    return f"SELECT {keys}, {values} WHERE {source.condition.format(r=row)}"
