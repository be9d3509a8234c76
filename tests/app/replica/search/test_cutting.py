"""What a person types finds what is written, by the words of the index alone or with a look at the text."""

import pytest

from app.replica.search.cutting import INITIALS, MARKS, NUMBER, PLAIN, SIGNS, as_one, document, line, wanted, words_of
from app.replica.search.initials import initials

WRITTEN = document(
    [
        line(MARKS, "paid express"),
        line(SIGNS, "周若溪"),
        line(NUMBER, "WX20261123040001"),
        line(PLAIN, "13812342046"),
        line(PLAIN, "浙江省杭州市西湖区文三路 398 号 12 幢 3 单元 1201 室"),
        line(PLAIN, "燕麦奶 1L Oat Milk 整箱 6 瓶"),
        line(PLAIN, "SY-bean"),
        line(INITIALS, initials("燕麦奶 1L")),
    ]
)


@pytest.mark.parametrize(
    "typed",
    [
        *("周", "溪", "周若", "若溪", "周若溪", "13812342046", "1381234", "2046", "12342046", "138", "1234"),
        *("WX20261123040001", "wx2026", "0001", "ＷＸ２０２６", "文三路", "文三路398", "文三路 398 号", "398号"),
        *("398", "1201室", "98号", "8号12", "路39", "三路398号", "X2026", "11230400", "123040001", "WX20261123040001"),
        *("12幢3单元", "燕麦奶", "燕麦奶1L", "1l", "oat", "OAT MILK", "milk", "SY-bean", "sy-b", "6瓶", "6"),
        *("燕麦 周若溪", "周  2046 文三路", "ymn", "ym", "单元1201"),
    ],
)
def test_parts_of_what_is_written_are_found(typed: str) -> None:
    asked = wanted(typed, with_initials=True)
    assert asked and all(one.fits(WRITTEN, words_of(WRITTEN)) for one in asked)


@pytest.mark.parametrize(
    "typed",
    [
        "completed",
        "paid",
        "WX20261124",
        "周溪",
        "20461",
        "文二路",
        "路三文",
        "398幢",
        "1234 9999",
        "燕麦奶2L",
        "100%",
        "bean-SY",
        "nmy",
        "麦奶茶",
    ],
)
def test_what_is_not_written_is_not_found(typed: str) -> None:
    asked = wanted(typed, with_initials=True)
    assert asked and not all(one.fits(WRITTEN, words_of(WRITTEN)) for one in asked)


def test_what_the_words_alone_prove_is_written() -> None:
    for typed in ("周", "若溪", "2046", "0001", "1l", "138", "oat"):
        (one,) = wanted(typed) or ()
        assert one.is_exact and one.text in WRITTEN


@pytest.mark.parametrize("typed", ["WX 2026 1123 0400 01", "wx202611 23 040001", "138 123 420 46"])
def test_a_number_with_blanks_in_it_may_be_one(typed: str) -> None:
    (one,) = as_one(typed) or ()
    assert one.fits(WRITTEN, words_of(WRITTEN))


@pytest.mark.parametrize("typed", ["WX20261123040001", "1381 2342 046x", "周 2046", "oat milk", "12 34 5", "— …", ""])
def test_words_that_are_found_by_themselves_are_no_number(typed: str) -> None:
    one = as_one(typed)
    assert one is None or not one[0].fits(WRITTEN, words_of(WRITTEN))


def test_nothing_typed_is_taken_for_what_the_row_is() -> None:
    for typed in ("paid", "express", "PAID"):
        assert not any(one.text in WRITTEN for one in wanted(typed) or ())


def test_signs_alone_ask_for_nothing() -> None:
    assert wanted("  ") == () and wanted("%") is None and wanted("— …") is None


def test_initials_are_those_of_the_sound() -> None:
    assert initials("野生蜂蜜 500g") == "ysfm500g"
    assert initials("云南小粒咖啡豆・深烘") == "ynxlkfdsh"
