"""A page is told when it is shown and when it is left, and of nothing else."""

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.shell.page_stack import PageStack


class Told(QWidget):
    """A page that writes down what it is told."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.told: list[str] = []

    def page_shown(self) -> None:
        self.told.append("shown")

    def page_hidden(self) -> None:
        self.told.append("hidden")


class Entry:
    """As little as the stack needs of a page."""

    group, icon = "business", "orders"

    def __init__(self, key: str) -> None:
        self.key = key

    def title(self) -> str:
        return self.key

    def fact(self) -> str:
        return ""

    def count(self) -> int | None:
        return None

    def build(self, parent: QWidget) -> Told:
        return Told(parent)


def test_the_first_page_is_not_left_before_it_is_shown(qtbot: QtBot) -> None:
    """It would throw away what it has begun to read, and read it again."""
    window = QWidget()
    qtbot.addWidget(window)
    stack = PageStack([Entry("orders"), Entry("goods")], window)
    orders = stack.page_widget("orders")
    stack.turn_to("orders", orders)
    assert isinstance(orders, Told) and orders.told == ["shown"]
    stack.turn_to("goods", stack.page_widget("goods"))
    assert orders.told == ["shown", "hidden"]
    stack.turn_to("orders", orders)
    assert orders.told == ["shown", "hidden", "shown"]


def test_no_control_of_a_page_looks_chosen_before_a_person_chose_one(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    stack = PageStack([Entry("orders"), Entry("goods")], window)
    window.show()
    pages = [stack.page_widget(key) for key in ("orders", "goods")]
    buttons = [QPushButton("Add", page) for page in pages]
    stack.turn_to("orders", pages[0])
    buttons[0].setFocus()
    stack.turn_to("goods", pages[1])
    assert window.focusWidget() is pages[1]
