"""Both themes say the same names, and every text can be read."""

import pytest
from PySide6.QtGui import QColor

from ui.theme import qss, tokens

READABLE = 4.5


def luminance(value: str) -> float:
    color = QColor(value)

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_knows_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") < READABLE


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), tokens.TEXT_PAIRS)
def test_text_is_readable_on_its_ground(theme: tokens.ThemeName, text: str, ground: str) -> None:
    table = tokens.THEMES[theme]
    assert contrast(table[text], table[ground]) >= READABLE, (theme, text, ground)


def test_both_themes_have_the_same_names() -> None:
    assert set(tokens.LIGHT) == set(tokens.DARK)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_sheet_leaves_no_token_unfilled(theme: tokens.ThemeName) -> None:
    assert "@" not in qss.sheet(tokens.THEMES[theme])


def test_an_unknown_token_in_the_style_sheet_is_refused() -> None:
    with pytest.raises(KeyError):
        qss.sheet({"text": "#000000"})
