"""Texts stay in their boxes, whatever is written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.printing.document import Align, Box, Fit, Text, Weight
from app.printing.typeset import Setting, printable, set_text

_BOX = Box(100, 200, 300, 60)


def _shown(setting: Setting) -> str:
    return "|".join("".join(run.text for run in line.runs) for line in setting.lines)


@given(
    st.text(st.characters(codec="utf-8"), max_size=60) | st.text("山野咖啡，。A1b-g 𠮷", max_size=80),
    st.sampled_from(Fit),
    st.sampled_from(Align),
    st.integers(18, 90),
)
def test_no_text_leaves_its_box(text: str, fit: Fit, align: Align, size: int) -> None:
    setting = set_text(Text(_BOX, text, size, align=align, fit=fit))
    for line in setting.lines:
        assert line.x_mm10 >= _BOX.x_mm10 - 1e-6
        assert line.x_mm10 + line.width_mm10 <= _BOX.x_mm10 + _BOX.width_mm10 + 1e-6
        assert _BOX.y_mm10 < line.baseline_mm10 <= _BOX.y_mm10 + _BOX.height_mm10 + 1e-6


def test_a_short_text_keeps_its_size() -> None:
    setting = set_text(Text(_BOX, "山野咖啡", 30))
    assert (setting.size_mm10, setting.is_cut) == (30, False)


def test_a_number_is_never_cut() -> None:
    number = "571WF-BC-018-" * 6
    setting = set_text(Text(_BOX, number, 80, fit=Fit.WHOLE))
    assert _shown(setting) == number
    assert not setting.is_cut


def test_a_long_line_shrinks_first_and_is_cut_last() -> None:
    shrunk = set_text(Text(_BOX, "云南小粒咖啡豆深烘未研磨", 30))
    assert (20 < shrunk.size_mm10 < 30, shrunk.is_cut) == (True, False)
    cut = set_text(Text(_BOX, "云南小粒咖啡豆深烘未研磨" * 3, 30))
    assert (cut.size_mm10, cut.is_cut, _shown(cut)[-1]) == (20, True, "…")


def test_lines_break_between_words_and_never_before_a_closing_sign() -> None:
    setting = set_text(Text(Box(0, 0, 300, 200), "这一行正好是十个字哦，然后 espresso 浓缩", 30, fit=Fit.WRAP))
    lines = _shown(setting).split("|")
    assert not any(line.startswith(("，", "。")) for line in lines)
    assert any("espresso" in line for line in lines)


@pytest.mark.parametrize("weight", Weight)
def test_a_rare_name_is_set_from_the_second_font(weight: Weight) -> None:
    setting = set_text(Text(_BOX, "𠮷田", 30, weight))
    assert _shown(setting) == "𠮷田"
    assert setting.missing == ()
    assert len(setting.lines[0].runs) == 2


def test_a_sign_no_font_has_is_a_box_and_reported() -> None:
    setting = set_text(Text(_BOX, "谢谢😀", 30))
    assert _shown(setting) == "谢谢□"
    assert setting.missing == ("😀",)


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.booleans())
def test_a_text_keeps_its_signs_and_loses_what_only_steers(text: str, keeps_lines: bool) -> None:
    kept = printable(text, keeps_lines)
    steering = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not any(unicodedata.category(sign) in steering for sign in kept.replace("\n", "" if keeps_lines else "\n"))
    assert not any("\ufe00" <= sign <= "\ufe0f" or (sign.isspace() and sign not in " \u3000\n") for sign in kept)
    assert kept == kept.strip()
    said = [sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign)[0] in "LNPS"]
    assert [sign for sign in kept if unicodedata.category(sign)[0] in "LNPS"] == said


def test_a_space_of_any_kind_is_a_space_and_the_wide_one_stays() -> None:
    assert printable(" 林\u00a0晓\u3000雨\t\u200b先生\r\n", keeps_lines=False) == "林 晓\u3000雨 先生"
    assert printable("王\ufe0f五\ufe00", keeps_lines=False) == "王五"
    assert printable("一\n二", keeps_lines=True) == "一\n二" and printable("一\n二", keeps_lines=False) == "一 二"
