"""The buttons of an order that no carrier takes: prepared and collected, or brought by the shop's own courier."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.orders.actions import Actions
from ui.theme import metrics
from ui.widgets.button import Button

READY: Final = "ready"
REDEEM: Final = "redeem"
DISPATCH: Final = "dispatch"
DELIVERED: Final = "delivered"
BACK: Final = "back"


class DeliveryBar(QWidget):
    """At most two buttons at a time; the filled one is what comes next.

    Attributes: `buttons` by act. Signals: `act_wanted(object)` carries the act.
    """

    act_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icons = {READY: "check", REDEEM: "pickup", DISPATCH: "courier", DELIVERED: "check", BACK: "after_sales"}
        self.buttons = {act: Button("", "plain", icon, self) for act, icon in icons.items()}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics.SPACE_S)
        for act in (BACK, REDEEM, READY, DISPATCH, DELIVERED):
            button = self.buttons[act]
            button.setProperty("act", act)
            button.clicked.connect(self._on_button_clicked)
            button.hide()
            row.addWidget(button, 1)
        self.hide()

    def show_actions(self, actions: Actions) -> None:
        """Offer what can succeed."""
        words = {
            READY: tr("Prepared…"),
            REDEEM: tr("Hand over…"),
            DISPATCH: tr("Send with courier…"),
            DELIVERED: tr("It was delivered"),
            BACK: tr("Not delivered…"),
        }
        offered = {
            READY: actions.ready,
            REDEEM: actions.redeem,
            DISPATCH: actions.dispatch,
            DELIVERED: actions.deliver,
            BACK: actions.bring_back,
        }
        for act, button in self.buttons.items():
            button.setText(words[act])
            button.setVisible(offered[act])
        first = next((act for act in (READY, REDEEM, DISPATCH, DELIVERED) if offered[act]), "")
        for act, button in self.buttons.items():
            button.set_kind("primary" if act == first else "plain")
        self.setVisible(any(offered.values()))

    def next_button(self) -> Button | None:
        """The filled one."""
        return next((b for b in self.buttons.values() if not b.isHidden() and b.property("kind") == "primary"), None)

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            self.act_wanted.emit(button.property("act"))
