"""Adjusting, counting and creating over a real replica."""

from dataclasses import dataclass, field

from app.desk.stock import StockStory
from app.domain.catalog.commands import CreateCategory, CreateProduct
from app.domain.stock.commands import AdjustStock, CountStock
from app.domain.stock.model import MovementReason
from app.kernel.errors import KnownError
from tests.support.counter import Bought, Counter
from tests.support.shop import PLACE
from ui.pages.catalog.creating import Draft, NewCategoryPresenter, NewProductPresenter, problems, values_of
from ui.pages.catalog.stocking import StockPresenter


@dataclass
class Shown:
    story: StockStory | None = None
    refusal: str = ""
    finished: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    def show_story(self, story: StockStory) -> None:
        self.story = story

    def show_refusal(self, text: str) -> None:
        self.refusal = text

    def show_problem(self, field_name: str, text: str = "") -> None:
        self.problems[field_name] = text

    def finish(self, made: str = "") -> None:
        self.finished.append(made)


def stock(counter: Counter, sku_id: str = "yn-2") -> tuple[StockPresenter, Shown]:
    shown = Shown()
    presenter = StockPresenter(counter.runner, shown, sku_id)
    presenter.open()
    return presenter, shown


def balances(shown: Shown) -> list[tuple[str, int, int]]:
    assert shown.story is not None
    return [(line.movement.reason.value, line.movement.delta_qty, line.balance_qty) for line in shown.story.movements]


def test_reason_says_whether_pieces_come_or_go(counter: Counter) -> None:
    presenter, shown = stock(counter)
    presenter.adjust(MovementReason.DAMAGED, 1)
    presenter.adjust(MovementReason.RECEIVED, 5)
    assert counter.runner.given == [
        AdjustStock("yn-2", PLACE, -1, MovementReason.DAMAGED),
        AdjustStock("yn-2", PLACE, 5, MovementReason.RECEIVED),
    ]
    assert set(balances(shown)) == {("received", 5, 7), ("damaged", -1, 2), ("received", 3, 3)}
    assert shown.story is not None and shown.story.on_hand_qty == 7


def test_promised_pieces_cannot_be_taken_and_the_sentence_says_how_many_can(counter: Counter) -> None:
    presenter, shown = stock(counter)
    presenter.adjust(MovementReason.LOST, 4)
    assert shown.finished == [] and shown.refusal == "最多能减 3 件，其余已被订单占用。"
    presenter.adjust(MovementReason.LOST, 0)
    assert shown.refusal == "请填数量。"


def test_count_keeps_what_is_sold_between_counting_and_saving(counter: Counter) -> None:
    presenter, shown = stock(counter, "milk-s")
    presenter.note_count()
    counter.buy(1, Bought((("milk", 2),), "shipped"))
    counter.pull()
    assert shown.story is not None and shown.story.on_hand_qty == 498
    assert presenter.count_difference(499) == -1, "compared with the number at the time of counting"
    presenter.count(499)
    assert counter.runner.given == [CountStock("milk-s", PLACE, 500, 499)]
    assert shown.story.on_hand_qty == 497


def test_first_stock_of_an_article_goes_to_the_shops_place(counter: Counter) -> None:
    presenter, shown = stock(counter, "yn-3")
    presenter.adjust(MovementReason.RECEIVED, 12)
    assert shown.finished == [""] and shown.story is not None and shown.story.available_qty == 12


def test_unplugged_stock_moves_and_goes_up_later(counter: Counter) -> None:
    counter.unplug()
    presenter, shown = stock(counter)
    presenter.adjust(MovementReason.GIFT, 2)
    assert shown.finished == [""]
    counter.plug_in()
    counter.push()
    assert ("yn-2", 1) in counter.shop.rows("stock_levels", "sku_id, on_hand_qty")


def test_orders_that_hold_pieces_are_named(counter: Counter) -> None:
    counter.buy(1, Bought((("scale", 2),)))
    counter.pull()
    _, shown = stock(counter, "scale-s")
    assert shown.story is not None and shown.story.promise_count == 1
    assert shown.story.promises[0].qty == 2 and shown.story.available_qty == 498


def test_product_gets_an_article_for_each_value(counter: Counter) -> None:
    shown = Shown()
    presenter = NewProductPresenter(counter.runner, shown, counter.ids)
    presenter.create(Draft("肯尼亚 AA", "single", 5200, "SY-KE", "", "净含量", "227 g，454 g, 1 kg"))
    command = counter.runner.given[-1]
    assert isinstance(command, CreateProduct) and shown.finished == [command.product_id]
    assert [(sku.values, sku.code) for sku in command.skus] == [
        (("227 g",), "SY-KE-1"),
        (("454 g",), "SY-KE-2"),
        (("1 kg",), "SY-KE-3"),
    ]
    counter.push()
    assert (command.product_id, "draft") in counter.shop.rows("products", "id, state")


def test_product_without_variants_has_one_article(counter: Counter) -> None:
    shown = Shown()
    NewProductPresenter(counter.runner, shown, counter.ids).create(Draft("杯", "tools", 900, "C-1", "6901234567892"))
    command = counter.runner.given[-1]
    assert isinstance(command, CreateProduct) and len(command.skus) == 1 and command.axes == ()


def test_what_is_missing_is_said_by_field() -> None:
    assert set(problems(Draft())) == {"title", "category_id", "list_fen"}
    assert set(problems(Draft("a", "c", 100, axis="色"))) == {"values"}
    assert set(problems(Draft("a", "c", 100, axis="色", values="红,红"))) == {"values"}
    assert set(problems(Draft("a", "c", 100, "", "6901234567890"))) == {"barcode"}
    assert set(problems(Draft("a", "c", 100, "", "6901234567892", "色", "红,蓝"))) == {"barcode"}
    assert values_of(" 227 g ，, 454 g、") == ("227 g", "454 g")


def test_taken_barcode_is_said_at_the_field(counter: Counter) -> None:
    shown = Shown()
    presenter = NewProductPresenter(counter.runner, shown, counter.ids)
    presenter.create(Draft("杯", "tools", 900, "", "6901234567892"))
    presenter.create(Draft("碟", "tools", 900, "", "6901234567892"))
    assert len(shown.finished) == 1 and "6901234567892" in shown.problems["barcode"]


def test_category_is_made_below_another(counter: Counter) -> None:
    shown = Shown()
    presenter = NewCategoryPresenter(counter.runner, shown, counter.ids)
    presenter.create("  ", "", 1)
    assert shown.finished == [] and list(shown.problems) == ["名称要填，1 到 60 个字。"]
    presenter.create(" 手冲壶 ", "tools", 6)
    assert counter.runner.given == [CreateCategory(shown.finished[0], "tools", "手冲壶", 6)]


def test_what_was_lost_can_be_done_again(counter: Counter) -> None:
    """A full disk, say: the runner tells of it, and no dialog stays busy, or it could never be closed."""
    shown = Shown()
    stocking, _ = stock(counter)
    product = NewProductPresenter(counter.runner, shown, counter.ids)
    category = NewCategoryPresenter(counter.runner, shown, counter.ids)

    def give_all() -> None:
        stocking.adjust(MovementReason.RECEIVED, 5)
        product.create(Draft("肯尼亚 AA", "single", 5200))
        category.create("手冲壶", "tools", 6)

    counter.runner.fault = KnownError("disk.full", "full")
    give_all()
    assert counter.runner.given == [] and not (stocking.is_busy or product.is_busy or category.is_busy)
    counter.runner.fault = None
    give_all()
    assert [type(c) for c in counter.runner.given] == [AdjustStock, CreateProduct, CreateCategory]
