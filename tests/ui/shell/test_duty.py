"""Whoever presses the name in the top bar finds the people under it."""

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from ui.shell.duty import Person, offer_people
from ui.shell.top_bar import TopBar

PEOPLE: list[Person] = [("owner", "李敏", "owner"), ("clerk", "陈子墨", "clerk")]


# An open menu raises itself and takes the keyboard, which a window without a screen cannot.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_people_stand_under_the_name_that_was_pressed_and_end_where_it_ends(qtbot: QtBot) -> None:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.resize(700, 64)
    bar.show()
    qtbot.waitExposed(bar)
    chosen: list[Person] = []
    menu = offer_people(bar.person_button, PEOPLE, str, chosen.append)
    corner = bar.person_button.mapToGlobal(QPoint(bar.person_button.width(), bar.person_button.height()))
    assert (menu.x() + menu.width(), menu.y()) == (corner.x(), corner.y())
    assert [action.text() for action in menu.actions()] == ["李敏 · owner", "陈子墨 · clerk"]
    menu.actions()[1].trigger()
    assert chosen == [PEOPLE[1]]
    menu.close()
