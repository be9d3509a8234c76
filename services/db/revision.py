"""Whether a database has the newest form, told without the tool that changes it: loading that takes half a second."""

from pathlib import Path

from services.db.engine import Store
from services.db.errors import DBAPIError, OperationalError

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def is_current(store: Store) -> bool:
    """False too when it has no form yet. Raises DBAPIError when it cannot be read."""
    newest = max((file.stem[1:5] for file in _VERSIONS.glob("v[0-9]*.py")), default=None)
    database = store.connect()
    try:
        record = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except OperationalError:
        if not store.is_sqlite:
            raise
        return False
    except DBAPIError:
        if store.is_sqlite:  # the file is there and is none, or is damaged
            raise
        return False
    finally:
        database.close()
    return record is not None and record[0] == newest
