"""The square before an article: its picture as soon as it is at hand, a tile until then."""

from PySide6.QtWidgets import QWidget

from ui.bridge.pictures import LIST_SIDE, PictureShelf
from ui.widgets.tile import Tile


class GoodsTile(Tile):
    """Follows the shelf of pictures; without a shelf it is a plain tile."""

    def __init__(
        self, shelf: PictureShelf | None, title: str = "", sha256: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self._shelf: PictureShelf | None = None
        self._sha256 = sha256
        self.side = LIST_SIDE
        self.follow(shelf)
        self.show_goods(title, sha256)

    def follow(self, shelf: PictureShelf | None) -> None:
        """Take the picture from this shelf from now on."""
        if shelf is not None and self._shelf is None:
            self._shelf = shelf
            shelf.arrived.connect(self._on_shelf_arrived)
            self._look()

    def show_goods(self, title: str, sha256: str) -> None:
        """Stand for another article."""
        self.set_text(title)
        self._sha256 = sha256
        self._look()

    def _look(self) -> None:
        self.set_picture(self._shelf.image(self._sha256, self.side) if self._shelf is not None else None)

    def _on_shelf_arrived(self, sha256: object) -> None:
        if sha256 == self._sha256:
            self._look()
