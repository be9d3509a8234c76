"""A finished paper on the screen, from the very dots that a printer would get."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.printing.bitmap import Bitmap
from ui.theme import tokens

_EDGE = 10
_WHITE = 0xFFFFFFFF
_BLACK = 0xFF000000


def image_of(bitmap: Bitmap) -> QImage:
    """The dots as a picture that can be scaled smoothly."""
    rows = QImage(bitmap.rows, bitmap.width_dots, bitmap.height_dots, bitmap.row_bytes, QImage.Format.Format_Mono)
    rows.setColorTable([_WHITE, _BLACK])
    # The conversion copies: the picture must not look into bytes that Python may free.
    return rows.convertToFormat(QImage.Format.Format_Grayscale8)


class PaperPreview(QWidget):
    """One page, as large as fits, on the ground of a desk; paper stays white in the dark theme too."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._waiting = ""
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_bitmap(self, bitmap: Bitmap | None, waiting: str = "") -> None:
        """Show a page, or ``waiting`` in its place."""
        self._image = None if bitmap is None else image_of(bitmap)
        self._waiting = waiting
        self.update()

    def image(self) -> QImage | None:
        """The page that is shown."""
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(360, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(tokens.color("border"), 1))
        painter.setBrush(tokens.color("surface2"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        if self._image is None:
            painter.setPen(tokens.color("text2"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._waiting)
            return
        target = self._paper(self._image.size())
        ratio = self.devicePixelRatioF()
        # Scaled once in steps of halves: thin bars would flicker if the painter picked single dots.
        shown = self._image.scaled(
            round(target.width() * ratio),
            round(target.height() * ratio),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(target, shown)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.color("border2"), 1))
        painter.drawRect(QRectF(target).adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paper(self, dots: QSize) -> QRect:
        """Where the page lies: never larger than its own dots."""
        room = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        size = dots.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() > dots.width():
            size = dots
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(room.center())
        return target
