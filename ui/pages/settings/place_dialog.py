"""The dialog of a pickup point or of a delivery area."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.command import Command
from app.domain.delivery.model import DeliveryArea
from app.domain.pickup.model import PickupPoint
from app.kernel.i18n import tr
from ui.pages.settings import places
from ui.pages.settings.places import Typed
from ui.pages.settings.presenter import SettingsPresenter
from ui.theme import metrics
from ui.widgets.ask import Question, ask
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit_column
from ui.widgets.form import Form, FormRow
from ui.widgets.money_edit import MoneyEdit, QuantityEdit
from ui.widgets.notice import Notice
from ui.widgets.scroll_column import ScrollColumn
from ui.widgets.text import label, repolish

_WIDTH = 600
_MARGIN = 72


class PlaceDialog(QDialog):
    """Attributes: `name_field`, `address_field`, `phone_field`, `place_box` or `prefixes_field`, `fee_edit`,
    `free_edit`; `day_fields` by weekday, `slot_edit`, `lead_edit`, `ahead_edit`, `save_button`, `notice`.
    """

    def __init__(
        self, presenter: SettingsPresenter, place: PickupPoint | DeliveryArea | None, *, is_area: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._most = QSize(_WIDTH, parent.window().height() - _MARGIN)
        self._place = place
        self._is_area = is_area
        self.setModal(True)
        self.name_field, self.address_field, self.phone_field = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.place_box = ChoiceBox([("", tr("The shop's usual place")), *self._locations()], self)
        self.prefixes_field = QLineEdit(self)
        self.fee_edit = MoneyEdit(tr("Fee"), parent=self)
        self.free_edit = MoneyEdit(tr("Free from"), parent=self)
        self.day_fields = {day: QLineEdit(self) for day in places.WEEKDAYS}
        self.slot_edit = QuantityEdit(tr("Minutes a slot"), 0, 1440, self)
        self.lead_edit = QuantityEdit(tr("Minutes before the first slot"), 0, 20_160, self)
        self.ahead_edit = QuantityEdit(tr("Days ahead"), 1, 31, self)
        self.notice = Notice("danger", self)
        self.save_button = Button(tr("Save"), "primary", parent=self)
        self._rows: dict[str, FormRow] = {}
        self._fill(place)
        self._before = self.typed()
        self._assemble()
        self._fit()
        self.save_button.clicked.connect(self._on_save_clicked)
        QShortcut(QKeySequence.StandardKey.Save, self).activated.connect(self._on_save_clicked)
        for number in (self.fee_edit, self.free_edit, self.slot_edit, self.lead_edit, self.ahead_edit):
            number.problem_changed.connect(self._on_number_problem_changed)
        self.name_field.setFocus()

    # Filling and reading

    def _locations(self) -> list[tuple[str, str]]:
        setup = self._presenter.setup
        return [(place.id, place.name) for place in (setup.locations if setup else ())]

    def _fill(self, place: PickupPoint | DeliveryArea | None) -> None:
        hours = place.hours if place else places.USUAL_HOURS
        for day, field in self.day_fields.items():
            field.setText(places.hours_text(hours, day))
            field.setPlaceholderText(tr("closed"))
        self.slot_edit.set_value(place.slot_minutes if place else 0)
        self.lead_edit.set_value(place.lead_minutes if place else 0)
        self.ahead_edit.set_value(place.days_ahead if place else 1)
        if place is not None:
            self.name_field.setText(place.name)
        if isinstance(place, PickupPoint):
            self.address_field.setText(place.address)
            self.phone_field.setText(place.phone)
            self.place_box.choose(place.location_id)
        elif isinstance(place, DeliveryArea):
            self.prefixes_field.setText(place.prefixes.replace(",", ", "))
            self.fee_edit.set_fen(place.fee_fen)
            self.free_edit.set_fen(place.free_from_fen)

    def typed(self) -> Typed:
        """What stands in the fields."""
        return Typed(
            name=self.name_field.text(),
            address=self.address_field.text(),
            phone=self.phone_field.text(),
            location_id=self.place_box.key(),
            prefixes=self.prefixes_field.text(),
            fee_fen=self.fee_edit.fen(),
            free_from_fen=self.free_edit.fen(),
            days={day: field.text() for day, field in self.day_fields.items()},
            slot_minutes=self.slot_edit.value(),
            lead_minutes=self.lead_edit.value(),
            days_ahead=self.ahead_edit.value(),
            fee_problem=self.fee_edit.problem(),
            free_problem=self.free_edit.problem(),
        )

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        title = self._title()
        self.setWindowTitle(title)
        column.addWidget(label(title, "emphasis"))
        column.addWidget(self._scrolled(), 1)
        column.addWidget(self.notice)
        foot = QHBoxLayout()
        foot.setSpacing(metrics.SPACE_S)
        foot.addWidget(label(tr("Buyers see it at once."), "note"), 1)
        leave = Button(tr("Not now") if self._place is None else tr("Leave as it was"), parent=self)
        leave.clicked.connect(self.reject)
        foot.addWidget(leave)
        foot.addWidget(self.save_button)
        column.addLayout(foot)

    def _title(self) -> str:
        if self._place is not None:
            return tr("Edit {name}", name=self._place.name)
        return tr("New delivery area") if self._is_area else tr("New pickup point")

    def _scrolled(self) -> ScrollColumn:
        self._scroll = ScrollColumn(self._title(), metrics.SPACE_M, metrics.SPACE_M, self)
        column = self._scroll.column
        column.addWidget(self._head_form())
        column.addWidget(label(tr("Opening hours"), "label"))
        column.addLayout(self._week())
        self._hours_problem = label("", "note", "danger", wraps=True)
        self._hours_problem.hide()
        column.addWidget(self._hours_problem)
        column.addWidget(self._slot_form())
        column.addStretch(1)
        return self._scroll

    def _head_form(self) -> Form:
        form = Form(self._scroll.content)
        self._rows["name"] = form.add_row(tr("Name"), self.name_field)
        if self._is_area:
            hint = tr("Receivers whose region code begins so: 330106 is Xihu in Hangzhou.")
            self._rows["prefixes"] = form.add_row(tr("Region codes"), self.prefixes_field, hint)
            self._rows["fee_fen"] = form.add_row(tr("Fee"), self.fee_edit)
            hint = tr("Nothing here: never free.")
            self._rows["free_from_fen"] = form.add_row(tr("Free from"), self.free_edit, hint)
            for unused in (self.address_field, self.phone_field, self.place_box):
                unused.hide()
        else:
            self._rows["address"] = form.add_row(tr("Address"), self.address_field)
            form.add_row(tr("Phone"), self.phone_field)
            form.add_row(tr("Stock"), self.place_box, tr("The place whose goods are handed out here."))
            for unused in (self.prefixes_field, self.fee_edit, self.free_edit):
                unused.hide()
        return form

    def _week(self) -> QGridLayout:
        """Two columns of days, and a button that gives them all Monday's hours."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(metrics.SPACE_S)
        grid.setVerticalSpacing(metrics.SPACE_S)
        for place, (day, field) in enumerate(self.day_fields.items()):
            word = places.weekday_word(day)
            field.setAccessibleName(tr("Open on {day}", day=word))
            grid.addWidget(label(word, "muted"), place % 4, place // 4 * 2)
            grid.addWidget(field, place % 4, place // 4 * 2 + 1)
        copy = Button(tr("All like Monday"), "link", parent=self)
        copy.clicked.connect(self._on_copy_clicked)
        grid.addWidget(copy, 3, 2, 1, 2)
        return grid

    def _slot_form(self) -> Form:
        form = Form(self._scroll.content)
        hint = tr("0: no slots, buyers come whenever it is open.")
        self._rows["slot_minutes"] = form.add_row(tr("Minutes a slot"), self.slot_edit, hint)
        hint = tr("How long the shop needs before the first slot.")
        self._rows["lead_minutes"] = form.add_row(tr("Notice (minutes)"), self.lead_edit, hint)
        self._rows["days_ahead"] = form.add_row(tr("Days ahead"), self.ahead_edit, tr("Today counts as the first."))
        return form

    def _fit(self) -> None:
        fit_column(self, self._scroll, self._most)

    # Saving

    def _on_number_problem_changed(self, _problem: object) -> None:
        self._fit()

    def _on_copy_clicked(self) -> None:
        first = self.day_fields[places.WEEKDAYS[0]].text()
        for field in self.day_fields.values():
            field.setText(first)

    def _on_save_clicked(self) -> None:
        typed = self.typed()
        before = self._place.hours if self._place else {}
        found = places.problems(typed, places.merged_hours(typed.days, before), is_area=self._is_area)
        self._show_problems(found)
        if not found:
            self._presenter.perform(self._command(typed), self.accept, self._on_refused)

    def _command(self, typed: Typed) -> Command:
        place_id = self._place.id if self._place else self._presenter.ids.new()
        if self._is_area:
            before = self._place if isinstance(self._place, DeliveryArea) else None
            return places.area_command(typed, place_id, before)
        point = self._place if isinstance(self._place, PickupPoint) else None
        return places.point_command(typed, place_id, point)

    def _show_problems(self, found: dict[str, str]) -> None:
        self.notice.say("")
        for key, row in self._rows.items():
            row.set_problem(found.get(key, ""))
        days = [day for day in self.day_fields if day in found]
        for day, field in self.day_fields.items():
            field.setProperty("invalid", day in found)
            repolish(field)
        self._hours_problem.setText(found[days[0]] if days else "")
        self._hours_problem.setVisible(bool(days))
        self._fit()

    def _on_refused(self, why: str) -> None:
        self.notice.say(why)
        self._fit()

    # Qt's side

    def reject(self) -> None:
        """Esc and the button: what is unsaved goes only when a person says so."""
        question = Question(
            tr("Discard the changes?"), self._title(), tr("Discard changes"), tr("Go on editing"), is_dangerous=True
        )
        if self.typed() == self._before or ask(self, question):
            super().reject()
