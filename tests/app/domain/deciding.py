"""``given(state).when(command)`` and what must come of it: changes, or a refusal with its code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from app.domain.command import Actor, Command, Context
from app.domain.outcome import Accepted, Change, Decision, Put, Rejected
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.domain.row import Row
from app.domain.settings import read_settings
from app.domain.view import MemoryView
from app.kernel import codec
from app.kernel.i18n import render
from tests.support.clocks import FixedClock

R = TypeVar("R", bound=Row)
NOW = FixedClock().now()
EARLIER = NOW - timedelta(hours=2)
OWNER = Actor("owner", Role.OWNER)
MANAGER = Actor("manager", Role.MANAGER)
CLERK = Actor("clerk", Role.CLERK)
COURIER = Actor("courier", Role.COURIER)
BUYER = Actor("buyer", Role.BUYER)
SERVICE = Actor("service", Role.SERVICE)
REGISTRY = shop_registry()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and the state after it."""

    decision: Decision
    after: MemoryView

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of an accepted command, in their order."""
        assert isinstance(self.decision, Accepted), self.decision
        return self.decision.changes

    def put(self, kind: type[R]) -> R:
        """The one row of this type that was put."""
        found = [c.row for c in self.changes if isinstance(c, Put) and isinstance(c.row, kind)]
        assert len(found) == 1, found
        return found[0]

    def refused(self, code: str, **params: Any) -> None:
        """It was refused for this reason, which can be told in both languages."""
        assert isinstance(self.decision, Rejected), self.decision
        told = codec.plain(self.decision.params)
        assert (self.decision.code, {k: told.get(k) for k in params}) == (code, params)
        for language in ("en", "zh_CN"):
            text = render(self.decision.reason.template, told, language)
            assert text and "{" not in text


@dataclass(frozen=True, slots=True)
class Given:
    rows: tuple[Row, ...]

    def when(self, command: Command, actor: Actor = OWNER, *, now: Any = NOW, issued_at: Any = None) -> Decided:
        """Decides twice, as a replay would: the answer may depend on nothing but state, command and context."""
        view = MemoryView(self.rows)
        context = Context("command", now, issued_at or now, actor, read_settings(view))
        read = REGISTRY.read(command.NAME, command.VERSION, codec.parse(codec.canonical(codec.plain(command))))
        if isinstance(read, Rejected):
            return Decided(read, view)
        assert read == command, "a command must survive its way over the wire"
        decision = REGISTRY.decide(command, view, context)
        assert REGISTRY.decide(command, view, context) == decision
        if isinstance(decision, Accepted):
            view.apply(*decision.changes)
        return Decided(decision, view)


def given(*rows: Row | Iterable[Row]) -> Given:
    """A state: rows, or lists of rows."""
    flat: list[Row] = []
    for one in rows:
        flat += [one] if isinstance(one, Row) else list(one)
    return Given(tuple(flat))
