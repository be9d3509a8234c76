"""The embedded typefaces and, for every sign, the first of them that has it."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from app.kernel import resources
from app.printing.document import Weight

REPLACEMENT = "□"
_FILES = {Weight.REGULAR: "NotoSansSC-Regular", Weight.BOLD: "NotoSansSC-Bold"}
_RARE_SIGNS = "ZhangguiRareHan-Regular"
_BEYOND_BMP = re.compile(r"<([0-9A-F]{5,6})>")


def _surrogates(match: re.Match[str]) -> str:
    return f"<{chr(int(match[1], 16)).encode('utf-16-be').hex().upper()}>"


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font file: which signs it has and how wide they are, in thousandths of the size."""

    font: Any
    signs: frozenset[int]
    advances: "_Advances"


class _Advances(dict[int, float]):
    """What signs are wide; those that the font lacks are as wide as its blank."""

    def __init__(self, known: dict[int, float], blank: float) -> None:
        super().__init__(known)
        self._blank = blank

    def __missing__(self, sign: int) -> float:
        return self._blank


@dataclass(frozen=True, slots=True)
class Run:
    """Signs set in one face, one after the other."""

    face: Face
    text: str


def face_runs(text: str, weight: Weight) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    """The text in runs of one face each, and the signs that no font has: a visible box stands for those."""
    first, *others = _chain(weight)
    if first.signs.issuperset(map(ord, text)):
        return (Run(first, text),), ()
    runs: list[tuple[Face, list[str]]] = []
    missing = []
    for sign in text:
        face = next((face for face in (first, *others) if ord(sign) in face.signs), None)
        if face is None:
            missing.append(sign)
        shown = sign if face else REPLACEMENT
        if not runs or runs[-1][0] is not (face or first):
            runs.append((face or first, []))
        runs[-1][1].append(shown)
    return tuple(Run(face, "".join(signs)) for face, signs in runs), tuple(missing)


def em_width(runs: tuple[Run, ...]) -> float:
    """The width in ems."""
    if len(runs) == 1:
        return sum(map(runs[0].face.advances.__getitem__, map(ord, runs[0].text))) / 1000
    return sum(run.face.advances[ord(sign)] for run in runs for sign in run.text) / 1000


@lru_cache(maxsize=8_192)
def ems(text: str, weight: Weight) -> float:
    """The width in ems; lines are broken by asking for the same signs and words again and again."""
    return em_width(face_runs(text, weight)[0])


@cache
def _chain(weight: Weight) -> tuple[Face, ...]:
    return _face(_FILES[weight]), _face(_RARE_SIGNS)


@cache
def _font_type() -> Any:
    """The library's font, which is not imported before something is printed."""
    from reportlab.pdfbase.ttfonts import TTFont

    class _Font(TTFont):  # type: ignore[misc]
        """Its text can be copied from the file also beyond U+FFFF, where the library writes no surrogate pair."""

        def addObjects(self, doc: Any) -> None:  # noqa: N802 - the library's name
            super().addObjects(doc)
            for key, stream in doc.idToObject.items():
                if key.startswith("toUnicodeCMap:"):
                    stream.content = _BEYOND_BMP.sub(_surrogates, stream.content)

    return _Font


class _Glyphs:
    """The drawings of a font, cut out one by one: the library copies all of them for each file it writes."""

    def __init__(self, data: bytes, start: int, length: int) -> None:
        self._all = memoryview(data)[start : start + length]

    def __getitem__(self, part: slice) -> bytes:
        return bytes(self._all[part])


def _read_in_parts(face: Any) -> None:
    """Give the library the font's one large table without a copy."""
    whole_table, glyphs = face.get_table, _Glyphs(face._ttf_data, *face.get_table_pos("glyf"))
    face.get_table = lambda tag: glyphs if tag == "glyf" else whole_table(tag)


@cache
def _face(name: str) -> Face:
    font = _font_type()(name, str(resources.path(f"fonts/{name}.ttf")))
    face = font.face
    _read_in_parts(face)
    return Face(font, frozenset(face.charToGlyph), _Advances(face.charWidths, face.defaultWidth))
