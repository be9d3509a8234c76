"""Whether a shop stands at a place: asked without making anything there."""

from pathlib import Path

from app.kernel.errors import KnownError
from services.db.engine import Store
from services.db.errors import DatabaseError, OperationalError
from services.settings import Place

_INNER = "service"
"""Where a desktop keeps its shop inside its own folder; people name that folder instead."""


def require_shop(place: Place) -> None:
    """Raises KnownError that says what to do when there is none, or when its file is damaged."""
    if not has_shop(place):
        raise no_shop(place)


def has_shop(place: Place) -> bool:
    """Raises KnownError for a damaged file, and what the database raises when it cannot be asked."""
    try:
        return stands(place)
    except OperationalError:
        raise
    except DatabaseError as error:
        if not place.database.is_sqlite:
            raise
        raise damaged(_file(place)) from error


def stands(place: Place) -> bool:
    """Whether somebody works in the shop's database; raises what the database raises."""
    if place.database.is_sqlite and not _file(place).exists():
        return False  # opening it would make one
    store = Store(place.database)
    try:
        with store.reading() as database:
            tables = "SELECT name FROM sqlite_master" if store.is_sqlite else "SELECT to_regclass('staff')::text"
            if ("staff",) not in [tuple(row) for row in database.execute(tables).fetchall()]:
                return False
            return bool(database.execute("SELECT count(*) FROM staff").fetchone()[0])
    finally:
        store.close()


def no_shop(place: Place) -> KnownError:
    if not place.database.is_sqlite:
        return KnownError("shop.none", "There is no shop at {place}.", {"place": place.database_name})
    folder = _file(place).parent
    if (folder / _INNER).is_dir():
        template = "There is no shop in {folder}. Did you mean --data {inner}?"
        return KnownError("shop.none", template, {"folder": str(folder), "inner": str(folder / _INNER)})
    template = "There is no shop in {folder}. Start the program once, or name the shop's folder with --data."
    return KnownError("shop.none", template, {"folder": str(folder)})


def damaged(file: Path) -> KnownError:
    return KnownError(
        "store.damaged",
        "The shop's database {file} is damaged. Leave it as it is, make a copy of its folder, and restore the"
        " newest backup; ask for help when there is none.",
        {"file": str(file)},
    )


def _file(place: Place) -> Path:
    return Path(place.database.database)
