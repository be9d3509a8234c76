"""Many articles at once in the editor, and what the stock dialog makes of a minus."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.stock.commands import AdjustStock
from tests.support.counter import Counter
from tests.ui.pages.catalog.scene import Scene, drawn, type_into
from tests.ui.pages.orders.scene import settle

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def scene(counter: Counter, qapp: QApplication) -> Iterator[Scene]:
    found = Scene(counter)
    settle(qapp)
    found.page.presenter.open_product("yn")
    settle(qapp)
    yield found
    found.close()


def values(dialog: Any, field: str) -> list[str]:
    return [dialog.articles.fields[(f"yn-{n}", field)].text() for n in (1, 2, 3)]


def test_a_column_is_filled_by_one_value_by_pasting_and_downwards(scene: Scene) -> None:
    scene.page.edit()
    dialog: Any = scene.page.dialog
    dialog.fill_box.choose("list_fen")
    dialog.fill_field.setText("99.5")
    dialog.fill_button.click()
    assert values(dialog, "list_fen") == ["99.5"] * 3 and dialog.presenter.unsaved == 3
    shelf = dialog.articles.fields[("yn-1", "shelf")]
    QGuiApplication.clipboard().setText("A-1\nA-2\n")
    QTest.keyClick(shelf, Qt.Key.Key_V, CTRL)
    assert values(dialog, "shelf") == ["A-1", "A-2", "B-03-1"]
    type_into(dialog.articles.fields[("yn-2", "weight_g")], "0")
    dialog.fill_box.choose("weight_g")
    dialog.fill_field.setText("500")
    dialog.empty_button.click()
    assert values(dialog, "weight_g") == ["454", "500", "454"]
    dialog.articles.fields[("yn-2", "code")].setFocus()
    dialog.articles._on_fill_down()
    assert values(dialog, "code") == ["SY-YN-1", "SY-YN-2", "SY-YN-2"]
    dialog.presenter.save()
    assert scene.said == ["已保存，会自动上传。"]


def test_the_check_digit_of_what_is_typed_is_said(scene: Scene) -> None:
    scene.page.edit()
    dialog: Any = scene.page.dialog
    barcode = dialog.articles.fields[("yn-1", "barcode")]
    for typed, told in (("690123456789", "6901234567892"), ("6901234567890", "2"), ("6901234567892", ""), ("SY-1", "")):
        type_into(barcode, typed)
        assert told in dialog.articles._hint.text() and dialog.articles._hint.isHidden() == (told == "")
    dialog.done(0)


def test_pictures_are_dropped_into_the_editor_and_chosen_by_keys(scene: Scene) -> None:
    scene.page.edit()
    dialog: Any = scene.page.dialog
    folder, mime = scene.counter.folder, QMimeData()
    files = [drawn(folder, "一.png", (200, 90, 60)), drawn(folder, "二.png", (60, 90, 200)), folder / "notes.txt"]
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    dialog.pictures.dropEvent(drop)
    first, second = dialog.pictures.buttons
    dialog.pictures.buttons[second].click()
    QTest.keyClick(dialog.pictures.buttons[second], Qt.Key.Key_Home)
    assert (dialog.album.main_id(), dialog.presenter.unsaved) == (second, 2)
    QTest.keyClick(dialog.pictures.buttons[second], Qt.Key.Key_Right, CTRL)
    assert dialog.album.main_id() == first
    dialog.presenter.save()
    assert scene.page.presenter.detail is not None
    assert [media.id for media in scene.page.presenter.detail.media] == [first, second]


def test_a_typed_minus_is_answered_and_the_reason_decides(scene: Scene) -> None:
    scene.page.adjust_stock("yn-2")
    dialog: Any = scene.page.dialog
    dialog.reason_box.choose("received")
    QTest.keyClicks(dialog.qty_field.field, "-3")
    assert "负号" in dialog.refusal_notice.text_label.text()
    before = list(scene.counter.runner.given)
    dialog.qty_field.field.setText("6901234567892")
    dialog.save_button.click()
    assert scene.counter.runner.given == before and dialog.qty_field.field.text() == "6901234567892"
    dialog.qty_field.field.setText("3")
    dialog.save_button.click()
    given = scene.counter.runner.given[-1]
    assert isinstance(given, AdjustStock) and given.delta_qty == 3
