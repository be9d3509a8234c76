"""Base images: what each row that pending commands have touched was before them."""

from app.domain.row import KEY_SEPARATOR, Row, key_text
from app.kernel import codec
from app.replica.database import ReplicaDatabase
from app.tables.execute import Touch
from app.tables.schema import KINDS
from app.tables.statements import statements_of


def keeper(database: ReplicaDatabase) -> Touch:
    """Call it before the first touch of a row: its image is kept unless one is kept already."""

    def keep(kind: type[Row], key: tuple[str, ...]) -> None:
        pk = key_text(key)
        known = database.execute("SELECT 1 FROM shadow WHERE table_name = ? AND pk = ?", (kind.TABLE, pk)).fetchone()
        if known is None:
            record = database.execute(statements_of(kind, "?").select, key).fetchone()
            base = None if record is None else codec.canonical(list(record))
            database.execute("INSERT INTO shadow VALUES (?, ?, ?)", (kind.TABLE, pk, base))

    return keep


def rewind(database: ReplicaDatabase) -> list[tuple[str, str]]:
    """Restore every base image and forget them; answers the (table, key) pairs that were shown changed."""
    touched = []
    for table, pk, base in database.execute("SELECT table_name, pk, base_row FROM shadow").fetchall():
        sql = statements_of(KINDS[table], "?")
        if base is None:
            database.execute(sql.delete, tuple(pk.split(KEY_SEPARATOR)))
        else:
            database.execute(sql.upsert, codec.parse(base))
        touched.append((table, pk))
    database.execute("DELETE FROM shadow")
    return touched
