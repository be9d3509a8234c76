"""Whether a database has the newest form, told without the tool that changes it: loading that takes half a second."""

from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from services.db.engine import CoreDatabase, Store

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def is_current(store: Store) -> bool:
    """False too when that cannot be told: the revisions then find out themselves. Raises when there is no database."""
    newest = max((file.stem[1:5] for file in _VERSIONS.glob("v[0-9]*.py")), default=None)
    connection = store.connect()
    try:
        record = CoreDatabase(connection).execute("SELECT version_num FROM alembic_version").fetchone()
    except OperationalError:
        if not store.is_sqlite:
            raise
        return False
    except DBAPIError:
        return False
    finally:
        connection.close()
    return record is not None and record[0] == newest
