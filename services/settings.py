"""Where the service keeps its things and where it answers: from arguments, else the environment, else defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from sqlalchemy.engine import URL, make_url

PROGRAM = "Zhanggui"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7415
DATA_VARIABLE = "ZHANGGUI_DATA"
DATABASE_VARIABLE = "ZHANGGUI_DATABASE"
"""A database's address may hold a password, and arguments are seen by everybody on the computer."""


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
    """The shop's place; SQLite in the data folder when no database is named."""
    named = data or environ.get(DATA_VARIABLE)
    folder = Path(named).expanduser().absolute() if named else _beside_the_desktop()
    address = database or environ.get(DATABASE_VARIABLE)
    return Place(folder, make_url(address) if address else URL.create("sqlite", database=str(folder / "shop.db")))


def _beside_the_desktop() -> Path:
    """Where this user's desktop keeps its shop, so that ``enrol`` and ``serve`` speak of that one and of no other."""
    return Path(platformdirs.user_data_dir(PROGRAM, False)) / "service"
