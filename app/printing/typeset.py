"""Setting a text into its box: lines, size and baselines, before anything is drawn."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from app.printing.document import Align, Box, Fit, Text, Weight
from app.printing.fonts import Run, em_width, ems, face_runs

_ELLIPSIS = "…"
_PITCH = 1.25
_SHRINK = 0.95
# Ink above and below the baseline in ems: capitals and digits, Han signs, letters with tails.
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789 -.*×")
_TAILS = re.compile(r"[Qa-z,;:()\[\]{}/|\\@$&À-ɏ«»]")
_INK_CAPITALS, _INK_HAN, _INK_LETTERS = (0.75, 0.02), (0.88, 0.12), (0.95, 0.28)
WORD = re.compile(r"[0-9A-Za-z.,:/_+*×#@%-]+|.", re.DOTALL)
_SELECTOR = re.compile("[\ufe00-\ufe0f]")  # how the sign before it is drawn elsewhere
NOT_FIRST = frozenset("，。、；：！？）」』》】…,.;:!?)]}·*")


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line: where its baseline begins and what stands on it."""

    x_mm10: float
    baseline_mm10: float
    width_mm10: float
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    size_mm10: float
    lines: tuple[SetLine, ...]
    missing: tuple[str, ...]
    is_cut: bool


@lru_cache(maxsize=2_048)
def set_text(block: Text) -> Setting:
    """The largest setting, up to the wished size, that stays inside the box.

    Kept, because most of what stands on a label stands on the next one too.
    """
    text = printable(block.text, keeps_lines=block.fit is Fit.WRAP)
    above, below = _ink(text)
    size = min(float(block.size_mm10), block.box.height_mm10 / (above + below))
    if block.fit is Fit.WRAP:
        size, lines, is_cut = _wrapped(text, size, block)
    else:
        size, lines, is_cut = _single(text, size, block)
    missing: list[str] = []
    placed = []
    slack = block.box.height_mm10 - (above + below) * size if block.fit is not Fit.WRAP else 0.0
    baseline = block.box.y_mm10 + slack / 2 + above * size
    for line in lines:
        runs, absent = face_runs(line, block.weight)
        missing += absent
        width = em_width(runs) * size
        placed.append(SetLine(_left(block, width), baseline, width, runs))
        baseline += _PITCH * size
    return Setting(size, tuple(placed), tuple(missing), is_cut)


def wrapped_height(text: str, size_mm10: int, width_mm10: int, weight: Weight = Weight.REGULAR) -> int:
    """How high a wrapped text stands at its full size; a box of this height holds all of it."""
    said = printable(text, keeps_lines=True)
    block = Text(Box(0, 0, width_mm10, 0), said, size_mm10, weight, fit=Fit.WRAP)
    lines = len(list(_lines(said, width_mm10 / size_mm10, block)))
    above, below = _ink(said)
    return ceil(size_mm10 * (above + below + (lines - 1) * _PITCH))


def _left(block: Text, width: float) -> float:
    spare = block.box.width_mm10 - width
    return block.box.x_mm10 + {Align.LEFT: 0.0, Align.CENTRE: spare / 2, Align.RIGHT: spare}[block.align]


def printable(text: str, keeps_lines: bool) -> str:
    """Composed signs without control and format characters; what a buyer typed may hold any of them."""
    text = unicodedata.normalize("NFC", text)
    if text.replace("\u3000", "").isprintable() and not _SELECTOR.search(text):
        return text.strip()
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        if sign == "\n" and keeps_lines:
            kept.append(sign)
        elif kind in ("Cc", "Zl", "Zp", "Zs"):
            kept.append("\u3000" if sign == "\u3000" else " ")
        elif kind not in ("Cf", "Cs") and not _SELECTOR.match(sign):
            kept.append(sign)
    return "".join(kept).strip()


def _ink(text: str) -> tuple[float, float]:
    if _CAPITALS.issuperset(text):
        return _INK_CAPITALS
    return _INK_LETTERS if _TAILS.search(text) else _INK_HAN


def _single(text: str, size: float, block: Text) -> tuple[float, list[str], bool]:
    room = block.box.width_mm10
    wide = ems(text, block.weight)
    if wide * size <= room:
        return size, [text], False
    size = min(size, max(room / wide, 0 if block.fit is Fit.WHOLE else block.least_mm10))
    if block.fit is Fit.WHOLE or wide * size <= room:
        return size, [text], False
    return size, [_shortened(text, room / size, block)], True


def _wrapped(text: str, size: float, block: Text) -> tuple[float, list[str], bool]:
    room = block.box.width_mm10
    while True:
        above, below = _ink(text)
        most = max(1, int((block.box.height_mm10 / size - above - below) / _PITCH + 1 + 1e-9))
        lines = list(_lines(text, room / size, block))
        if len(lines) <= most:
            return size, lines, False
        if size <= block.least_mm10:
            rest = "".join(lines[most - 1 :])
            return size, [*lines[: most - 1], _shortened(rest, room / size, block)], True
        size = max(size * _SHRINK, min(size, block.least_mm10))


def _shortened(text: str, room: float, block: Text) -> str:
    while text and ems(text + _ELLIPSIS, block.weight) > room:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def _lines(text: str, room: float, block: Text) -> Iterator[str]:
    """Lines of at most ``room`` ems, broken between words or Han signs; closing signs never begin a line."""
    line, used = "", 0.0
    for word in _words(text, room, block):
        wide = ems(word, block.weight)
        if word == "\n" or (line and used + wide > room):
            yield line.rstrip()
            line, used = "", 0.0
        if word != "\n" and (line or word.strip()):
            line += word
            used += wide
    if line.strip() or not text:
        yield line.rstrip()


def _words(text: str, room: float, block: Text) -> Iterator[str]:
    word = ""
    for part in WORD.findall(text):
        pieces = list(part) if ems(part, block.weight) > room else [part]
        for piece in pieces:
            if word and (piece not in NOT_FIRST or word == "\n" or ems(word + piece, block.weight) > room):
                yield word
                word = ""
            word += piece
    if word:
        yield word
