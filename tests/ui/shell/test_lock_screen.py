"""A computer that the owner has locked out shows nothing of the shop any more, and says whom to ask."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.support.surface import clipped, unnamed
from ui.shell.main_window import MainWindow
from ui.shell.state import SyncPhase, SyncState
from ui.widgets.button import Button

NOW = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
LOCKED = SyncState(SyncPhase.LOCKED, NOW, waiting_count=3, is_locked_out=True)


def said(window: MainWindow) -> str:
    return " | ".join(label.text() for label in window.over.lock_screen.findChildren(QLabel))


def test_a_locked_out_computer_is_covered_until_the_service_lets_it_in_again(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.over.lock_screen
    assert not screen.isVisible()
    window.set_sync(LOCKED)
    assert screen.isVisible() and screen.geometry() == window.rect()
    assert not window.centralWidget().isEnabled()
    assert "店主" in said(window) and "3" in said(window)
    assert unnamed(screen) == [] and clipped(screen) == []
    window.resize(1366, 768)
    assert screen.geometry() == window.rect()
    button = screen.findChildren(Button)[-1]
    with qtbot.waitSignal(window.retry_requested):
        button.click()
    window.set_sync(replace(LOCKED, phase=SyncPhase.SYNCED, synced_at=NOW, is_locked_out=False))
    assert not screen.isVisible() and window.centralWidget().isEnabled()


def test_nothing_of_the_shop_is_found_on_a_locked_out_computer(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press = partial(qtbot.keyClick, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    press()
    palette = window.over.palette
    assert palette.isVisible()
    window.set_sync(LOCKED)
    assert not palette.isVisible()
    press()
    assert not palette.isVisible()
    window.set_sync(replace(LOCKED, phase=SyncPhase.SYNCED, synced_at=NOW, is_locked_out=False))
    press()
    assert palette.isVisible()


def test_a_copied_computer_goes_on_working(window: MainWindow) -> None:
    window.set_sync(replace(LOCKED, is_locked_out=False))
    assert not window.over.lock_screen.isVisible() and window.centralWidget().isEnabled()
