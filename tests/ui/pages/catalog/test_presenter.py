"""What the products page shows and offers, over a real replica and without a window."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from app.desk.goods import CategoryNode, ProductDetail, ProductFilter, ProductList, ProductSummary, product_window
from app.desk.session import OnDuty
from app.domain.catalog.commands import ChangePrice, EditProduct, EditSku
from app.domain.money import Fen
from app.domain.permission import Role
from app.domain.stock.model import MovementReason
from tests.support.counter import Counter
from ui.pages.catalog import wording
from ui.pages.catalog.presenter import Actions, CatalogPresenter


@dataclass
class Shown:
    """Remembers what it was told to show."""

    lists: list[ProductList] = field(default_factory=list)
    nodes: Sequence[CategoryNode] = ()
    detail: ProductDetail | None = None
    actions: Actions = Actions()
    row: int | None = None

    def show_list(self, found: ProductList, wanted: ProductFilter) -> None:
        self.lists.append(found)

    def show_categories(self, nodes: Sequence[CategoryNode], wanted: ProductFilter) -> None:
        self.nodes = nodes

    def show_detail(self, detail: ProductDetail | None, actions: Actions) -> None:
        self.detail, self.actions = detail, actions

    def select_row(self, rowid: int | None) -> None:
        self.row = rowid

    @property
    def product_id(self) -> str:
        return self.detail.product.id if self.detail else ""


def opened(counter: Counter, role: Role = Role.OWNER) -> tuple[CatalogPresenter, Shown]:
    shown = Shown()
    presenter = CatalogPresenter(counter.runner, shown, lambda: OnDuty("owner", "李敏", role))
    presenter.reload()
    return presenter, shown


def rows(counter: Counter, shown: Shown) -> dict[str, ProductSummary]:
    """The listed products by id, in their order."""
    found: dict[int, ProductSummary] = {}
    counter.runner.query(product_window(shown.lists[-1].rowids), found.update)
    return {found[rowid].product_id: found[rowid] for rowid in shown.lists[-1].rowids}


def test_what_was_changed_last_comes_first_and_is_open(counter: Counter) -> None:
    _, shown = opened(counter)
    assert list(rows(counter, shown))[0] == "pa" and shown.product_id == "pa"
    assert dict(shown.lists[-1].counts) == {"": 10, "on_sale": 8, "off_sale": 1, "draft": 1}
    assert shown.row == shown.lists[-1].rowids[0]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("SY-YN-10", "SY-YN-11", "SY-YN-2"), "SY-YN"),
        (("SY-YN-1", "SY-YN-1", "SY-YN-1"), "SY-YN-1"),
        (("YN", "YN-1", "YN-2"), "YN"),
        (("YN1", "YN2", "YN3"), "YN"),
        (("A1", "B1", "C1"), "A1"),
    ],
)
def test_a_product_is_named_by_what_the_codes_of_its_articles_begin_with(
    counter: Counter, codes: tuple[str, ...], said: str
) -> None:
    _, shown = opened(counter)
    articles = rows(counter, shown)["yn"]
    assert articles.sku_count == 3
    for number, code in enumerate(codes, 1):
        before = f"SY-YN-{number}"
        if code != before:
            counter.shop.must(EditSku(f"yn-{number}", {"code": {"from": before, "to": code}}))
    counter.pull()
    assert rows(counter, shown)["yn"].code == said


@pytest.mark.parametrize("reason", MovementReason)
def test_every_reason_of_a_movement_has_its_word(reason: MovementReason) -> None:
    assert wording.reason_word(reason) != reason


def test_a_list_that_could_not_be_read_comes_when_it_can_be_and_only_the_one_wanted(counter: Counter) -> None:
    presenter, shown = opened(counter)
    lists = len(shown.lists)
    counter.runner.is_blind = True
    presenter.choose_state("draft")
    presenter.choose_state("off_sale")
    assert len(shown.lists) == lists
    counter.runner.see_again()
    assert len(shown.lists) == lists + 1 and list(rows(counter, shown)) == ["pa"]


def test_tree_counts_what_lies_below(counter: Counter) -> None:
    presenter, shown = opened(counter)
    assert {node.category.id: (node.depth, node.count) for node in shown.nodes} == {
        "cat": (0, 10),
        "blend": (1, 1),
        "single": (1, 3),
        "tools": (0, 0),
    }
    presenter.choose_category("single")
    assert set(rows(counter, shown)) == {"yn", "et", "pa"}
    assert shown.lists[-1].counts[""] == 3, "tabs count within the category"
    presenter.choose_state("off_sale")
    assert list(rows(counter, shown)) == ["pa"]
    presenter.clear_filter()
    assert len(shown.lists[-1].rowids) == 10


@pytest.mark.parametrize(
    ("words", "found"),
    [("SY-YN-3", {"yn"}), ("耶加", {"et"}), ("拼配 特浓", {"bl"}), ("100%", set()), ("sy-yn", {"yn"})],
)
def test_search_finds_title_and_code(counter: Counter, words: str, found: set[str]) -> None:
    presenter, shown = opened(counter)
    presenter.search(words)
    assert set(rows(counter, shown)) == found


def test_rows_say_range_and_what_runs_low(counter: Counter) -> None:
    _, shown = opened(counter)
    found = rows(counter, shown)
    yn = found["yn"]
    assert wording.price_range(yn.least_fen, yn.most_fen) == "¥38.00 – ¥136.00"
    assert (yn.available_qty, yn.low_skus, yn.empty_skus) == (49, 1, 1)
    assert wording.stock_word(yn) == "1 个无货"
    assert wording.stock_word(found["pa"]) == "全部无货"
    assert wording.stock_word(found["et"]) == ""


def test_article_that_never_moved_is_out_of_stock(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.open_product("yn")
    assert shown.detail is not None
    assert [wording.level_word(article.available_qty) for article in shown.detail.skus] == ["", "偏低", "无货"]


def test_only_what_can_succeed_is_offered(counter: Counter) -> None:
    presenter, shown = opened(counter)
    assert shown.actions == Actions(edit=True, put_on_sale=True, take_off_sale=False, stock=True)
    presenter.open_product("yn")
    assert shown.actions == Actions(edit=True, put_on_sale=False, take_off_sale=True, stock=True)
    presenter, shown = opened(counter, Role.COURIER)
    assert shown.actions == Actions() and not presenter.may_create()


def test_goes_off_sale_unplugged_and_is_confirmed_later(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.open_product("yn")
    counter.unplug()
    said: list[str] = []
    presenter.take_off_sale(lambda: said.append("done"))
    assert said == ["done"] and shown.detail is not None
    assert shown.detail.product.state == "off_sale" and shown.detail.is_syncing
    assert rows(counter, shown)["yn"].is_syncing
    counter.plug_in()
    counter.push()
    assert not shown.detail.is_syncing and not rows(counter, shown)["yn"].is_syncing
    assert ("yn", "off_sale") in counter.shop.rows("products", "id, state")
    presenter.put_on_sale(lambda: said.append("back"))
    assert said == ["done", "back"] and shown.actions.take_off_sale


def test_open_product_follows_what_others_do(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.open_product("bl")
    counter.shop.must(ChangePrice("bl-1", Fen(6600), Fen(6900)))
    counter.pull()
    assert shown.detail is not None and shown.detail.skus[0].sku.list_fen == 6900
    assert shown.product_id == "bl"


def test_hidden_page_asks_nothing_until_it_is_seen_again(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.page_hidden()
    before = len(shown.lists)
    counter.shop.must(EditProduct("bl", {"title": {"from": "山野拼配 意式特浓", "to": "山野拼配"}}))
    counter.pull()
    assert len(shown.lists) == before
    presenter.page_shown()
    assert len(shown.lists) == before + 1
    assert rows(counter, shown)["bl"].title == "山野拼配"


def test_going_to_a_product_lists_all_and_opens_it(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.choose_category("tools")
    assert shown.lists[-1].rowids.tolist() == []
    presenter.go_to("yn")
    assert shown.product_id == "yn" and len(shown.lists[-1].rowids) == 10
    presenter.go_to("gone")
    assert shown.detail is None
