"""Categories: made, renamed, moved, never into themselves."""

import pytest

from app.domain.catalog.commands import CreateCategory, EditCategory
from app.domain.catalog.model import Category, LastEdit
from tests.app.domain.deciding import BUYER, CLERK, COURIER, NOW, given

TEA = Category("tea", "", "茶")
GREEN = Category("green", "tea", "绿茶")
SPRING = Category("spring", "green", "春茶")


def test_a_category_is_made_below_another_with_its_name_trimmed() -> None:
    assert given(TEA).when(CreateCategory("green", "tea", " 绿茶 ", 3), CLERK).put(Category) == Category(
        "green", "tea", "绿茶", 3
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (CreateCategory("tea", "", "茶"), "catalog.exists"),
        (CreateCategory("new", "", "  "), "catalog.nameless"),
        (CreateCategory("new", "", "茶" * 61), "catalog.nameless"),
        (CreateCategory("new", "gone", "茶"), "catalog.category_not_found"),
        (EditCategory("gone", {}), "catalog.category_not_found"),
        (EditCategory("tea", {"parent_id": {"from": "", "to": "gone"}}), "catalog.category_not_found"),
        (EditCategory("tea", {"parent_id": {"from": "", "to": "tea"}}), "catalog.category_loop"),
        (EditCategory("tea", {"parent_id": {"from": "", "to": "spring"}}), "catalog.category_loop"),
        (EditCategory("tea", {"id": {"from": "tea", "to": "x"}}), "catalog.unknown_field"),
        (EditCategory("tea", {"sort": {"from": 0, "to": -1}}), "catalog.bad_value"),
        (EditCategory("tea", {"sort": {"from": 0, "to": True}}), "catalog.bad_value"),
        (EditCategory("tea", {"name": "茶叶"}), "catalog.bad_value"),
        (EditCategory("tea", {"name": {"from": "茶"}}), "catalog.bad_value"),
        (EditCategory("tea", {"name": {"from": "茶", "to": 5}}), "catalog.bad_value"),
    ],
)
def test_a_category_that_cannot_be_is_refused(command: CreateCategory | EditCategory, code: str) -> None:
    given(TEA, GREEN, SPRING).when(command).refused(code)


def test_a_rename_remembers_who_did_it_and_a_move_finds_its_parent() -> None:
    changes = {"name": {"from": "绿茶", "to": "龙井"}, "parent_id": {"from": "tea", "to": ""}}
    decided = given(TEA, GREEN, SPRING).when(EditCategory("green", changes), CLERK)
    assert decided.put(Category) == Category("green", "", "龙井")
    marks = decided.after.rows(LastEdit)
    assert marks == (LastEdit("green", "name", "clerk", NOW), LastEdit("green", "parent_id", "clerk", NOW))


def test_wanting_what_already_is_changes_nothing() -> None:
    assert given(TEA).when(EditCategory("tea", {"name": {"from": "旧名", "to": "茶"}})).changes == ()
    assert given(TEA).when(EditCategory("tea", {})).changes == ()


@pytest.mark.parametrize("actor", [BUYER, COURIER])
def test_only_those_who_may_edit_the_catalogue_do(actor: object) -> None:
    given(TEA).when(CreateCategory("x", "", "茶"), actor).refused("not_allowed", permission="catalog.edit")  # type: ignore[arg-type]
