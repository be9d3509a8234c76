"""The products page: categories, the list, the open product beside it, and the ways to change them."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk.queries import CategoryNode, ProductDetail, ProductFilter, ProductList
from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.catalog import models, wording
from ui.pages.catalog.detail import DetailPane
from ui.pages.catalog.edit_dialog import EditDialog
from ui.pages.catalog.entry import ProductsEntry
from ui.pages.catalog.new_dialogs import NewCategoryDialog, NewProductDialog
from ui.pages.catalog.presenter import Actions, CatalogPresenter
from ui.pages.catalog.stock_dialog import StockDialog
from ui.pages.catalog.tree import CategoryTree
from ui.theme import metrics
from ui.widgets.ask import Question, ask
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState, Step
from ui.widgets.paged_table import PagedModel
from ui.widgets.search_field import SearchField
from ui.widgets.table_view import PagedTableView
from ui.widgets.tabs import SegmentedTabs, Tab
from ui.widgets.text import ElidedLabel, label

_DETAIL_WIDTH = 312
_DETAIL_NARROW = 288
_TREE_WIDTH = 176
_TREE_NARROW = 152
_NARROW_BELOW = 1180
_TITLE_WANTED = 250
_SCROLL_BAR = 14


class ProductsPage(QWidget):
    """What the shop sells.

    Attributes: `tree`, `tabs`, `table`, `model`, `detail`, `presenter`, `empty_state`, `new_button`,
    `category_button`, `dialog` (the open one).
    """

    def __init__(self, services: PageServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._is_refreshing = False
        self._is_closed = False
        self._total = 0
        self.dialog: QDialog | None = None
        clock = services.desk.clock
        self.tree = CategoryTree(self)
        self._tree_title = label("", "card_title")
        self.category_button = IconButton("add", "", metrics.BUTTON_SMALL, self)
        self.tabs = SegmentedTabs("", self)
        self.new_button = Button("", "primary", "add", self)
        self.table = PagedTableView("", parent=self)
        self.model: PagedModel = PagedModel(models.columns(clock), models.ProductRows(services.runner), parent=self)
        self.table.show_model(self.model)
        self._left_note = ElidedLabel("", "note")
        self.empty_state = EmptyState("products", self)
        self.detail = DetailPane(self)
        self.detail.forget()
        self._assemble()
        self.presenter = CatalogPresenter(services.runner, self, lambda: services.desk.on_duty)
        self._connect()
        self._bind_keys()
        self.retranslate()
        self.presenter.reload()

    # What the presenter says

    def show_list(self, found: ProductList, wanted: ProductFilter) -> None:
        self.tabs.set_counts({"": 0} | dict.fromkeys(wording.STATES, 0) | dict(found.counts))
        self.tabs.set_current(wanted.state)
        self._replace_rows(found)
        is_empty = not found.rowids
        if is_empty:
            self._say_empty(is_filtered=wanted != ProductFilter())
        self._lists.setCurrentWidget(self.empty_state if is_empty else self._list)
        self.new_button.setVisible(self.presenter.may_create())
        self.category_button.setVisible(self.presenter.may_create())
        self._show_pane()
        self._show_notes()

    def show_categories(self, nodes: Sequence[CategoryNode], wanted: ProductFilter) -> None:
        self.tree.show_nodes(nodes, wanted.category_id)

    def show_detail(self, detail: ProductDetail | None, actions: Actions) -> None:
        if detail is None:
            self.detail.forget()
        else:
            self.detail.show_detail(detail, actions)
        self._show_pane()

    def select_row(self, rowid: int | None) -> None:
        if rowid is None or self.table.selected_rowid() == rowid:
            return
        self._is_refreshing = True
        self.table.select_rowid(rowid)
        self._is_refreshing = False

    # What the shell says

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._tree_title.setText(tr("Categories"))
        self.tree.setAccessibleName(tr("Categories"))
        self.category_button.set_name(tr("New category"))
        self.new_button.setText(tr("New product"))
        self.new_button.setToolTip("Ctrl+N")
        self.tabs.setAccessibleName(tr("States of products"))
        self.table.setAccessibleName(tr("Products"))
        self.tabs.set_tabs([Tab("", tr("All")), *(Tab(state, wording.state_word(state)) for state in wording.STATES)])
        self._share_width()
        self.model.retranslate()
        self._show_notes()
        self.presenter.reload()
        self.presenter.show_again()

    def search_name(self) -> str:
        return tr("Name, code, barcode")

    def search(self, text: str) -> None:
        self.presenter.search(text)

    def page_shown(self) -> None:
        self.presenter.page_shown()

    def page_hidden(self) -> None:
        self.presenter.page_hidden()

    def open_row(self, row: object) -> None:
        """Show the product with this id."""
        self._clear_search()
        self._is_closed = False
        self.presenter.go_to(str(row))

    # Acts

    def take_off_sale(self) -> None:
        """Ask, because buyers notice at once."""
        detail = self.presenter.detail
        if detail is None or not self.presenter.actions().take_off_sale:
            return
        question = Question(
            tr("Take {title} off sale?", title=detail.product.title),
            tr("Buyers no longer find it. Orders already placed stay as they are."),
            tr("Take off sale"),
            tr("Keep on sale"),
            is_dangerous=True,
        )
        if ask(self, question):
            self.presenter.take_off_sale(lambda: self._services.say(tr("Off sale. It uploads by itself.")))

    def put_on_sale(self) -> None:
        self.presenter.put_on_sale(lambda: self._services.say(tr("On sale. It uploads by itself.")))

    def edit(self) -> None:
        """Change the open product."""
        detail, services = self.presenter.detail, self._services
        if detail is None or not self.presenter.actions().edit:
            return
        dialog = EditDialog(services.runner, detail, self.presenter.categories, services.desk.on_duty, self)
        dialog.saved.connect(self._on_dialog_saved)
        self._open(dialog)

    def adjust_stock(self, sku_id: object) -> None:
        """Adjust or count an article, and see why its number is what it is."""
        detail, services = self.presenter.detail, self._services
        article = next((found for found in detail.skus if found.sku.id == sku_id), None) if detail else None
        if detail is None or article is None or not self.presenter.actions().stock:
            return
        desk = services.desk
        dialog = StockDialog(services.runner, (detail.product.title, article), desk.on_duty, desk.clock, self)
        dialog.saved.connect(self._on_dialog_stock_saved)
        self._open(dialog)

    def create_product(self) -> None:
        """Make a new product."""
        if self.presenter.may_create():
            chosen = self.presenter.wanted.category_id
            services = self._services
            dialog = NewProductDialog(services.runner, services.desk.ids, self.presenter.categories, chosen, self)
            dialog.created.connect(self._on_dialog_product_created)
            self._open(dialog)

    def create_category(self) -> None:
        """Make a new category."""
        if self.presenter.may_create():
            chosen = self.presenter.wanted.category_id
            services = self._services
            dialog = NewCategoryDialog(services.runner, services.desk.ids, self.presenter.categories, chosen, self)
            self._open(dialog)

    # Building

    def _assemble(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(metrics.SPACE_L)
        self._row.addWidget(self._tree_card())
        self._row.addWidget(self._list_card(), 1)
        self._row.addWidget(self.detail)
        self.detail.setFixedWidth(_DETAIL_WIDTH)

    def _tree_card(self) -> Card:
        self._side = Card(padding=metrics.SPACE_M, parent=self)
        self._side.body.setSpacing(metrics.SPACE_S)
        head = QHBoxLayout()
        head.addWidget(self._tree_title)
        head.addStretch(1)
        head.addWidget(self.category_button)
        self._side.body.addLayout(head)
        self._side.body.addWidget(self.tree, 1)
        self._side.setFixedWidth(_TREE_WIDTH)
        return self._side

    def _list_card(self) -> Card:
        card = Card(padding=1, parent=self)
        card.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(13, 11, 13, 11)
        head.setSpacing(metrics.SPACE_M)
        head.addWidget(self.tabs, 1)
        head.addWidget(self.new_button)
        card.body.addLayout(head)
        self._list = QWidget(card)
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 11)
        foot.addWidget(self._left_note, 1)
        column.addLayout(foot)
        self._lists = QStackedWidget(card)
        self._lists.addWidget(self._list)
        self._lists.addWidget(self.empty_state)
        card.body.addWidget(self._lists, 1)
        return card

    def _connect(self) -> None:
        self.tree.category_chosen.connect(self._on_tree_category_chosen)
        self.tabs.tab_changed.connect(self._on_tabs_tab_changed)
        self.table.row_selected.connect(self._on_table_row_selected)
        self.table.row_activated.connect(self._on_table_row_activated)
        self.model.dataChanged.connect(self._show_notes)
        self.empty_state.step_chosen.connect(self._on_empty_step_chosen)
        self.new_button.clicked.connect(self.create_product)
        self.category_button.clicked.connect(self.create_category)
        self.detail.edit_wanted.connect(self.edit)
        self.detail.on_sale_wanted.connect(self.put_on_sale)
        self.detail.off_sale_wanted.connect(self.take_off_sale)
        self.detail.stock_wanted.connect(self.adjust_stock)

    def _bind_keys(self) -> None:
        bound = (
            ("Ctrl+F", self._on_search_keys),
            ("Ctrl+E", self.edit),
            ("Ctrl+N", self.create_product),
            ("Esc", self._on_escape),
        )
        for keys, act in bound:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # Keeping the place

    def _replace_rows(self, found: ProductList) -> None:
        """New rows; the selected one and the first in sight stay where they are."""
        top = self.table.indexAt(self.table.viewport().rect().topLeft())
        bar = self.table.verticalScrollBar()
        anchor = self.model.rowid_at(top.row()) if bar.value() and top.isValid() else None
        offset = bar.value() - top.row() * metrics.ROW_TWO_LINES if anchor is not None else 0
        selected, position = self.table.selected_rowid(), self.table.currentIndex().row()
        self._is_refreshing = True
        self.table.set_rowids(found.rowids)
        if selected is not None and self.model.position_of(selected) is None:
            self._stand_between(position)
        self._is_refreshing = False
        place = None if anchor is None else self.model.position_of(anchor)
        if place is not None:
            bar.setValue(place * metrics.ROW_TWO_LINES + offset)

    def _stand_between(self, position: int) -> None:
        """The open product has left this list; it stays open, and ↓ goes on with the one that followed it."""
        self.table.clearSelection()
        before = self.model.index(position - 1, 0) if position > 0 else QModelIndex()
        self.table.selectionModel().setCurrentIndex(before, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _show_pane(self) -> None:
        is_listed = self._lists.currentWidget() is self._list
        self.detail.setVisible(self.presenter.detail is not None and is_listed and not self._is_closed)
        self._share_width()

    def _share_width(self) -> None:
        """Columns as wide as their words; the category gives way before the titles are cut short."""
        keys = [column.key for column in self.model.columns()]
        widths = [column.width for column in self.model.columns()]
        widths[keys.index(models.STATE)] = models.state_width()
        widths[keys.index(models.STOCK)] = models.stock_width()
        for place, width in enumerate(widths):
            if width:
                self.table.setColumnWidth(place, width)
        room = self.width() - self._side.width() - self._row.spacing() - _SCROLL_BAR
        if not self.detail.isHidden():
            room -= self.detail.width() + self._row.spacing()
        self.table.setColumnHidden(keys.index(models.CATEGORY), room - sum(widths) < _TITLE_WANTED)

    # Words

    def _show_notes(self) -> None:
        count = self.model.rowCount()
        loaded = min(self.model.loaded_count(), count)
        texts = [tr("{loaded} of {count} loaded", loaded=f"{loaded:,}", count=f"{count:,}")]
        texts.append(tr("↑↓ choose · Enter open · Esc close · Ctrl+F search"))
        self._left_note.setText(" · ".join(texts))

    def _say_empty(self, *, is_filtered: bool) -> None:
        if is_filtered:
            step = Step("clear", tr("Clear filter"), is_primary=True)
            self.empty_state.set_texts(tr("No products fit"), "", (step,))
            return
        note = tr("What you sell stands here, with its prices and its stock.")
        steps = (Step("new", tr("New product"), is_primary=True),) if self.presenter.may_create() else ()
        self.empty_state.set_texts(tr("No products yet"), note, steps)

    def _search_field(self) -> SearchField | None:
        """The top bar's field, which works for this page; the page has none of its own."""
        return next((field for field in self.window().findChildren(SearchField) if field.isVisible()), None)

    def _clear_search(self) -> None:
        field = self._search_field()
        if field is not None:
            field.clear()

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    # Slots

    def _on_tree_category_chosen(self, category_id: object) -> None:
        self.presenter.choose_category(str(category_id))

    def _on_tabs_tab_changed(self, key: object) -> None:
        self.presenter.choose_state(str(key))

    def _on_search_keys(self) -> None:
        field = self._search_field()
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def _on_escape(self) -> None:
        """Closes the pane, so that the list has all the room."""
        self._is_closed = True
        self._show_pane()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_table_row_selected(self, rowid: object) -> None:
        if not self._is_refreshing and isinstance(rowid, int):
            self.presenter.select(rowid)

    def _on_table_row_activated(self, _rowid: object) -> None:
        self._is_closed = False
        self._show_pane()
        self.detail.focus_first()

    def _on_empty_step_chosen(self, key: object) -> None:
        if key == "clear":
            self._clear_search()
            self.presenter.clear_filter()
        else:
            self.create_product()

    def _on_dialog_saved(self, count: object) -> None:
        if count:
            self._services.say(tr("Saved. It uploads by itself."))

    def _on_dialog_stock_saved(self) -> None:
        self._services.say(tr("Stock changed. It uploads by itself."))

    def _on_dialog_product_created(self, product_id: object) -> None:
        self._clear_search()
        self._is_closed = False
        self.presenter.go_to(str(product_id))
        self._services.say(tr("Saved as a draft. Put it on sale when it is complete."))

    def _on_dialog_finished(self) -> None:
        # Also what was left half done shows: each saved thing stands by itself.
        self.presenter.reload()
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW_BELOW
        self.detail.setFixedWidth(_DETAIL_NARROW if is_narrow else _DETAIL_WIDTH)
        self._side.setFixedWidth(_TREE_NARROW if is_narrow else _TREE_WIDTH)
        self._row.setSpacing(metrics.card_gap(self.window().height()))
        self._share_width()


def make_page(services: PageServices, parent: QWidget | None = None) -> QWidget:
    """The page's widget."""
    return ProductsPage(services, parent)


def entry(services: PageServices) -> ProductsEntry:
    """The page as the shell registers it."""
    return ProductsEntry(services, make_page)
