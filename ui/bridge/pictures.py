"""Small pictures for lists and cards: asked for once, kept while they are looked at, never waited for."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from app.desk.pictures import PictureDoor
    from app.desk.runner import Runner

LIST_SIDE = 96
CARD_SIDE = 320
_MOST_KEPT = 600
_MISSING_S = 20.0


class PictureShelf(QObject):
    """Signals: `arrived(object)` carries the sha256 of a picture that can be drawn now."""

    arrived = Signal(object)

    def __init__(
        self,
        runner: "Runner",
        door: "Callable[[], PictureDoor]",
        parent: QObject | None = None,
        begin: Callable[[Callable[[], None]], None] = lambda act: act(),
    ) -> None:
        """``door`` is asked for with the first picture. ``begin`` calls back when pictures may be asked for; until then
        tiles stand in their place."""
        super().__init__(parent)
        self._runner = runner
        self._door = door
        self._is_begun = False
        self._kept: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()
        self._missing: dict[tuple[str, int], float] = {}
        begin(self._begin)

    @property
    def door(self) -> "PictureDoor":
        """Where pictures come from and go to."""
        return self._door()

    def _begin(self) -> None:
        self._is_begun = True
        self.arrived.emit("")  # whoever was painted without asks again

    def image(self, sha256: str, side: int = LIST_SIDE) -> QImage | None:
        """The picture if it is at hand; otherwise it is asked for, and a tile stands in its place until it comes."""
        if not sha256 or not self._is_begun:
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
