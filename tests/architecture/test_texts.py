"""Every text a person can see exists in Chinese, once, with the same named places."""

import ast
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tests.architecture.tree import ROOT, files, python_files, syntax


def translations() -> Iterator[tuple[Path, str, str]]:
    for file in files():
        if file.suffix == ".po":
            with (ROOT / file).open("rb") as stream:
                yield from ((file, str(m.id), str(m.string)) for m in read_po(stream, abort_invalid=True) if m.id)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def asked_for() -> Iterator[tuple[str, str | None]]:
    """The literal first argument of every ``tr(...)``, with the place where it stands; None for anything else."""
    for file in python_files("app", "ui", "services"):
        for node in ast.walk(syntax(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                first = node.args[0] if node.args else None
                text = first.value if isinstance(first, ast.Constant) else None
                yield f"{file}:{node.lineno}", text if isinstance(text, str) else None


def test_every_text_has_its_chinese() -> None:
    """And none is translated that nobody can find by reading the code."""
    known = {message for _, message, chinese in translations() if chinese}
    assert [f"{place} {message}" for place, message in asked_for() if message not in known] == []


def test_nothing_is_left_untranslated() -> None:
    assert [f"{file}: {message}" for file, message, chinese in translations() if not chinese.strip()] == []


def test_named_places_are_the_same_in_both_languages() -> None:
    uneven = [f"{file}: {message}" for file, message, chinese in translations() if places(message) != places(chinese)]
    assert uneven == []


def test_one_text_has_one_translation() -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for _, message, chinese in translations():
        said[message].add(chinese)
    assert {message: chinese for message, chinese in said.items() if len(chinese) > 1} == {}
