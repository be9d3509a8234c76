"""Shortcuts as data: what is bound to a widget is what the keyboard sheet tells of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.kernel.later import later

if TYPE_CHECKING:
    from PySide6 import QtGui
else:
    QtGui = later("PySide6.QtGui")  # the first picture tells of keys; what binds them comes behind it

_CONTEXT = Qt.ShortcutContext.WindowShortcut


@dataclass(frozen=True)
class Key:
    """One act and the keys that do it; the first of ``sequences`` is the one that is told of.

    ``is_native``: the widget that has the focus knows the key itself, so nothing is bound for it.
    """

    act: str
    sequences: tuple[str, ...]
    words: Callable[[], str]
    is_native: bool = False


def told(keys: Sequence[Key], act: str) -> str:
    """The key of an act as it is written beside it: ``Ctrl+Enter``. Raises KeyError for an act without a key."""
    for key in keys:
        if key.act == act:
            return key.sequences[0].replace("Return", "Enter")
    raise KeyError(act)


def bind(
    owner: QWidget,
    keys: Sequence[Key],
    acts: Mapping[str, Callable[[], object]],
    context: Qt.ShortcutContext = _CONTEXT,
) -> None:
    """Bind them. Raises KeyError for a key whose act the owner does not know."""
    for key in keys:
        if key.is_native:
            continue
        for sequence in key.sequences:
            shortcut = QtGui.QShortcut(QtGui.QKeySequence(sequence), owner)
            shortcut.setContext(context)
            shortcut.activated.connect(acts[key.act])
