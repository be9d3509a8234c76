"""Small images that are drawn once and shown as they are: soft corners cost more than the rest of a row."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter


def begun(width: int, height: int, scale: float) -> tuple[QImage, QPainter]:
    """A clear image of this size for a screen of this pixel ratio, and a painter on it.

    End the painter before the image is used. Images, unlike pixmaps, may outlive the application object.
    """
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    return image, painter
