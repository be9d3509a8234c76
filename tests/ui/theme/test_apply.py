"""The theme changes while the program runs, and everything follows."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontDatabase, QFontMetricsF, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QFrame, QLineEdit, QPlainTextEdit, QRadioButton
from pytestqt.qtbot import QtBot

from app.kernel import resources
from ui.theme import fonts, icons, tokens
from ui.theme.apply import apply
from ui.theme.tokens import ThemeName
from ui.widgets.button import Button, Kind


@pytest.fixture
def program(dressed: QApplication) -> QApplication:
    """In the light theme, before and after; dressing it anew for each icon would take longer than all of them."""
    return dressed


def strongest(image: QImage) -> str:
    """The colour of the most opaque pixel: the stroke of an icon."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    found = max(pixels, key=lambda pixel: pixel.alpha())
    return found.name().upper()


def test_a_shown_card_changes_its_ground_at_once(program: QApplication, qtbot: QtBot) -> None:
    card = QFrame()
    card.setProperty("card", "plain")
    card.resize(60, 60)
    qtbot.addWidget(card)
    card.show()
    assert card.grab().toImage().pixelColor(30, 30) == QColor(tokens.LIGHT["surface"])
    apply(program, "dark")
    assert card.grab().toImage().pixelColor(30, 30) == QColor(tokens.DARK["surface"])
    assert program.palette().color(QPalette.ColorRole.Base) == QColor(tokens.DARK["surface"])


def test_an_icon_made_before_follows_the_theme(program: QApplication) -> None:
    made = icons.icon("shipping", "text2")
    before = strongest(made.pixmap(QSize(40, 40)).toImage())
    apply(program, "dark")
    after = strongest(made.pixmap(QSize(40, 40)).toImage())
    assert (before, after) == (tokens.LIGHT["text2"], tokens.DARK["text2"])


def test_a_checked_and_a_disabled_button_show_their_own_colour(program: QApplication) -> None:
    made = icons.icon("orders", "text2", checked="accent_text")
    checked = made.pixmap(QSize(40, 40), QIcon.Mode.Normal, QIcon.State.On).toImage()
    disabled = made.pixmap(QSize(40, 40), QIcon.Mode.Disabled, QIcon.State.Off).toImage()
    assert strongest(checked) == tokens.LIGHT["accent_text"]
    assert strongest(disabled) == tokens.LIGHT["text3"]


def test_icons_are_sharp_on_a_dense_screen(program: QApplication) -> None:
    assert icons.image("orders", "text", 20, 2.0).width() == 40
    assert icons.pixmap("orders", "text", 20, 1.5).deviceIndependentSize().width() == pytest.approx(20)


@pytest.mark.parametrize("name", sorted(icons.FILES))
def test_every_named_icon_is_there_and_draws_something(program: QApplication, name: str) -> None:
    image = icons.image(name, "text", 24)
    assert any(image.pixelColor(x, y).alpha() > 0 for x in range(24) for y in range(24))


def test_an_unknown_icon_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(KeyError):
        icons.icon("no such meaning")


def test_follow_the_system_is_a_choice(program: QApplication) -> None:
    assert apply(program, "system") in {"light", "dark"}


def test_the_bundled_font_is_used_and_its_digits_are_equally_wide(program: QApplication) -> None:
    assert fonts.FAMILIES[0] in QFontDatabase.families()
    for name in fonts.FILES:
        assert resources.path(f"fonts/{name}").exists()
    for weight in (fonts.REGULAR, fonts.STRONG):
        metrics = QFontMetricsF(fonts.font(13, weight))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_any_other_style_of_the_system_is_replaced_by_fusion(program: QApplication) -> None:
    program.setStyleSheet("")
    program.setStyle("Windows")
    apply(program, "dark")
    program.setStyleSheet("")
    assert program.style().objectName().lower() == "fusion"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_checked_box_has_a_tick_that_can_be_seen(
    program: QApplication, qtbot: QtBot, theme: tokens.ThemeName
) -> None:
    apply(program, theme)
    box = QCheckBox("Play sounds")
    qtbot.addWidget(box)
    box.show()
    seen = {}
    for is_checked in (False, True):
        box.setChecked(is_checked)
        image = box.grab().toImage()
        mark = [image.pixelColor(x, y).name().upper() for x in range(18) for y in range(image.height())]
        seen[is_checked] = (mark.count(tokens.value("on_accent").upper()), mark.count(tokens.value("fill").upper()))
    ticked, filled = seen[True]
    assert filled > 100 and ticked > 4 and seen[False][1] == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_an_empty_field_asks_for_can_be_read(program: QApplication, qtbot: QtBot, theme: ThemeName) -> None:
    apply(program, theme)
    for field in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(field)
        field.show()
        assert field.palette().color(QPalette.ColorRole.PlaceholderText).name() == tokens.value("text3").lower()


def test_a_dialog_stands_on_the_ground_of_a_card(program: QApplication, qtbot: QtBot) -> None:
    dialog = QDialog()
    dialog.resize(60, 60)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.grab().toImage().pixelColor(30, 30) == QColor(tokens.LIGHT["surface"])


def test_the_chosen_one_of_several_has_a_dot_in_a_ring(program: QApplication, qtbot: QtBot) -> None:
    button = QRadioButton()
    button.setChecked(True)
    qtbot.addWidget(button)
    button.show()
    image = button.grab().toImage()
    middle = button.height() // 2
    row = [image.pixelColor(x, middle).name().upper() for x in range(20)]
    fill, between = tokens.LIGHT["fill"], tokens.LIGHT["surface"]
    first = row.index(fill)
    assert between in row[first : row.index(fill, row.index(between, first))], "a filled disc says nothing"


@pytest.mark.parametrize("kind", ["plain", "primary", "danger", "link"])
def test_a_button_that_cannot_be_pressed_looks_it(program: QApplication, qtbot: QtBot, kind: Kind) -> None:
    button = Button("退款", kind)
    qtbot.addWidget(button)
    button.show()
    is_able = button.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    button.setEnabled(False)
    button.ensurePolished()
    words = button.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert words == QColor(tokens.LIGHT["text3"]) != is_able
