"""Small pictures for lists and cards: asked for once, kept while they are looked at, never waited for."""

import time
from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.desk.pictures import PictureDoor
from app.desk.runner import Runner

LIST_SIDE = 96
CARD_SIDE = 320
_MOST_KEPT = 600
_MISSING_S = 20.0


class PictureShelf(QObject):
    """Signals: `arrived(object)` carries the sha256 of a picture that can be drawn now."""

    arrived = Signal(object)

    def __init__(self, runner: Runner, door: PictureDoor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.door = door
        self._kept: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()
        self._missing: dict[tuple[str, int], float] = {}

    def image(self, sha256: str, side: int = LIST_SIDE) -> QImage | None:
        """The picture if it is at hand; otherwise it is asked for, and a tile stands in its place until it comes."""
        if not sha256:
            return None
        key = (sha256, side)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        missed = self._missing.get(key)
        if key not in self._asked and (missed is None or time.monotonic() - missed > _MISSING_S):
            self._asked.add(key)
            self._runner.when(self.door.thumbnail(sha256, side), lambda content: self._on_content(key, content))
        return self._kept.get(key)

    def _on_content(self, key: tuple[str, int], content: bytes | None) -> None:
        self._asked.discard(key)
        image = QImage.fromData(content) if content is not None else QImage()
        if image.isNull():
            self._missing[key] = time.monotonic()
            return
        self._missing.pop(key, None)
        self._kept[key] = image
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(key[0])
