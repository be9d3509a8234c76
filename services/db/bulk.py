"""Many rows at once: by one prepared statement on SQLite, by COPY on PostgreSQL."""

from collections.abc import Sequence

from app.domain.row import Row
from app.tables.mapper import Record
from app.tables.statements import statements_of
from services.db.engine import OpenDatabase


def insert(database: OpenDatabase, kind: type[Row], records: Sequence[Record]) -> None:
    """Rows that are not there yet."""
    statements = statements_of(kind, database.mark)
    if database.is_sqlite:
        database.execute_many(statements.insert, records)
        return
    from services.db import postgres  # 10 MB that SQLite has no use for

    postgres.copy(database.raw, f"COPY {kind.TABLE} ({statements.columns}) FROM STDIN", records)


def put(database: OpenDatabase, kind: type[Row], records: Sequence[Record]) -> None:
    """Rows that may be there already and become these."""
    database.execute_many(statements_of(kind, database.mark).upsert, records)
