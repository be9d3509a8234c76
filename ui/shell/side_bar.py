"""The side bar: brand, groups of pages with the work that waits, and a place at the bottom."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.kernel.i18n import tr
from ui.shell.navigation import shortcut_of
from ui.shell.page import GROUPS, Page
from ui.shell.state import ShopIdentity
from ui.theme import fonts, icons, metrics, tokens
from ui.widgets.text import ElidedLabel, label
from ui.widgets.viewport import own_viewport

_MARGIN: Final = 12
_ENTRY_HEIGHT: Final = 36
_ENTRY_LOW: Final = 34
_LOGO: Final = 36
_PILL_HEIGHT: Final = 18
_MOST_SHOWN: Final = 999


class NavButton(QAbstractButton):
    """One entry: icon, title, and the number of what waits."""

    def __init__(self, page: Page, parent: QWidget) -> None:
        super().__init__(parent)
        self.page = page
        self._count = 0
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_ENTRY_HEIGHT)

    def show_texts(self, shortcut: str) -> None:
        """Say title and count again."""
        self._count = self.page.count() or 0
        title = self.page.title()
        self.setText(title)
        waits = tr("{title}, {count} waiting", title=title, count=self._count) if self._count else title
        self.setAccessibleName(waits)
        self.setToolTip(f"{title} · {shortcut}" if shortcut else title)
        self.update()

    def shown_count(self) -> str:
        """The number as it is drawn; empty when nothing waits."""
        if self._count <= 0:
            return ""
        return f"{_MOST_SHOWN}+" if self._count > _MOST_SHOWN else str(self._count)

    def sizeHint(self) -> QSize:
        return QSize(metrics.SIDE_WIDTH - 2 * _MARGIN, _ENTRY_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = "accent_soft" if self.isChecked() else "hover" if self.underMouse() else ""
        painter.setPen(Qt.PenStyle.NoPen)
        if ground:
            painter.setBrush(tokens.color(ground))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.color("accent"), 2))
            painter.drawRoundedRect(area, 8, 8)
        token = "accent_text" if self.isChecked() else "text2"
        icons.paint(painter, QRect(13, (self.height() - 18) // 2, 18, 18), self.page.icon, token)
        right = self._paint_count(painter)
        painter.setFont(fonts.font(metrics.BODY, fonts.STRONG if self.isChecked() else fonts.REGULAR))
        painter.setPen(tokens.color("accent_text" if self.isChecked() else "text"))
        room = QRect(41, 0, right - 41 - 4, self.height())
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_count(self, painter: QPainter) -> int:
        """Draw the pill at the right; answers where the room for the title ends."""
        text = self.shown_count()
        if not text:
            return self.width() - 8
        painter.setFont(fonts.font(metrics.NOTE, fonts.STRONG))
        width = max(26, painter.fontMetrics().horizontalAdvance(text) + 14)
        pill = QRectF(self.width() - width - 9, (self.height() - _PILL_HEIGHT) / 2, width, _PILL_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("surface" if self.isChecked() else "chip_grey"))
        painter.drawRoundedRect(pill, _PILL_HEIGHT / 2, _PILL_HEIGHT / 2)
        painter.setPen(tokens.color("accent_text" if self.isChecked() else "chip_grey_text"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)
        return int(pill.left())


class _Logo(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(_LOGO, _LOGO)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("fill"))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        icons.paint(painter, self.rect().adjusted(8, 8, -8, -8), "shop", "on_accent")


class SideBar(QFrame):
    """Signals: `page_chosen(object)` carries a page's key."""

    page_chosen = Signal(object)

    def __init__(self, pages: Sequence[Page], badge: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "side")
        self.setFixedWidth(metrics.SIDE_WIDTH)
        self._buttons: dict[str, NavButton] = {}
        self._group_labels: list[tuple[str, QLabel]] = []
        self._group = QButtonGroup(self)
        self._name = ElidedLabel("", "emphasis", self)
        self._place = ElidedLabel("", "note", self)
        self._name.setProperty("part", "brand")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 1, 14)
        column.setSpacing(0)
        column.addLayout(self._brand())
        column.addSpacing(metrics.SPACE_S)
        column.addWidget(self._entries(pages), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(_MARGIN, metrics.SPACE_S, _MARGIN, 0)
        foot.addWidget(badge)
        column.addLayout(foot)
        self.retranslate()

    def _brand(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._place)
        row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(10)
        row.addWidget(_Logo(self))
        row.addLayout(words, 1)
        return row

    def _entries(self, pages: Sequence[Page]) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("ground", "clear")
        column = QVBoxLayout(inner)
        column.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        # All fourteen entries stand at 768 without a scroll bar.
        column.setSpacing(1)
        for name, _title in GROUPS:
            members = [page for page in pages if page.group == name]
            if not members:
                continue
            heading = label("")
            heading.setProperty("part", "group")
            heading.setFixedHeight(24)
            self._group_labels.append((name, heading))
            column.addWidget(heading)
            for page in members:
                column.addWidget(self._entry(page))
        column.addStretch(1)
        area = QScrollArea(self)
        own_viewport(area, is_clear=True)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _entry(self, page: Page) -> NavButton:
        button = NavButton(page, self)
        button.clicked.connect(self._on_button_clicked)
        self._group.addButton(button)
        self._buttons[page.key] = button
        return button

    def set_identity(self, identity: ShopIdentity) -> None:
        """Show whose shop and which counter this is."""
        self._name.setText(identity.name)
        self._place.setText(identity.place)

    def set_current(self, key: str) -> None:
        """Mark the entry of the shown page; a page without an entry marks none."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)

    def entry(self, key: str) -> NavButton:
        """The entry of a page."""
        return self._buttons[key]

    def entries(self) -> tuple[NavButton, ...]:
        """All entries from top to bottom."""
        return tuple(self._buttons.values())

    def retranslate(self) -> None:
        """Say groups, titles and counts again."""
        titles = dict(GROUPS)
        for name, heading in self._group_labels:
            heading.setText(titles[name]())
        for place, button in enumerate(self._buttons.values()):
            button.show_texts(shortcut_of(place))

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, NavButton):
            self.page_chosen.emit(button.page.key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = _ENTRY_LOW if self.height() < metrics.LOW_SCREEN else _ENTRY_HEIGHT
        for button in self._buttons.values():
            button.setFixedHeight(height)
