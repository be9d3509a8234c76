"""Has Qt's binding begin without what this program does not use. To be imported before anything else of Qt's.

Its hook for ``__feature__`` reads the source of every module that is imported after it, to see whether names are to be
spelt otherwise; we spell them as Qt does. And it makes thousands of members of enumerations one by one, the first time
a class that holds them is looked at: all of ``Qt`` for one flag. Python's own way of making them has to reckon with all
that can be written in a class; a list of names and numbers needs little of it.
"""

import builtins
import functools
import operator
import sys
from collections.abc import Callable
from enum import Enum, EnumType, Flag, IntEnum, IntFlag
from typing import Any, Final

from ui.bridge.kept_code import kept_code

KNOWN: Final = ((3, 11), (3, 12))
"""The Pythons whose enumerations are made as here; a newer one makes its own, as before."""
_OWN: Final = ("_member_names_", "_member_map_", "_value2member_map_", "_unhashable_values_")
_KINDS: Final = {kind: frozenset(dir(kind)) | {"name", "value", "mro"} for kind in (Enum, IntEnum, Flag, IntFlag)}
"""What can be made here, and the names that mean something else in each."""
_whole: Final[Callable[..., Any]] = vars(EnumType)["_create_"]
_moulds: dict[tuple[object, object], dict[str, Any]] = {}


def made(cls: Any, class_name: str, names: Any, **given: Any) -> Any:
    """An enumeration of ``cls``' kind, in all that can be asked of it the same as Python's own."""
    is_plain = cls in _KINDS and isinstance(names, (list, tuple)) and not (given.get("type") or given.get("qualname"))
    if not is_plain or not all(_is_plain(item, _KINDS[cls]) for item in names):
        return _whole(cls, class_name, names, **given)
    result = _empty(cls, class_name, given)
    is_flag = issubclass(cls, Flag)
    _fill(result, names, is_flag=is_flag)
    if is_flag:
        _mark_bits(result)
    return result


def _is_plain(item: Any, taken: frozenset[str]) -> bool:
    if type(item) is not tuple or len(item) != 2:
        return False
    name, value = item
    return type(value) is int and name[0] != "_" and name not in taken


def _empty(cls: Any, class_name: str, given: dict[str, Any]) -> Any:
    """As Python makes it, which is asked once for each kind."""
    key = (cls, given.get("boundary"))
    if key not in _moulds:
        mould = vars(_whole(cls, "Mould", (), module=__name__, boundary=key[1]))
        _moulds[key] = {name: value for name, value in mould.items() if name not in ("__dict__", "__weakref__")}
    body = _moulds[key] | {name: type(_moulds[key][name])() for name in _OWN if name in _moulds[key]}
    body["__module__"] = given.get("module") or __name__
    return type.__new__(EnumType, class_name, (cls,), body)


def _fill(result: Any, names: Any, *, is_flag: bool) -> None:
    by_value, by_name, order = result._value2member_map_, result._member_map_, result._member_names_
    is_number, put = issubclass(result, int), type.__setattr__
    for name, value in names:
        member = by_value.get(value)
        if member is None:
            member = int.__new__(result, value) if is_number else object.__new__(result)
            member._value_, member._name_, member.__objclass__ = value, name, result
            member._sort_order_ = len(order)
            by_value[value] = member
            if not is_flag or _is_single(value):
                order.append(name)
        put(result, name, member)
        by_name[name] = member


def _mark_bits(result: Any) -> None:
    values, put = list(result._value2member_map_), type.__setattr__
    mask = functools.reduce(operator.or_, values, 0)
    put(result, "_flag_mask_", mask)
    put(result, "_singles_mask_", functools.reduce(operator.or_, filter(_is_single, values), 0))
    put(result, "_all_bits_", 2 ** mask.bit_length() - 1)
    named = [result._member_map_[name]._value_ for name in result._member_names_]
    if named != sorted(named):
        put(result, "_iter_member_", result._iter_member_by_def_)


def _is_single(value: int) -> bool:
    return value > 0 and not value & (value - 1)


if sys.version_info[:2] in KNOWN:
    EnumType._create_ = made  # type: ignore[attr-defined]

with kept_code():
    import PySide6.QtCore  # noqa: F401 - what follows undoes a part of it

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
