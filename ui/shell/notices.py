"""What stands above every page until it is taken back: what must not pass by like a toast."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from ui.widgets.toast import Words


class Notices:
    """Several may stand there at once, a line each, in the order in which they came. Attributes: `notice`."""

    def __init__(self, place: QVBoxLayout, parent: QWidget) -> None:
        self._said: dict[str, Words] = {}
        self.notice = Notice("danger", parent)
        place.insertWidget(0, self.notice)

    def say(self, key: str, words: "Words | None") -> None:
        """Say something under a name, or take it back with None."""
        if words is None:
            self._said.pop(key, None)
        else:
            self._said[key] = words
        self.retranslate()

    def retranslate(self) -> None:
        """Say all of it again in the language of now."""
        self.notice.say("\n".join(words() for words in self._said.values()))
