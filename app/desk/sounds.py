"""The one door for sounds: each operating system's own player, on a thread of its own, so that nobody waits for it.

Windows plays through its own library, macOS and Linux through a small program that they bring along. A computer without
any stays silent; nothing is told by sound alone.
"""

import array
import contextlib
import io
import logging
import queue
import shutil
import sys
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from app.desk.preferences import PreferenceStore
from app.kernel import resources
from app.kernel.files import replace_file
from app.kernel.later import later

if TYPE_CHECKING:
    import subprocess
    import wave
else:
    subprocess, wave = later("subprocess"), later("wave")

LONGEST_S = 5.0
FULL = 100
PROGRAMS = (("afplay",), ("pw-play",), ("paplay",), ("aplay", "-q"))
log = logging.getLogger("desk")

Player = Callable[[Path], None]
"""Plays one file and answers when it is over; raises OSError when it cannot."""


class Sound(StrEnum):
    """What can be heard; each has its file in ``resources/sounds``."""

    NEW_ORDER = "new_order"
    OFFLINE = "offline"
    ISSUE = "issue"
    PICKUP_DONE = "pickup_done"
    PICKUP_ALREADY = "pickup_already"
    PICKUP_ELSEWHERE = "pickup_elsewhere"
    PICKUP_REFUSED = "pickup_refused"


def system_player(find: Callable[[str], str | None] = shutil.which) -> Player | None:
    """This computer's player, or None when it has none."""
    if sys.platform == "win32":
        return _play_on_windows
    for program, *options in PROGRAMS:
        found = find(program)
        if found is not None:
            return _program([found, *options])
    return None


def _program(command: list[str]) -> Player:
    def play(path: Path) -> None:
        try:
            subprocess.run(
                [*command, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=LONGEST_S,
                check=True,
            )
        except subprocess.SubprocessError as error:
            raise OSError(f"{command[0]}: {error}") from error

    return play


def _play_on_windows(path: Path) -> None:
    if sys.platform == "win32":
        import winsound

        try:
            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
        except RuntimeError as error:  # no sound device
            raise OSError(str(error)) from error


VERDICTS = frozenset((Sound.PICKUP_DONE, Sound.PICKUP_ALREADY, Sound.PICKUP_ELSEWHERE, Sound.PICKUP_REFUSED))
"""What a customer waits for at the counter."""


class Sounds:
    """Plays what it is asked for, as loud as this counter wants it. While one sound is heard one more waits: the first
    to come, or a verdict at the counter in its place.
    """

    def __init__(self, player: Player | None, folder: Path, preferences: PreferenceStore) -> None:
        self._player = player
        self._folder = folder
        self._preferences = preferences
        self._next: queue.Queue[Sound | None] = queue.Queue(maxsize=1)
        self._thread: threading.Thread | None = None
        self._has_complained = False

    def play(self, sound: Sound) -> None:
        """Answers at once."""
        if not self._preferences.read().sounds_on:
            return
        if self._player is None:
            self._complain("this computer has no player")
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sounds", daemon=True)
            self._thread.start()
        if sound in VERDICTS:
            with contextlib.suppress(queue.Empty):
                self._next.get_nowait()
        try:
            self._next.put_nowait(sound)
        except queue.Full:
            log.debug("%s is left out, another one waits", sound)

    def close(self) -> None:
        """What is being played may end; nothing follows."""
        if self._thread is not None:
            self._next.put(None)
            self._thread.join(LONGEST_S)

    def _run(self) -> None:
        while (sound := self._next.get()) is not None:
            try:
                self._play(sound)
            except (OSError, wave.Error) as error:
                self._complain(str(error))

    def _play(self, sound: Sound) -> None:
        percent = min(FULL, max(0, self._preferences.read().sound_volume))
        if self._player is not None and percent:
            self._player(self._at_volume(resources.path(f"sounds/{sound}.wav"), percent))

    def _at_volume(self, path: Path, percent: int) -> Path:
        """Not every player can play more softly, so the file is made softer."""
        if percent == FULL:
            return path
        softer = self._folder / path.name
        replace_file(softer, made_softer(path, percent))
        return softer

    def _complain(self, why: str) -> None:
        """Once: a shop without loudspeakers need not read of it at every order."""
        if not self._has_complained:
            self._has_complained = True
            log.info("no sounds: %s", why)


def made_softer(path: Path, percent: int) -> bytes:
    """The same file at a part of its loudness."""
    with wave.open(str(path), "rb") as source:
        params, samples = source.getparams(), array.array("h", source.readframes(source.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    samples = array.array("h", (sample * percent // FULL for sample in samples))
    if sys.byteorder == "big":
        samples.byteswap()
    made = io.BytesIO()
    with wave.open(made, "wb") as target:
        target.setparams(params)
        target.writeframes(samples.tobytes())
    return made.getvalue()
