"""Every known attack is tried by a test that says so, or the document says why not."""

import re

from tests.architecture.tree import ROOT, python_files, text

KNOWN = {f"V{n:02d}" for n in range(1, 65)} | {f"W{n:02d}" for n in range(1, 31)}
NUMBER = re.compile(r"\b[VW][0-9]{2}\b")
DOCUMENT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


def tried_here() -> set[str]:
    """The numbers in the tests' first lines; a test stands for what it names there."""
    first_lines = re.compile(r'def test_\w+\([^)]*\) -> None:\n    """([^\n]*)')
    files = [file for file in python_files("tests") if file.parts[1:3] == ("services", "attacks")]
    return {number for file in files for line in first_lines.findall(text(file)) for number in NUMBER.findall(line)}


def tables() -> tuple[set[str], dict[str, set[str]]]:
    """What the document leaves out, and which tests it names for the rest."""
    left_out: set[str] = set()
    named: dict[str, set[str]] = {}
    for line in DOCUMENT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        numbers = set(NUMBER.findall(cells[0])) if line.startswith("|") else set()
        if len(cells) == 3:
            left_out |= numbers
        elif len(cells) == 2:
            named.setdefault(cells[1].strip("`"), set()).update(numbers)
    return left_out, named


def test_every_known_attack_is_tried_or_left_out_with_a_reason() -> None:
    left_out, named = tables()
    elsewhere = {number for numbers in named.values() for number in numbers}
    tried = tried_here() | elsewhere
    assert KNOWN - tried - left_out == set()
    assert tried & left_out == set()
    print(f"attacks: {len(KNOWN)} known, {len(KNOWN & tried)} tried, {len(left_out)} without a counterpart here")


def test_the_document_names_tests_that_are_there() -> None:
    _, named = tables()
    everything = "".join(text(file) for file in python_files("tests"))
    assert [name for name in named if name.startswith("test_") and f"def {name}(" not in everything] == []
