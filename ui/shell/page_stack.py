"""The pages of the window: each is made when it is shown first, and told from then on what it asks to be told."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.shell.navigation import in_order
from ui.shell.page import Guarding, Page, Staffed, Translated, Watching


class PageStack(QStackedWidget):
    """Shows one of them; also what is no page but stands in a page's place.

    Attributes: `pages` by their keys, in the order of the side bar; `current_key`, empty before the first is shown.
    """

    def __init__(self, pages: Sequence[Page], parent: QWidget) -> None:
        super().__init__(parent)
        self.pages = {page.key: page for page in in_order(pages)}
        self.current_key = ""
        self._made: dict[str, QWidget] = {}

    def page_widget(self, key: str) -> QWidget:
        """A page's widget, made now if it was not shown yet. Raises KeyError for a page that is not registered."""
        page = self.pages[key]
        if key not in self._made:
            self._made[key] = page.build(self)
            self.addWidget(self._made[key])
        return self._made[key]

    def turn_to(self, key: str, widget: QWidget) -> None:
        """Show this one, and tell both pages that care."""
        before: object = self.currentWidget()
        if before is not widget and isinstance(before, Watching):  # the first that is made is at once the current one
            before.page_hidden()
        self.current_key = key
        self.setCurrentWidget(widget)
        if self.isVisible():
            # Nothing on it looks chosen, and no scanner types into it, before a person has chosen something.
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(widget, Watching):
            widget.page_shown()

    def person_changed(self) -> None:
        """Somebody else is on duty."""
        for widget in self._made.values():
            if isinstance(widget, Staffed):
                widget.person_changed()

    def retranslate(self) -> None:
        """Language or theme is another one."""
        for widget in self._made.values():
            if isinstance(widget, Translated):
                widget.retranslate()

    def unsaved(self) -> Iterator[tuple[str, Guarding]]:
        """The pages that hold what would be lost with the window."""
        for key, widget in self._made.items():
            if isinstance(widget, Guarding) and widget.unsaved():
                yield key, widget
