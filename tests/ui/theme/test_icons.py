"""An icon of the first picture is drawn once for good, and is the same as one that is drawn now."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.kernel import kept
from ui.theme import icons

pytestmark = pytest.mark.usefixtures("qapp")


def in_a_start(name: str, pixels: int) -> QImage:
    icons._image.cache_clear()
    kept.begin_start()
    try:
        return icons._image(name, "#12aa34", pixels)
    finally:
        kept.end_start()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(icons._kept, "file", tmp_path / "kept")
    return tmp_path / "kept"


def test_the_kept_icon_is_the_drawn_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = in_a_start("orders", 36)
    monkeypatch.setattr(icons.drawing, "svg_image", None)  # nobody draws any more
    assert file.exists()
    assert in_a_start("orders", 36) == drawn


def test_another_size_or_outline_is_drawn_anew(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = in_a_start("orders", 36)
    monkeypatch.setattr(icons, "_outline", lambda name: icons.resources.path("icons/truck.svg").read_text())
    after = in_a_start("orders", 36)
    assert after != before
    assert in_a_start("orders", 18).width() == 18
