"""Changing the shop's own settings, without Qt: only touched ones are sent, and nobody's change is lost unseen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.desk import declared
from app.desk.declared import SettingField
from app.domain.staff.commands import ChangeSetting
from app.kernel import codec
from app.kernel.i18n import tr


class Performer(Protocol):
    """The part of the page's presenter that carries a command out."""

    def perform(self, command: Any, done: Callable[[], None], problem: Callable[[str], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class RowState:
    """A setting as its row shows it; ``theirs`` is what somebody else set meanwhile, in words, "" for nothing."""

    value: Any
    is_changed: bool
    problem: str
    theirs: str


class ShopForm:
    """``refresh`` is called whenever a row has to be shown anew."""

    def __init__(self, performer: Performer, refresh: Callable[[], None]) -> None:
        self._performer = performer
        self._refresh = refresh
        self.fields: tuple[SettingField, ...] = declared.declared()
        self._by_key = {field.key: field for field in self.fields}
        self._seen: dict[str, Any] = {field.key: codec.parse(field.default) for field in self.fields}
        self._mine: dict[str, Any] = {}
        self._theirs: dict[str, Any] = {}
        self._problems: dict[str, str] = {}
        self.refusal = ""
        self._saved = 0

    @property
    def changed(self) -> int:
        return len(self._mine)

    @property
    def conflicts(self) -> int:
        return len(self._theirs)

    def row(self, key: str) -> RowState:
        theirs = declared.shown(self._by_key[key], self._theirs[key]) if key in self._theirs else ""
        return RowState(self._mine.get(key, self._seen[key]), key in self._mine, self._problems.get(key, ""), theirs)

    def follow(self, stored: Mapping[str, str]) -> None:
        """What the shop has now; what nobody touches here simply follows."""
        for key, field in self._by_key.items():
            now = codec.parse(stored.get(key, field.default))
            if now == self._seen[key]:
                self._theirs.pop(key, None)
            elif key not in self._mine or self._mine[key] == now:
                self._seen[key] = now
                self._mine.pop(key, None)
                self._theirs.pop(key, None)
            else:
                self._theirs[key] = now
        self._refresh()

    def set_value(self, key: str, value: Any) -> None:
        """Somebody typed; ``None`` stands for what is no number."""
        if isinstance(value, str):
            value = value.strip()
        if value == self._seen[key]:
            self._mine.pop(key, None)
        else:
            self._mine[key] = value
        self._problems.pop(key, None)
        self._refresh()

    def undo(self, key: str) -> None:
        self._mine.pop(key, None)
        self._problems.pop(key, None)
        if key in self._theirs:
            self._seen[key] = self._theirs.pop(key)
        self._refresh()

    def undo_all(self) -> None:
        for key in list(self._mine):
            self.undo(key)
        self.refusal = ""
        self._refresh()

    def keep_mine(self, key: str) -> None:
        """My value is to go on top of theirs."""
        self._seen[key] = self._theirs.pop(key)
        if self._mine.get(key) == self._seen[key]:
            self._mine.pop(key)
        self._refresh()

    def save(self, done: Callable[[int], None]) -> None:
        """One command for each setting; each stands by itself, so what is done stays done."""
        self.refusal = ""
        self._problems = {key: text for key in self._mine if (text := self._problem(key))}
        if self._problems or self._theirs:
            self._refresh()
            return
        self._saved = 0
        self._next(done)

    def _next(self, done: Callable[[int], None]) -> None:
        if not self._mine:
            self._refresh()
            if self._saved:
                done(self._saved)
            return
        key, value = next(iter(self._mine.items()))
        seen = declared.text_of(self._seen[key])

        def finish() -> None:
            self._saved += 1
            self._seen[key] = value
            if self._mine.get(key) == value:
                self._mine.pop(key)
            self._next(done)

        self._performer.perform(ChangeSetting(key, declared.text_of(value), seen), finish, self._refuse)

    def _refuse(self, why: str) -> None:
        self.refusal = why
        self._refresh()

    def _problem(self, key: str) -> str:
        value = self._mine[key]
        if value is None:
            return tr("A number is needed here.")
        if declared.fits(key, value):
            return ""
        limits = next((declared.limits(field) for field in self.fields if field.key == key), None)
        if limits is None:
            return tr("This setting cannot have this value.")
        return tr("From {least} to {most}.", least=limits[0], most=limits[1])
