"""The top bar: where I am, one fact, the search, and who is on duty."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.kernel.i18n import language, tr
from ui.shell.state import Person
from ui.theme import fonts, metrics, tokens
from ui.widgets.button import Button, IconButton
from ui.widgets.search_field import SearchField
from ui.widgets.text import ElidedLabel, label

_FACE = 32
_SEARCH_WIDTH = 320
_SEARCH_NARROW = 288
_NARROW_WINDOW = 1400


class _BellButton(IconButton):
    """A bell with a red number while something waits for a decision."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("bell", "", parent=parent)
        self.waiting = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.waiting <= 0:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = "9+" if self.waiting > 9 else str(self.waiting)
        painter.setFont(fonts.font(10, fonts.STRONG))
        width = max(15, painter.fontMetrics().horizontalAdvance(text) + 8)
        pill = QRectF(self.width() - width - 1, 2, width, 15)
        painter.setPen(QPen(tokens.color("surface"), 1))
        painter.setBrush(tokens.color("band_red"))
        painter.drawRoundedRect(pill, 7.5, 7.5)
        painter.setPen(tokens.color("on_band"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)


class PersonButton(QAbstractButton):
    """Who is on duty; pressing it changes the person."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(44)
        self._name = label("", "strong")
        self._role = label("", "note")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._role)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(6 + _FACE + 8, 0, 6, 0)
        row.addLayout(words)
        for words_label in (self._name, self._role):
            words_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def await_person(self) -> None:
        """It is not known yet who works here, so nothing is said of it."""
        self._name.setText("")
        self._role.hide()
        self.setText("")
        self.setAccessibleName(tr("Change person"))
        self.setToolTip(tr("Change person"))

    def set_person(self, person: Person | None) -> None:
        """Show a person, or that nobody is signed in."""
        name = tr("Nobody signed in") if person is None else person.name
        self._name.setText(name)
        self._role.setText("" if person is None else person.role)
        self._role.setVisible(person is not None)
        self.setText(name)
        self.setAccessibleName(tr("On duty: {name}. Change person", name=name))
        self.setToolTip(tr("Change person"))
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse():
            painter.setBrush(tokens.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
            painter.setPen(Qt.PenStyle.NoPen)
        face = QRectF(6, (self.height() - _FACE) / 2, _FACE, _FACE)
        painter.setBrush(tokens.color("accent_soft"))
        painter.drawEllipse(face)
        painter.setPen(tokens.color("accent_text"))
        painter.setFont(fonts.font(metrics.BODY, fonts.STRONG))
        painter.drawText(face, int(Qt.AlignmentFlag.AlignCenter), self.text()[:1])


class TopBar(QFrame):
    """Signals: `searched(object)` carries the text; `bell_pressed()`, `theme_pressed()`, `language_pressed()`,
    `keys_pressed()`, `person_pressed()`, `demo_order_pressed()`: the demo shop's button, which no other shop has.
    """

    searched = Signal(object)
    bell_pressed = Signal()
    theme_pressed = Signal()
    language_pressed = Signal()
    keys_pressed = Signal()
    person_pressed = Signal()
    demo_order_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "top")
        self.setFixedHeight(metrics.TOP_HEIGHT)
        self._person: Person | None = None
        self._is_person_known = False
        self.title_label = label("", "page_title")
        self.fact_label = ElidedLabel("", "muted", self)
        self.search_field = SearchField("", "", self)
        self.demo_button = Button("", icon="cart", parent=self)
        self.demo_button.hide()
        self.bell_button = _BellButton(self)
        self.theme_button = IconButton("dark", "", parent=self)
        self.language_button = IconButton("language", "", parent=self)
        self.keys_button = IconButton("keyboard", "", parent=self)
        self.person_button = PersonButton(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(metrics.SPACE_XL, 0, 18, 1)
        row.setSpacing(metrics.SPACE_S)
        row.addWidget(self.title_label)
        row.addSpacing(metrics.SPACE_XS)
        row.addWidget(self.fact_label, 1)
        for widget in (
            self.search_field,
            self.demo_button,
            self.bell_button,
            self.theme_button,
            self.language_button,
            self.keys_button,
            self.person_button,
        ):
            row.addWidget(widget)
        self.search_field.search_changed.connect(self.searched)
        self.demo_button.clicked.connect(self.demo_order_pressed)
        self.bell_button.clicked.connect(self.bell_pressed)
        self.theme_button.clicked.connect(self.theme_pressed)
        self.language_button.clicked.connect(self.language_pressed)
        self.keys_button.clicked.connect(self.keys_pressed)
        self.person_button.clicked.connect(self.person_pressed)
        self.set_search("")
        self.retranslate()

    def set_place(self, title: str, fact: str) -> None:
        """Say which page this is, and its one fact."""
        self.title_label.setText(title)
        self.fact_label.setText(fact)

    def set_search(self, name: str, keys: str = "") -> None:
        """Offer the search under this name and its key; an empty name means that there is nothing to search here."""
        self.search_field.setVisible(bool(name))
        self.search_field.set_keys(keys)
        self.search_field.set_name(name)

    def set_person(self, person: Person | None) -> None:
        """Show who is on duty; before that nothing is said of it."""
        self._person, self._is_person_known = person, True
        self.person_button.set_person(person)

    def set_waiting_issues(self, count: int) -> None:
        """Show at the bell how much waits for a decision."""
        self.bell_button.waiting = count
        self._name_bell()
        self.bell_button.update()

    def set_window_width(self, width: int) -> None:
        """Give way on narrow windows."""
        self.search_field.setFixedWidth(_SEARCH_NARROW if width < _NARROW_WINDOW else _SEARCH_WIDTH)

    def retranslate(self) -> None:
        """Say all names again, and show what theme and language the buttons lead to."""
        is_dark = tokens.current() == "dark"
        self.theme_button.set_icon("light" if is_dark else "dark")
        self.theme_button.set_name(tr("Light theme") if is_dark else tr("Dark theme"))
        # Named in the language it leads to, for whoever cannot read the present one.
        self.language_button.set_name("English" if language() == "zh_CN" else "中文")
        self.keys_button.set_name(tr("Keyboard sheet (F1)"))
        self.demo_button.setText(tr("Bring a buyer"))
        self.demo_button.setToolTip(tr("Demo: a buyer comes and orders now"))
        if self._is_person_known:
            self.set_person(self._person)
        else:
            self.person_button.await_person()
        self._name_bell()

    def _name_bell(self) -> None:
        count = self.bell_button.waiting
        if count == 1:
            name = tr("1 issue needs your decision")
        elif count:
            name = tr("{count} issues need your decision", count=count)
        else:
            name = tr("Issue centre")
        self.bell_button.set_name(name)
