"""Where buyers collect their orders, and where the shop's own couriers bring them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.delivery.commands import ArchiveDeliveryArea
from app.domain.delivery.model import DeliveryArea
from app.domain.money import money_text
from app.domain.permission import Permission
from app.domain.pickup.commands import ArchivePickupPoint
from app.domain.pickup.model import PickupPoint
from app.kernel.i18n import tr
from ui.pages.settings import places
from ui.pages.settings.parts import empty_out, ruled, say, scrolled
from ui.pages.settings.place_dialog import PlaceDialog
from ui.pages.settings.presenter import SettingsPresenter
from ui.theme import metrics
from ui.widgets.ask import Question, ask
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import ElidedLabel, label

Place = PickupPoint | DeliveryArea


class PlaceSection(QWidget):
    """Attributes: `new_point_button`, `new_area_button`, `edit_buttons` and `close_buttons` by place, `note`,
    `dialog` (the open one).
    """

    def __init__(self, presenter: SettingsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: object = None
        self.dialog: PlaceDialog | None = None
        self.edit_buttons: dict[str, Button] = {}
        self.close_buttons: dict[str, Button] = {}
        self.new_point_button = Button(tr("New pickup point…"), "plain", "add", self)
        self.new_area_button = Button(tr("New delivery area…"), "plain", "add", self)
        self.note = label("", "note", "danger", wraps=True)
        self._may = presenter.may(Permission.SETTINGS_EDIT)
        self._points, self._areas = QVBoxLayout(), QVBoxLayout()
        self._assemble()
        self.new_point_button.clicked.connect(lambda: self.edit_point(None))
        self.new_area_button.clicked.connect(lambda: self.edit_area(None))
        self.refresh()

    def refresh(self) -> None:
        """Show the places that are open; the same once more changes nothing."""
        setup = self._presenter.setup
        points = [p for p in (setup.points if setup else ()) if p.archived_at is None]
        areas = [a for a in (setup.areas if setup else ()) if a.archived_at is None]
        if (points, areas) == self._shown:
            return
        self._shown = (points, areas)
        self.edit_buttons, self.close_buttons = {}, {}
        none_yet = tr("None yet: buyers cannot choose to collect.")
        self._fill(self._points, points, none_yet)
        self._fill(self._areas, areas, tr("None yet: buyers cannot choose own delivery."))

    def edit_point(self, point: PickupPoint | None) -> None:
        self._open(PlaceDialog(self._presenter, point, is_area=False, parent=self))

    def edit_area(self, area: DeliveryArea | None) -> None:
        self._open(PlaceDialog(self._presenter, area, is_area=True, parent=self))

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(tr("Pickup and delivery"), self)
        column.addWidget(area)
        cards.addWidget(self._card(tr("Pickup points"), self.new_point_button, self._points))
        cards.addWidget(self._card(tr("Delivery areas"), self.new_area_button, self._areas))
        if not self._may:
            cards.addWidget(label(tr("Only the owner can change these."), "note"))
        say(self.note, "")
        cards.addWidget(self.note)
        cards.addStretch(1)

    def _card(self, title: str, button: Button, rows: QVBoxLayout) -> Card:
        card = Card(parent=self)
        head = QHBoxLayout()
        head.addWidget(label(title, "card_title"))
        head.addStretch(1)
        head.addWidget(button)
        button.setVisible(self._may)
        card.body.addLayout(head)
        rows.setSpacing(metrics.SPACE_M)
        card.body.addLayout(rows)
        return card

    def _fill(self, column: QVBoxLayout, found: Sequence[Place], none_yet: str) -> None:
        empty_out(column)
        if found:
            ruled(column, *(self._row(place) for place in found))
        else:
            column.addWidget(label(none_yet, "muted", wraps=True))

    def _row(self, place: Place) -> QWidget:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(metrics.SPACE_M)
        across.addWidget(IconLabel("place" if isinstance(place, PickupPoint) else "shipping", "text2", 22))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(place.name, "row_strong"))
        words.addWidget(ElidedLabel(_facts(place), "note"))
        words.addWidget(ElidedLabel(places.hours_summary(place.hours), "note"))
        across.addLayout(words, 1)
        if self._may:
            across.addWidget(self._edit_button(place))
            across.addWidget(self._close_button(place))
        return row

    def _edit_button(self, place: Place) -> Button:
        button = Button(tr("Edit…"), "link", parent=self)
        button.setAccessibleName(tr("Edit {name}…", name=place.name))
        button.clicked.connect(
            lambda: self.edit_point(place) if isinstance(place, PickupPoint) else self.edit_area(place)
        )
        self.edit_buttons[place.id] = button
        return button

    def _close_button(self, place: Place) -> Button:
        button = Button(tr("Close for good…"), "link", parent=self)
        button.setAccessibleName(tr("Close {name} for good…", name=place.name))
        button.clicked.connect(lambda: self._close_place(place))
        self.close_buttons[place.id] = button
        return button

    # Acts

    def _close_place(self, place: Place) -> None:
        question = Question(
            tr("Close {name} for good?", name=place.name),
            tr("Buyers can no longer choose it. Orders already placed stay as they are."),
            tr("Close for good"),
            tr("Keep"),
            is_dangerous=True,
        )
        if not ask(self, question):
            return
        is_point = isinstance(place, PickupPoint)
        command = ArchivePickupPoint(place.id) if is_point else ArchiveDeliveryArea(place.id)
        self._presenter.perform(command, lambda: say(self.note, ""), lambda why: say(self.note, why))

    def _open(self, dialog: PlaceDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _facts(place: Place) -> str:
    if isinstance(place, PickupPoint):
        return " · ".join(part for part in (place.address, place.phone) if part)
    facts = [place.prefixes.replace(",", ", "), tr("fee {fee}", fee=money_text(place.fee_fen))]
    if place.free_from_fen is not None:
        facts.append(tr("free from {amount}", amount=money_text(place.free_from_fen)))
    return " · ".join(facts)
