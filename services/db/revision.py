"""Whether a database has the newest form, told without the tool that changes it: loading that takes half a second."""

from pathlib import Path

from services.db.engine import OpenDatabase, Store

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def is_current(store: Store) -> bool:
    """False too when it has no form yet. Raises DBAPIError when it cannot be asked: that says nothing of its form."""
    newest = max((file.stem[1:5] for file in _VERSIONS.glob("v[0-9]*.py")), default=None)
    with store.connect() as database:
        if not _is_formed(database):
            return False
        record = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return record is not None and record[0] == newest


def _is_formed(database: OpenDatabase) -> bool:
    sql = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    if not database.is_sqlite:
        sql = "SELECT to_regclass('alembic_version')::text"
    record = database.execute(sql).fetchone()
    return record is not None and record[0] is not None
