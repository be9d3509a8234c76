"""What the products page does, without Qt: which products it shows, which one is open, what may be done with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.desk import goods
from app.desk.goods import CategoryNode, ProductDetail, ProductFilter, ProductList
from app.desk.runner import ChangeSet, Done, Runner
from app.desk.session import OnDuty
from app.desk.threads import Query
from app.domain.catalog.commands import ChangePrice, EditProduct
from app.domain.catalog.model import ProductState
from app.domain.permission import Permission

TABLES = ("products", "skus", "stock_levels", "categories", "product_media", "staff")
INITIATOR = "products"


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done with a product now and by this person; what cannot succeed is not offered."""

    edit: bool = False
    put_on_sale: bool = False
    take_off_sale: bool = False
    stock: bool = False


NOTHING = Actions()


def actions_of(detail: ProductDetail, person: OnDuty | None) -> Actions:
    if person is None:
        return NOTHING
    may_edit = person.may(Permission.CATALOG_EDIT)
    is_on_sale = detail.product.state is ProductState.ON_SALE
    return Actions(
        edit=may_edit or person.may(Permission.PRICE_EDIT),
        put_on_sale=may_edit and not is_on_sale and bool(detail.skus),
        take_off_sale=may_edit and is_on_sale,
        stock=person.may(Permission.STOCK_ADJUST) or person.may(Permission.STOCK_COUNT),
    )


class CatalogView(Protocol):
    """What the page must be able to show."""

    def show_list(self, found: ProductList, wanted: ProductFilter) -> None: ...

    def show_categories(self, nodes: Sequence[CategoryNode], wanted: ProductFilter) -> None: ...

    def show_detail(self, detail: ProductDetail | None, actions: Actions) -> None: ...

    def select_row(self, rowid: int | None) -> None: ...


class CatalogPresenter:
    """Keeps the list, the tree and the open product as the replica has them; stale answers are dropped."""

    def __init__(self, runner: Runner, view: CatalogView, on_duty: Callable[[], OnDuty | None]) -> None:
        self._runner = runner
        self._view = view
        self._on_duty = on_duty
        self.wanted = ProductFilter()
        self.detail: ProductDetail | None = None
        self.categories: tuple[CategoryNode, ...] = ()
        self._asked: Query[ProductDetail | None] | None = None
        self._list_generation = 0
        self._detail_generation = 0
        self._is_shown = True
        self._is_stale = False
        self._stop_listening = runner.listen(self._on_change)

    def close(self) -> None:
        """Nothing is shown any more."""
        self._stop_listening()
        self._list_generation += 1
        self._detail_generation += 1

    # The list

    def choose_state(self, state: str) -> None:
        self._narrow(replace(self.wanted, state=state))

    def choose_category(self, category_id: str) -> None:
        self._narrow(replace(self.wanted, category_id=category_id))

    def search(self, words: str) -> None:
        self._narrow(replace(self.wanted, words=words.strip()))

    def clear_filter(self) -> None:
        self._narrow(ProductFilter())

    def _narrow(self, wanted: ProductFilter) -> None:
        if wanted != self.wanted:
            self.wanted = wanted
            self.reload()

    def reload(self) -> None:
        """Ask for the list again, for the tree and for the open product."""
        self._list_generation += 1
        generation, wanted = self._list_generation, self.wanted

        def is_wanted() -> bool:
            return generation == self._list_generation

        query = goods.product_list(wanted)
        self._runner.query(query, lambda found: self._on_list(generation, wanted, found), is_wanted)
        self._runner.query(goods.category_tree(), lambda nodes: self._on_categories(generation, nodes), is_wanted)
        if self._asked is not None:
            self._ask(self._asked)

    def _on_list(self, generation: int, wanted: ProductFilter, found: ProductList) -> None:
        if generation != self._list_generation:
            return
        self._view.show_list(found, wanted)
        if self._asked is None and found.rowids:
            self.select(found.rowids[0])

    def _on_categories(self, generation: int, nodes: tuple[CategoryNode, ...]) -> None:
        if generation == self._list_generation:
            self.categories = nodes
            self._view.show_categories(nodes, self.wanted)

    # The open product

    def select(self, rowid: int | None) -> None:
        """A row of the list was chosen."""
        if rowid is not None:
            self._ask(goods.product_at(rowid))

    def open_product(self, product_id: str) -> None:
        """Show this product, whatever the list shows."""
        self._ask(goods.product_detail(product_id))

    def go_to(self, product_id: str) -> None:
        """Another page or an issue leads here: all products are listed, and this one is open."""
        self.wanted = ProductFilter()
        self._asked = goods.product_detail(product_id)
        self.reload()

    def _ask(self, query: Query[ProductDetail | None]) -> None:
        self._asked = query
        self._detail_generation += 1
        generation = self._detail_generation
        self._runner.query(
            query, lambda detail: self._on_detail(generation, detail), lambda: generation == self._detail_generation
        )

    def _on_detail(self, generation: int, detail: ProductDetail | None) -> None:
        if generation != self._detail_generation:
            return
        self.detail = detail
        # Rows get new places when the replica is exchanged, the product's own id stays.
        self._asked = None if detail is None else goods.product_detail(detail.product.id)
        self.show_again()
        self._view.select_row(None if detail is None else detail.rowid)

    def show_again(self) -> None:
        """Show the open product once more, as after a change of language or of the person on duty."""
        self._view.show_detail(self.detail, self.actions())

    def actions(self) -> Actions:
        return NOTHING if self.detail is None else actions_of(self.detail, self._on_duty())

    def may_create(self) -> bool:
        person = self._on_duty()
        return person is not None and person.may(Permission.CATALOG_EDIT)

    def take_back(self, prices: Sequence[ChangePrice], on_done: Callable[[], None]) -> None:
        """Set the prices as they were, one after the other; what is refused is told, and ends it."""

        def done(_done: Done) -> None:
            self.take_back(prices[1:], on_done)

        if prices:
            self._runner.perform(prices[0], done, None, INITIATOR, self.reload)
        else:
            self.reload()
            on_done()

    # Sale

    def put_on_sale(self, on_done: Callable[[], None]) -> None:
        if self.actions().put_on_sale:
            self._set_state(ProductState.ON_SALE, on_done)

    def take_off_sale(self, on_done: Callable[[], None]) -> None:
        if self.actions().take_off_sale:
            self._set_state(ProductState.OFF_SALE, on_done)

    def _set_state(self, state: ProductState, on_done: Callable[[], None]) -> None:
        if self.detail is None:
            return
        product = self.detail.product

        def done(_done: Done) -> None:
            self.reload()
            on_done()

        command = EditProduct(product.id, {"state": {"from": product.state.value, "to": state.value}})
        self._runner.perform(command, done, None, INITIATOR)

    # Changes

    def page_shown(self) -> None:
        self._is_shown = True
        if self._is_stale:
            self._is_stale = False
            self.reload()

    def page_hidden(self) -> None:
        self._is_shown = False

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.initiator == INITIATOR or not changes.touches(TABLES):
            return
        if self._is_shown:
            self.reload()
        else:
            self._is_stale = True
