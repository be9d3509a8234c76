"""Money is whole fen, the domain knows no clock, and only freely licensed parts of Qt are used."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import python_files, syntax

# Licensed under the GPL or commercially only; the rest of Qt may be used under the LGPL.
GPL_QT = {"QtCharts", "QtDataVisualization", "QtGraphs", "QtGraphsWidgets", "QtHttpServer", "QtNetworkAuth"}
GPL_QT |= {"QtQuick3D", "QtQuickTimeline", "QtVirtualKeyboard"}
READS_THE_CLOCK = {"now", "utcnow", "today", "uuid1", "uuid4", "uuid7", "monotonic", "time_ns"}


def inexact(tree: ast.AST) -> Iterator[int]:
    """Lines that calculate with broken numbers."""
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        divided = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        named = isinstance(node, ast.Name) and node.id == "float"
        if literal or divided or named:
            yield node.lineno


def clock_readings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READS_THE_CLOCK:
            yield node.lineno


def qt_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (part for alias in node.names for part in alias.name.split("."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
            yield from (node.module or "").split(".")
            yield from (alias.name for alias in node.names)


def _is_about_money(file: Path) -> bool:
    return file == Path("app/domain/money.py") or file.is_relative_to("app/domain/pricing")


def test_money_is_never_a_broken_number() -> None:
    money = [file for file in python_files("app") if _is_about_money(file)]
    assert money
    assert [f"{file}:{line}" for file in money for line in inexact(syntax(file))] == []


def test_the_domain_is_told_the_time_and_the_ids() -> None:
    domain = [file for file in python_files("app") if file.is_relative_to("app/domain")]
    assert [f"{file}:{line}" for file in domain for line in clock_readings(syntax(file))] == []


def test_no_part_of_qt_asks_for_our_source_or_our_purse() -> None:
    used = {name for file in python_files() for name in qt_modules(syntax(file))}
    assert used & GPL_QT == set()


@pytest.mark.parametrize("code", ["a = 0.1", "a = b / 2", "a /= 2", "a = float(b)", "def f(x: float) -> int: ..."])
def test_a_broken_number_is_noticed(code: str) -> None:
    assert list(inexact(ast.parse(code)))


@pytest.mark.parametrize("code", ["a = b // 2", "a = 1 * b", "a = 'x/y'", "a = 1 % 2"])
def test_whole_numbers_pass(code: str) -> None:
    assert not list(inexact(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["import PySide6.QtCharts", "from PySide6 import QtGraphs", "from PySide6.QtCharts import X"]
)
def test_a_foreign_licence_is_noticed(code: str) -> None:
    assert set(qt_modules(ast.parse(code))) & GPL_QT
