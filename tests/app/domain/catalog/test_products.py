"""Products and their articles: what is made, what is edited, and what meanwhile somebody else has changed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.catalog.commands import AddSku, AddSpecValue, CreateProduct, EditProduct, EditSku, NewAxis, NewSku
from app.domain.catalog.model import LastEdit, Product, ProductState, Sku, SpecAxis, SpecValue
from app.domain.catalog.specs import MAX_SKUS, MAX_VALUES
from app.domain.money import Fen
from app.kernel import codec
from tests.app.domain.deciding import CLERK, EARLIER, NOW, given
from tests.app.domain.rows import CATEGORY, PRODUCT, SKU, shop

AXES = (NewAxis("roast", "烘焙", ("浅烘", "深烘")), NewAxis("size", "规格", ("250g", "1kg")))


def new(sku_id: str, *values: str, fen: int = 6800, barcode: str = "") -> NewSku:
    return NewSku(sku_id, values, f"C-{sku_id}", barcode, Fen(fen), weight_g=250, shelf="B-02")


def product(*skus: NewSku, axes: tuple[NewAxis, ...] = (), title: str = "耶加雪菲", **more: Any) -> CreateProduct:
    return CreateProduct("p2", "cat", title, skus, axes, **more)


def test_a_product_begins_as_a_draft_with_its_axes_values_and_articles() -> None:
    command = product(new("a", "浅烘", "250g"), new("b", "深烘", "1kg"), axes=AXES, title=" 耶加雪菲 ", subtitle="果香")
    decided = given(shop()).when(command, CLERK, issued_at=EARLIER)
    made = decided.put(Product)
    assert (made.title, made.subtitle, made.state, made.changed_at) == ("耶加雪菲", "果香", ProductState.DRAFT, EARLIER)
    articles = decided.after.children(Sku, product_id="p2")
    assert [(s.id, s.spec_key, s.sort, s.code) for s in articles] == [
        ("a", "浅烘/250g", 0, "C-a"),
        ("b", "深烘/1kg", 1, "C-b"),
    ]
    assert [a.name for a in sorted(decided.after.children(SpecAxis, product_id="p2"), key=lambda a: a.sort)] == [
        "烘焙",
        "规格",
    ]
    values = sorted(decided.after.children(SpecValue, product_id="p2"), key=lambda v: (v.axis_id, v.sort))
    assert [(v.axis_id, v.name) for v in values] == [
        ("roast", "浅烘"),
        ("roast", "深烘"),
        ("size", "250g"),
        ("size", "1kg"),
    ]


UNFIT_PRODUCTS = [
    (replace(product(new("a")), product_id="p1"), "catalog.exists"),
    (replace(product(new("a")), category_id="gone"), "catalog.category_not_found"),
    (product(new("a"), title=" "), "catalog.nameless"),
    (product(new("a"), title="茶" * 121), "catalog.nameless"),
    (product(), "catalog.sku_count"),
    (product(*(new(f"a{n}", str(n)) for n in range(MAX_SKUS + 1))), "catalog.sku_count"),
    (product(new("a", "浅烘"), axes=AXES), "catalog.spec_unfit"),
    (product(new("a", "浅烘", "5kg"), axes=AXES), "catalog.spec_unfit"),
    (product(new("a", "浅烘", "1kg"), new("b", "浅烘", "1kg"), axes=AXES), "catalog.spec_unfit"),
    (product(new("a"), new("b")), "catalog.spec_unfit"),
    (product(new("s1")), "catalog.exists"),
    (product(new("a", fen=0)), "catalog.price_range"),
    (product(new("a", fen=100_000_001)), "catalog.price_range"),
    (product(new("a", barcode="6901028075015")), "catalog.barcode_taken"),
    (product(new("a", barcode="6901028075016")), "catalog.barcode_unfit"),
    (
        product(new("a", "浅烘", barcode="own-1"), new("b", "深烘", barcode="own-1"), axes=AXES[:1]),
        "catalog.barcode_taken",
    ),
]


@pytest.mark.parametrize(("command", "code"), UNFIT_PRODUCTS)
def test_a_product_that_cannot_be_is_refused_whole(command: CreateProduct, code: str) -> None:
    given(shop()).when(command).refused(code)


SLASHED = (NewAxis("x", "一", ("a", "a/b")), NewAxis("y", "二", ("b/c", "c")))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (product(new("a", "浅烘"), new("a", "深烘"), axes=AXES[:1]), "catalog.exists"),
        (product(new("a", "a", "b/c"), new("b", "a/b", "c"), axes=SLASHED), "catalog.spec_unfit"),
        (product(new("a", "浅烘"), axes=(NewAxis("roast", "烘焙", ("浅烘", "浅烘")),)), "catalog.spec_unfit"),
        (product(new("a", "1", "1"), axes=(NewAxis("x", "一", ("1",)), NewAxis("x", "二", ("1",)))), "catalog.exists"),
    ],
)
def test_parts_that_would_overwrite_each_other_are_refused(command: CreateProduct, code: str) -> None:
    given(shop()).when(command).refused(code)


def test_an_axis_of_another_product_is_not_taken_over() -> None:
    theirs = SpecAxis("roast", "p1", "烘焙", 0)
    given(shop(theirs)).when(product(new("a", "浅烘"), axes=AXES[:1])).refused("catalog.exists")


def edit(**changes: Any) -> EditProduct:
    return EditProduct("p1", {field: {"from": was, "to": to} for field, (was, to) in changes.items()})


def test_an_edit_changes_its_fields_and_remembers_who_changed_each() -> None:
    command = edit(title=("云南小粒咖啡豆", "云南小粒"), max_qty=(999, 5), sale_from_at=(None, codec.time_text(NOW)))
    decided = given(shop()).when(command, CLERK, issued_at=EARLIER)
    after = decided.put(Product)
    assert (after.title, after.max_qty, after.sale_from_at, after.changed_at) == ("云南小粒", 5, NOW, EARLIER)
    assert [(m.field, m.actor) for m in decided.after.rows(LastEdit)] == [
        ("max_qty", "clerk"),
        ("sale_from_at", "clerk"),
        ("title", "clerk"),
    ]


def test_a_field_that_somebody_changed_meanwhile_is_shown_with_their_name() -> None:
    mark = LastEdit("p1", "title", "owner", EARLIER)
    changed = replace(PRODUCT, title="新名")
    given(shop(mark, product=changed)).when(edit(subtitle=("", "香"), title=("云南小粒咖啡豆", "我的名"))).refused(
        "catalog.conflict",
        field="title",
        current="新名",
        seen="云南小粒咖啡豆",
        wanted="我的名",
        changed_by="owner",
        changed_at=codec.time_text(EARLIER),
    )
    given(shop(product=changed)).when(edit(title=("云南小粒咖啡豆", "我的名"))).refused("catalog.conflict")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (EditProduct("gone", {}), "catalog.product_not_found"),
        (edit(category_id=("cat", "gone")), "catalog.category_not_found"),
        (edit(min_qty=(1, 5), max_qty=(999, 4)), "catalog.bad_value"),
        (edit(state=("on_sale", "sold")), "catalog.bad_value"),
        (edit(state=("on_sale", ["draft"])), "catalog.bad_value"),
        (edit(sale_until_at=(None, "morgen")), "catalog.bad_value"),
        (edit(sale_until_at=(None, 5)), "catalog.bad_value"),
        (edit(sale_until_at=(None, "2026-11-24T08:00:00")), "catalog.bad_value"),
        (edit(id=("p1", "p3")), "catalog.unknown_field"),
        (edit(title=("云南小粒咖啡豆", "坏\x00字")), "malformed"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_whole(command: EditProduct, code: str) -> None:
    given(shop()).when(command).refused(code)


def test_wanting_what_already_is_changes_nothing_whatever_was_seen() -> None:
    assert given(shop()).when(edit(state=("draft", "on_sale"))).changes == ()


def test_taking_a_moment_away_makes_the_sale_open_ended() -> None:
    limited = replace(PRODUCT, sale_until_at=NOW + timedelta(days=1))
    command = edit(sale_until_at=(codec.time_text(NOW + timedelta(days=1)), None))
    assert given(shop(product=limited)).when(command).put(Product).sale_until_at is None


def test_an_article_is_added_behind_its_siblings() -> None:
    axis, values = SpecAxis("x", "p1", "规格", 0), SpecValue("v", "x", "p1", "1kg", 0)
    decided = given(shop(axis, values)).when(AddSku("p1", new("s2", "1kg")), CLERK)
    assert (decided.put(Sku).sort, decided.put(Sku).spec_key) == (1, "1kg")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AddSku("gone", new("s2")), "catalog.product_not_found"),
        (AddSku("p1", new("s2", "1kg")), "catalog.spec_unfit"),
        (AddSku("p1", new("s1")), "catalog.exists"),
        (AddSku("p1", new("s2", barcode="6901028075015")), "catalog.barcode_taken"),
    ],
)
def test_an_article_that_cannot_be_added_is_refused(command: AddSku, code: str) -> None:
    given(shop()).when(command).refused(code)


THERE = (SpecAxis("y", "p1", "规格", 1), SpecAxis("x", "p1", "烘焙", 0))
KNOWN = (
    SpecValue("v1", "x", "p1", "深烘", 0),
    SpecValue("v2", "y", "p1", "250g", 0),
    SpecValue("v3", "y", "p1", "1kg", 1),
)


def test_an_article_with_the_values_of_another_is_refused() -> None:
    given(shop(*THERE, *KNOWN)).when(AddSku("p1", new("s2", "深烘", "250g"))).refused("catalog.spec_unfit")


def test_an_article_takes_only_values_that_its_axes_have() -> None:
    """ "1kg" is a size and no roast: no buyer could choose such an article."""
    there = given(shop(*THERE, *KNOWN))
    assert there.when(AddSku("p1", new("s2", "深烘", "1kg"))).put(Sku).spec_key == "深烘/1kg"
    there.when(AddSku("p1", new("s2", "深烘", "2kg"))).refused("catalog.value_unknown", value="2kg", axis="规格")
    there.when(AddSku("p1", new("s2", "1kg", "1kg"))).refused("catalog.value_unknown", value="1kg", axis="烘焙")


def test_a_value_that_was_added_can_be_sold() -> None:
    there = given(shop(*THERE, *KNOWN))
    added = there.when(AddSpecValue("p1", "y", "v4", " 2kg "), CLERK)
    assert added.put(SpecValue) == SpecValue("v4", "y", "p1", "2kg", 2)
    given(added.after.rows(SpecAxis), added.after.rows(SpecValue), shop()).when(
        AddSku("p1", new("s2", "深烘", "2kg"))
    ).put(Sku)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AddSpecValue("p1", "y", "v4", "1kg"), "catalog.value_unfit"),
        (AddSpecValue("p1", "y", "v4", " "), "catalog.value_unfit"),
        (AddSpecValue("p1", "y", "v4", "1/2 kg"), "catalog.value_unfit"),
        (AddSpecValue("p1", "y", "v4", "长" * 41), "catalog.value_unfit"),
        (AddSpecValue("p1", "y", "v3", "2kg"), "catalog.exists"),
        (AddSpecValue("p1", "gone", "v4", "2kg"), "catalog.product_not_found"),
        (AddSpecValue("p9", "y", "v4", "2kg"), "catalog.product_not_found"),
    ],
)
def test_a_value_that_cannot_be_added_is_refused(command: AddSpecValue, code: str) -> None:
    given(shop(*THERE, *KNOWN)).when(command).refused(code)


def test_an_axis_has_at_most_sixty_values() -> None:
    many = [SpecValue(f"n{n}", "y", "p1", f"{n}g", n) for n in range(MAX_VALUES)]
    given(shop(*THERE, *many)).when(AddSpecValue("p1", "y", "v4", "2kg")).refused("catalog.value_unfit")


def test_a_product_holds_at_most_two_hundred_articles() -> None:
    many = [replace(SKU, id=f"x{n}", spec_key=str(n), barcode="") for n in range(MAX_SKUS - 1)]
    given(shop(*many)).when(AddSku("p1", new("s2"))).refused("catalog.sku_count", most=MAX_SKUS)


def change(**changes: Any) -> EditSku:
    return EditSku("s1", {field: {"from": was, "to": to} for field, (was, to) in changes.items()})


def test_an_article_is_edited_and_may_keep_its_own_barcode() -> None:
    after = given(shop()).when(change(shelf=("A-01", "C-09"), barcode=("6901028075015", ""))).put(Sku)
    assert (after.shelf, after.barcode) == ("C-09", "")
    assert given(shop()).when(change(barcode=("", "6901028075015"))).changes == ()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (EditSku("gone", {}), "catalog.sku_not_found"),
        (change(list_fen=(6800, 1)), "catalog.unknown_field"),
        (change(weight_g=(250, -1)), "catalog.bad_value"),
        (change(barcode=("6901028075015", "6901028075016")), "catalog.barcode_unfit"),
        (change(barcode=("6901028075015", "own-2")), "catalog.barcode_taken"),
        (change(barcode=("6901028075015", "坏码")), "catalog.barcode_unfit"),
    ],
)
def test_an_edit_of_an_article_that_cannot_be_is_refused(command: EditSku, code: str) -> None:
    other = replace(SKU, id="s2", spec_key="x", barcode="own-2")
    given(shop(other)).when(command).refused(code)


def test_categories_are_looked_up_not_guessed() -> None:
    assert given(shop()).when(edit(category_id=("cat", "cat"))).changes == ()
    assert CATEGORY.id == "cat"
