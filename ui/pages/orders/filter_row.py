"""What narrows the list beside tab and words: a menu to choose from, and a chip for each that can be taken away."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.desk.queries import OrderFilter
from app.domain.orders.state import DeliveryKind
from app.kernel.i18n import tr
from ui.pages.orders import wording
from ui.theme import metrics
from ui.widgets.button import Button, IconButton

_CHIP_HEIGHT = 30


class FilterRow(QWidget):
    """The chips; hidden while nothing narrows the list.

    Attributes: `menu_button`, for the page to place; `chips` by what they narrow.
    Signals: `kind_chosen(object)` carries a delivery kind, empty for all; `dropped(object)` carries a chip's key.
    """

    kind_chosen = Signal(object)
    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.menu_button = IconButton("filter", "", parent=parent)
        self.menu_button.clicked.connect(self._on_menu_button_clicked)
        self.chips: dict[str, Button] = {}
        self._kind = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(13, 0, 13, 9)
        self._row.setSpacing(metrics.SPACE_S)
        self._row.addStretch(1)
        self.hide()

    def show_filter(self, wanted: OrderFilter) -> None:
        """A chip for each part of the filter."""
        self._kind = wanted.delivery_kind
        self.menu_button.set_name(tr("Filter by way of delivery"))
        for chip in self.chips.values():
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {key: self._chip(key, words) for key, words in wording.filter_parts(wanted)}
        self.setVisible(bool(self.chips))

    def menu(self) -> QMenu:
        """What can be chosen, the present choice ticked."""
        menu = QMenu(self)
        for kind in ("", *DeliveryKind):
            action = menu.addAction(wording.delivery_word(kind) if kind else tr("All ways of delivery"))
            action.setCheckable(True)
            action.setChecked(kind == self._kind)
            action.setData(str(kind))
            action.triggered.connect(self._on_action_triggered)
        return menu

    def _chip(self, key: str, words: str) -> Button:
        chip = Button(words, "filter", "close", self)
        chip.set_height(_CHIP_HEIGHT)
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # what takes it away stands behind its word
        chip.setAccessibleName(tr("{filter}: show all again", filter=words))
        chip.setProperty("filter_key", key)
        chip.clicked.connect(self._on_chip_clicked)
        self._row.insertWidget(self._row.count() - 1, chip)
        chip.show()
        return chip

    def _on_menu_button_clicked(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def _on_action_triggered(self) -> None:
        action = self.sender()
        if action is not None:
            self.kind_chosen.emit(action.data())  # type: ignore[attr-defined]

    def _on_chip_clicked(self) -> None:
        chip = self.sender()
        if chip is not None:
            self.dropped.emit(chip.property("filter_key"))
