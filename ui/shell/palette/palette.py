"""Ctrl+K: finds orders, goods and what can be done, from wherever somebody is, and leads there."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.desk.goods import initials
from app.kernel.i18n import tr
from ui.bridge.finds import Found
from ui.shell.page import Page
from ui.shell.palette.choices import COMMANDS, Choice, Findable, Group, command_group, counted
from ui.shell.palette.lines import Lines
from ui.theme import fonts, metrics
from ui.widgets.card import Card, rule
from ui.widgets.icon_label import IconLabel
from ui.widgets.key_hint import KeyHint
from ui.widgets.text import label

_WIDTH: Final = 664
_TOP: Final = 100
_SHADE: Final = 0.55
_A_GROUP: Final = 5
_ONE_GROUP: Final = 20
_ONLY_COMMANDS: Final = ">"
_LEAST_LIST: Final = 120
Go = Callable[[object, object], None]


class Palette(QWidget):
    """Hidden until it is wanted; Esc or a click beside it puts it away, and the focus goes back.

    Attributes: `field`, `lines`.
    """

    def __init__(
        self, parent: QWidget, pages: Sequence[Page], go: Go, commands: Callable[[], Sequence[Choice]]
    ) -> None:
        """``commands`` are asked for anew each time: what they say depends on language and theme."""
        super().__init__(parent)
        self._pages = {page.key: page for page in pages}
        self._go, self._commands = go, commands
        self._before: QWidget | None = None
        self._kept = ""
        self._asked = 0
        self._groups: dict[str, Group] = {}
        self._waiting: set[str] = set()
        self.field = QLineEdit(self)
        self.field.setProperty("part", "palette")
        self.field.setFrame(False)
        self.field.setFont(fonts.font(metrics.STRONG))
        self.field.setMaxLength(100)
        self.lines = Lines()
        self._count = label("", "note")
        self._nothing = label("", "muted")
        self._hints = [KeyHint(keys) for keys in ("↑ ↓", "Enter", "Tab", _ONLY_COMMANDS, "Esc")]
        self._card = self._assemble()
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_field_text_changed)
        self.lines.opened.connect(self._open)
        self.hide()

    def open(self) -> None:
        """Lay it over the window, with nothing asked."""
        self._before = self.window().focusWidget()
        self._kept = ""
        self.retranslate()
        self.field.clear()
        self.fit()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._ask()

    def put_away(self) -> None:
        self._asked += 1
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._before = None

    def fit(self) -> None:
        """As large as the window, the card in its upper half."""
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        width = min(_WIDTH, self.width() - 2 * metrics.SPACE_XL)
        room = max(_LEAST_LIST, self.height() - 2 * _TOP - self._around())
        self._scroll.setFixedHeight(min(room, self.lines.height() if self.lines.chosen() else self._nothing_height()))
        self._card.setFixedWidth(width)
        self._card.setGeometry((self.width() - width) // 2, _TOP, width, self._card.sizeHint().height())

    def retranslate(self) -> None:
        name = tr("Order number, receiver, phone, goods, or what you want to do")
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)
        words = (tr("choose"), tr("open it"), tr("only these"), tr("only commands"), tr("Close"))
        for hint, text in zip(self._hints, words, strict=True):
            hint.set_text(text)

    # Building

    def _assemble(self) -> Card:
        card = Card(padding=0, parent=self)
        card.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(metrics.SPACE_L + 4, metrics.SPACE_M, metrics.SPACE_L, metrics.SPACE_M)
        head.setSpacing(metrics.SPACE_M)
        head.addWidget(IconLabel("search", "text2", 20))
        head.addWidget(self.field, 1)
        head.addWidget(self._count)
        card.body.addLayout(head)
        card.body.addWidget(rule(card))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.lines)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._nothing, 1)
        self._scroll = QScrollArea(card)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        inside.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        card.body.addWidget(self._scroll)
        card.body.addWidget(rule(card))
        foot = QHBoxLayout()
        foot.setContentsMargins(metrics.SPACE_L + 4, metrics.SPACE_M, metrics.SPACE_L, metrics.SPACE_M)
        foot.setSpacing(metrics.SPACE_L)
        for hint in self._hints:
            foot.addWidget(hint)
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

    def _around(self) -> int:
        return self._card.sizeHint().height() - self._scroll.height()

    def _nothing_height(self) -> int:
        return _LEAST_LIST

    # Asking

    def _on_field_text_changed(self) -> None:
        self._kept = ""
        self._ask()

    def _ask(self) -> None:
        """Ask all pages; what they find is shown when the last one has answered."""
        self._asked += 1
        asked, typed = self._asked, self.field.text().strip()
        words = typed.removeprefix(_ONLY_COMMANDS).strip()
        is_plain = typed.startswith(_ONLY_COMMANDS) or not words
        self._groups = {}
        commands = command_group(self._commands(), words, initials)
        most = _ONE_GROUP if self._kept else _A_GROUP
        finding: dict[str, Findable] = {}
        if not is_plain:
            pages = {key: page for key, page in self._pages.items() if self._kept in {"", key}}
            finding = {key: page for key, page in pages.items() if isinstance(page, Findable)}
        if self._kept in {"", COMMANDS}:
            self._groups[COMMANDS] = commands
        self._waiting = set(finding)
        for key, page in finding.items():
            page.find(words, most, partial(self._on_found, asked, key), partial(self._is_asked, asked))
        if not finding:
            self._show()

    def _is_asked(self, asked: int) -> bool:
        return asked == self._asked and self.isVisible()

    def _on_found(self, asked: int, key: str, found: Found) -> None:
        if asked != self._asked:
            return
        page = self._pages[key]
        choices = tuple(
            Choice(page.icon, hit.title, hit.note, partial(self._go, key, hit.row), hit.mark) for hit in found.hits
        )
        self._groups[key] = Group(key, page.title(), counted(found), choices)
        self._waiting.discard(key)
        if not self._waiting:
            self._show()

    def _show(self) -> None:
        order = [key for key in (*self._pages, COMMANDS) if key in self._groups]
        groups = [self._groups[key] for key in order]
        self.lines.show_groups(groups)
        is_found = self.lines.chosen() is not None
        self.lines.setVisible(is_found)
        self._nothing.setVisible(not is_found)
        self._nothing.setText(tr("Nothing fits “{words}”", words=self.field.text().strip()))
        self._count.setText(" · ".join(f"{group.title} {group.count}" for group in groups if group.choices))
        self._scroll.verticalScrollBar().setValue(0)
        self.fit()

    # Choosing

    def _open(self) -> None:
        chosen = self.lines.chosen()
        if chosen is not None and not self._waiting:
            self.put_away()
            chosen[1].act()

    def _step(self, by: int) -> None:
        self.lines.step(by)
        rect = self.lines.chosen_rect()
        self._scroll.ensureVisible(0, rect.top(), 0, 0)
        self._scroll.ensureVisible(0, rect.bottom(), 0, 0)

    def _keep(self) -> None:
        """Stay with the chosen line's group, or go back to all of them."""
        chosen = self.lines.chosen()
        self._kept = "" if self._kept or chosen is None else chosen[0].key
        self._ask()

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Down: lambda: self._step(1),
            Qt.Key.Key_Up: lambda: self._step(-1),
            Qt.Key.Key_Return: self._open,
            Qt.Key.Key_Enter: self._open,
            Qt.Key.Key_Tab: self._keep,
            Qt.Key.Key_Escape: self.put_away,
        }
        act = acts.get(event.key())
        if act is not None:
            act()
        return act is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(_SHADE)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not QRect(self._card.geometry()).contains(event.position().toPoint()):
            self.put_away()
