"""Who this installation is to the service: its device, its token, and the pair of keys that shows a copy of it."""

import json
import secrets
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.desk.secrets import SecretStore
from app.domain.pickup.code import PickupKeys, mark_of
from app.kernel import codec, typed
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from app.sync.identity import Identity

if TYPE_CHECKING:
    from app.wire.messages import EnrolReply

FILE = "device.json"
_TOKEN = "device-token-"
_KEYS = "pickup-keys-"
_KEY_BYTES = 24


@dataclass(frozen=True, slots=True)
class Enrolment:
    """``next_key`` is stored before a hello names it; once the hello was answered it becomes the key."""

    device_id: str
    no: int
    is_manager: bool
    install_key: str
    next_key: str


def require_whole(folder: Path) -> None:
    """Raises KnownError when the file of who this counter is is damaged; one that is not there yet is fine."""
    if (folder / FILE).exists():
        _read(folder / FILE)


class IdentityStore:
    """The enrolment lies in the data folder, token and pickup keys among the secrets. May be asked on any thread."""

    def __init__(self, folder: Path, secret_store: SecretStore, app_version: str) -> None:
        self._path = folder / FILE
        self._secrets = secret_store
        self._app_version = app_version
        self._lock = threading.Lock()
        self._here: Enrolment | None = None
        self._tokens: dict[str, str] = {}
        self._keys: dict[str, PickupKeys | None] = {}

    def enrolment(self) -> Enrolment | None:
        """Read once: windows ask for it at every scan, and nobody else writes it while this program runs.

        Raises KnownError when the file is damaged.
        """
        with self._lock:
            if self._here is None and self._path.exists():
                self._here = _read(self._path)
            return self._here

    def token(self) -> str:
        """Empty before the enrolment. Each device has a token of its own, so that a new one never meets an old id."""
        here = self.enrolment()
        if here is None:
            return ""
        with self._lock:
            token = self._tokens.get(here.device_id) or self._secrets.read(_TOKEN + here.device_id) or ""
            self._tokens[here.device_id] = token
            return token

    def enrolled(self, reply: "EnrolReply", install_key: str) -> Enrolment:
        """Keep what the service has given us; the token first, since a device without one is nobody."""
        self._secrets.write(_TOKEN + reply.device_id, reply.token)
        if reply.keys is not None:
            self._keep_keys(reply.device_id, reply.keys)
        return self._write(Enrolment(reply.device_id, reply.no, reply.is_manager, install_key, new_key()))

    def identity(self) -> Identity:
        """For a hello; raises LookupError before the enrolment."""
        here = self.enrolment()
        if here is None:
            raise LookupError("this computer is not enrolled")
        held = self.pickup_keys()
        mark = "" if held is None else mark_of(held)
        return Identity(here.device_id, here.install_key, here.next_key, self._app_version, mark)

    def pickup_keys(self) -> PickupKeys | None:
        """What pickup codes are verified with; None until the service has handed it over."""
        here = self.enrolment()
        if here is None:
            return None
        with self._lock:
            if here.device_id not in self._keys:
                self._keys[here.device_id] = _read_keys(self._secrets.read(_KEYS + here.device_id))
            return self._keys[here.device_id]

    def greeted(self, identity: Identity, keys: PickupKeys | None) -> None:
        """The service has answered this hello: the next one uses the next key. ``keys`` are new ones for us."""
        here = self.enrolment()
        if here is not None and keys is not None:
            self._keep_keys(here.device_id, keys)
        if here is not None and here.install_key == identity.install_key:
            self._write(replace(here, install_key=identity.next_key, next_key=new_key()))

    def _keep_keys(self, device_id: str, keys: PickupKeys) -> None:
        with self._lock:
            self._secrets.write(_KEYS + device_id, codec.canonical(codec.plain(keys)))
            self._keys[device_id] = keys

    def _write(self, enrolment: Enrolment) -> Enrolment:
        with self._lock:
            replace_file(self._path, json.dumps(asdict(enrolment)).encode())
            self._here = enrolment
            return enrolment


def _read(path: Path) -> Enrolment:
    try:
        return typed.build(Enrolment, json.loads(path.read_bytes()))
    except ValueError as error:
        raise KnownError(
            "device.damaged",
            "The file {path} that says which counter this is is damaged. Put a copy of it back; without one, start"
            " with a new folder (--data DIR) and join the shop anew. What was not sent yet stays in the old folder.",
            {"path": str(path)},
        ) from error


def _read_keys(kept: str | None) -> PickupKeys | None:
    """Damaged ones are as good as none: the next hello says so, and the service hands them over again."""
    try:
        return None if kept is None else typed.build(PickupKeys, codec.parse(kept))
    except ValueError:
        return None


def new_key() -> str:
    return secrets.token_urlsafe(_KEY_BYTES)
