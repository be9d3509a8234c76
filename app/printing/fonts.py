"""The embedded typefaces and, for every sign, the first of them that has it."""

import re
from dataclasses import dataclass
from functools import cache
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
    advances: dict[int, float]
    default_advance: float


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
    return sum(run.face.advances.get(ord(sign), run.face.default_advance) for run in runs for sign in run.text) / 1000


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


@cache
def _face(name: str) -> Face:
    font = _font_type()(name, str(resources.path(f"fonts/{name}.ttf")))
    face = font.face
    return Face(font, frozenset(face.charToGlyph), face.charWidths, face.defaultWidth)
