"""Where the service keeps its things and where it answers: from arguments, else the environment, else defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.kernel.errors import KnownError
from services.db.address import Address, NoAddress, file_address, read_address

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
    database: Address

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def database_name(self) -> str:
        """The database's address without its password: tells two shops apart."""
        return self.database.shown


def place_of(data: str | None, database: str | None, environ: Mapping[str, str] = os.environ) -> Place:
    """The shop's place; SQLite in the data folder when no database is named. Raises KnownError."""
    folder = data_folder(data, environ)
    address = database or environ.get(DATABASE_VARIABLE)
    return Place(folder, address_of(address) if address else file_address(str(folder / "shop.db")))


def data_folder(data: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    named = data or environ.get(DATA_VARIABLE)
    return Path(named).expanduser().absolute() if named else _beside_the_desktop()


def address_of(text: str) -> Address:
    """A database's address as it is typed, a file's path made whole; raises KnownError for what we cannot open."""
    template = "That is no address of a database. Examples: {examples}"
    refused = KnownError("database.no_address", template, {"examples": _EXAMPLES})
    try:
        address = read_address(text)
    except NoAddress as error:
        raise refused from error
    if not address.is_sqlite:
        return address
    if not address.database:
        raise refused
    return address.at(str(Path(address.database).absolute()))


def _beside_the_desktop() -> Path:
    """Where this user's desktop keeps its shop, so that ``enrol`` and ``serve`` speak of that one and of no other."""
    import platformdirs  # a desktop's service is told its folder

    return Path(platformdirs.user_data_dir(PROGRAM, False)) / "service"
