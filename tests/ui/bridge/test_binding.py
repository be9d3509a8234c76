"""Enumerations that are made the short way are, to whoever uses them, those that Python makes."""

import subprocess
import sys
import threading
from collections.abc import Callable
from enum import KEEP, Enum, EnumType, Flag, IntEnum, IntFlag
from pathlib import Path
from typing import Any

import pytest

from ui.bridge import binding

ROOT = Path(__file__).parents[3]
NAMES = {
    "plain": [("First", 0), ("Second", 7), ("Below", -3), ("Also", 7)],
    "bits": [("Nothing", 0), ("One", 1), ("Four", 4), ("Two", 2), ("Both", 3), ("Eight", 8), ("Again", 4)],
    "bits in order": [("One", 1), ("Two", 2), ("Mask", 0xF0), ("All", 0xFFFFFFFF)],
    "none": [],
    "names that mean something": [("value", 1), ("real", 2), ("_hidden_", 4), ("numerator", 8)],
}
whole = binding._whole


def make(way: Callable[..., Any], kind: EnumType, names: list[tuple[str, int]]) -> Any:
    given = {"module": "m", "qualname": None, "type": None, "start": 1, "boundary": KEEP}
    try:
        return way(kind, "Kind", names, **given)
    except ValueError as error:
        return str(error)


def told(ask: Callable[..., object], *of: Any) -> str:
    try:
        return repr(ask(*of))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


def shown(made: Any) -> list[str]:
    """All that somebody can tell of it."""
    if isinstance(made, str):
        return [made]
    found = [told(lambda: made), told(lambda: (made.__module__, made.__name__, made.__qualname__, sorted(dir(made))))]
    found += [told(lambda: [m.name for m in made]), told(lambda: len(made)), told(lambda: list(made.__members__))]
    found += [told(lambda: made(12345)), told(lambda: made["nothing"]), told(lambda: made(0))]
    for name, member in made.__members__.items():
        found += [
            name,
            member.name,
            repr(member.value),
            repr(member),
            str(member),
            f"{member:}",
            told(bool, member),
        ]
        same = (made[name] is member, told(lambda m: made(m.value), member), getattr(made, name, None) is member)
        found += [repr(same), repr((member in made, hash(member), isinstance(member, made), member == member.value))]
        if issubclass(made, Flag):
            found += [
                told(lambda m: ~m, member),
                told(list, member),
                told(lambda m: made(m.value | 1 << 40), member),
            ]
            for other in made.__members__.values():
                found.append(told(lambda m, o: (m | o, m & o, m ^ o, m in o), member, other))
    return found


@pytest.mark.parametrize("kind", [Enum, IntEnum, Flag, IntFlag], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_an_enumeration_made_the_short_way_is_as_pythons_own(kind: EnumType, names: list[tuple[str, int]]) -> None:
    if sys.version_info[:2] not in binding.KNOWN:
        assert vars(EnumType)["_create_"] is whole  # a Python that is not known makes its own
        return
    assert shown(make(binding.made, kind, names)) == shown(make(whole, kind, names))


FIRST: dict[str, Callable[[Any], object]] = {
    "a member": lambda made: made.One,
    "a member by its name": lambda made: made["One"],
    "a member by its number": lambda made: made(4),
    "a sum of members": lambda made: made(5),
    "all": list,
    "all, backwards": lambda made: list(reversed(made)),
    "all names": lambda made: list(made.__members__.items()),
    "how many": len,
    "whether one is in it": lambda made: 4 in [member.value for member in made] and made.One in made,
    "what it has": dir,
    "what is written in it": lambda made: sorted(vars(made)),
    "a member that is none": lambda made: made.Nowhere,
    "a member that is changed": lambda made: setattr(made, "One", 5),
    "a member that is taken out": lambda made: delattr(made, "One"),
    "its name": lambda made: (made.__name__, made.__qualname__, made.__module__, made.__doc__, repr(made), bool(made)),
    "its kind": lambda made: (
        type(made) in EnumType.__mro__ or isinstance(made, EnumType),
        made.__class__.__mro__[-3:],
    ),
    "something put beside": lambda made: setattr(made, "_missing_", None) or made._missing_,
}


@pytest.mark.parametrize("kind", [IntEnum, IntFlag], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST.keys())
def test_whatever_is_asked_first_is_answered_as_by_pythons_own(kind: EnumType, first: Callable[[Any], object]) -> None:
    ours, theirs = make(binding.made, kind, NAMES["bits"]), make(whole, kind, NAMES["bits"])
    assert told(first, ours) == told(first, theirs)
    assert shown(ours) == shown(theirs)
    assert type(ours) is EnumType  # nothing of the waiting is left


def test_later_pythons_lists_of_values_are_each_enumerations_own() -> None:
    """3.12 has got them in a later one of its own; here they are pretended."""
    if sys.version_info[:2] not in binding.KNOWN:
        return
    key = (IntEnum, KEEP)
    make(binding.made, IntEnum, NAMES["plain"])
    before = binding._moulds[key]
    binding._moulds[key] = before | {"_hashable_values_": [], "_unhashable_values_map_": {}}
    try:
        one, two = make(binding.made, IntEnum, NAMES["plain"]), make(binding.made, IntEnum, NAMES["bits in order"])
        assert one._hashable_values_ == [0, 7, -3]
        assert two._hashable_values_ == [1, 2, 0xF0, 0xFFFFFFFF]
        assert one._unhashable_values_map_ is not two._unhashable_values_map_
    finally:
        binding._moulds[key] = before


def test_an_enumeration_of_which_nothing_is_asked_stays_empty() -> None:
    if sys.version_info[:2] in binding.KNOWN:
        made = make(binding.made, IntFlag, NAMES["bits"])
        assert (made.__name__, type(made)) == ("Kind", binding.Unfilled)


def test_two_threads_that_ask_at_once_get_the_same_members() -> None:
    names = [(f"Number{number}", number) for number in range(2_000)]
    made, start, found = make(binding.made, IntEnum, names), threading.Barrier(4), []

    def ask() -> None:
        start.wait()
        found.append((made.Number1999, len(made)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    between = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(between)
    assert found == [(made.Number1999, 2_000)] * 4


def test_what_is_written_otherwise_is_left_to_python() -> None:
    for names in ("red green", ["red", "green"], {"red": 1}, [("red", "r")], [("red", 1.5)]):
        ours, theirs = make(binding.made, Enum, names), make(whole, Enum, names)  # type: ignore[arg-type]
        assert shown(ours) == shown(theirs)


def test_the_windows_flags_are_the_bindings_own_in_every_sum() -> None:
    """With the whole program's start: what Qt gets of them and what it gives back."""
    code = """
from ui.bridge import binding
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QApplication, QSizePolicy
app = QApplication(["x"])
label = QLabel("x")
label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
label.setTextInteractionFlags(~Qt.TextInteractionFlag.TextEditable)
label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
print(label.alignment() == Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, label.alignment())
print(label.sizePolicy().verticalPolicy() is QSizePolicy.Policy.Expanding, Qt.Key.Key_A + 1 == Qt.Key.Key_B.value)
print(__import__.__name__)
print(Qt.TextInteractionFlag.TextEditable in label.textInteractionFlags(), int(Qt.WindowType.Tool), Qt.Key(0x41).name)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    expected = "True 34\nTrue True\n__lazy_import__\nFalse 11 Key_A"
    assert done.stdout.strip() == expected, done.stderr
