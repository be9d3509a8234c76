"""The desktop's database: the synced tables, and what belongs to this computer alone. Numbered steps build it."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app.domain.row import Row
from app.kernel import codec
from app.kernel.errors import KnownError
from app.kernel.later import later
from app.replica import rollups
from app.replica.database import ReplicaDatabase
from app.replica.search import index as search_index
from app.replica.version import MAJOR, OUTDATED, UNIT, VERSION
from app.tables.mapper import mapper_of
from app.tables.schema import KINDS, NAMING, SYNCED, replica_tables

if TYPE_CHECKING:
    import sqlalchemy as sql
    from sqlalchemy import schema as ddl
    from sqlalchemy.dialects import sqlite
else:
    sql, ddl, sqlite = later("sqlalchemy"), later("sqlalchemy.schema"), later("sqlalchemy.dialects.sqlite")

_LOCAL = (
    """CREATE TABLE replica_meta (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        feed_epoch TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        device_id TEXT NOT NULL,
        is_manager INTEGER NOT NULL,
        next_device_seq INTEGER NOT NULL,
        clock_offset_ms INTEGER NOT NULL,
        bootstrap_state TEXT NOT NULL)""",
    """CREATE TABLE outbox (
        device_seq INTEGER PRIMARY KEY,
        command_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        args TEXT NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        issued_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'held', 'parked')),
        forecast TEXT NOT NULL CHECK (forecast IN ('ok', 'doubtful')),
        forecast_code TEXT NOT NULL,
        attempts INTEGER NOT NULL)""",
    """CREATE TABLE outbox_archive (
        device_seq INTEGER NOT NULL,
        command_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        args TEXT NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        issued_at TEXT NOT NULL,
        verdict TEXT NOT NULL,
        code TEXT NOT NULL,
        params TEXT NOT NULL,
        commit_seq INTEGER NOT NULL)""",
    """CREATE TABLE shadow (
        table_name TEXT NOT NULL,
        pk TEXT NOT NULL,
        base_row TEXT,
        PRIMARY KEY (table_name, pk)) WITHOUT ROWID""",
    """CREATE TABLE sync_issue (
        id TEXT PRIMARY KEY,
        command_id TEXT NOT NULL,
        name TEXT NOT NULL,
        args TEXT NOT NULL,
        actor TEXT NOT NULL,
        issued_at TEXT NOT NULL,
        code TEXT NOT NULL,
        params TEXT NOT NULL,
        created_at TEXT NOT NULL,
        resolved_at TEXT,
        resolved_by TEXT)""",
    """CREATE TABLE IF NOT EXISTS print_job (
        id TEXT PRIMARY KEY,
        key TEXT NOT NULL,
        copy_no INTEGER NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        file_name TEXT NOT NULL,
        form TEXT NOT NULL,
        page_dots TEXT NOT NULL,
        dpi10 INTEGER NOT NULL,
        order_ids TEXT NOT NULL,
        parcel_id TEXT NOT NULL,
        printer_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        actor TEXT NOT NULL,
        is_confirmed INTEGER NOT NULL,
        by_itself INTEGER NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('queued', 'printing', 'waiting', 'doubtful', 'done', 'cancelled', 'failed')),
        told TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        is_marked INTEGER NOT NULL,
        queued_at TEXT NOT NULL,
        started_at TEXT,
        ended_at TEXT,
        batch TEXT NOT NULL,
        first_sheet INTEGER NOT NULL,
        document TEXT NOT NULL,
        pdf BLOB NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS ix_print_job_unmarked ON print_job (ended_at) WHERE state = 'done' AND is_marked = 0",
    "CREATE INDEX IF NOT EXISTS ix_print_job_state ON print_job (state, queued_at)",
    "CREATE INDEX IF NOT EXISTS ix_print_job_key ON print_job (key)",
    "CREATE INDEX IF NOT EXISTS ix_print_job_batch ON print_job (batch, state) WHERE batch <> ''",
)
_LATER_LOCAL = tuple(statement for statement in _LOCAL if "IF NOT EXISTS" in statement)
"""What a file of an earlier version does not have yet."""


def create(database: ReplicaDatabase, *, with_indices: bool = True) -> None:
    """Make all tables in an empty file; without indices when a million rows are about to be loaded."""
    database.begin()
    for statement in (*_synced().tables, *_LOCAL):
        database.execute(statement)
    database.execute("INSERT INTO replica_meta VALUES (1, '', 0, '', 0, 1, 0, 'empty')")
    database.execute(f"PRAGMA user_version = {VERSION}")
    database.commit()
    if with_indices:
        create_indices(database)


_MORE_INDICES = (
    "CREATE INDEX IF NOT EXISTS ix_orders_placed_at ON orders (placed_at, id)",
    "CREATE INDEX IF NOT EXISTS ix_orders_state_placed_at ON orders (state, placed_at, id, delivery_kind)",
    "CREATE INDEX IF NOT EXISTS ix_orders_paid_at ON orders (paid_at) WHERE paid_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS ix_transfers_back ON transfers (happened_at) WHERE debit = 'sales'",
)
"""What only the desktop's own questions need; handlers list rows by their ``LOOKUPS``."""
_COVERED = ("ix_orders_state",)
"""Indices of look-ups that one of those serves as well."""


def create_indices(database: ReplicaDatabase) -> None:
    """Indices, and the sums and the text index over the rows that are here by now."""
    database.begin()
    for statement in (*_synced().indices, *_MORE_INDICES):
        database.execute(statement)
    for name in _COVERED:
        database.execute(f"DROP INDEX IF EXISTS {name}")
    database.commit()
    rollups.make(database)
    if not search_index.is_made(database):
        search_index.make(database)


def prepare(database: ReplicaDatabase) -> None:
    """Bring the open file to this program's form; raises KnownError for one of a newer program."""
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    if version == 0:
        create(database)
    elif version // UNIT > MAJOR:
        raise KnownError(
            "replica.newer",
            "The data on this computer was made by a newer version of the program. Install that version.",
        )
    elif _grow(database) or version < VERSION or not search_index.is_made(database):
        _bring_up(database)


def _grow(database: ReplicaDatabase) -> bool:
    """Add the tables and columns that the file of an earlier version lacks; answers whether there were any.

    Their rows have passed by in the feed already, so the replica is made anew as soon as the service answers. Until
    then this one serves.
    """
    if all(_is_whole(database, kind) for kind in SYNCED):
        return False
    with database.transaction():
        lacking = [step for table in _metadata().sorted_tables for step in _lacking(database, table)]
        for step in lacking:
            database.execute(step)
        if lacking:
            database.execute("UPDATE replica_meta SET bootstrap_state = 'outdated'")
    return bool(lacking)


def _is_whole(database: ReplicaDatabase, kind: type[Row]) -> bool:
    """Nearly every start finds it so, and describing all tables to the library for that takes a tenth of a second."""
    there = {name for _, name, *_ in database.execute(f"PRAGMA table_info({kind.TABLE})").fetchall()}
    return there.issuperset(("rid", *mapper_of(kind).names))


def _lacking(database: ReplicaDatabase, table: "sql.Table") -> list[str]:
    there = {name for _, name, *_ in database.execute(f"PRAGMA table_info({table.name})").fetchall()}
    if not there:
        return [str(ddl.CreateTable(table).compile(dialect=sqlite.dialect()))]
    defaults = {c.name: c.default for c in mapper_of(KINDS[table.name]).columns}
    added = []
    for column in table.columns:
        if column.name not in there:
            kind = column.type.compile(dialect=sqlite.dialect())
            number = isinstance(column.type, sql.Integer)
            default = defaults.get(column.name)
            plain = codec.canonical(default) if isinstance(default, dict) else default
            said = str(plain or 0) if number else "'{}'".format(str(plain or "").replace("'", "''"))
            rule = "" if column.nullable else f" NOT NULL DEFAULT {said}"
            added.append(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}{rule}")
    return added


def _bring_up(database: ReplicaDatabase) -> None:
    """A minor step only adds what follows from the rows that are here: indices, sums and the text index."""
    database.execute(f"PRAGMA user_version = {OUTDATED}")
    create_indices(database)
    with database.transaction():
        _remake_print_jobs(database)
        for statement in _LATER_LOCAL:
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {VERSION}")


def _remake_print_jobs(database: ReplicaDatabase) -> None:
    """A table of an earlier version knew neither batches nor sheets; the papers stay last, behind all that is read."""
    there = [name for _, name, *_ in database.execute("PRAGMA table_info(print_job)").fetchall()]
    if not there or "batch" in there:
        return
    database.execute("ALTER TABLE print_job RENAME TO print_job_before")
    for name in ("unmarked", "state", "key"):
        database.execute(f"DROP INDEX IF EXISTS ix_print_job_{name}")
    database.execute(next(statement for statement in _LOCAL if "TABLE IF NOT EXISTS print_job " in statement))
    before = ", ".join(there[:-1])
    database.execute(
        f"INSERT INTO print_job ({before}, batch, first_sheet, document, pdf)"
        f" SELECT {before}, '', 0, '', pdf FROM print_job_before"
    )
    database.execute("DROP TABLE print_job_before")


@dataclass(frozen=True, slots=True)
class _Synced:
    """The statements that make the synced tables, and their indices."""

    tables: tuple[str, ...]
    indices: tuple[str, ...]


@cache
def _synced() -> _Synced:
    dialect = sqlite.dialect()
    tables = _metadata().sorted_tables
    indices = (index for table in tables for index in sorted(table.indexes, key=lambda i: str(i.name)))
    return _Synced(
        tuple(str(ddl.CreateTable(table).compile(dialect=dialect)) for table in tables),
        tuple(
            str(ddl.CreateIndex(index, if_not_exists=True).compile(dialect=dialect))
            for index in indices
            if index.name not in _COVERED
        ),
    )


def _metadata() -> "sql.MetaData":
    metadata = sql.MetaData(naming_convention=NAMING)
    replica_tables(metadata)
    return metadata
