"""Prices, costs, pictures and barcodes."""

from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.domain.catalog.barcode import check_digit, is_valid_barcode
from app.domain.catalog.commands import (
    AddPicture,
    AddVideo,
    ArrangePictures,
    ChangePrice,
    EditSku,
    RemovePicture,
    SetCost,
)
from app.domain.catalog.model import LastEdit, Media, MediaRole, PriceChange, Product, ProductMedia, Sku, SkuCost
from app.domain.catalog.pictures import MAX_PICTURES
from app.domain.command import Command
from app.domain.money import Fen
from tests.app.domain.deciding import CLERK, MANAGER, NOW, given
from tests.app.domain.rows import SKU, shop

SHA = "ab" * 32
PICTURE = AddPicture("p1", "m1", MediaRole.MAIN, SHA, "image/webp", 800, 600, 40_000)
VIDEO = AddVideo("p1", "m1", "https://example.com/roast.mp4")


def price(seen: int, wanted: int, sku_id: str = "s1") -> ChangePrice:
    return ChangePrice(sku_id, Fen(seen), Fen(wanted))


def test_a_price_change_is_written_down_for_good() -> None:
    decided = given(shop()).when(price(6800, 5900), MANAGER)
    assert decided.put(Sku) == replace(SKU, list_fen=Fen(5900))
    entry = decided.put(PriceChange)
    assert (entry.from_fen, entry.to_fen, entry.actor, entry.changed_at) == (6800, 5900, "manager", NOW)
    assert decided.put(LastEdit) == LastEdit("s1", "list_fen", "manager", NOW)


def test_a_change_of_an_article_counts_as_one_of_its_product() -> None:
    edit = EditSku("s1", {"shelf": {"from": SKU.shelf, "to": "B-02"}})
    for command in (price(6800, 5900), edit):
        assert given(shop()).when(command, MANAGER).put(Product).changed_at == NOW


def test_the_price_it_has_already_is_no_change() -> None:
    assert given(shop()).when(price(5900, 6800), MANAGER).changes == ()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (price(6800, 5900, "gone"), "catalog.sku_not_found"),
        (price(6800, 0), "catalog.price_range"),
        (price(6800, 100_000_001), "catalog.price_range"),
        (price(6000, 5900), "catalog.conflict"),
        (SetCost("gone", Fen(1)), "catalog.sku_not_found"),
        (SetCost("s1", Fen(-1)), "catalog.price_range"),
        (AddPicture("gone", "m1", MediaRole.MAIN, SHA, "", 1, 1, 1), "catalog.product_not_found"),
        (replace(PICTURE, sha256="AB" * 32), "catalog.picture_unfit"),
        (replace(PICTURE, sha256="ab"), "catalog.picture_unfit"),
        (replace(PICTURE, role=MediaRole.VIDEO), "catalog.picture_unfit"),
        (replace(VIDEO, product_id="gone"), "catalog.product_not_found"),
        (replace(VIDEO, video_url="http://example.com/a"), "catalog.picture_unfit"),
        (replace(VIDEO, video_url="https://" + "a" * 500), "catalog.picture_unfit"),
    ],
)
def test_what_cannot_be_is_refused(command: Command, code: str) -> None:
    given(shop()).when(command).refused(code)


def test_prices_and_costs_are_for_managers() -> None:
    given(shop()).when(price(6800, 1), CLERK).refused("not_allowed", permission="price.edit", actor="clerk")
    given(shop()).when(SetCost("s1", Fen(1)), CLERK).refused("not_allowed", permission="cost.edit")
    assert given(shop()).when(SetCost("s1", Fen(3100)), MANAGER).put(SkuCost) == SkuCost("s1", Fen(3100))


def test_pictures_and_videos_stand_behind_those_that_are_there() -> None:
    there = ProductMedia("m0", "p1", 4, MediaRole.DETAIL, sha256="cd" * 32)
    decided = given(shop(there)).when(PICTURE, CLERK)
    assert decided.put(Media) == Media(SHA, "image/webp", 800, 600, 40_000)
    assert decided.put(ProductMedia) == ProductMedia("m1", "p1", 5, MediaRole.MAIN, sha256=SHA)
    link = given(shop()).when(VIDEO, CLERK).put(ProductMedia)
    assert (link.sort, link.role, link.video_url) == (0, MediaRole.VIDEO, VIDEO.video_url)


@pytest.mark.parametrize("command", [PICTURE, VIDEO])
def test_a_product_shows_at_most_thirty_pictures(command: Command) -> None:
    many = [ProductMedia(f"x{n}", "p1", n, MediaRole.DETAIL, sha256=SHA) for n in range(MAX_PICTURES)]
    given(shop(*many)).when(command).refused("catalog.picture_unfit")


@pytest.mark.parametrize("command", [PICTURE, VIDEO])
def test_the_picture_of_another_product_is_not_taken_over(command: Command) -> None:
    theirs = ProductMedia("m1", "p9", 0, MediaRole.MAIN, sha256=SHA)
    given(shop(theirs)).when(command).refused("catalog.exists")


def test_a_picture_is_taken_away_once() -> None:
    there = ProductMedia("m1", "p1", 0, MediaRole.MAIN, sha256=SHA)
    assert given(shop(there)).when(RemovePicture("m1"), CLERK).after.rows(ProductMedia) == ()
    assert given(shop()).when(RemovePicture("m1"), CLERK).changes == ()


def album() -> list[ProductMedia]:
    return [
        ProductMedia("m1", "p1", 0, MediaRole.MAIN, sha256=SHA),
        ProductMedia("m2", "p1", 1, MediaRole.DETAIL, sha256="cd" * 32),
        ProductMedia("m3", "p1", 2, MediaRole.VIDEO, video_url=VIDEO.video_url),
        ProductMedia("m4", "p1", 3, MediaRole.DETAIL, sha256="ef" * 32),
    ]


def shown(rows: tuple[ProductMedia, ...]) -> list[tuple[str, str]]:
    return [(m.id, str(m.role)) for m in sorted(rows, key=lambda m: m.sort)]


def test_the_first_picture_of_the_order_is_the_main_one() -> None:
    after = given(shop(*album())).when(ArrangePictures("p1", ("m3", "m4", "m1", "m2")), CLERK).after
    wanted = [("m3", "video"), ("m4", "main"), ("m1", "detail"), ("m2", "detail")]
    assert shown(after.rows(ProductMedia)) == wanted


def test_an_order_made_without_knowing_the_newest_pictures_loses_none() -> None:
    """Somebody added m4 and removed m9 meanwhile."""
    after = given(shop(*album())).when(ArrangePictures("p1", ("m2", "m9", "m1")), CLERK).after
    assert [m for m, _ in shown(after.rows(ProductMedia))] == ["m2", "m1", "m3", "m4"]


def test_an_order_that_is_there_already_changes_nothing() -> None:
    assert given(shop(*album())).when(ArrangePictures("p1", ("m1", "m2", "m3", "m4"))).changes == ()
    given(shop()).when(ArrangePictures("gone", ())).refused("catalog.product_not_found")


def test_when_the_main_picture_goes_the_next_one_takes_its_place() -> None:
    after = given(shop(*album())).when(RemovePicture("m1"), CLERK).after
    assert shown(after.rows(ProductMedia)) == [("m2", "main"), ("m3", "video"), ("m4", "detail")]


@pytest.mark.parametrize("text", ["6901028075015", "96385074", "036000291452", "own-1", "1234567", "0" * 48])
def test_barcodes_that_scanners_read(text: str) -> None:
    assert is_valid_barcode(text)


@pytest.mark.parametrize("text", ["", "6901028075016", "96385075", "坏", "a" * 49, "a\tb", "SY 1"])
def test_barcodes_that_no_scanner_reads(text: str) -> None:
    assert not is_valid_barcode(text)


@for_all(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(digits: str, place: int, off: int) -> None:
    whole = digits + str(check_digit(digits))
    assert is_valid_barcode(whole)
    wrong = str((int(whole[place]) + off) % 10)
    assert not is_valid_barcode(whole[:place] + wrong + whole[place + 1 :])
