"""What Qt's binding compiles is compiled once; a changed text, a damaged file and a closed folder are no matter."""

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.bridge.kept_code import OF_BINDING, WRITES_STUBS, kept_code

pytestmark = pytest.mark.usefixtures("keeping")
NAME = f"{OF_BINDING}part.py"


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python keeps compiled files, whatever whoever runs the tests has asked of it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def ran(file: Path, source: str, name: str = NAME) -> object:
    """What a part of the binding makes of itself."""
    held: dict[str, object] = {}
    with kept_code(file):
        exec(compile(source.encode(), name, "exec"), held)  # as the binding does it
    return held["answer"]


def test_a_part_is_compiled_once_and_anew_when_its_text_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "kept.binding"
    assert ran(file, "answer = 1") == 1
    first = file.read_bytes()
    assert (ran(file, "answer = 1"), file.read_bytes()) == (1, first)
    assert ran(file, "answer = 2") == 2
    assert file.read_bytes() != first
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_python_that_keeps_nothing_keeps_nothing_of_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert ran(tmp_path / "kept.binding", "answer = 6") == 6
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_is_what_runs(tmp_path: Path) -> None:
    file = tmp_path / "kept.binding"
    ran(file, "answer = 'kept'")
    calls: list[object] = []
    real: Any = builtins.compile

    def counted(*args: object) -> object:
        calls.append(args)
        return real(*args)

    builtins.compile = counted  # type: ignore[assignment]
    try:
        assert ran(file, "answer = 'kept'") == "kept"
    finally:
        builtins.compile = real
    assert calls == []


def test_what_writes_stubs_for_programmers_is_left_out(tmp_path: Path) -> None:
    held: dict[str, object] = {}
    with kept_code(tmp_path / "kept.binding"):
        exec(compile(b"answer = 7", WRITES_STUBS, "exec"), held)
    assert "answer" not in held


def test_nothing_but_the_bindings_own_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "kept.binding"
    assert ran(file, "answer = 3", "/elsewhere/part.py") == 3
    assert not file.exists()
    assert builtins.compile("1", "x", "eval") is not None


def test_a_damaged_file_and_a_folder_that_is_none_cost_only_the_time(tmp_path: Path) -> None:
    file = tmp_path / "kept.binding"
    for content in (b"", b"half a fi", b"\xfb\xff\xff\xff\xff", b"i\x01\x00\x00\x00"):
        file.write_bytes(content)
        assert ran(file, "answer = 4") == 4
    (tmp_path / "in the way").write_text("x")
    assert ran(tmp_path / "in the way" / "kept.binding", "answer = 5") == 5
