"""Choosing who is on duty: the people of the shop as a menu below the name in the top bar."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

Person = tuple[str, str, str]
"""Id, name and role."""


def offer_people(
    below: QWidget, people: Sequence[Person], role_name: Callable[[str], str], choose: Callable[[Person], None]
) -> QMenu:
    """Opens the menu, which ends where ``below`` ends; answers it, so that tests can look at it."""
    menu = QMenu(below)
    for person in people:
        action = menu.addAction(f"{person[1]} · {role_name(person[2])}")
        action.triggered.connect(lambda _checked=False, chosen=person: choose(chosen))
    menu.aboutToHide.connect(menu.deleteLater)
    left = below.width() - menu.sizeHint().width()  # it stands at the window's right edge
    menu.popup(below.mapToGlobal(QPoint(left, below.height())))
    return menu
