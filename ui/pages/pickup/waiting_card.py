"""What stands there between two customers: the invitation to scan, the field, and three facts."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.kernel.i18n import language, tr
from ui.theme import metrics
from ui.widgets.big_text import BigText
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.icon_label import IconLabel
from ui.widgets.key_hint import KeyHint
from ui.widgets.notice import Notice
from ui.widgets.scan_field import ScanField
from ui.widgets.text import ElidedLabel, label

_FIELD: Final = 560
_DISC: Final = 128
_DISC_LOW: Final = 112
_TITLE: Final = 48
_EDGE: Final = 32


class Fact(QWidget):
    """An icon, what it is about, and how it is."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, "text2", 22, self)
        self._name = ElidedLabel("", "muted", self)
        self._text = ElidedLabel("", "strong", self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics.SPACE_L)
        row.addWidget(self._icon)
        row.addLayout(words, 1)

    def say(self, name: str, text: str, icon: str = "") -> None:
        self._name.setText(name)
        self._text.setText(text)
        if icon:
            self._icon.set_icon(icon, "text2")

    def text(self) -> str:
        return f"{self._name.text()} {self._text.text()}"


class WaitingCard(Card):
    """Attributes: `field`, `notice`, `last_fact`, `offline_fact`, `sound_fact`, `point_buttons` by point.

    Signals: `entered(object)` carries what was typed, `point_chosen(object)` the point that this counter serves.
    """

    entered = Signal(object)
    point_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=1, parent=parent)
        self._disc = IconLabel("pickup", "accent_text", 52, self)
        self._disc.set_disc("accent_soft", _DISC)
        self._title = BigText(_TITLE, parent=self)
        self._title.set_centred()
        self._lead = label("", "lead", "muted")
        self._lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.field = ScanField(self)
        self.field.setFixedWidth(_FIELD)
        self.field.entered.connect(self.entered)
        self.notice = Notice("warn", self)
        self.notice.setFixedWidth(_FIELD)
        self._hints = [KeyHint(keys, self) for keys in ("F2", "F4", "Esc")]
        self.last_fact, self.offline_fact, self.sound_fact = (Fact(i, self) for i in ("wait", "synced", "sound"))
        self.point_buttons: dict[str, Button] = {}
        self._offered: tuple[tuple[tuple[str, str], ...], str] | None = None
        self._offered_in = ""
        self._is_ready = True
        self._points = QHBoxLayout()
        self._points_text = label("", "emphasis")
        self._assemble()

    def show_points(self, points: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer the points if there are several, and say so if there is none. Until one is chosen nothing else is
        asked.
        """
        self._say_what_is_first(chosen)
        if (tuple(points), chosen) == self._offered and self._offered_in == language():
            return  # made anew at each change of the shop, the buttons would lose the keyboard
        self._offered, self._offered_in = (tuple(points), chosen), language()
        for button in self.point_buttons.values():
            self._points.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.point_buttons = {}
        text = tr("The shop has no pickup point yet. The owner adds one in the settings.") if not points else ""
        if len(points) > 1:
            text = tr("This counter is at") if chosen else tr("Which point is this counter at?")
            for point_id, name in points:
                self._offer(point_id, name, is_chosen=point_id == chosen)
        self._points_text.setText(text)
        self._points_text.setVisible(bool(text))
        self.field.setEnabled(bool(chosen))

    def _say_what_is_first(self, chosen: str) -> None:
        """A scan is for nothing as long as nobody knows whose goods it is about."""
        self._is_ready = bool(chosen)
        self._title.set_text(tr("Scan a pickup code") if chosen else tr("Choose the pickup point first"))
        ready, waits = (
            tr("It works wherever the cursor is; no need to click a field first"),
            tr("Asked once per computer"),
        )
        self._lead.setText(ready if chosen else waits)

    def _offer(self, point_id: str, name: str, *, is_chosen: bool) -> None:
        button = Button(name, parent=self)
        button.setCheckable(True)
        button.setChecked(is_chosen)
        button.setProperty("point_id", point_id)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._on_point_clicked)
        self.point_buttons[point_id] = button
        self._points.insertWidget(self._points.count() - 1, button)
        button.show()

    def _on_point_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            self.point_chosen.emit(button.property("point_id"))

    def title(self) -> str:
        """What is asked for."""
        return self._title.text()

    def set_low(self, *, is_low: bool) -> None:
        self._disc.set_disc("accent_soft", _DISC_LOW if is_low else _DISC)

    def retranslate(self) -> None:
        self._say_what_is_first("chosen" if self._is_ready else "")
        self.field.set_name(tr("Or type the 8 digits, or the phone's last 4"))
        words = (tr("Back to the field"), tr("Find by name or phone"), tr("Clear"))
        for hint, word in zip(self._hints, words, strict=True):
            hint.set_text(word)

    def _assemble(self) -> None:
        self.body.setSpacing(0)
        self._points.setContentsMargins(_EDGE, metrics.SPACE_L, _EDGE, 0)
        self._points.setSpacing(metrics.SPACE_S)
        self._points.addStretch(1)
        self._points.addWidget(self._points_text)
        self._points.addStretch(1)
        self.body.addLayout(self._points)
        middle = Qt.AlignmentFlag.AlignHCenter
        self.body.addStretch(1)
        self.body.addWidget(self._disc, 0, middle)
        self.body.addSpacing(metrics.SPACE_XXL - 4)
        title = QHBoxLayout()
        title.setContentsMargins(_EDGE, 0, _EDGE, 0)
        title.addWidget(self._title)
        self.body.addLayout(title)
        self.body.addSpacing(metrics.SPACE_S)
        self.body.addWidget(self._lead)
        self.body.addSpacing(metrics.SPACE_XL)
        self.body.addWidget(self.notice, 0, middle)
        self.body.addSpacing(metrics.SPACE_M)
        self.body.addWidget(self.field, 0, middle)
        self.body.addSpacing(metrics.SPACE_L)
        keys = QHBoxLayout()
        keys.setSpacing(metrics.SPACE_XL)
        keys.addStretch(1)
        for hint in self._hints:
            keys.addWidget(hint)
        keys.addStretch(1)
        self.body.addLayout(keys)
        self.body.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(_EDGE, 0, _EDGE, 26)
        foot.setSpacing(metrics.SPACE_XL)
        foot.addWidget(rule(self))
        facts = QHBoxLayout()
        facts.setSpacing(metrics.SPACE_XL)
        for fact in (self.last_fact, self.offline_fact, self.sound_fact):
            facts.addWidget(fact, 1)
        foot.addLayout(facts)
        self.body.addLayout(foot)
