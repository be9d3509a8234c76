"""Changing a product's pictures, and adding articles: staged, undone, saved unplugged, and merged with others' work."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.desk import goods
from app.desk.picture_store import PictureStore
from app.desk.pictures import Pictures
from app.domain.catalog.commands import AddPicture, AddSku, AddSpecValue, ArrangePictures, RemovePicture
from app.domain.catalog.model import MediaRole
from tests.support.counter import Counter
from tests.ui.pages.catalog.scene import NoLine, drawn
from ui.pages.catalog.adding import AddArticlePresenter, ArticleDraft
from ui.pages.catalog.album import Album


@pytest.fixture
def pictures(counter: Counter) -> Iterator[Pictures]:
    found = Pictures(PictureStore(counter.folder / "pictures"), NoLine())
    yield found
    found.close()


def detail(counter: Counter, product_id: str = "yn") -> goods.ProductDetail:
    found: list[goods.ProductDetail | None] = []
    counter.runner.query(goods.product_detail(product_id), found.append)
    assert found[0] is not None
    return found[0]


def shown(counter: Counter) -> list[tuple[str, str]]:
    return [(m.id, str(m.role)) for m in detail(counter).media]


class Desk:
    """An album, and what it tells."""

    def __init__(self, counter: Counter, pictures: Pictures) -> None:
        self.counter = counter
        self.told: list[str] = []
        self.album = Album(counter.runner, counter.ids, pictures, "yn")
        self.album.tell = self.told.append
        self.album.follow(detail(counter))

    def choose(self, *tints: int) -> list[str]:
        """Choose pictures; answers their ids."""
        before = {item.media_id for item in self.album.items}
        self.album.add_files([drawn(self.counter.folder, f"{tint}.png", (tint, 90, 60)) for tint in tints])
        return [item.media_id for item in self.album.items if item.media_id not in before]

    def save(self) -> list[str]:
        """Save; answers why it was not done."""
        refused: list[str] = []
        self.album.save(lambda: self.album.follow(detail(self.counter)), refused.append, lambda: None)
        return refused


@pytest.fixture
def desk(counter: Counter, pictures: Pictures) -> Desk:
    return Desk(counter, pictures)


def test_pictures_chosen_unplugged_are_kept_and_go_up_later(desk: Desk, pictures: Pictures) -> None:
    counter = desk.counter
    counter.unplug()
    first, second = desk.choose(10, 200)
    assert desk.album.unsaved == 2 and counter.runner.given == []
    desk.album.place(second, 0)
    assert desk.save() == [] and desk.album.unsaved == 0
    assert shown(counter) == [(second, "main"), (first, "detail")]
    given = [c for c in counter.runner.given if isinstance(c, AddPicture)]
    assert pictures.thumbnail(given[0].sha256, 40).result(20) is not None
    counter.plug_in()
    counter.push()
    assert {row[0] for row in counter.shop.rows("product_media", "id")} == {first, second}


def test_a_removal_is_undone_until_it_is_saved_and_the_next_picture_becomes_main(desk: Desk) -> None:
    first, second = desk.choose(10, 200)
    desk.save()
    desk.album.remove(first)
    assert (desk.album.unsaved, desk.album.main_id()) == (1, second)
    desk.album.restore(first)
    assert (desk.album.unsaved, desk.album.main_id()) == (0, first)
    desk.album.remove(first)
    desk.save()
    assert shown(desk.counter) == [(second, "main")]
    assert isinstance(desk.counter.runner.given[-1], RemovePicture)


def test_what_was_never_saved_is_gone_without_a_command(desk: Desk) -> None:
    (only,) = desk.choose(10)
    desk.album.remove(only)
    assert (desk.album.items, desk.album.unsaved, desk.album.commands()) == ((), 0, [])


def test_a_new_order_is_one_change_and_one_command(desk: Desk) -> None:
    ids = desk.choose(10, 100, 200)
    desk.save()
    desk.album.move(ids[2], -2)
    assert (desk.album.unsaved, desk.album.main_id()) == (1, ids[2])
    assert desk.album.commands() == [ArrangePictures("yn", (ids[2], ids[0], ids[1]))]
    desk.album.move(ids[2], 2)
    assert desk.album.unsaved == 0


def test_what_others_did_meanwhile_is_merged(desk: Desk) -> None:
    counter = desk.counter
    ids = desk.choose(10, 100)
    desk.save()
    counter.push()
    desk.album.move(ids[1], -1)
    counter.shop.must(RemovePicture(ids[0]))
    counter.shop.must(AddPicture("yn", "theirs", MediaRole.DETAIL, "ab" * 32, "image/jpeg", 800, 600, 4))
    counter.pull()
    desk.album.follow(detail(counter))
    assert [item.media_id for item in desk.album.items] == [ids[1], "theirs"]
    desk.save()
    assert [media_id for media_id, _ in shown(counter)] == [ids[1], "theirs"]


def test_what_cannot_be_used_is_said_and_the_rest_stays(desk: Desk) -> None:
    (desk.counter.folder / "notes.jpg").write_bytes(b"text")
    desk.album.add_files([desk.counter.folder / "notes.jpg"])
    desk.choose(10)
    desk.choose(10)
    assert not desk.album.add_video("http://shop.example/a.mp4")
    assert [len(desk.album.items), len(desk.told)] == [1, 3]
    assert desk.told[0].startswith("notes.jpg") and desk.album.reading == 0
    assert desk.album.add_video(" https://shop.example/a.mp4 ")
    assert desk.save() == []
    assert [role for _, role in shown(desk.counter)] == ["main", "video"]


# Articles


class Shown:
    def __init__(self) -> None:
        self.problems: Mapping[str, str] = {}
        self.refusal = ""
        self.is_finished = False

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.problems = problems

    def show_refusal(self, text: str) -> None:
        self.refusal = text

    def finish(self) -> None:
        self.is_finished = True


def adding(counter: Counter) -> tuple[AddArticlePresenter, Shown]:
    view = Shown()
    return AddArticlePresenter(counter.runner, view, counter.ids, detail(counter)), view


def test_an_article_of_a_new_size_brings_the_size_along(counter: Counter) -> None:
    presenter, view = adding(counter)
    presenter.save(ArticleDraft({"yn-x": " 2 kg "}, 25_000, "6901234567892", weight_g=2_000))
    assert view.is_finished
    assert [type(c) for c in counter.runner.given] == [AddSpecValue, AddSku]
    found = detail(counter)
    assert [a.sku.spec_key for a in found.skus][-1] == "2 kg"
    assert [v.name for v in found.values] == ["227 g", "454 g", "1 kg", "2 kg"]


def test_an_article_of_a_known_value_needs_no_new_one(counter: Counter) -> None:
    counter.runner.perform(AddSpecValue("yn", "yn-x", "v9", "2 kg"), lambda _: None)
    presenter, _ = adding(counter)
    commands = presenter.commands(ArticleDraft({"yn-x": "2 kg"}, 25_000))
    assert [type(c) for c in commands] == [AddSku]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ArticleDraft({"yn-x": ""}, 100), "yn-x"),
        (ArticleDraft({"yn-x": "1/2 kg"}, 100), "yn-x"),
        (ArticleDraft({"yn-x": "1 kg"}, 100), "yn-x"),
        (ArticleDraft({"yn-x": "2 kg"}, None), "list_fen"),
        (ArticleDraft({"yn-x": "2 kg"}, 100, "6901234567890"), "barcode"),
        (ArticleDraft({"yn-x": "2 kg"}, 100, weight_g=None), "weight_g"),
    ],
)
def test_what_is_wrong_with_an_article_is_said_at_its_field(counter: Counter, draft: ArticleDraft, field: str) -> None:
    presenter, view = adding(counter)
    presenter.save(draft)
    assert (list(view.problems), view.is_finished, counter.runner.given) == ([field], False, [])


def test_a_folder_of_pictures_stops_at_the_most_that_a_product_has(counter: Counter, tmp_path: Path) -> None:
    for number in range(29):
        counter.shop.must(AddPicture("yn", f"m{number}", MediaRole.DETAIL, f"{number:064x}", "image/jpeg", 9, 9, 9))
    counter.pull()
    pictures = Pictures(PictureStore(tmp_path), NoLine())
    desk = Desk(counter, pictures)
    desk.choose(10, 200)
    pictures.close()
    assert len(desk.album.items) == 30 and "30" in desk.told[0]
