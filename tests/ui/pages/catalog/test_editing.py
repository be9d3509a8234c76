"""Editing a product over a real replica: what is sent, what is refused, and what somebody else did meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.desk.goods import ProductDetail, product_detail
from app.desk.session import OnDuty
from app.domain.catalog.commands import ChangePrice, EditProduct, EditSku
from app.domain.money import Fen
from app.domain.permission import Role
from app.kernel.errors import KnownError
from tests.support.counter import Counter
from ui.pages.catalog.editing import Conflict, EditPresenter, Key

TITLE, SHELF, PRICE, BARCODE = ("yn", "title"), ("yn-1", "shelf"), ("yn-2", "list_fen"), ("yn-1", "barcode")


@dataclass
class Shown:
    changed: frozenset[Key] = frozenset()
    conflicts: Sequence[Conflict] = ()
    values: dict[Key, Any] = field(default_factory=dict)
    problems: dict[Key, str] = field(default_factory=dict)
    refusal: str = ""
    finished: list[int] = field(default_factory=list)

    def show_marks(self, changed: frozenset[Key]) -> None:
        self.changed = changed

    def show_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = conflicts

    def show_value(self, key: Key, value: Any) -> None:
        self.values[key] = value

    def show_problem(self, key: Key, text: str) -> None:
        self.problems[key] = text

    def show_refusal(self, text: str) -> None:
        self.refusal = text

    def finish(self, count: int) -> None:
        self.finished.append(count)


def read(counter: Counter, product_id: str = "yn") -> ProductDetail:
    found: list[ProductDetail | None] = []
    counter.runner.query(product_detail(product_id), found.append)
    assert found[0] is not None
    return found[0]


def editing(counter: Counter, role: Role = Role.OWNER) -> tuple[EditPresenter, Shown]:
    shown = Shown()
    return EditPresenter(counter.runner, shown, read(counter), OnDuty("owner", "李敏", role)), shown


def test_one_command_for_each_touched_thing(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.set_value(TITLE, " 云南小粒 ")
    presenter.set_value(SHELF, "A-09")
    presenter.set_value(PRICE, 7200)
    presenter.set_value(("yn", "subtitle"), "日晒干香，深烘醇厚")
    assert shown.changed == {TITLE, SHELF, PRICE}, "what is as it was is not a change"
    presenter.save()
    assert counter.runner.given == [
        EditProduct("yn", {"title": {"from": "云南小粒咖啡豆 深烘", "to": "云南小粒"}}),
        EditSku("yn-1", {"shelf": {"from": "B-01-1", "to": "A-09"}}),
        ChangePrice("yn-2", Fen(6800), Fen(7200)),
    ]
    assert shown.finished == [3] and shown.changed == frozenset()
    counter.push()
    assert ("yn-2", 7200) in counter.shop.rows("skus", "id, list_fen")


def test_field_that_only_somebody_else_changed_simply_follows(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.set_value(SHELF, "A-09")
    counter.shop.must(ChangePrice("yn-2", Fen(6800), Fen(6900)))
    counter.pull()
    assert shown.values == {PRICE: 6900} and list(shown.conflicts) == []
    assert shown.changed == {SHELF}


def test_field_that_both_changed_waits_for_a_choice(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.set_value(PRICE, 7200)
    counter.shop.must(ChangePrice("yn-2", Fen(6800), Fen(6900)))
    counter.pull()
    assert list(shown.conflicts) == [Conflict(PRICE, "454 g · 售价", "李敏", "¥69.00", "¥72.00")]
    presenter.save()
    assert counter.runner.given == [] and shown.finished == [], "nothing is saved over a conflict"
    presenter.keep_mine(PRICE)
    assert list(shown.conflicts) == []
    presenter.save()
    assert counter.runner.given == [ChangePrice("yn-2", Fen(6900), Fen(7200))]
    counter.push()
    assert ("yn-2", 7200) in counter.shop.rows("skus", "id, list_fen")


def test_other_value_can_be_taken(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.set_value(SHELF, "A-09")
    counter.shop.must(EditSku("yn-1", {"shelf": {"from": "B-01-1", "to": "C-01"}}))
    counter.pull()
    presenter.take_theirs(SHELF)
    assert shown.values[SHELF] == "C-01" and shown.changed == frozenset()
    presenter.save()
    assert counter.runner.given == [] and shown.finished == [0]


def test_same_change_by_both_is_no_conflict(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.set_value(SHELF, "C-01")
    counter.shop.must(EditSku("yn-1", {"shelf": {"from": "B-01-1", "to": "C-01"}}))
    counter.pull()
    assert list(shown.conflicts) == [] and shown.changed == frozenset()


def test_what_cannot_be_right_is_said_at_the_field(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.set_value(BARCODE, "6901234567890")
    presenter.set_value(PRICE, None)
    presenter.set_value(TITLE, "  ")
    presenter.save()
    assert counter.runner.given == []
    assert "6901234567890" in shown.problems[BARCODE] and shown.problems[PRICE] and shown.problems[TITLE]
    presenter.set_value(BARCODE, "6901234567892")
    assert shown.problems[BARCODE] == ""


def test_barcode_of_another_article_is_refused_at_the_field_and_the_rest_stays(counter: Counter) -> None:
    counter.shop.must(EditSku("et-1", {"barcode": {"from": "", "to": "6901234567892"}}))
    counter.pull()
    presenter, shown = editing(counter)
    presenter.set_value(TITLE, "云南小粒")
    presenter.set_value(BARCODE, "6901234567892")
    presenter.save()
    assert shown.problems[BARCODE].startswith("条码 6901234567892") or "6901234567892" in shown.problems[BARCODE]
    assert shown.finished == [] and shown.changed == {BARCODE}, "the title is saved, the barcode waits"
    assert read(counter).product.title == "云南小粒"


def test_clerk_cannot_touch_prices(counter: Counter) -> None:
    presenter, _ = editing(counter, Role.CLERK)
    assert presenter.may_edit and not presenter.may_price


def test_closed_editor_hears_nothing(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.close()
    counter.shop.must(ChangePrice("yn-2", Fen(6800), Fen(6900)))
    counter.pull()
    assert shown.values == {}


def test_what_was_lost_half_way_can_be_saved_again(counter: Counter) -> None:
    presenter, shown = editing(counter)
    presenter.set_value(TITLE, "云南小粒")
    counter.runner.fault = KnownError("disk.full", "full")
    presenter.save()
    assert not presenter.is_busy and shown.finished == [] and shown.changed == {TITLE}
    counter.runner.fault = None
    presenter.save()
    assert shown.finished == [1] and read(counter).product.title == "云南小粒"
