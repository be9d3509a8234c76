"""A walk through the whole program: every page of a shop that lives, and of one that is new."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.kernel.i18n import set_language
from tests.ui.support.surface import clipped, unnamed
from tests.ui.support.wording import missing_glyphs, untranslated
from ui.tour.counters import Counter, first_counter
from ui.tour.stage import rest

MAIN = Path(__file__).parents[2] / "main.py"
pytestmark = pytest.mark.outlived("one program is walked through by all tests, and starts threads as it needs them")
GIVEN_AT_FOUNDING = frozenset({"店主", "我的小店", "总店"})
"""What a new shop is called until somebody names it: stored, so no language changes it."""
PATIENCE_S = 5.0
LOOKS = (
    ("zh_CN", (1440, 900), "light"),
    ("zh_CN", (1366, 768), "dark"),
    ("en", (1440, 900), "dark"),
    ("en", (1366, 768), "light"),
)


@pytest.fixture(scope="module", params=["full", "new"])
def counter(request: pytest.FixtureRequest, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Any:
    before = set(threading.enumerate())
    found = first_counter(MAIN, tmp_path_factory.mktemp("店铺"), is_demo=request.param == "full")
    yield found
    found.close()
    ours = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    for thread in ours:
        thread.join(PATIENCE_S)
    assert [thread.name for thread in ours if thread.is_alive()] == [], "the program ends with its window"


def pages(counter: Counter) -> Iterator[tuple[str, QWidget]]:
    for key in counter.opened.page_keys():
        counter.opened.window.go(key)
        rest(150)
        yield key, counter.opened.window


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_whole_in_every_look(counter: Counter, look: tuple[str, tuple[int, int], str]) -> None:
    language, size, theme = look
    counter.opened.choose_theme(theme)
    counter.opened.choose_language(language)
    counter.opened.window.resize(*size)
    found = []
    for key, window in pages(counter):
        found += [f"{key}: {fault}" for fault in settled_faults(window, language)]
    assert found == []


def settled_faults(window: QWidget, language: str) -> list[str]:
    """What is still wrong when all answers and layouts have come; on a busy machine that takes a while."""
    until = time.monotonic() + PATIENCE_S
    while (found := faults(window, language)) and time.monotonic() < until:
        rest(150)
    return found


def faults(window: QWidget, language: str) -> list[str]:
    return [
        *clipped(window),
        *(f"no name: {each}" for each in unnamed(window)),
        *(f"not translated: {each}" for each in untranslated(window, language) if each not in GIVEN_AT_FOUNDING),
        *(f"cannot be drawn: {each}" for each in missing_glyphs(window)),
    ]


def test_a_fault_of_each_kind_would_be_found(qapp: QApplication) -> None:
    label = QLabel("Orders to ship\U00020bb7")
    assert missing_glyphs(label) == ["\U00020bb7"]
    set_language("zh_CN")
    label.setText("Reprint")
    label.setText("Orders")
    assert untranslated(label, "zh_CN") == ["Orders"]
    label.setText("订单")
    assert untranslated(label, "zh_CN") == []
    assert untranslated(label, "en") == ["订单"]
