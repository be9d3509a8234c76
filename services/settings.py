"""Where the service keeps its things and where it answers: from arguments, else the environment, else defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.kernel.errors import KnownError

PROGRAM = "Zhanggui"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7415
DATA_VARIABLE = "ZHANGGUI_DATA"
DATABASE_VARIABLE = "ZHANGGUI_DATABASE"
"""A database's address may hold a password, and arguments are seen by everybody on the computer."""

_EXAMPLES = "sqlite:////shop/shop.db, postgresql://user:password@server/shop"


@dataclass(frozen=True, slots=True)
class Place:
    """The shop's database, and the folder for everything else that belongs to it."""

    data: Path
    database: URL

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def database_name(self) -> str:
        """The database's address without its password: tells two shops apart."""
        return self.database.render_as_string(hide_password=True)


def place_of(data: str | None, database: str | None, environ: Mapping[str, str] = os.environ) -> Place:
    """The shop's place; SQLite in the data folder when no database is named. Raises KnownError."""
    folder = data_folder(data, environ)
    address = database or environ.get(DATABASE_VARIABLE)
    return Place(folder, address_of(address) if address else URL.create("sqlite", database=str(folder / "shop.db")))


def data_folder(data: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    named = data or environ.get(DATA_VARIABLE)
    return Path(named).expanduser().absolute() if named else _beside_the_desktop()


def address_of(text: str) -> URL:
    """A database's address as it is typed, a file's path made whole; raises KnownError for what we cannot open."""
    template = "That is no address of a database. Examples: {examples}"
    refused = KnownError("database.no_address", template, {"examples": _EXAMPLES})
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # the second comes from a port that is no number
        raise refused from error
    if url.get_backend_name() == "postgresql":
        return url
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(database=str(Path(url.database).absolute()))
    raise refused


def _beside_the_desktop() -> Path:
    """Where this user's desktop keeps its shop, so that ``enrol`` and ``serve`` speak of that one and of no other."""
    import platformdirs  # a desktop's service is told its folder

    return Path(platformdirs.user_data_dir(PROGRAM, False)) / "service"
