"""What stands on a page of a table, gathered first and drawn layer by layer.

Each font and pen is set once a page instead of once a cell, and nothing is saved and restored in between.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import floor
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QImage, QPainter

from ui.theme import fonts, metrics, tokens


@dataclass(frozen=True, eq=False)
class Face:
    """A size and a weight that a table writes in; each is made once and known by itself."""

    pixels: int
    weight: QFont.Weight


BODY: Final = Face(metrics.BODY, fonts.REGULAR)
STRONG: Final = Face(metrics.BODY, fonts.STRONG)
NOTE: Final = Face(metrics.NOTE, fonts.REGULAR)
NOTE_STRONG: Final = Face(metrics.NOTE, fonts.STRONG)


class Layers:
    """Grounds lie lowest, in the order they came, images on them, and words on top.

    Attributes: `scale`, the pixel ratio of what is painted on. Places are pixels of the painter, colours are tokens.
    """

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._grounds: list[tuple[int, int, int, int, str]] = []
        self._images: list[tuple[float, float, QImage]] = []
        self._words: defaultdict[tuple[Face, str], list[tuple[float, float, str]]] = defaultdict(list)

    def fill(self, left: int, top: int, width: int, height: int, token: str) -> None:
        """A plain ground."""
        self._grounds.append((left, top, width, height, token))

    def show(self, left: float, top: float, image: QImage) -> None:
        """An image that was drawn for this scale; it goes to the nearest whole pixel, for between two it blurs."""
        self._images.append((left, top, image))

    def say(self, left: float, baseline: float, text: str, face: Face, token: str) -> None:
        """One line of text that has been cut to its room."""
        self._words[face, token].append((left, baseline, text))

    def draw(self, painter: QPainter) -> None:
        """Put all of it on the painter, whose font and pen are others afterwards."""
        colors = {token: tokens.color(token) for *_, token in self._grounds}
        for left, top, width, height, token in self._grounds:
            painter.fillRect(left, top, width, height, colors[token])
        self._draw_images(painter)
        for (face, token), lines in self._words.items():
            painter.setFont(fonts.shared(face.pixels, face.weight)[0])
            painter.setPen(tokens.color(token))
            for x, y, text in lines:
                painter.drawText(QPointF(x, y), text)

    def _draw_images(self, painter: QPainter) -> None:
        device = painter.deviceTransform()
        across, down, left_of_all, top_of_all = device.m11(), device.m22(), device.dx(), device.dy()
        for left, top, image in self._images:
            x = floor(left * across + left_of_all + 0.5)
            y = floor(top * down + top_of_all + 0.5)
            painter.drawImage(QPointF((x - left_of_all) / across, (y - top_of_all) / down), image)
