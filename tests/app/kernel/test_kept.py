"""What is compiled from text is compiled once; a changed text, a damaged file and a closed folder are no matter."""

import dataclasses
import importlib.util
import marshal
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.kernel import i18n, kept, kept_classes
from app.kernel.kept import Kept, OfStart
from app.kernel.kept_code import code_of

pytestmark = pytest.mark.usefixtures("keeping")
ROOT = Path(__file__).parents[3]
NAME = "part.py"


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python keeps compiled files, whatever whoever runs the tests has asked of it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def ran(file: Path, *texts: str) -> list[object]:
    """What the texts make of themselves in one start of the program."""
    kept, answers = Kept(file), []
    for text in texts:
        held: dict[str, object] = {}
        exec(code_of(text.encode(), NAME, kept), held)
        answers.append(held["answer"])
    kept.keep()
    return answers


def test_a_text_is_compiled_once_and_anew_when_it_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "kept"
    assert ran(file, "answer = 1") == [1]
    first = file.read_bytes()
    assert (ran(file, "answer = 1"), file.read_bytes()) == ([1], first)
    assert ran(file, "answer = 2") == [2]
    assert file.read_bytes() != first
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_what_is_kept_is_what_runs(tmp_path: Path) -> None:
    file, text = tmp_path / "kept", b"answer = 'text'"
    other = compile("answer = 'kept'", NAME, "exec")
    file.write_bytes(marshal.dumps({(NAME, importlib.util.source_hash(text)): marshal.dumps(other)}))
    assert ran(file, text.decode()) == ["kept"]


def test_what_was_not_asked_for_this_time_is_left_out_of_a_file_that_is_written(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    ran(file, "answer = 1", "answer = 2")
    ran(file, "answer = 2", "answer = 3")
    assert len(marshal.loads(file.read_bytes())) == 2


def test_a_python_that_keeps_nothing_keeps_nothing_of_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert ran(tmp_path / "kept", "answer = 6") == [6]
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_and_a_folder_that_is_none_cost_only_the_time(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    for content in (b"", b"half a fi", b"\xfb\xff\xff\xff\xff", b"i\x01\x00\x00\x00"):
        file.write_bytes(content)
        assert ran(file, "answer = 4") == [4]
    file.unlink()
    file.mkdir()  # as where another program holds it
    assert ran(file, "answer = 4") == [4]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    (tmp_path / "in the way").write_text("x")
    assert ran(tmp_path / "in the way" / "kept", "answer = 5") == [5]


def test_dataclasses_made_from_what_was_kept_are_pythons_own(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    fields: list[Any] = [("fen", int), ("note", str, dataclasses.field(default=""))]

    def made() -> type:
        return dataclasses.make_dataclass("Sum", fields, frozen=True, order=True, slots=True)

    def shown(kind: type) -> list[str]:
        one, two = kind(1), kind(2, note="x")
        refused = pytest.raises(dataclasses.FrozenInstanceError, setattr, one, "fen", 2)
        return [repr(one), repr(two), repr((one < two, one == kind(1), hash(one) == hash(kind(1)))), str(refused.value)]

    whole = shown(made())
    for _ in ("compiled", "kept"):
        kept_classes.begin(file)
        try:
            assert shown(made()) == whole
        finally:
            kept.end_start()
    assert len(marshal.loads(file.read_bytes())) >= 6
    assert "exec" not in vars(dataclasses)
    kept.end_start()  # who never began has nothing to end


def test_a_desktop_finds_the_classes_of_its_last_start(tmp_path: Path) -> None:
    """In a process of its own, as main.py begins it: the second start compiles no dataclass's text."""
    code = f"""
import builtins, sys
from pathlib import Path
from app.kernel import kept, kept_classes, kept_code
compiled = []
real = kept_code._compile
kept_code._compile = lambda text, *a, **k: (compiled.append(text), real(text, *a, **k))[1]
kept_classes.begin(Path({str(tmp_path / "kept")!r}))
from app.desk import assembly
from app.replica.queries import order_list
kept.end_start()
print(len(compiled))
"""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def compiled() -> int:
        command = [sys.executable, "-c", code]
        told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60)
        return int(told.stdout)

    first, second = compiled(), compiled()
    assert (first > 10, second) == (True, 0)


def test_what_is_kept_of_a_start_is_there_at_the_next_and_only_while_it_lasts(tmp_path: Path) -> None:
    part = OfStart(tmp_path / "kept")
    part.put(("a", 1), b"before")
    assert part.get(("a", 1)) is None
    kept.begin_start()
    try:
        part.put(("a", 1), b"made")
        assert part.get(("a", 1)) == b"made"
    finally:
        kept.end_start()
    assert part.get(("a", 1)) is None
    kept.begin_start()
    try:
        assert (part.get(("a", 1)), part.get(("a", 2))) == (b"made", None)
    finally:
        kept.end_start()


def test_the_texts_of_a_language_follow_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From what was kept as from the files, and anew when one of them is another."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    folder = tmp_path / "i18n" / "zh_CN"
    folder.mkdir(parents=True)

    def said(number: int) -> str:
        catalogue = Catalog(locale="zh_CN")
        catalogue.add("Orders", "\u8ba2\u5355" * number)
        with (folder / "a.mo").open("wb") as file:
            write_mo(file, catalogue)
        i18n._catalogue.cache_clear()
        i18n._said.cache_clear()
        kept.begin_start()
        try:
            return i18n.render("Orders", {}, "zh_CN")
        finally:
            kept.end_start()

    monkeypatch.setattr(i18n.resources, "ROOT", tmp_path)
    monkeypatch.setattr(i18n._kept, "file", tmp_path / "kept")
    try:
        assert said(1) == "\u8ba2\u5355"
        assert (tmp_path / "kept").exists()
        assert said(1) == "\u8ba2\u5355"
        assert said(3) == "\u8ba2\u5355" * 3
    finally:
        i18n._catalogue.cache_clear()
        i18n._said.cache_clear()
