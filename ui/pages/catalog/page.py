"""The products page: categories, the list, the open product beside it, and the ways to change them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from app.desk.goods import CategoryNode, ProductDetail, ProductFilter, ProductList
from app.domain.catalog.commands import ChangePrice
from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.catalog.detail import DetailPane
from ui.pages.catalog.edit_dialog import EditDialog
from ui.pages.catalog.entry import ProductsEntry
from ui.pages.catalog.keys import KEYS
from ui.pages.catalog.list_card import ListCard
from ui.pages.catalog.new_dialogs import NewCategoryDialog, NewProductDialog
from ui.pages.catalog.presenter import Actions, CatalogPresenter
from ui.pages.catalog.stock_dialog import StockDialog
from ui.pages.catalog.tree import CategoryTree
from ui.theme import metrics
from ui.widgets.ask import Question, ask
from ui.widgets.button import IconButton
from ui.widgets.card import Card
from ui.widgets.keys import bind
from ui.widgets.search_field import SearchField
from ui.widgets.text import label

_DETAIL_WIDTH = 312
_DETAIL_NARROW = 288
_TREE_WIDTH = 176
_TREE_NARROW = 144
_NARROW_BELOW = 1180


class ProductsPage(QWidget):
    """What the shop sells.

    Attributes: `tree`, `tabs`, `table`, `model`, `detail`, `presenter`, `empty_state`, `new_button`,
    `category_button`, `dialog` (the open one).
    """

    def __init__(self, services: PageServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._is_closed = False
        self.dialog: QDialog | None = None
        self.tree = CategoryTree(self)
        self._tree_title = label("", "card_title")
        self.category_button = IconButton("add", "", metrics.BUTTON_SMALL, self)
        self._list = ListCard(services.runner, services.desk.clock, services.pictures, self)
        self.tabs, self.table, self.model = self._list.tabs, self._list.table, self._list.model
        self.new_button, self.empty_state = self._list.new_button, self._list.empty_state
        self.detail = DetailPane(services.pictures, self)
        self.detail.forget()
        self._assemble()
        self.presenter = CatalogPresenter(services.runner, self, lambda: services.desk.on_duty)
        self._connect()
        self._bind_keys()
        self.retranslate()
        self.presenter.reload()

    # What the presenter says

    def show_list(self, found: ProductList, wanted: ProductFilter) -> None:
        can_create = self.presenter.may_create()
        self._list.show_list(found, wanted, can_create=can_create)
        self.category_button.setVisible(can_create)
        detail = self.presenter.detail
        if detail is not None and self.table.selected_rowid() is None:
            # The product may have been read before the list that holds it.
            self._list.select_row(detail.rowid)
        self._show_pane()

    def show_categories(self, nodes: Sequence[CategoryNode], wanted: ProductFilter) -> None:
        self.tree.show_nodes(nodes, wanted.category_id)

    def show_detail(self, detail: ProductDetail | None, actions: Actions) -> None:
        if detail is None:
            self.detail.forget()
        else:
            self.detail.show_detail(detail, actions)
        self._show_pane()

    def select_row(self, rowid: int | None) -> None:
        self._list.select_row(rowid)

    # What the shell says

    def person_changed(self) -> None:
        """It is known who works here, or somebody else does, who may do more or less."""
        can_create = self.presenter.may_create()
        self._list.new_button.setVisible(can_create)
        self.category_button.setVisible(can_create)
        self.presenter.show_again()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._tree_title.setText(tr("Categories"))
        self.tree.setAccessibleName(tr("Categories"))
        self.category_button.set_name(tr("New category"))
        self._list.retranslate()
        self._share_width()
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
        dialog = EditDialog(services, detail, self.presenter.categories, self)
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
        self._row.addWidget(self._list, 1)
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

    def _connect(self) -> None:
        self.tree.category_chosen.connect(self._on_tree_category_chosen)
        self.tabs.tab_changed.connect(self._on_tabs_tab_changed)
        self.table.row_selected.connect(self._on_table_row_selected)
        self.table.row_activated.connect(self._on_table_row_activated)
        self.empty_state.step_chosen.connect(self._on_empty_step_chosen)
        self.new_button.clicked.connect(self.create_product)
        self.category_button.clicked.connect(self.create_category)
        self.detail.edit_wanted.connect(self.edit)
        self.detail.on_sale_wanted.connect(self.put_on_sale)
        self.detail.off_sale_wanted.connect(self.take_off_sale)
        self.detail.stock_wanted.connect(self.adjust_stock)

    def _bind_keys(self) -> None:
        acts = {
            "search": self._on_search_keys,
            "edit": self.edit,
            "create": self.create_product,
            "close": self._on_escape,
        }
        bind(self, KEYS, acts, Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _show_pane(self) -> None:
        is_open = self.presenter.detail is not None and not self._is_closed
        self.detail.setVisible(is_open and self._list.is_listed())
        self._share_width()

    def _share_width(self) -> None:
        room = self.width() - self._side.width() - self._row.spacing()
        if not self.detail.isHidden():
            room -= self.detail.width() + self._row.spacing()
        self._list.share_width(room)

    # Shared

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
        if not self._list.is_refreshing and isinstance(rowid, int):
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
        prices = self.dialog.presenter.prices_back() if isinstance(self.dialog, EditDialog) else ()
        text = tr("Saved. It uploads by itself.")
        if prices:
            verb = tr("Undo") if count == len(prices) else tr("Undo the prices")
            self._services.offer(text, verb, lambda: self._take_back(prices))
        elif count:
            self._services.say(text)

    def _take_back(self, prices: Sequence[ChangePrice]) -> None:
        self.presenter.take_back(prices, self._on_taken_back)

    def _on_taken_back(self) -> None:
        self._services.say(tr("The price is as it was before."))

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.table.take_arrow(event):
            super().keyPressEvent(event)

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
