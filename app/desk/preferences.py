"""What belongs to this counter and not to the shop: its language, its theme, where its service is."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kernel.errors import KnownError
from app.kernel.files import replace_file

FILE = "preferences.json"


@dataclass(frozen=True, slots=True)
class Preferences:
    """``service_url`` empty: the program brings its own service along. ``port`` is where that one listens.

    ``sound_volume`` is in percent. ``pickup_point_id`` is where this counter hands goods over, "" is not chosen.
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


class PreferenceStore:
    """A small file; what a newer program wrote into it is kept.

    One that is damaged raises KnownError: it says where the shop's service is, and without it a counter would found a
    shop of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._raw = _stored(self._path) if self._path.exists() else {}

    def read(self) -> Preferences:
        """Values of a wrong type fall back to their defaults."""
        defaults = dataclasses.asdict(Preferences())
        fitting = {k: v for k, v in self._raw.items() if k in defaults and type(v) is type(defaults[k])}
        return dataclasses.replace(Preferences(), **fitting)

    def write(self, preferences: Preferences) -> None:
        self._raw |= dataclasses.asdict(preferences)
        replace_file(self._path, json.dumps(self._raw, ensure_ascii=False, indent=1).encode())


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
