"""The open order beside the list: who, what, how much, what happened, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.desk.queries import OrderDetail
from app.domain.orders.model import OrderState
from app.kernel.clock import Clock
from app.kernel.i18n import language, tr
from ui.bridge.pictures import PictureShelf
from ui.pages.orders import detail_parts as parts
from ui.pages.orders import wording
from ui.pages.orders.actions import NOTHING, Actions, standing
from ui.pages.orders.delivery_bar import DeliveryBar
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.chip import Chip
from ui.widgets.notice import Notice
from ui.widgets.text import label

_FIELD_GAP = 10
_LINK_HEIGHT = 22
_BAR_WIDTH = 10


class DetailPane(Card):
    """Shows one order.

    Attributes: `ship_button`, `label_button`, `refund_button`, `cancel_button`, `reveal_button`, `note_button`,
    `delivery_bar`, `number_notice`, `give_up_button`, `receipt_button`, `picking_button`;
    `can_print`: this computer prints.
    Signals: `ship_wanted()`, `refund_wanted()`, `receipt_wanted()`, `picking_wanted()`, `cancel_wanted()`,
    `reveal_wanted()`, `note_wanted()`, `give_up_wanted()`;
    `label_wanted(object)` carries a parcel's id.
    """

    ship_wanted = Signal()
    refund_wanted = Signal()
    receipt_wanted = Signal()
    picking_wanted = Signal()
    cancel_wanted = Signal()
    reveal_wanted = Signal()
    note_wanted = Signal()
    give_up_wanted = Signal()
    label_wanted = Signal(object)

    def __init__(self, clock: Clock, pictures: PictureShelf | None = None, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, parent=parent)
        self._clock = clock
        self._pictures = pictures
        self._detail: OrderDetail | None = None
        self._shown: object = None
        self.body.setSpacing(0)
        self._title = label("", "emphasis")
        self._state = Chip(parent=self)
        self._syncing = Chip("", "amber", has_dot=False, parent=self)
        self._number = label("", "muted")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reveal_button = self._link("reveal")
        self.note_button = self._link("edit")
        self.ship_button = Button("", "primary", "shipping", self)
        self.label_button = Button("", "plain", "printing", self)
        self.refund_button = self._link("")
        self.receipt_button = self._link("printing")
        self.picking_button = self._link("printing")
        self.can_print = False
        self.cancel_button = Button("", "plain", parent=self)
        self.delivery_bar = DeliveryBar(self)
        self.number_notice = Notice("info", self)
        self.give_up_button = self._link("")
        self._assemble()
        self.reveal_button.clicked.connect(self.reveal_wanted)
        self.give_up_button.clicked.connect(self.give_up_wanted)
        self.note_button.clicked.connect(self.note_wanted)
        self.ship_button.clicked.connect(self.ship_wanted)
        self.refund_button.clicked.connect(self.refund_wanted)
        self.receipt_button.clicked.connect(self.receipt_wanted)
        self.picking_button.clicked.connect(self.picking_wanted)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.label_button.clicked.connect(self._on_label_button_clicked)

    def show_detail(self, detail: OrderDetail | None, actions: Actions, *, is_revealed: bool) -> None:
        """Show an order; the same once more costs nothing and keeps the place that was scrolled to."""
        self.setVisible(detail is not None)
        wanted = (detail, actions, is_revealed, language())
        if detail is None or wanted == self._shown:
            return
        is_same_order = self._detail is not None and self._detail.order.id == detail.order.id
        place = self._scroll.verticalScrollBar().value() if is_same_order else 0
        self._detail, self._shown = detail, wanted
        self._show_head(detail)
        self.number_notice.say(*parts.number_words(detail))
        self._show_people(detail, actions, is_revealed)
        self._fill(self._goods, [*parts.line_rows(detail, self._pictures), *parts.sum_rows(detail)])
        self._fill(
            self._parcels,
            [parts.parcel_row(detail, p, self._on_parcel_label_clicked) for p in reversed(detail.parcels)],
        )
        self._parcels_rule.setVisible(bool(detail.parcels))
        self._fill(self._events, parts.event_rows(detail, self._clock))
        self._show_actions(actions)
        self._scroll.verticalScrollBar().setValue(place)

    def focus_label(self) -> None:
        """The next thing to do after shipping."""
        self.label_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def newest_parcel(self) -> str:
        """The parcel whose label is asked for most often."""
        return self._detail.parcels[-1].id if self._detail and self._detail.parcels else ""

    # Building

    def _link(self, icon: str) -> Button:
        button = Button("", "link", icon, self)
        button.set_height(_LINK_HEIGHT)
        return button

    def _assemble(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(metrics.SPACE_L, 14, metrics.SPACE_L, 0)
        head.setSpacing(metrics.SPACE_XS)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._state)
        head.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self._number)
        below.addStretch(1)
        below.addWidget(self._syncing)
        head.addLayout(below)
        head.addSpacing(metrics.SPACE_S)
        head.addWidget(rule(self))  # stays while what is below it is scrolled
        self.body.addLayout(head)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._content())
        self._scroll.verticalScrollBar().rangeChanged.connect(self._on_scroll_range_changed)
        self.body.addWidget(self._scroll, 1)
        self._actions = QWidget(self)
        bar = QHBoxLayout(self._actions)
        bar.setContentsMargins(metrics.SPACE_L, metrics.SPACE_M, metrics.SPACE_L, metrics.SPACE_L)
        bar.setSpacing(metrics.SPACE_S)
        bar.addWidget(self.cancel_button, 1)
        bar.addWidget(self.label_button, 2)
        bar.addWidget(self.ship_button, 3)
        bar.addWidget(self.delivery_bar, 4)
        self.body.addWidget(self._actions)

    def _content(self) -> QWidget:
        content = QWidget(self._scroll)
        content.setProperty("ground", "clear")
        self._column = column = QVBoxLayout(content)
        column.setContentsMargins(metrics.SPACE_L, metrics.SPACE_M, metrics.SPACE_L, metrics.SPACE_M)
        column.setSpacing(metrics.SPACE_M)
        self._people = QGridLayout()
        self._people.setHorizontalSpacing(metrics.SPACE_M)
        self._people.setVerticalSpacing(_FIELD_GAP)
        self._people.setColumnStretch(1, 1)
        self._goods, self._parcels, self._events = (self._stack() for _ in range(3))
        self._parcels_rule = rule(content)
        column.addWidget(self.number_notice)
        column.addWidget(self.give_up_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(self._people)
        column.addWidget(rule(content))
        column.addLayout(self._goods)
        papers = QHBoxLayout()
        papers.setSpacing(metrics.SPACE_S)
        for button in (self.receipt_button, self.picking_button):
            papers.addWidget(button)
        papers.addStretch(1)
        papers.addWidget(self.refund_button)
        column.addLayout(papers)
        column.addWidget(self._parcels_rule)
        column.addLayout(self._parcels)
        column.addWidget(rule(content))
        column.addLayout(self._events)
        column.addStretch(1)
        return content

    @staticmethod
    def _stack() -> QVBoxLayout:
        stack = QVBoxLayout()
        stack.setSpacing(_FIELD_GAP)
        return stack

    # Showing

    def _show_head(self, detail: OrderDetail) -> None:
        name = tr("Order details")
        self._title.setText(name)
        self._scroll.setAccessibleName(name)
        state = standing(detail)
        self._state.set_state(wording.state_word(state), wording.state_tone(state))
        self._syncing.set_state(tr("Not synced"), "amber")
        self._syncing.setVisible(detail.is_syncing)
        self._number.setText(detail.order.no)

    def _show_people(self, detail: OrderDetail, actions: Actions, is_revealed: bool) -> None:
        kept = (self.reveal_button, self.note_button)
        while item := self._people.takeAt(0):
            widget = item.widget()
            if widget is not None and widget not in kept:
                widget.hide()
                widget.deleteLater()
        self.reveal_button.setText(tr("Hide") if is_revealed else tr("Show"))
        self.reveal_button.setToolTip(tr("Show the receiver in full; who looked is written down."))
        self.reveal_button.setVisible(actions.reveal)
        self.note_button.setText(tr("Edit"))
        self.note_button.setVisible(actions.note)
        for place, (title, text, beside) in enumerate(parts.fields(detail, is_revealed, self._clock)):
            button = {"reveal": self.reveal_button, "note": self.note_button}.get(beside)
            self._field(place, title, text, button)

    def _field(self, place: int, title: str, text: str, button: Button | None) -> None:
        name = label(title, "muted")
        value: QLabel = label(text, "body", wraps=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = Qt.AlignmentFlag.AlignTop
        self._people.addWidget(name, place, 0, top)
        self._people.addWidget(value, place, 1, 1, 1 if button is not None else 2, top)
        if button is not None:
            # The link is a little higher than a line of text, and its word must stand on that line.
            name.setContentsMargins(0, 2, 0, 0)
            value.setContentsMargins(0, 2, 0, 0)
            self._people.addWidget(button, place, 2, top | Qt.AlignmentFlag.AlignRight)

    @staticmethod
    def _fill(stack: QVBoxLayout, rows: Sequence[QWidget]) -> None:
        while item := stack.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in rows:
            stack.addWidget(row)

    def _show_actions(self, actions: Actions) -> None:
        self.ship_button.setText(tr("Ship"))
        self.ship_button.setToolTip("Ctrl+Enter")
        self.ship_button.setVisible(actions.ship)
        self.give_up_button.setText(tr("Stop waiting…"))
        self.give_up_button.setVisible(actions.withdraw)
        self.label_button.setText(tr("Print label"))
        self.label_button.setToolTip("Ctrl+P")
        self.label_button.setVisible(actions.label)
        self.receipt_button.setText(tr("Receipt"))
        self.receipt_button.setAccessibleName(tr("Print the receipt"))
        self.receipt_button.setToolTip(tr("Print the receipt"))
        self.picking_button.setText(tr("Picking list"))
        self.picking_button.setAccessibleName(tr("Print the picking list"))
        self.picking_button.setToolTip(tr("Print the picking list"))
        detail = self._detail
        is_bought = detail is not None and detail.order.state not in (OrderState.CLOSING, OrderState.CLOSED)
        self.receipt_button.setVisible(self.can_print and is_bought)
        self.picking_button.setVisible(self.can_print and detail is not None and bool(detail.to_fetch))
        self.refund_button.setText(tr("Refund"))
        self.refund_button.setVisible(actions.refund)
        self.cancel_button.setText(tr("Cancel order"))
        self.cancel_button.setVisible(actions.cancel)
        self.delivery_bar.show_actions(actions)
        shown = (self.ship_button, self.label_button, self.cancel_button, self.delivery_bar)
        self._actions.setVisible(any(not widget.isHidden() for widget in shown))

    def forget(self) -> None:
        """Nothing is open; what was shown is gone from the widgets too."""
        self._detail, self._shown = None, None
        self.setVisible(False)
        self._show_actions(NOTHING)

    def _on_scroll_range_changed(self, _least: int, most: int) -> None:
        """The bar stands in the margin, so that the text is as wide with it as without."""
        right = metrics.SPACE_L - (_BAR_WIDTH if most else 0)
        self._column.setContentsMargins(metrics.SPACE_L, metrics.SPACE_M, right, metrics.SPACE_M)

    def _on_parcel_label_clicked(self) -> None:
        """One of several parcels' own label."""
        button = self.sender()
        if button is not None:
            self.label_wanted.emit(button.property("parcel_id"))

    def _on_label_button_clicked(self) -> None:
        self.label_wanted.emit(self.newest_parcel())
