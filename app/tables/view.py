"""The shop as a database holds it, for handlers; the same on both databases and in both shells."""

from collections.abc import Iterable
from typing import TypeVar

from app.domain.row import Audience, Row
from app.domain.view import NotHere
from app.tables.mapper import mapper_of
from app.tables.statements import Database, statements_of

R = TypeVar("R", bound=Row)


class SqlView:
    """Looks at the state within the running transaction."""

    def __init__(self, database: Database, audiences: Iterable[Audience]) -> None:
        self._database = database
        self._audiences = frozenset(audiences)

    def get(self, kind: type[R], *key: str) -> R | None:
        self._require(kind)
        sql = statements_of(kind, self._database.mark).select
        record = self._database.execute(sql, key).fetchone()
        return None if record is None else mapper_of(kind).row(record)

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        self._require(kind)
        unknown = set(by) - set(kind.LOOKUPS) - set(kind.KEY)
        if unknown:
            raise LookupError(f"{kind.TABLE} has no look-up by {sorted(unknown)}")
        sql = statements_of(kind, self._database.mark).children(tuple(by))
        read = mapper_of(kind).row
        return tuple(read(record) for record in self._database.execute(sql, tuple(by.values())).fetchall())

    def _require(self, kind: type[Row]) -> None:
        if kind.AUDIENCE not in self._audiences:
            raise NotHere(kind.TABLE)
