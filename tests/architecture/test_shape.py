"""Sizes, names and places: what keeps the house easy to walk through."""

import re
from pathlib import Path

from tests.architecture.tree import PACKAGES, ROOT, files, python_files, text

TOP_LEVEL = {
    *("app", "ui", "services", "resources", "tests", "docs", "benchmarks", ".ci"),
    *("main.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "run.sh", "run.cmd"),
    *("requirements.lock", "requirements-test.lock", ".gitignore", ".gitattributes"),
}
MOST_LINES = 600
MEANS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "common",
    "base",
    "misc",
    "shared",
    "stuff",
}


def test_the_top_level_stays_as_it_is() -> None:
    assert {file.parts[0] for file in files()} <= TOP_LEVEL


def test_no_file_is_too_long() -> None:
    assert [str(file) for file in python_files() if text(file).count("\n") > MOST_LINES] == []


def test_modules_have_names_that_tell() -> None:
    nameless = [file for file in python_files() if MEANS_NOTHING & {*file.parent.parts, file.stem}]
    crooked = [file for file in python_files() if not re.fullmatch(r"(__)?[a-z][a-z0-9_]*(__)?", file.stem)]
    migrations = Path("services/db/migrations/versions")  # those begin with their number
    assert nameless == []
    assert [file for file in crooked if file.parent != migrations] == []


def test_every_package_says_so_and_nothing_more() -> None:
    """An `__init__` with code in it would drag in what its importer never asked for."""
    places = {folder for file in python_files(*PACKAGES) for folder in file.parents if folder != Path()}
    assert [str(folder) for folder in sorted(places) if not (ROOT / folder / "__init__.py").is_file()] == []
    assert [str(file) for file in python_files() if file.name == "__init__.py" and text(file).strip()] == []


def test_resources_are_data_only() -> None:
    assert [file for file in python_files("resources") if file] == []


def test_line_endings_are_those_of_the_system_that_reads_them() -> None:
    assert b"\r" not in (ROOT / "run.sh").read_bytes()
    lines = (ROOT / "run.cmd").read_bytes().splitlines(keepends=True)
    assert all(line.endswith(b"\r\n") for line in lines)


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImpl" + r"ementedError")
    assert [str(file) for file in python_files() if later.search(text(file))] == []


def test_tests_neither_wait_nor_look_away() -> None:
    evasive = re.compile(
        r"time\.sl" + r"eep\(|pytest\.(mark\.)?(sk" + r"ip|xf" + r"ail)|importors" + r"kip|--rer" + r"uns"
    )
    assert [str(file) for file in python_files("tests") if evasive.search(text(file))] == []
