"""The bundled font and the explicit list behind it."""

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

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

REGULAR: Final = QFont.Weight.Normal
STRONG: Final = QFont.Weight.DemiBold
BOLD: Final = QFont.Weight.Bold


def load() -> None:
    """Register the bundled font files once per program."""
    if FAMILIES[0] in QFontDatabase.families():
        return
    for name in FILES:
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/{name}")))


def font(pixels: int = metrics.BODY, weight: QFont.Weight = REGULAR) -> QFont:
    """A font of the program, with digits of equal width so that columns of figures stand straight."""
    result = QFont()
    result.setFamilies(list(FAMILIES))
    result.setPixelSize(pixels)
    result.setWeight(weight)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
