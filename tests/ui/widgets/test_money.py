"""Yuan outside, fen inside, and nothing that is neither."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.widgets.form import FormRow
from ui.widgets.money import LARGEST_FEN, MoneyLabel, format_fen, parse_yuan, plain_yuan
from ui.widgets.money_edit import MOST_FEN, MoneyEdit, QuantityEdit, count_complaint, read_counts

AMOUNTS = st.integers(min_value=-LARGEST_FEN, max_value=LARGEST_FEN)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.", 1200),
        ("12.3", 1230),
        ("12.34", 1234),
        ("¥1,234.50", 123450),
        (" ¥ 8 ", 800),
        ("-3.05", -305),
        ("\u22123.05", -305),
        ("\uffe5\uff11\uff12\uff0e\uff15", 1250),
        ("0.29", 29),
        ("1.15", 115),
    ],
)
def test_yuan_as_people_write_it_becomes_fen(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "-", ".", ".5", "1.234", "0.001", "1e3", "NaN", "inf", "一", "1 2", "--1", "1.-2", "²", "9" * 16]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        parse_yuan(text or "x")


@given(AMOUNTS)
def test_every_amount_survives_being_shown_and_typed_again(fen: int) -> None:
    assert parse_yuan(format_fen(fen)) == fen
    assert parse_yuan(plain_yuan(fen)) == fen


def test_money_is_shown_with_sign_separators_and_two_decimals() -> None:
    assert format_fen(123450) == "¥1,234.50"
    assert format_fen(-99) == "\u2212¥0.99"


def test_an_unknown_amount_is_a_dash(qtbot: QtBot) -> None:
    shown = MoneyLabel(None)
    qtbot.addWidget(shown)
    assert shown.text() == "—"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("26.5.5", "这不是金额"),
        ("12.345", "这不是金额"),
        ("2o.50", "这不是金额"),
        ("-5", "这里不能填负数"),
        ("6901234567892", "是不是把条码扫到这里了"),
        ("96385074", "超过了 ¥9,999,999.99"),
    ],
)
def test_what_was_typed_wrongly_stays_to_be_read_and_is_no_amount(typed: str, words: str, qtbot: QtBot) -> None:
    field = MoneyEdit("Price")
    row = FormRow("Price", field)
    qtbot.addWidget(row)
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), field.fen(), field.property("invalid")) == (typed, None, True)
    assert words in field.problem()
    assert words in row.findChildren(QLabel)[-1].text()
    row.set_problem("")
    assert words in row.findChildren(QLabel)[-1].text(), "it is still wrong"
    field.selectAll()
    qtbot.keyClicks(field, "26.5")
    assert (field.fen(), field.problem(), field.property("invalid")) == (2650, "", False)


def test_an_empty_field_is_not_a_wrong_one(qtbot: QtBot) -> None:
    field = MoneyEdit("Price")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "9999999.99")
    assert (field.fen(), field.problem()) == (MOST_FEN, "")
    field.clear()
    assert (field.fen(), field.problem(), field.property("invalid")) == (None, "", None)


def test_the_field_tells_fen_and_tidies_itself_when_left(qtbot: QtBot) -> None:
    field = MoneyEdit("Price")
    qtbot.addWidget(field)
    heard: list[int | None] = []
    field.value_changed.connect(heard.append)
    qtbot.keyClicks(field, "1,200")
    field.editingFinished.emit()
    assert field.text() == "1200.00"
    assert heard[-1] == 120000
    field.clear()
    assert heard[-1] is None


def test_the_largest_amount_passes_whole(qtbot: QtBot) -> None:
    field = MoneyEdit("Price")
    qtbot.addWidget(field)
    heard: list[int | None] = []
    field.value_changed.connect(heard.append)
    field.set_fen(999_999_999)
    assert heard == [999_999_999]


def test_a_loss_can_be_typed_only_where_it_is_allowed(qtbot: QtBot) -> None:
    field = MoneyEdit("Adjustment", can_be_negative=True)
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "-5")
    assert field.fen() == -500


def test_a_count_stays_within_its_bounds(qtbot: QtBot) -> None:
    edit = QuantityEdit("Pieces", least=1, most=3)
    qtbot.addWidget(edit)
    assert edit.value() == 1
    assert not edit.less_button.isEnabled()
    edit.more_button.click()
    edit.more_button.click()
    assert edit.value() == 3
    assert not edit.more_button.isEnabled()
    edit.field.clear()
    edit.field.setText("２")
    assert (edit.value(), edit.problem()) == (2, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("6901234567892", "超过了 300，是不是把条码扫到这里了？"),
        ("9" * 5_000, "是不是把条码扫到这里了"),
        ("301", "最多 300。"),
        ("0", "最少 1。"),
        ("-5", "最少 1。"),
        ("7x2", "这不是整数。"),
        ("1_0", "这不是整数。"),
        ("1.5", "这不是整数。"),
    ],
)
def test_what_was_scanned_into_a_count_stays_to_be_read_and_is_no_count(typed: str, words: str, qtbot: QtBot) -> None:
    edit = QuantityEdit("Pieces", least=1, most=300)
    row = FormRow("Pieces", edit)
    qtbot.addWidget(row)
    heard: list[object] = []
    edit.value_changed.connect(heard.append)
    edit.field.selectAll()
    (edit.field.setText if len(typed) > 100 else partial(qtbot.keyClicks, edit.field))(typed)
    assert (edit.field.text(), edit.value(), edit.field.property("invalid")) == (typed, None, True)
    assert words in edit.problem() and heard[-1] is None
    assert words in row.findChildren(QLabel)[-1].text()
    assert read_counts({"a": edit}) is None and words in count_complaint({"a": edit})
    edit.field.selectAll()
    qtbot.keyClicks(edit.field, "26")
    assert (edit.value(), edit.problem(), edit.field.property("invalid")) == (26, "", False)
    assert (read_counts({"a": edit}), count_complaint({"a": edit})) == ({"a": 26}, "")


def test_an_empty_count_is_none_and_is_not_taken_for_nought(qtbot: QtBot) -> None:
    edit = QuantityEdit("Pieces", least=0, most=3)
    qtbot.addWidget(edit)
    edit.field.clear()
    assert (edit.value(), edit.problem(), read_counts({"a": edit})) == (None, "", None)
    assert count_complaint({"a": edit}) == "Pieces：这里要填数字。"
