"""Icons by what they mean, drawn from Lucide outlines in the colour of a token.

An icon is painted when it is needed, so a change of theme reaches every button that holds one.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt, qVersion
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap

from app.kernel import resources
from app.kernel.kept import OfStart, beside
from app.kernel.later import later
from ui.theme import tokens

if TYPE_CHECKING:
    from ui.theme import drawing
else:
    drawing = later("ui.theme.drawing")

# Meaning → file of Lucide. Pages ask for a meaning and never for a file.
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "overview": "layout-grid",
        "orders": "receipt-text",
        "shipping": "truck",
        "courier": "bike",
        "pickup": "qr-code",
        "counter": "calculator",
        "after_sales": "undo-2",
        "products": "package",
        "stock": "layers",
        "members": "users",
        "promotions": "megaphone",
        "reports": "chart-line",
        "printing": "printer",
        "settlement": "wallet",
        "settings": "settings",
        "shop": "store",
        "bell": "bell",
        "dark": "moon",
        "light": "sun",
        "language": "languages",
        "keyboard": "keyboard",
        "search": "search",
        "synced": "cloud-check",
        "busy": "refresh-cw",
        "offline": "cloud-off",
        "issue": "circle-alert",
        "synced_full": "cloud-check-full",
        "offline_full": "cloud-off-full",
        "issue_full": "circle-alert-full",
        "update": "download",
        "local_only": "monitor",
        "check": "check",
        "done": "circle-check-full",
        "wait": "clock",
        "close": "x",
        "add": "plus",
        "less": "minus",
        "down": "chevron-down",
        "right": "chevron-right",
        "filter": "funnel",
        "tag": "tag",
        "folder": "folder",
        "bookmark": "bookmark",
        "off_sale": "arrow-down-to-line",
        "hand": "hand",
        "history": "history",
        "cart": "shopping-cart",
        "share": "share-2",
        "picture": "image",
        "video": "play",
        "copy": "copy",
        "delete": "trash-2",
        "edit": "pencil",
        "more": "ellipsis",
        "warning": "triangle-alert",
        "info": "info",
        "refused": "circle-x",
        "barcode": "barcode",
        "scan": "scan-barcode",
        "barred": "ban",
        "unready": "hourglass",
        "help": "circle-help",
        "sound": "volume-2",
        "silent": "volume-x",
        "place": "map-pin",
        "export": "upload",
        "undo": "rotate-ccw",
        "back": "arrow-left",
        "reveal": "eye",
        "hide": "eye-off",
        "lock": "lock",
        "person": "user",
        "sign_out": "log-out",
    }
)

# Lucide draws two units wide; at 18 to 20 pixels a little less sits better beside the text.
_STROKE: Final = "1.75"
_kept: Final = OfStart(beside(__file__, ".drawn"))


@lru_cache(maxsize=256)
def _outline(name: str) -> str:
    return resources.path(f"icons/{FILES[name]}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=2048)
def _image(name: str, value: str, pixels: int) -> QImage:
    """One drawn icon. Images, unlike pixmaps, may outlive the application object."""
    svg = _outline(name).replace("currentColor", value).replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
    key = (svg, pixels, qVersion())
    drawn = _kept.get(key)
    if drawn is not None:
        return QImage(drawn, pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image = drawing.svg_image(svg, pixels)
    _kept.put(key, bytes(image.constBits()))
    return image


def image(name: str, token: str, size: int, ratio: float = 1.0) -> QImage:
    """The icon in the current colour of `token`, `size` wide, for a screen of this pixel ratio."""
    return _image(name, tokens.value(token), max(1, round(size * ratio)))


def pixmap(name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Like `image`, for labels; it keeps its colour, so set it again when the theme changes."""
    result = QPixmap.fromImage(image(name, token, size, ratio))
    result.setDevicePixelRatio(ratio)
    return result


def paint(painter: QPainter, rect: QRect, name: str, token: str) -> None:
    """Draw the icon centred in `rect`, as large as fits."""
    size = min(rect.width(), rect.height())
    device = painter.device()
    drawn = image(name, token, size, device.devicePixelRatio() if device is not None else 1.0)
    target = QRect(0, 0, size, size)
    target.moveCenter(rect.center())
    painter.drawImage(target, drawn)


class _Engine(QIconEngine):
    """Paints with the tokens of the moment; a checked button may use a colour of its own."""

    def __init__(self, name: str, token: str, checked: str, is_left: bool) -> None:
        super().__init__()
        self._name = name
        self._token = token
        self._checked = checked
        self._is_left = is_left

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = self._checked if state == QIcon.State.On else self._token
        if mode == QIcon.Mode.Disabled:
            token = "text3"
        if self._is_left:
            rect = QRect(rect.left(), rect.top(), min(rect.width(), rect.height()), rect.height())
        paint(painter, rect, self._name, token)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        result = QPixmap(size)
        result.fill(Qt.GlobalColor.transparent)
        painter = QPainter(result)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return result

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token, self._checked, self._is_left)


def icon(name: str, token: str = "text2", checked: str | None = None, *, is_left: bool = False) -> QIcon:
    """An icon for buttons and actions that follows the theme by itself; ``is_left`` stands at the edge of its room."""
    if name not in FILES:
        raise KeyError(name)
    return QIcon(_Engine(name, token, checked or token, is_left))
