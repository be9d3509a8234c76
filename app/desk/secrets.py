"""Keeps what proves who this computer is: in the operating system's keyring, or else in a file for its owner alone."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from app.kernel.later import later

if TYPE_CHECKING:
    import keyring
    from keyring import errors
else:
    keyring, errors = later("keyring"), later("keyring.errors")

_SERVICE = "zhanggui"


class SecretStore(Protocol):
    def read(self, name: str) -> str | None: ...
    def write(self, name: str, secret: str) -> None: ...


class FileSecrets:
    """A file that only its owner can read; one that is damaged raises KnownError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> str | None:
        return self._all().get(name)

    def write(self, name: str, secret: str) -> None:
        replace_file(self._path, json.dumps(self._all() | {name: secret}).encode(), secret=True)

    def require_whole(self) -> None:
        """Raises KnownError when it is damaged; one that is not there yet is fine."""
        self._all()

    def _all(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        try:
            found = json.loads(self._path.read_bytes())
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
            raise KnownError(
                "secrets.damaged",
                "The file {path} with what proves who this computer is is damaged. Put a copy of it back; without one,"
                " start with a new folder (--data DIR) and join the shop anew.",
                {"path": str(self._path)},
            )
        return found


class KeyringSecrets:
    """The keyring of whoever is logged in; ``profile`` keeps two shops on one computer apart."""

    def __init__(self, profile: str, fallback: SecretStore) -> None:
        self._profile = profile
        self._fallback = fallback

    def read(self, name: str) -> str | None:
        kept = self._fallback.read(name)
        if kept is not None:
            return kept
        try:
            return keyring.get_password(_SERVICE, f"{self._profile}:{name}")
        except errors.KeyringError:
            return None

    def write(self, name: str, secret: str) -> None:
        try:
            keyring.set_password(_SERVICE, f"{self._profile}:{name}", secret)
        except errors.KeyringError:
            self._fallback.write(name, secret)
