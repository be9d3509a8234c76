"""The replica in use: opened once, exchanged whole when a new one has been made beside it."""

import sqlite3
from datetime import datetime
from pathlib import Path

from app.domain.registry import Registry
from app.kernel import codec
from app.kernel.errors import KnownError
from app.replica import bootstrap, meta, paper, schema
from app.replica.bootstrap import Standing
from app.replica.database import ReplicaDatabase
from app.replica.meta import Meta
from app.replica.reader import current_file
from app.replica.salvage import is_damage, salvaged
from app.replica.search import index
from app.replica.search.remaking import Remaking

FRESH_ROWS = 500
"""So many changed rows are searched without the index before its feeding comes between other work."""


class ReplicaHolder:
    """Belongs to the writer thread. ``generation`` grows at each exchange, so that readers open the new file."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        self.folder = folder
        self.registry = registry
        self.database = _opened(folder)
        self._remaking = Remaking(self.database)
        self.generation = 1

    @property
    def path(self) -> Path:
        return self.database.path

    def meta(self) -> Meta:
        return meta.read(self.database)

    def exchange(self, new: ReplicaDatabase, standing: Standing) -> None:
        """Let ``new`` take over the local tables and use it from now on; the old file stays for thirty days."""
        bootstrap.adopt(new, self.database, self.registry, standing)
        bootstrap.switch(self.folder, new.path)
        old, self.database = self.database, new
        self._remaking = Remaking(new)
        self.generation += 1
        old.close()

    def prune(self, now: datetime) -> int:
        """Let go of replicas, papers and acknowledged commands that nobody needs any more; answers how many files."""
        with self.database.transaction():
            before = codec.time_text(now - bootstrap.KEPT)
            self.database.execute("DELETE FROM outbox_archive WHERE issued_at < ?", (before,))
        paper.prune(self.database, now)
        return bootstrap.prune(self.folder, now)

    def tend(self, *, is_idle: bool) -> bool:
        """Bring some of what has changed into the text index; answers whether there may be more.

        A writer that is never idle feeds it all the same once searching would suffer. An index that has grown so much
        that it has to be made anew waits until there is nothing else.
        """
        if not is_idle and index.waiting(self.database) < FRESH_ROWS:
            return True
        return index.feed(self.database) or self._remaking.step()

    def close(self) -> None:
        self.database.close()


def _opened(folder: Path) -> ReplicaDatabase:
    """The replica in use; one that turns out to be damaged is exchanged for an empty one with what waits in it."""
    path, database = current_file(folder), None
    try:
        database = ReplicaDatabase(path)
        schema.prepare(database)
        meta.read(database)
        return database
    except (sqlite3.DatabaseError, KnownError) as error:
        if not is_damage(error):
            raise
        if database is not None:
            database.close()
        return salvaged(folder, path)
