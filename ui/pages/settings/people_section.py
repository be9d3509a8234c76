"""Who works in the shop, and as what."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.permission import Permission, Role
from app.domain.staff.model import Staff
from app.kernel.i18n import tr
from ui.pages.settings import wording
from ui.pages.settings.parts import empty_out, ruled, say, scrolled
from ui.pages.settings.presenter import SettingsPresenter
from ui.theme import metrics
from ui.widgets.ask import Question, ask
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.text import ElidedLabel, label
from ui.widgets.tile import Tile

_ROLE_WIDTH = 140


class PeopleSection(QWidget):
    """Attributes: `role_boxes` and `dismiss_buttons` by person, `name_field`, `role_box`, `hire_button`, `note`."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: object = None
        self.role_boxes: dict[str, ChoiceBox] = {}
        self.dismiss_buttons: dict[str, Button] = {}
        self.name_field = QLineEdit(self)
        self.role_box = ChoiceBox(wording.roles(), self)
        self.hire_button = Button(tr("Add"), "plain", "add", self)
        self.note = label("", "note", "danger", wraps=True)
        self._may = presenter.may(Permission.STAFF_MANAGE)
        self._assemble()
        self.hire_button.clicked.connect(self._on_hire_clicked)
        self.name_field.returnPressed.connect(self._on_hire_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Show the people; the same once more changes nothing."""
        people = self._presenter.people()
        if people == self._shown:
            return
        self._shown = people
        empty_out(self._list)
        self.role_boxes, self.dismiss_buttons = {}, {}
        ruled(self._list, *(self._row(person) for person in people))

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(tr("Staff"), self)
        column.addWidget(area)
        card = Card(tr("Staff"), parent=self)
        self._list = QVBoxLayout()
        self._list.setSpacing(metrics.SPACE_M)
        card.body.addLayout(self._list)
        cards.addWidget(card)
        if self._may:
            cards.addWidget(self._hiring())
        else:
            for unused in (self.name_field, self.role_box, self.hire_button):
                unused.hide()
            cards.addWidget(label(tr("Only the owner can change these."), "note"))
        say(self.note, "")
        cards.addWidget(self.note)
        cards.addStretch(1)

    def _hiring(self) -> Card:
        card = Card(tr("Somebody new"), parent=self)
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_S)
        self.name_field.setPlaceholderText(tr("Name"))
        self.name_field.setAccessibleName(tr("Name of somebody new"))
        self.role_box.setAccessibleName(tr("Role of somebody new"))
        self.role_box.choose(Role.CLERK.value)
        self.role_box.setFixedWidth(_ROLE_WIDTH)
        across.addWidget(self.name_field, 1)
        across.addWidget(self.role_box)
        across.addWidget(self.hire_button)
        card.body.addLayout(across)
        return card

    def _row(self, person: Staff) -> QWidget:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(metrics.SPACE_M)
        across.addWidget(Tile(person.name, row))
        words = QVBoxLayout()
        words.setSpacing(2)
        name = QHBoxLayout()
        name.setSpacing(metrics.SPACE_S)
        name.addWidget(label(person.name, "row_strong"))
        if self._presenter.is_me(person):
            name.addWidget(Chip(tr("On duty here"), "green"))
        name.addStretch(1)
        words.addLayout(name)
        words.addWidget(ElidedLabel(wording.role_note(person.role), "note"))
        across.addLayout(words, 1)
        if self._may:
            across.addWidget(self._role_of(person))
            across.addWidget(self._dismissing(person))
        else:
            across.addWidget(label(wording.role_word(person.role)))
        return row

    def _role_of(self, person: Staff) -> ChoiceBox:
        box = ChoiceBox(wording.roles(), self)
        box.choose(person.role)
        box.setFixedWidth(_ROLE_WIDTH)
        box.setAccessibleName(tr("Role of {name}", name=person.name))
        box.activated.connect(lambda _place: self._change_role(person, box))
        self.role_boxes[person.id] = box
        return box

    def _dismissing(self, person: Staff) -> Button:
        button = Button(tr("Remove…"), "link", parent=self)
        button.setAccessibleName(tr("Remove {name}…", name=person.name))
        button.clicked.connect(lambda: self._dismiss(person))
        self.dismiss_buttons[person.id] = button
        return button

    # Acts

    def _change_role(self, person: Staff, box: ChoiceBox) -> None:
        role = Role(box.key())
        if role == person.role:
            return
        question = Question(
            tr("Make {name} {role}?", name=person.name, role=wording.role_word(role)),
            wording.role_note(role),
            tr("Change role"),
            tr("Leave as it was"),
        )
        if ask(self, question):
            self._presenter.give_role(person, role, self._done, self._failed)
        else:
            box.choose(person.role)

    def _dismiss(self, person: Staff) -> None:
        question = Question(
            tr("Remove {name} from the staff?", name=person.name),
            tr("What {name} has done stays on record. Nothing more can be done in this name.", name=person.name),
            tr("Remove"),
            tr("Keep"),
            is_dangerous=True,
        )
        if ask(self, question):
            self._presenter.dismiss(person, self._done, self._failed)

    def _on_hire_clicked(self) -> None:
        self._presenter.hire(self.name_field.text(), Role(self.role_box.key()), self._hired, self._failed)

    def _hired(self) -> None:
        self.name_field.clear()
        self._done()

    def _done(self) -> None:
        say(self.note, "")

    def _failed(self, why: str) -> None:
        say(self.note, why)
        self._shown = None  # a box that was turned shows what is true again
        self.refresh()
