"""A look at the shop that remembers what it has seen, for whoever writes next."""

from collections.abc import Iterable
from typing import TypeVar

from app.domain.row import Audience, Row, key_of
from app.tables.execute import Known
from app.tables.kept import SELDOM, KeptView, Rows
from app.tables.statements import Database

R = TypeVar("R", bound=Row)


class SeenView(KeptView):
    """``seen`` are the rows as they are while nothing has been written since; not those that hardly ever change."""

    def __init__(self, database: Database, audiences: Iterable[Audience], rows: Rows) -> None:
        super().__init__(database, audiences, rows)
        self.seen: Known = {}

    def get(self, kind: type[R], *key: str) -> R | None:
        found = super().get(kind, *key)
        if kind not in SELDOM:
            self.seen[kind, key] = found
        return found

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        found = super().children(kind, **by)
        if kind not in SELDOM:
            for row in found:
                self.seen[kind, key_of(row)] = row
        return found
