"""The open product beside the list: what it is, its articles with their stock, and what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.desk.goods import ProductDetail, SkuDetail
from app.kernel.i18n import language, tr
from ui.bridge.pictures import PictureShelf
from ui.pages.catalog import wording
from ui.pages.catalog.parts import empty_out, main_picture
from ui.pages.catalog.presenter import NOTHING, Actions
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.chip import Chip
from ui.widgets.goods_tile import GoodsTile
from ui.widgets.money import MoneyLabel
from ui.widgets.text import ElidedLabel, label

_BAR_WIDTH = 10
_LINK_HEIGHT = 22


class DetailPane(Card):
    """Shows one product.

    Attributes: `edit_button`, `on_sale_button`, `off_sale_button`, `stock_buttons` by article id.
    Signals: `edit_wanted()`, `on_sale_wanted()`, `off_sale_wanted()`; `stock_wanted(object)` carries an article's id.
    """

    edit_wanted = Signal()
    on_sale_wanted = Signal()
    off_sale_wanted = Signal()
    stock_wanted = Signal(object)

    def __init__(self, pictures: PictureShelf | None = None, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, parent=parent)
        self._product_id = ""
        self._shown: object = None
        self.stock_buttons: dict[str, Button] = {}
        self.body.setSpacing(0)
        self._tile = GoodsTile(pictures, parent=self)
        self._title = label("", "emphasis", wraps=True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state = Chip(parent=self)
        self._syncing = Chip("", "amber", has_dot=False, parent=self)
        self._category = ElidedLabel("", "muted")
        self._subtitle = label("", "body", wraps=True)
        self._description = label("", "muted", wraps=True)
        self.edit_button = Button("", "plain", "edit", self)
        self.on_sale_button = Button("", "primary", parent=self)
        self.off_sale_button = Button("", "plain", "off_sale", self)
        self._assemble()
        self.edit_button.clicked.connect(self.edit_wanted)
        self.on_sale_button.clicked.connect(self.on_sale_wanted)
        self.off_sale_button.clicked.connect(self.off_sale_wanted)

    def show_detail(self, detail: ProductDetail, actions: Actions) -> None:
        """Show a product; the same once more costs nothing and keeps the place that was scrolled to."""
        wanted = (detail, actions, language())
        if wanted == self._shown:
            return
        bar = self._scroll.verticalScrollBar()
        place = bar.value() if detail.product.id == self._product_id else 0
        focused = next((key for key, button in self.stock_buttons.items() if button.hasFocus()), "")
        self._product_id, self._shown = detail.product.id, wanted
        self._show_head(detail)
        self._show_articles(detail, actions)
        self._show_actions(actions)
        if focused in self.stock_buttons:
            self.stock_buttons[focused].setFocus(Qt.FocusReason.OtherFocusReason)
        bar.setValue(place)

    def forget(self) -> None:
        """Nothing is open; what was shown is gone from the widgets too."""
        self._shown, self._product_id = None, ""
        self.stock_buttons = {}
        empty_out(self._articles)
        self._show_actions(NOTHING)
        self.setVisible(False)

    def focus_first(self) -> None:
        """The first thing that can be done."""
        for button in (self.edit_button, self.on_sale_button, self.off_sale_button, *self.stock_buttons.values()):
            if button.isVisible():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    # Building

    def _assemble(self) -> None:
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
        for button in (self.off_sale_button, self.edit_button, self.on_sale_button):
            bar.addWidget(button, 1)
        self.body.addWidget(self._actions)

    def _content(self) -> QWidget:
        content = QWidget(self._scroll)
        content.setProperty("ground", "clear")
        self._column = column = QVBoxLayout(content)
        column.setContentsMargins(metrics.SPACE_L, 14, metrics.SPACE_L, metrics.SPACE_M)
        column.setSpacing(metrics.SPACE_M)
        head = QHBoxLayout()
        head.setSpacing(metrics.SPACE_M)
        head.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(metrics.SPACE_XS)
        words.addWidget(self._title)
        words.addWidget(self._category)
        head.addLayout(words, 1)
        column.addLayout(head)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        chips.addWidget(self._state)
        chips.addWidget(self._syncing)
        chips.addStretch(1)
        column.addLayout(chips)
        column.addWidget(self._subtitle)
        column.addWidget(self._description)
        self._articles = QVBoxLayout()
        self._articles.setSpacing(metrics.SPACE_M)
        column.addLayout(self._articles)
        column.addStretch(1)
        return content

    # Showing

    def _show_head(self, detail: ProductDetail) -> None:
        product = detail.product
        self._scroll.setAccessibleName(tr("Product details"))
        self._tile.show_goods(product.title, main_picture(detail.media))
        self._title.setText(product.title)
        self._category.setText(detail.category or "—")
        self._state.set_state(wording.state_word(product.state), wording.state_tone(product.state))
        self._syncing.set_state(tr("Not synced"), "amber")
        self._syncing.setVisible(detail.is_syncing)
        self._subtitle.setText(product.subtitle)
        self._subtitle.setVisible(bool(product.subtitle))
        self._description.setText(product.description)
        self._description.setVisible(bool(product.description))

    def _show_articles(self, detail: ProductDetail, actions: Actions) -> None:
        empty_out(self._articles)
        self.stock_buttons = {}
        for found in detail.skus:
            if found.sku.archived_at is None:
                self._articles.addWidget(rule())
                self._articles.addWidget(self._article(found, actions))

    def _article(self, found: SkuDetail, actions: Actions) -> QWidget:
        sku, row = found.sku, QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics.SPACE_XS)
        first = QHBoxLayout()
        first.setSpacing(metrics.SPACE_S)
        first.addWidget(ElidedLabel(wording.spec_word(sku.spec_key), "strong"), 1)
        if found.is_syncing:
            first.addWidget(Chip(tr("Not synced"), "amber", has_dot=False))
        if word := wording.level_word(found.available_qty):
            first.addWidget(Chip(word, "red" if found.available_qty <= 0 else "amber"))
        first.addWidget(MoneyLabel(sku.list_fen, "strong"))
        column.addLayout(first)
        facts = (sku.code, sku.barcode, sku.shelf)
        column.addWidget(ElidedLabel(" · ".join(part for part in facts if part) or "—", "note"))
        column.addLayout(self._stock_line(found, actions))
        return row

    def _stock_line(self, found: SkuDetail, actions: Actions) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(metrics.SPACE_S)
        reserved = sum(level.reserved_qty for level in found.levels)
        numbers = tr(
            "On hand {hand} − reserved {reserved} = {available}",
            hand=wording.whole(found.on_hand_qty),
            reserved=wording.whole(reserved),
            available=wording.whole(found.available_qty),
        )
        line.addWidget(ElidedLabel(numbers, "note"), 1)
        if actions.stock:
            button = Button(tr("Adjust…"), "link")
            button.set_height(_LINK_HEIGHT)
            button.setAccessibleName(tr("Adjust stock of {article}", article=wording.spec_word(found.sku.spec_key)))
            button.setProperty("sku_id", found.sku.id)
            button.clicked.connect(self._on_stock_button_clicked)
            self.stock_buttons[found.sku.id] = button
            line.addWidget(button)
        return line

    def _show_actions(self, actions: Actions) -> None:
        self.edit_button.setText(tr("Edit"))
        self.edit_button.setToolTip("Ctrl+E")
        self.edit_button.setVisible(actions.edit)
        self.on_sale_button.setText(tr("Put on sale"))
        self.on_sale_button.setVisible(actions.put_on_sale)
        self.off_sale_button.setText(tr("Take off sale"))
        self.off_sale_button.setVisible(actions.take_off_sale)
        self._actions.setVisible(actions.edit or actions.put_on_sale or actions.take_off_sale)

    def _on_scroll_range_changed(self, _least: int, most: int) -> None:
        """The bar stands in the margin, so that the text is as wide with it as without."""
        right = metrics.SPACE_L - (_BAR_WIDTH if most else 0)
        self._column.setContentsMargins(metrics.SPACE_L, 14, right, metrics.SPACE_M)

    def _on_stock_button_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            self.stock_wanted.emit(button.property("sku_id"))
