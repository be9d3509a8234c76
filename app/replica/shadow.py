"""Base images: what each row that pending commands have touched was before them."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.row import KEY_SEPARATOR, Row, key_text
from app.kernel import codec
from app.replica.database import ReplicaDatabase
from app.tables.schema import KINDS
from app.tables.statements import statements_of


def keep(database: ReplicaDatabase, kind: type[Row], key: tuple[str, ...], record: Sequence[Any] | None) -> None:
    """Call it before the first touch of a row, with the row: its image is kept unless one is kept already."""
    base = None if record is None else codec.canonical(list(record))
    database.execute("INSERT INTO shadow VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (kind.TABLE, key_text(key), base))


def rewind(database: ReplicaDatabase, keys: Iterable[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    """Restore base images and forget them, all or those of ``keys``; answers the (table, key) pairs of before."""
    touched = []
    if keys is None:
        images = database.execute("SELECT table_name, pk, base_row FROM shadow").fetchall()
    else:
        one = "SELECT table_name, pk, base_row FROM shadow WHERE table_name = ? AND pk = ?"
        images = [image for key in keys for image in database.execute(one, key).fetchall()]
    for table, pk, base in images:
        sql = statements_of(KINDS[table], "?")
        if base is None:
            database.execute(sql.delete, tuple(pk.split(KEY_SEPARATOR)))
        else:
            database.execute(sql.upsert, codec.parse(base))
        touched.append((table, pk))
    database.execute_many("DELETE FROM shadow WHERE table_name = ? AND pk = ?", touched)
    return touched
