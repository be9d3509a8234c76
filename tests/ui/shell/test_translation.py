"""Every text of the shell and the controls has its Chinese, with the same places to fill."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.kernel import resources

ROOT = Path(__file__).resolve().parents[3]
PLACES = re.compile(r"\{(\w+)")


# These say what the shop's program did; their texts have a catalogue of their own.
OTHER_CATALOGUES = {"acts.py", "instance.py", "issue_views.py", "order_feed.py", "sync_feed.py"}


def texts_in_code() -> set[str]:
    found: set[str] = set()
    for area in ("shell", "widgets"):
        for file, _line, message, _comments, _context in extract_from_dir(
            ROOT / "ui" / area, method_map=[("**.py", "python")], keywords={"tr": None}
        ):
            if file not in OTHER_CATALOGUES:
                found.add(message if isinstance(message, str) else message[0])
    return found


def read(area: str) -> dict[str, str]:
    with resources.path(f"i18n/zh_CN/{area}.po").open("rb") as stream:
        return {str(entry.id): str(entry.string) for entry in read_po(stream) if entry.id}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    return read("shell")


def test_every_text_has_chinese(catalogue: dict[str, str]) -> None:
    texts = texts_in_code()
    assert len(texts) > 40
    assert sorted(text for text in texts if not catalogue.get(text)) == []


def test_no_translation_is_left_over(catalogue: dict[str, str]) -> None:
    assert sorted(set(catalogue) - texts_in_code()) == []


def test_the_places_to_fill_agree(catalogue: dict[str, str]) -> None:
    for english, chinese in catalogue.items():
        assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(chinese)), english
