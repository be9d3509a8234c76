"""What belongs to this counter and not to the shop: its language, its theme, where its service is."""

import dataclasses
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.desk.kept_file import KeptFile
from app.kernel.errors import KnownError

FILE = "preferences.json"


@dataclass(frozen=True, slots=True)
class Preferences:
    """``service_url`` empty: the program brings its own service along. ``port`` is where that one listens.

    ``sound_volume`` is in percent. ``pickup_point_id`` is where this counter hands goods over, "" is not chosen.
    ``last_page`` is the page that was looked at last; the program opens with it. ``time_zone`` is the shop's, as it was
    told last, so that the first picture tells times by the shop's clock.
    """

    language: str = "zh_CN"
    theme: str = "light"
    service_url: str = ""
    port: int = 7415
    label_form: str = "76x130"
    label_folder: str = ""
    on_duty: str = ""
    sounds_on: bool = True
    sound_volume: int = 100
    pickup_point_id: str = ""
    last_page: str = ""
    time_zone: str = ""


class PreferenceStore:
    """A small file, held in memory; what a newer program wrote into it is kept.

    ``write`` counts at once and reaches the disk behind it. ``on_failed`` is told, on the thread that writes, when the
    disk did not take it.

    A file that is damaged raises KnownError: it says where the shop's service is, and without it a counter would found
    a shop of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._file = KeptFile(folder / FILE, self._not_kept)
        self._raw = _stored(self._file.path) if self._file.path.exists() else {}
        self._lock = threading.Lock()
        self._watchers: list[Callable[[], None]] = []
        self.on_failed: Callable[[KnownError], None] = lambda _: None

    def read(self) -> Preferences:
        """Values of a wrong type fall back to their defaults."""
        raw = self._raw
        defaults = dataclasses.asdict(Preferences())
        fitting = {k: v for k, v in raw.items() if k in defaults and type(v) is type(defaults[k])}
        return dataclasses.replace(Preferences(), **fitting)

    def write(self, preferences: Preferences) -> None:
        """Keep them; on the disk soon."""
        with self._lock:
            self._file.put(self._merged(preferences))
        for watcher in list(self._watchers):
            watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Be told of every choice, on the thread that chose."""
        self._watchers.append(watcher)

    def write_now(self, preferences: Preferences) -> None:
        """Keep them, and wait for the disk; for before there are windows. Raises KnownError."""
        with self._lock:
            self._file.put_now(self._merged(preferences))

    def close(self) -> None:
        """Wait for the disk; what it did not take before is tried once more."""
        self._file.close()

    def _not_kept(self, error: KnownError) -> None:
        self.on_failed(error)

    def _merged(self, preferences: Preferences) -> bytes:
        self._raw = self._raw | dataclasses.asdict(preferences)
        return json.dumps(self._raw, ensure_ascii=False, indent=1).encode()


def _stored(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise KnownError(
            "preferences.damaged",
            "The file {path} is damaged. Move it away and start again; a counter that uses the service of another"
            " computer needs --service once more.",
            {"path": str(path)},
        )
    return found
