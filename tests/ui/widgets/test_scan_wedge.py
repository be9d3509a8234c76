"""A scanner is told from a person by when its keys come, whatever has the focus and whatever input method is on."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.burst import Burst, Timing
from ui.widgets.scan_field import ScanField
from ui.widgets.scan_wedge import KeyClock, Pressed, ScanWedge

CODE = "P1" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCD"
ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab
GUN, HAND = 0.004, 0.12


class Rig(QWidget):
    """A window with a field, a button and a wedge; the clock goes only when a key says so."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 100.0
        self.scans: list[object] = []
        self.garbled = 0
        self.presses = 0
        self.field, self.button, self.second = QLineEdit(self), QPushButton("核销", self), ScanField(self)
        column = QVBoxLayout(self)
        for widget in (self.field, self.button, self.second):
            column.addWidget(widget)
        self.wedge = ScanWedge(self, lambda text: text.upper() == CODE, clock=self._now)
        self.wedge.scanned.connect(self.scans.append)
        self.wedge.garbled.connect(self._on_garbled)
        self.button.clicked.connect(self._on_clicked)
        self.wedge.set_listening(True)

    def _now(self, _event: Pressed) -> float:
        return self.at

    def _on_garbled(self) -> None:
        self.garbled += 1

    def _on_clicked(self) -> None:
        self.presses += 1

    def key(self, key: Qt.Key, text: str, gap: float, *, repeats: bool = False) -> None:
        """A key as the window system hands it over."""
        self.at += gap
        target = self.focusWidget()
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            pressed = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text, repeats)
            QApplication.sendEvent(target, pressed)

    def type(self, text: str, gap: float, end: Qt.Key | None = None) -> None:
        for sign in text:
            self.key(Qt.Key.Key_A, sign, gap)
        if end is not None:
            self.key(end, "\r" if end == ENTER else "\t", gap)

    def compose(self, preedit: str, commit: str, gap: float) -> None:
        self.at += gap
        event = QInputMethodEvent(preedit, [])
        event.setCommitString(commit)
        QApplication.sendEvent(self.focusWidget(), event)


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    found = Rig()
    qtbot.addWidget(found)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    found.field.setFocus()
    yield found
    found.wedge.set_listening(False)


@pytest.mark.parametrize("end", [ENTER, Qt.Key.Key_Enter, TAB])
@pytest.mark.parametrize("place", ["field", "button", "second"])
def test_a_scan_is_taken_wherever_the_focus_is(rig: Rig, place: str, end: Qt.Key) -> None:
    target: QWidget = getattr(rig, place)
    target.setFocus()
    rig.type(CODE, GUN, end)
    assert rig.scans == [CODE] and rig.presses == 0
    assert rig.field.text() == rig.second.text() == "" and target.hasFocus()


def test_typing_goes_where_it_was_typed_with_its_enter(rig: Rig, qtbot: QtBot) -> None:
    entered: list[object] = []
    rig.second.entered.connect(entered.append)
    rig.second.setFocus()
    rig.type("48213677", HAND, ENTER)
    assert rig.second.text() == "48213677" and entered == ["48213677"] and rig.scans == []


def test_fast_typing_comes_back_by_itself_after_a_moment(rig: Rig, qtbot: QtBot) -> None:
    rig.type("ab", 0.01)
    qtbot.waitUntil(lambda: rig.field.text() == "ab", timeout=2000)
    rig.type("cde", 0.02)
    rig.key(Qt.Key.Key_Backspace, "\b", 0.02)
    assert rig.field.text() == "abcd" and rig.scans == []


def test_a_short_burst_with_enter_is_typing(rig: Rig) -> None:
    rig.type("8888", GUN, ENTER)
    assert rig.field.text() == "8888" and rig.scans == []


def test_what_was_half_typed_never_joins_the_next_scan(rig: Rig) -> None:
    rig.type("4821", HAND)
    rig.at += 1
    rig.type(CODE, GUN, ENTER)
    assert rig.scans == [CODE]


def test_half_a_scan_never_joins_the_next_one(rig: Rig) -> None:
    rig.type(CODE[:9], GUN)
    rig.at += 0.5
    rig.type(CODE, GUN, ENTER)
    assert rig.scans == [CODE]


def test_two_scans_in_one_breath_are_two(rig: Rig) -> None:
    rig.type(CODE, GUN, ENTER)
    rig.type(CODE[::-1], GUN, ENTER)
    assert rig.scans == [CODE, CODE[::-1]]


def test_a_scan_without_enter_is_over_after_a_moment(rig: Rig, qtbot: QtBot) -> None:
    rig.button.setFocus()
    rig.type(CODE, GUN)
    assert rig.scans == []
    qtbot.waitUntil(lambda: rig.scans == [CODE], timeout=2000)
    rig.key(ENTER, "\r", 0.2)
    assert rig.presses == 0 and rig.scans == [CODE]


def test_two_ends_press_nothing(rig: Rig) -> None:
    rig.button.setAutoDefault(True)
    rig.button.setFocus()
    rig.type(CODE, GUN, ENTER)
    rig.key(ENTER, "\r", GUN)
    assert rig.presses == 0
    rig.key(ENTER, "\r", 1.0)
    assert rig.presses == 1, "a person's Enter is one again"


def test_a_slow_wireless_gun_is_one_too(rig: Rig) -> None:
    rig.type(CODE, 0.045, ENTER)
    assert rig.scans == [CODE]


def test_wide_signs_and_letters_of_any_case_are_read(rig: Rig) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in CODE.lower())
    rig.type(wide, GUN, ENTER)
    assert rig.scans == [CODE.lower()]


def test_wide_signs_that_an_input_method_gives_one_by_one_are_read(rig: Rig) -> None:
    for sign in CODE:
        rig.compose("", chr(ord(sign) + 0xFEE0), GUN)
    rig.key(ENTER, "\r", GUN)
    assert rig.scans == [CODE] and rig.field.text() == ""


def test_letters_that_an_input_method_gives_back_at_enter_are_read(rig: Rig) -> None:
    for length in range(1, 9):
        rig.compose(CODE[:length], "", GUN)
    rig.compose("", CODE.lower(), GUN)
    assert rig.scans == [CODE.lower()] and rig.field.text() == "" and rig.garbled == 0


def test_a_scan_that_an_input_method_ate_is_told_once_and_its_rest_is_no_scan(rig: Rig, qtbot: QtBot) -> None:
    for length in range(1, 14):
        rig.compose(CODE[:length], "", GUN)
    rig.type(CODE[14:], GUN, ENTER)
    assert rig.garbled == 1 and rig.scans == [] and rig.field.text() == ""
    rig.at += 1
    rig.type(CODE, GUN, ENTER)
    assert rig.scans == [CODE]


def test_composed_chinese_is_left_alone(rig: Rig) -> None:
    for preedit in ("l", "li", "lin", "linx", "linxi"):
        rig.compose(preedit, "", HAND)
    rig.compose("", "林晓雨", HAND)
    assert rig.field.text() == "林晓雨" and rig.scans == [] and rig.garbled == 0


def test_a_key_that_is_held_down_is_typing(rig: Rig) -> None:
    rig.key(Qt.Key.Key_8, "8", HAND)
    for number in range(20):
        rig.key(Qt.Key.Key_8, "8", 0.4 if number == 0 else 0.03, repeats=True)
    rig.key(ENTER, "\r", 0.03)
    assert rig.field.text() == "8" * 21 and rig.scans == []


def test_two_equal_signs_of_a_gun_may_look_like_a_repeat(rig: Rig) -> None:
    rig.type(CODE[:20], GUN)
    rig.key(Qt.Key.Key_A, "T", GUN, repeats=True)
    rig.type(CODE[20:], GUN, ENTER)
    assert rig.scans == [CODE[:20] + "T" + CODE[20:]]


def test_shift_and_caps_lock_of_a_gun_belong_to_the_scan(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Shift, "", GUN)
    for sign in CODE:
        rig.key(Qt.Key.Key_Shift, "", GUN)
        rig.key(Qt.Key.Key_A, sign, GUN)
    rig.key(Qt.Key.Key_CapsLock, "", GUN)
    rig.key(ENTER, "\r", GUN)
    assert rig.scans == [CODE]


def test_shortcuts_and_the_blank_on_a_button_work(rig: Rig, qtbot: QtBot) -> None:
    heard: list[str] = []
    QShortcut(QKeySequence("F2"), rig).activated.connect(lambda: heard.append("F2"))
    QShortcut(QKeySequence("Ctrl+Z"), rig).activated.connect(lambda: heard.append("Ctrl+Z"))
    rig.button.setFocus()
    QTest.keyClick(rig.button, Qt.Key.Key_F2)
    QTest.keyClick(rig.button, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(rig.button, Qt.Key.Key_Space)
    assert heard == ["F2", "Ctrl+Z"] and rig.presses == 1


def test_other_windows_keep_their_keys_and_so_does_this_one_afterwards(rig: Rig, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    QTest.keyClicks(other, CODE)
    assert other.text() == CODE and rig.scans == []
    rig.type("12", GUN)
    rig.wedge.set_listening(False)
    rig.type(CODE, GUN)
    assert rig.field.text() == "12" + CODE and rig.scans == []


def test_keys_that_a_busy_window_gets_late_keep_their_own_times() -> None:
    def stamped(at_ms: int) -> QKeyEvent:
        found = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_8, Qt.KeyboardModifier.NoModifier, "8")
        found.setTimestamp(at_ms)
        return found

    clock = KeyClock()
    times = [clock(stamped(at)) for at in (1_000, 1_120, 1_240)]
    assert [round(b - a, 3) for a, b in zip(times, times[1:], strict=False)] == pytest.approx([0.12, 0.12], abs=0.02)


@pytest.mark.parametrize(("count", "is_scan"), [(5, False), (6, True)])
def test_the_least_length_of_a_scan_is_a_setting(count: int, is_scan: bool) -> None:
    burst = Burst(Timing(least=6))
    for place in range(count):
        burst.add("A", place * 0.01)
    assert bool(burst.ended(count * 0.01)) is is_scan


def test_a_clock_that_was_set_back_ends_a_burst() -> None:
    burst = Burst()
    burst.add("A", 100.0)
    assert burst.joins(100.01) and not burst.joins(99.0)
