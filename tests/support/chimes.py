"""Writes the program's sounds, the same bytes every time: ``python -m tests.support.chimes``.

They differ in rhythm and not only in pitch: a short note and a long one that rings out is a new order, one note that
swells and fades is the lost line, one short tap is something to decide. At the pickup counter two notes that rise are
done, two equal low ones already done, three short ones another point, and one long low one a refusal.
"""

import array
import math
import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sounds"
RATE = 22_050
LARGEST = 32_767
OVERTONES = ((1.0, 0.70), (2.0, 0.18), (3.0, 0.07), (4.2, 0.05))


@dataclass(frozen=True, slots=True)
class Note:
    """Begins and lasts in milliseconds; ``attack_ms`` makes it soft, ``decay`` makes it ring out."""

    hz: float
    start_ms: int
    length_ms: int
    loudness: float
    attack_ms: int = 5
    decay: float = 5.0


SOUNDS: dict[str, tuple[Note, ...]] = {
    "new_order": (Note(1318.5, 0, 280, 0.26, decay=7.0), Note(1046.5, 110, 285, 0.34)),
    "offline": (Note(392.0, 0, 380, 0.30, attack_ms=120, decay=2.0),),
    "issue": (Note(587.3, 0, 170, 0.34, attack_ms=8, decay=4.0),),
    "pickup_done": (Note(784.0, 0, 150, 0.34), Note(1174.7, 130, 250, 0.38)),
    "pickup_already": (Note(220.0, 0, 150, 0.46, decay=2.0), Note(220.0, 220, 150, 0.46, decay=2.0)),
    "pickup_elsewhere": tuple(Note(659.3, start, 70, 0.38, decay=2.0) for start in (0, 120, 240)),
    "pickup_refused": (Note(185.0, 0, 390, 0.52, attack_ms=15, decay=1.0),),
}


def samples(notes: Sequence[Note]) -> "array.array[int]":
    """16-bit samples of notes that sound into each other."""
    length = max(note.start_ms + note.length_ms for note in notes) * RATE // 1000
    mixed = [0.0] * length
    for note in notes:
        first = note.start_ms * RATE // 1000
        for index in range(min(note.length_ms * RATE // 1000, length - first)):
            mixed[first + index] += _value(note, index / RATE)
    return array.array("h", (round(LARGEST * max(-1.0, min(1.0, value))) for value in mixed))


def _value(note: Note, at_s: float) -> float:
    part = at_s * 1000 / note.length_ms
    swell = min(1.0, at_s * 1000 / note.attack_ms)
    fade = math.exp(-note.decay * part) * min(1.0, (1.0 - part) / 0.15)
    tone = sum(weight * math.sin(2 * math.pi * note.hz * times * at_s) for times, weight in OVERTONES)
    return note.loudness * swell * fade * tone


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, notes in SOUNDS.items():
        data = samples(notes)
        if sys.byteorder == "big":
            data.byteswap()
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(data.tobytes())


if __name__ == "__main__":
    write(FOLDER)
