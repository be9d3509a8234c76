"""The small controls: what a person presses, reads and hears."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.support.surface import unnamed
from ui.widgets.ask import Question, QuestionDialog
from ui.widgets.bulk_bar import BulkAction, BulkBar
from ui.widgets.button import Button
from ui.widgets.chip import Chip, chip_width
from ui.widgets.empty_state import EmptyState, Step
from ui.widgets.fitting import fit
from ui.widgets.form import Form, FormRow
from ui.widgets.progress import ProgressStrip
from ui.widgets.search_field import SearchField
from ui.widgets.tabs import SegmentedTabs, Tab
from ui.widgets.text import ElidedLabel
from ui.widgets.toast import MOST_WAITING, Toast, Toasts


def test_the_search_waits_for_a_pause_and_enter_does_not(qtbot: QtBot) -> None:
    field = SearchField("Search", "Ctrl K")
    qtbot.addWidget(field)
    heard: list[str] = []
    field.search_changed.connect(heard.append)
    qtbot.keyClicks(field, "ab")
    assert heard == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard == ["ab"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert heard == ["ab", ""]
    with qtbot.waitSignal(field.search_changed):
        qtbot.keyClicks(field, "c")
    assert heard[-1] == "c"


def test_tabs_show_counts_and_move_by_arrow(qtbot: QtBot) -> None:
    tabs = SegmentedTabs("States")
    qtbot.addWidget(tabs)
    tabs.set_tabs((Tab("all", "All"), Tab("draft", "Draft")))
    tabs.set_counts({"all": 12480, "draft": 0})
    assert [button.text() for button in tabs._buttons.values()] == ["All 12,480", "Draft 0"]
    with qtbot.waitSignal(tabs.tab_changed) as moved:
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert moved.args == ["draft"]
    tabs.set_tabs((Tab("all", "Everything"), Tab("draft", "Drafts")))
    assert tabs.current() == "draft"


def test_toasts_stand_in_line_and_each_has_its_turn(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    toasts = Toasts(window)
    toasts.show_toast(Toast("Saved"))
    toasts.show_toast(Toast("Saved"))
    toasts.show_toast(Toast("Taken off sale", verb="Undo", action_key="undo"))
    assert toasts.shown() == Toast("Saved")
    toasts.dismiss()
    undo = Toast("Taken off sale", verb="Undo", action_key="undo")
    assert toasts.shown() == undo
    with qtbot.waitSignal(toasts.action_chosen) as chosen:
        toasts._on_action_clicked()
    assert chosen.args == ["undo"]
    assert toasts.shown() is None


def toast_frame(window: QWidget) -> QRect:
    frame = next(each for each in window.findChildren(QFrame) if each.property("card") == "bar" and each.isVisible())
    return frame.geometry()


def test_a_toast_covers_no_button_that_matters_also_when_it_comes_later(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    next_button = Button("Next customer", "primary", parent=window)
    next_button.setGeometry(400, 440, 400, 60)
    window.show()
    toasts = Toasts(window)
    toasts.show_toast(Toast("A new order"))
    assert not toast_frame(window).intersects(next_button.geometry())
    undo = Button("Undo", parent=window)
    undo.setProperty("scale", "huge")
    undo.setGeometry(200, 380, 600, 58)
    undo.show()
    qtbot.waitUntil(lambda: not toast_frame(window).intersects(undo.geometry()))
    undo.hide()
    next_button.hide()
    qtbot.waitUntil(lambda: toast_frame(window).bottom() > 480)


def test_no_toast_stays_behind_in_the_language_that_was_left(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    toasts = Toasts(window)
    language = ["中文"]
    toasts.show_toast(
        Toast(lambda: f"Saved in {language[0]}", verb=lambda: f"Undo in {language[0]}", action_key="undo")
    )
    toasts.show_toast(Toast("只有中文"))
    toasts.show_toast(Toast(lambda: f"Sent in {language[0]}"))
    language[0] = "English"
    toasts.retranslate()
    texts = {w.text() for w in window.findChildren(QLabel) + window.findChildren(QPushButton) if not w.isHidden()}
    assert {"Saved in English", "Undo in English"} <= texts
    toasts.dismiss()
    shown = toasts.shown()
    assert shown is not None and shown.said() == "Sent in English"
    toasts.show_toast(Toast("Only English"))
    toasts.dismiss()
    language[0] = "中文"
    toasts.retranslate()
    assert toasts.shown() is None


def test_a_flood_of_toasts_keeps_the_newest(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    toasts = Toasts(window)
    for number in range(20):
        toasts.show_toast(Toast(f"Message {number}"))
    seen = []
    while (shown := toasts.shown()) is not None:
        seen.append(shown.said())
        toasts.dismiss()
    assert len(seen) == MOST_WAITING + 1
    assert seen[-1] == "Message 19"


@pytest.mark.parametrize(("is_dangerous", "focused"), [(True, "Keep"), (False, "Delete")])
def test_a_dangerous_question_starts_on_the_safe_button(qtbot: QtBot, is_dangerous: bool, focused: str) -> None:
    dialog = QuestionDialog(Question("Delete?", "It is gone then.", "Delete", "Keep", is_dangerous))
    qtbot.addWidget(dialog)
    dialog.show()
    button = dialog.focusWidget()
    assert button in (dialog.confirm_button, dialog.decline_button)
    assert button.text() == focused
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QuestionDialog.DialogCode.Rejected


def test_stopping_is_shown_until_it_is_done(qtbot: QtBot) -> None:
    strip = ProgressStrip("Importing")
    qtbot.addWidget(strip)
    strip.set_progress(232, 300)
    with qtbot.waitSignal(strip.stop_requested):
        strip.stop_button.click()
    assert not strip.stop_button.isEnabled()


def test_an_empty_list_offers_at_most_three_steps(qtbot: QtBot) -> None:
    empty = EmptyState("orders")
    qtbot.addWidget(empty)
    steps = tuple(Step(str(number), f"Verb {number}", "Title", "Note") for number in range(4))
    with pytest.raises(ValueError, match="4"):
        empty.set_texts("No orders yet", "", steps)
    empty.set_texts("No orders yet", "They come by themselves.", steps[:3])
    empty.show()
    assert unnamed(empty) == []
    button = next(child for child in empty.findChildren(QWidget) if child.property("step_key") == "1")
    with qtbot.waitSignal(empty.step_chosen) as chosen:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen.args == ["1"]


def test_a_form_row_names_its_field_and_says_what_is_wrong(qtbot: QtBot) -> None:
    row = FormRow("Shelf", QLineEdit(), "Where it lies")
    qtbot.addWidget(row)
    row.show()
    assert unnamed(row) == []
    row.set_problem("No such shelf")
    assert row.field.property("invalid") is True
    row.set_problem("")
    assert row.field.property("invalid") is False


def test_a_dialog_is_as_high_as_the_rows_that_are_left_in_it(qtbot: QtBot) -> None:
    def dialog_of(hidden: int) -> QDialog:
        dialog = QDialog()
        qtbot.addWidget(dialog)
        dialog.setFixedWidth(400)
        column, form = QVBoxLayout(dialog), Form()
        rows = [form.add_row(f"{number}", QLineEdit()) for number in range(4)]
        column.addWidget(form)
        fit(dialog)
        for row in rows[:hidden]:
            row.setVisible(False)
        fit(dialog)
        return dialog

    whole, two, three = dialog_of(0), dialog_of(2), dialog_of(3)
    one_row = two.height() - three.height()
    assert one_row > 36 and whole.height() - three.height() == 3 * one_row


def test_the_bulk_bar_is_there_only_while_something_is_ticked(qtbot: QtBot) -> None:
    bar = BulkBar()
    qtbot.addWidget(bar)
    bar.set_actions((BulkAction("price", "Change price…", "tag"),))
    assert not bar.isVisible()
    bar.set_selection("4 selected", "24 variants")
    assert bar.isVisible()
    with qtbot.waitSignal(bar.action_chosen) as chosen:
        bar._buttons[0].click()
    assert chosen.args == ["price"]
    bar.set_selection("")
    assert not bar.isVisible()


def test_a_chip_speaks_its_word_and_grows_with_it(qtbot: QtBot) -> None:
    chip = Chip("On sale", "green")
    qtbot.addWidget(chip)
    chip.set_state("Waiting for a decision", "amber")
    assert chip.accessibleName() == "Waiting for a decision"
    assert chip.sizeHint().width() >= chip_width("Waiting for a decision")


def test_a_long_name_ends_in_dots_and_stands_whole_in_the_tip(qtbot: QtBot) -> None:
    name = ElidedLabel("A very long name of a product that cannot fit here")
    qtbot.addWidget(name)
    name.resize(80, 20)
    name.show()
    name.grab()
    assert name.toolTip() == name.text()
