"""Has Qt's binding begin without what this program does not use. To be imported before anything else of Qt's.

Its hook for ``__feature__`` reads the source of every module that is imported after it, to see whether names are to be
spelt otherwise; we spell them as Qt does. And it makes thousands of members of enumerations one by one, the first time
a class that holds them is looked at: all of ``Qt`` for one flag. Python's own way of making them has to reckon with all
that can be written in a class; a list of names and numbers needs little of it, and nothing before somebody asks for one
of the members: nine of ten enumerations stay empty.
"""

import builtins
import functools
import operator
import sys
from collections.abc import Callable
from enum import Enum, EnumType, Flag, IntEnum, IntFlag
from threading import RLock
from typing import Any, Final, NamedTuple

from app.kernel.later import without
from ui.bridge.own_parts import own_parts

KNOWN: Final = ((3, 11), (3, 12))
"""The Pythons whose enumerations are made as here; a newer one makes its own, as before."""
_OWN: Final = (
    "_member_names_",
    "_member_map_",
    "_value2member_map_",
    "_unhashable_values_",
    "_unhashable_values_map_",
    "_hashable_values_",
)
"""What each enumeration has for itself; the last two came with later ones of 3.12."""
_KINDS: Final = {kind: frozenset(dir(kind)) | {"name", "value", "mro"} for kind in (Enum, IntEnum, Flag, IntFlag)}
"""What can be made here, and the names that mean something else in each."""
_whole: Final[Callable[..., Any]] = vars(EnumType)["_create_"]
_moulds: dict[tuple[object, object], dict[str, Any]] = {}


class _Inside(NamedTuple):
    """Where an enumeration keeps its members."""

    order: list[str]
    by_name: dict[str, Any]
    by_value: dict[int, Any]


_NAMING: Final = frozenset({"__class__", "__doc__", "__module__", "__name__", "__qualname__"})
"""What can be asked of an enumeration without its members."""
_unfilled: dict[type, Any] = {}
_filling = RLock()


class Unfilled(EnumType):
    """Of this kind an enumeration is until somebody asks for anything in it; then it is a plain one."""

    def __getattribute__(cls, name: str) -> Any:
        if name not in _NAMING:
            filled(cls)
        return type.__getattribute__(cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        if name[0] == "_":  # no member is called like that
            type.__setattr__(cls, name, value)
        else:
            setattr(filled(cls), name, value)

    def __delattr__(cls, name: str) -> None:
        delattr(filled(cls), name)


def made(cls: Any, class_name: str, names: Any, **given: Any) -> Any:
    """An enumeration of ``cls``' kind, in all that can be asked of it the same as Python's own."""
    is_plain = cls in _KINDS and isinstance(names, (list, tuple)) and not (given.get("type") or given.get("qualname"))
    if not is_plain or not _are_plain(names, _KINDS[cls]):
        return _whole(cls, class_name, names, **given)
    result = _empty(cls, class_name, given)
    _unfilled[result] = names
    return result


def _are_plain(names: Any, taken: frozenset[str]) -> bool:
    try:
        return all(type(value) is int and name[0] != "_" and name not in taken for name, value in names)
    except (TypeError, ValueError):  # not pairs, or not of a name and something
        return False


def _empty(cls: Any, class_name: str, given: dict[str, Any]) -> Any:
    """As Python makes it, which is asked once for each kind."""
    key = (cls, given.get("boundary"))
    if key not in _moulds:
        mould = vars(_whole(cls, "Mould", (), module=__name__, boundary=key[1]))
        _moulds[key] = {name: value for name, value in mould.items() if name not in ("__dict__", "__weakref__")}
    body = _moulds[key] | {name: type(_moulds[key][name])() for name in _OWN if name in _moulds[key]}
    body["__module__"] = given.get("module") or __name__
    return type.__new__(Unfilled, class_name, (cls,), body)


def _made_whole(*given: Any, **more: Any) -> Any:
    return filled(made(*given, **more))


def filled(cls: Any) -> Any:
    """The same enumeration with its members in it; whoever comes at the same time waits."""
    with _filling:
        if cls in _unfilled:
            inside = _Inside(*(type.__getattribute__(cls, name) for name in _OWN[:3]))
            _fill(cls, _unfilled.pop(cls), inside)
            if issubclass(cls, Flag):
                _mark_bits(cls, inside)
            cls.__class__ = EnumType
    return cls


def fill_all() -> None:
    """All enumerations whole, and at once from here on: members are also looked for by their short names."""
    with _filling:
        EnumType._create_ = _made_whole  # type: ignore[attr-defined]
        for cls in list(_unfilled):
            filled(cls)


def _fill(result: Any, names: Any, inside: _Inside) -> None:
    order, by_name, by_value = inside
    is_number, is_flag, put = issubclass(result, int), issubclass(result, Flag), type.__setattr__
    hashable = type.__getattribute__(result, "__dict__").get("_hashable_values_", [])
    for name, value in names:
        member = by_value.get(value)
        if member is None:
            member = int.__new__(result, value) if is_number else object.__new__(result)
            member._value_, member._name_, member.__objclass__ = value, name, result
            member._sort_order_ = len(order)
            by_value[value] = member
            hashable.append(value)
            if not is_flag or _is_single(value):
                order.append(name)
        put(result, name, member)
        by_name[name] = member


def _mark_bits(result: Any, inside: _Inside) -> None:
    values, put = list(inside.by_value), type.__setattr__
    mask = functools.reduce(operator.or_, values, 0)
    put(result, "_flag_mask_", mask)
    put(result, "_singles_mask_", functools.reduce(operator.or_, filter(_is_single, values), 0))
    put(result, "_all_bits_", 2 ** mask.bit_length() - 1)
    named = [inside.by_name[name]._value_ for name in inside.order]
    if named != sorted(named):
        put(result, "_iter_member_", type.__getattribute__(result, "_iter_member_by_def_"))


def _is_single(value: int) -> bool:
    return value > 0 and not value & (value - 1)


if sys.version_info[:2] in KNOWN:
    EnumType._create_ = made  # type: ignore[attr-defined]

_UNUSED: Final = ("bz2", "inspect", "lzma", "random", "shutil", "tempfile", "textwrap.dedent", "traceback")
with own_parts(), without(*_UNUSED):
    import PySide6.QtCore

    PySide6.QtCore.Qt  # noqa: B018 - it would fetch textwrap for a warning that it never gives

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
