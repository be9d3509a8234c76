"""The card that shows a verdict: band, what to read from two metres, the goods, and what can be done."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.pickup.band import Band
from ui.pages.pickup.goods_list import GoodsList
from ui.pages.pickup.verdict import Act, Kind, Offer, Verdict
from ui.theme import fonts, metrics, tokens
from ui.widgets.big_text import BigText, fitting
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import ElidedLabel, label, repolish

_EDGE: Final = 32
_BIG: Final = 72
_SLOT: Final = 104
_SLOT_LOW: Final = 96
_SLOT_BOX: Final = 312
_SLOT_HEIGHT: Final = 282
_SLOT_HEIGHT_LOW: Final = 206
_LEAD: Final = {Kind.ELSEWHERE: 28}
_LEAD_USUAL: Final = 36
_MAIN: Final = (Act.REDEEM, Act.PREPARE)
_ICONS: Final = {
    Act.UNDO: "undo",
    Act.RECORD: "history",
    Act.COPY: "copy",
    Act.PREPARE: "check",
    Act.PART: "less",
    Act.REDEEM: "check",
    Act.OVERRIDE: "hand",
    Act.PRINT: "printing",
}


class ActButton(Button):
    """A large button with its key. Enter does nothing here: it may be a scanner's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)


class SlotBox(QWidget):
    """Where the packed goods stand, large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slot = ""
        self._pixels = _SLOT
        self.set_low(is_low=False)

    def set_low(self, *, is_low: bool) -> None:
        self._pixels = _SLOT_LOW if is_low else _SLOT
        self.setFixedWidth(_SLOT_BOX)
        self.setMinimumHeight(_SLOT_HEIGHT_LOW - 24)
        self.setMaximumHeight(_SLOT_HEIGHT_LOW if is_low else _SLOT_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.update()

    def text(self) -> str:
        return self._slot

    def set_text(self, slot: str) -> None:
        self._slot = slot
        self.setAccessibleName(tr("Stands at {slot}", slot=slot))
        self.setVisible(bool(slot))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SLOT_BOX, self.maximumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.color("accent_edge"), 1))
        painter.setBrush(tokens.color("accent_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        centred = int(Qt.AlignmentFlag.AlignCenter)
        middle = self.height() / 2
        painter.setFont(fonts.font(20))
        painter.setPen(tokens.color("text2"))
        painter.drawText(QRectF(0, middle - 86, self.width(), 30), centred, tr("Stands at"))
        room = self.width() - 2 * metrics.SPACE_L
        painter.setFont(fonts.font(fitting(self._slot, self._pixels, 40, room), fonts.BOLD))
        painter.setPen(tokens.color("accent_text"))
        painter.drawText(QRectF(0, middle - 52, self.width(), 130), centred, self._slot)


class VerdictCard(Card):
    """Shows one verdict whole, in one paint.

    Attributes: `band`, `slot_box`, `before`, `big`, `lead`, `note`, `goods`, `buttons` by act.
    Signals: `act_chosen(object)` carries the act.
    """

    act_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=1, parent=parent)
        self._is_low = False
        self.band = Band(self)
        self.slot_box = SlotBox(self)
        self.before = BigText(24, "text2", fonts.REGULAR, 16, self)
        self.big = BigText(_BIG, parent=self)
        self.lead = BigText(_LEAD_USUAL, "text", fonts.REGULAR, 22, self)
        self.note = BigText(20, "text2", fonts.REGULAR, 14, self)
        self._strip = Card(kind="warn", padding=metrics.SPACE_M, parent=self)
        self._strip_word = label("", "emphasis", "warn")
        self._strip_text = ElidedLabel("", "lead", self._strip)
        self._rule = rule(self)
        self._heading = BigText(18, "text2", fonts.STRONG, 14, self)
        self._numbers = label("", "lead", "muted")
        self.goods = GoodsList(self)
        self._hint = Card(kind="warn", padding=metrics.SPACE_M, parent=self)
        self._hint_text = label("", "lead", wraps=True)
        self.buttons: dict[Act, ActButton] = {}
        self._acts = QHBoxLayout()
        self._assemble()

    def set_low(self, *, is_low: bool) -> None:
        """Low screens have smaller letters, as long as they can be read."""
        if is_low == self._is_low:
            return
        self._is_low = is_low
        self.band.set_low(is_low=is_low)
        self.slot_box.set_low(is_low=is_low)
        self.goods.set_low(is_low=is_low)
        self._inside.setSpacing(metrics.SPACE_S if is_low else metrics.SPACE_L)
        self._inside.setContentsMargins(_EDGE, 20 if is_low else 24, _EDGE, metrics.SPACE_L if is_low else 24)

    def show_verdict(self, verdict: Verdict) -> None:
        self.setUpdatesEnabled(False)
        try:
            self._show_words(verdict)
            self._show_offers(verdict.offers)
        finally:
            self.setUpdatesEnabled(True)

    def say_undo(self, text: str) -> None:
        """The seconds that are left for taking it back; empty when they are over."""
        button = self.buttons.get(Act.UNDO)
        if button is None:
            return
        if text:
            button.setText(text)
        else:
            button.hide()

    def texts(self) -> str:
        """All that is said, for tests and for a screen reader."""
        lines = (self.before, self.big, self.lead, self.note, self._heading)
        said = [self.band.title(), self.slot_box.text(), *(line.text() for line in lines), self._numbers.text()]
        said += [f"{row.goods.title} ×{row.goods.qty}" for row in self.goods.rows]
        if not self._strip.isHidden():
            said.append(f"{self._strip_word.text()} {self._strip_text.text()}")
        if not self._hint.isHidden():
            said.append(self._hint_text.text())
        return " | ".join(part for part in said if part)

    # Building

    def _assemble(self) -> None:
        self.body.setSpacing(0)
        self.body.addWidget(self.band)
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(_EDGE, 24, _EDGE, 24)
        self._inside.setSpacing(metrics.SPACE_L)
        self.body.addLayout(self._inside, 1)
        self._fill_note(self._strip, IconLabel("offline_full", "warn", 20), self._strip_word, self._strip_text)
        self._inside.addWidget(self._strip)
        self._inside.addLayout(self._words(), 1)
        self._inside.addWidget(self._rule)
        head = QHBoxLayout()
        head.setSpacing(metrics.SPACE_L)
        head.addWidget(self._heading, 1)
        head.addWidget(self._numbers)
        self._inside.addLayout(head)
        self._inside.addWidget(self.goods, 1)
        self._fill_note(self._hint, IconLabel("help", "warn", 20), self._hint_text)
        self._inside.addWidget(self._hint)
        self._acts.setSpacing(metrics.SPACE_M)
        self._inside.addLayout(self._acts)

    def _words(self) -> QHBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(metrics.SPACE_XS)
        column.addStretch(1)
        for line in (self.before, self.big, self.lead, self.note):
            column.addWidget(line)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(_EDGE)
        row.addWidget(self.slot_box)
        row.addLayout(column, 1)
        return row

    @staticmethod
    def _fill_note(card: Card, *parts: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_M)
        for part in parts:
            row.addWidget(part, 1 if part is parts[-1] else 0)
        card.body.addLayout(row)
        card.hide()

    # Showing

    def _show_words(self, verdict: Verdict) -> None:
        self.band.show_verdict(verdict)
        self.slot_box.set_text(verdict.slot)
        self.before.set_text(verdict.before)
        self.big.set_text(verdict.big, "info" if verdict.kind is Kind.ELSEWHERE else "text")
        self.lead.set_pixels(_LEAD.get(verdict.kind, _LEAD_USUAL))
        self.lead.set_text(verdict.lead, "text2" if verdict.slot else "text")
        self.note.set_text(verdict.note)
        self._heading.set_text(verdict.heading)
        self._numbers.setText("  ·  ".join(verdict.numbers))
        self.goods.show_goods(verdict.goods)
        # Without goods the words have all the room.
        for part in (self._rule, self._numbers, self.goods):
            part.setVisible(bool(verdict.goods))
        self._strip.setVisible(verdict.strip is not None)
        if verdict.strip is not None:
            self._strip_word.setText(verdict.strip.word)
            self._strip_text.setText(verdict.strip.text)
        self._hint.setVisible(bool(verdict.hint))
        self._hint_text.setText(verdict.hint)

    def _show_offers(self, offers: tuple[Offer, ...]) -> None:
        while self._acts.count():
            self._acts.takeAt(0)
        for button in self.buttons.values():
            button.hide()
            button.deleteLater()
        self.buttons = {}
        main = next((offer.act for offer in offers if offer.act in _MAIN), Act.NEXT)
        for offer in offers:
            if offer.act is Act.NEXT:
                self._acts.addStretch(1)
            self._acts.addWidget(self._button(offer, is_main=offer.act is main))

    def _button(self, offer: Offer, *, is_main: bool) -> ActButton:
        words = f"{offer.text}    {offer.keys}" if offer.keys else offer.text
        button = ActButton(words, "primary" if is_main else "plain", _ICONS.get(offer.act, ""), self)
        button.set_height(metrics.BUTTON_HUGE)
        button.setProperty("scale", "huge")
        repolish(button)
        button.setProperty("act", offer.act.value)
        button.setAccessibleName(offer.text)
        # The keyboard stays with the scanner: every act has a key of its own, and Tab leads here all the same.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._on_button_clicked)
        self.buttons[offer.act] = button
        button.show()
        return button

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, ActButton):
            self.act_chosen.emit(Act(button.property("act")))
