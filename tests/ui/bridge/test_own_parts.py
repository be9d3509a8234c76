"""The binding's own part in Python: kept from start to start, and run where it is asked for."""

import builtins
import subprocess
import sys
from pathlib import Path

import pytest

from ui.bridge.own_parts import LATE, OF_BINDING, WRITES_STUBS, own_parts

pytestmark = pytest.mark.usefixtures("keeping")
ROOT = Path(__file__).parents[3]
NAME = f"{OF_BINDING}part.py"


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python keeps compiled files, whatever whoever runs the tests has asked of it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def ran(file: Path, source: str, name: str = NAME) -> object:
    """What a part of the binding makes of itself."""
    held: dict[str, object] = {}
    with own_parts(file):
        exec(compile(source.encode(), name, "exec"), held)  # as the binding does it
    return held["answer"]


def test_a_part_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "kept.binding"
    assert (ran(file, "answer = 1"), file.exists(), ran(file, "answer = 1")) == (1, True, 1)


def test_nothing_but_the_bindings_own_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "kept.binding"
    assert ran(file, "answer = 3", "/elsewhere/part.py") == 3
    assert not file.exists()
    assert builtins.compile("1", "x", "eval") is not None


def test_what_writes_stubs_for_programmers_is_left_out(tmp_path: Path) -> None:
    held: dict[str, object] = {}
    with own_parts(tmp_path / "kept.binding"):
        exec(compile(b"answer = 7", WRITES_STUBS, "exec"), held)
    assert "answer" not in held


def test_a_late_part_runs_when_something_in_it_is_asked_for_and_once(tmp_path: Path) -> None:
    part = type(sys)("part")
    with own_parts(tmp_path / "kept.binding"):
        exec(
            compile(
                b"import builtins\nbuiltins.runs = getattr(builtins, 'runs', 0) + 1\nanswer = 8", min(LATE), "exec"
            ),
            vars(part),
        )
    try:
        assert not hasattr(builtins, "runs")
        assert not hasattr(part, "__path__")  # what importing asks of each module
        assert not hasattr(builtins, "runs")
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            part.nothing  # noqa: B018
        assert (part.answer, part.answer, builtins.runs) == (8, 8, 1)  # type: ignore[attr-defined]
    finally:
        del builtins.runs  # type: ignore[attr-defined]


def test_a_late_part_that_fails_says_so_to_everybody_who_asks(tmp_path: Path) -> None:
    part = type(sys)("part")
    with own_parts(tmp_path / "kept.binding"):
        exec(compile(b"import nowhere_at_all", max(LATE), "exec"), vars(part))
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match="nowhere_at_all"):
            part.answer  # noqa: B018


ASKED = """
import sys
{first}
from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QLabel
for wrong in (lambda: QPoint("a", "b"), lambda: QObject(1, 2, 3), lambda: QTimer.singleShot("x"), lambda: QLabel(7j)):
    try:
        wrong()
    except TypeError as error:
        print(error)
print(QLabel.setText.__doc__, QLabel.__doc__)
from PySide6.support.signature.lib import enum_sig
from PySide6.support.signature import get_signature
print(enum_sig.ExactEnumerator.__name__, get_signature(QLabel.setText), get_signature(QPoint))
"""


def test_a_wrong_call_and_the_shape_of_a_function_are_told_as_by_the_bare_binding() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", ASKED.format(first=first)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        for first in ("", "from ui.bridge import binding")
    ]
    bare, ours = (each.stdout for each in told)
    assert "Supported signatures" in bare, told[0].stderr
    assert ours == bare, told[1].stderr
