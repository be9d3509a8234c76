"""The bundled font and the explicit list behind it."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from app.kernel import resources
from ui.theme import metrics

# Never rely on the system's fallback: on many systems it draws Chinese with Japanese shapes.
FAMILIES: Final = (
    "Noto Sans SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
FILES: Final = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
_registered: Final[list[int]] = []

REGULAR: Final = QFont.Weight.Normal
STRONG: Final = QFont.Weight.DemiBold
BOLD: Final = QFont.Weight.Bold


def load() -> None:
    """Register the bundled font files once per program; asking which families there are would read the system's own."""
    if _registered and QFontDatabase.applicationFontFamilies(_registered[0]):
        return
    _registered[:] = [QFontDatabase.addApplicationFont(str(resources.path(f"fonts/{name}"))) for name in FILES]
    shared.cache_clear()
    cut.cache_clear()
    advance.cache_clear()
    drop.cache_clear()


def font(pixels: int = metrics.BODY, weight: QFont.Weight = REGULAR) -> QFont:
    """A font of the program, with digits of equal width so that columns of figures stand straight."""
    return QFont(_font(pixels, weight))


@lru_cache(64)
def _font(pixels: int, weight: QFont.Weight) -> QFont:
    result = QFont()
    result.setFamilies(list(FAMILIES))
    result.setPixelSize(pixels)
    result.setWeight(weight)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


@lru_cache(64)
def shared(pixels: int, weight: QFont.Weight = REGULAR) -> tuple[QFont, QFontMetricsF]:
    """A font to paint with and its measure, made once; nobody may change them."""
    made = font(pixels, weight)
    return made, QFontMetricsF(made)


@lru_cache(4_096)
def advance(text: str, pixels: int = metrics.BODY, weight: QFont.Weight = REGULAR) -> float:
    """How wide a text is; a window that is laid out asks for the same ones again and again."""
    return shared(pixels, weight)[1].horizontalAdvance(text)


@lru_cache(4_096)
def cut(
    text: str,
    room: float,
    pixels: int,
    weight: QFont.Weight = REGULAR,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> tuple[str, float]:
    """As much of a text as ``room`` holds, and how wide that is; lists say the same things again and again."""
    width = advance(text, pixels, weight)
    if width <= room:
        return text, width
    shown = shared(pixels, weight)[1].elidedText(text, mode, room)
    return shown, advance(shown, pixels, weight)


@lru_cache(64)
def drop(height: float, pixels: int, weight: QFont.Weight = REGULAR) -> float:
    """From the top of a line of this height to the baseline of a text in its middle."""
    measure = shared(pixels, weight)[1]
    return (height - measure.ascent() - measure.descent()) / 2 + measure.ascent()
