"""A database's address, as a shop's settings and the command line name it."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

_SCHEME = re.compile(r"(sqlite|postgresql)(?:\+\w+)?://(.*)", re.DOTALL)
_ACCOUNT = re.compile(r"([^:/@]*)(?::(.*))?@([^@]*)", re.DOTALL)
_PORT = re.compile(r"(?:\[[^\]]*\]|[^:\[\]]*)(?::\d*)?")


class NoAddress(ValueError):
    """The text is no address of a database that we can open."""


@dataclass(frozen=True, slots=True)
class Address:
    """``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE?OPTIONS``.

    database   the file's path, or the database's name at its server
    account    ``USER:PASSWORD``, as it is written in addresses
    server     ``HOST:PORT``
    options    what stands behind the question mark, as libpq reads it
    """

    is_sqlite: bool
    database: str
    account: str = ""
    server: str = ""
    options: str = ""

    @property
    def whole(self) -> str:
        """With its password: for drivers, not for people."""
        return self._text(self.account)

    @property
    def shown(self) -> str:
        """Without its password: for people, and to tell two shops apart."""
        user, colon, password = self.account.partition(":")
        return self._text(f"{user}{colon}{'***' if password else ''}")

    def at(self, database: str) -> "Address":
        """Another database at the same place; another file."""
        return replace(self, database=database)

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"

    def _text(self, account: str) -> str:
        if self.is_sqlite:
            return f"sqlite:///{self.database}"
        at, asked = "@" if account else "", "?" if self.options else ""
        return f"postgresql://{account}{at}{self.server}/{self.database}{asked}{self.options}"


def file_address(path: str) -> Address:
    return Address(is_sqlite=True, database=path)


def read_address(text: str) -> Address:
    """Raises NoAddress. A name of a driver behind a plus is not ours to choose and is left out."""
    found = _SCHEME.fullmatch(text)
    if found is None:
        raise NoAddress(text)
    kind, rest = found.groups()
    if kind == "sqlite":
        if not rest.startswith("/"):
            raise NoAddress(text)
        return file_address(rest[1:])
    whose = _ACCOUNT.fullmatch(rest)
    account = "" if whose is None else _written(whose[1], whose[2])
    place, _, options = (rest if whose is None else whose[3]).partition("?")
    server, _, database = place.partition("/")
    if _PORT.fullmatch(server) is None:
        raise NoAddress(text)
    return Address(is_sqlite=False, database=database, account=account, server=server, options=options)


def _written(user: str, password: str | None) -> str:
    """Both with what means something else escaped: people type them with it and without, and libpq is strict."""
    return quote(unquote(user), safe="") + ("" if password is None else ":" + quote(unquote(password), safe=":"))
