"""Where a shop's account with somebody outside is kept: one file for its owner alone, or the environment of a server.

It is never in the database, so it is in no feed, no backup and no export, and nothing here writes it to a log.
"""

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from app.kernel import codec, typed
from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from app.wire.outside import OutsideState

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_SHOWN = 4
_WORTH_SHOWING = 16
log = logging.getLogger("http")


class Account(Protocol):
    """What is kept, as a frozen dataclass of texts; its secrets have no ``repr``."""

    def check(self) -> None:
        """Raises KnownError for the first thing that cannot be right, without quoting it."""


A = TypeVar("A", bound=Account)
Wanted_contra = TypeVar("Wanted_contra", contravariant=True)
Reply = TypeVar("Reply", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Where:
    """Where an account may stand: beside the shop's database, or in ``environ``."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True, slots=True)
class Stored(Generic[A]):
    """An account as it was found, checked or not; ``since`` is when it was set, if that is known."""

    account: A
    is_environment: bool
    since: datetime | None


class Party(Protocol[A, Wanted_contra, Reply]):
    """Whom the account is with, and all that accounts with different ones do not have in common.

    Attributes:
        area: what the codes of its refusals begin with.
        file: the name of the file beside the shop's database.
        prefix: what the names of the environment's variables begin with.
        variables: the rest of those names, by the account's fields.
    """

    area: str
    file: str
    prefix: str
    variables: Mapping[str, str]

    def kind(self) -> type[A]:
        """Asked for late, since it brings libraries along."""

    def from_environment(self, said: Mapping[str, str]) -> A:
        """The account of the variables' values, by its fields; raises KnownError where one leads nowhere."""

    def joined(self, wanted: Wanted_contra, before: Callable[[], A | None]) -> A:
        """The account to keep; ``before`` is asked for whatever was left empty to stay as it is."""

    def reply(self, **standing: Any) -> Reply:
        """How it stands, in the fields that all replies have."""

    def told(self, reply: Reply, account: A) -> Reply:
        """The same with what may be told of the account itself: of its secrets only how they end."""

    def pretended(self) -> KnownError:
        """A demo shop takes no account."""

    def misplaced(self, where: str) -> KnownError:
        """A demo shop has found one."""

    def unreadable(self) -> KnownError:
        """The file is spoilt; a new account can be set all the same."""


class KeptAccount(Generic[A, Wanted_contra, Reply]):
    """Reads and replaces one account of a shop; ``restart`` has the service begin anew with it, where it can."""

    def __init__(
        self,
        party: Party[A, Wanted_contra, Reply],
        where: Where,
        clock: Clock,
        *,
        is_demo: bool,
        restart: Callable[[], bool] = lambda: False,
    ) -> None:
        self._party = party
        self._path = where.folder / party.file
        self._clock = clock
        self._environ = where.environ
        self._is_demo = is_demo
        self._restart = restart

    def read(self) -> Stored[A] | None:
        """The environment's account, else the file's, else None; raises KnownError for one that cannot be read."""
        if self._has_environment():
            found = Stored(self._from_environment(), True, None)
        elif self._path.exists():
            found = self._from_file()
        else:
            return None
        if self._is_demo:
            raise self._party.misplaced(f"{self._party.prefix}*" if found.is_environment else str(self._path))
        return found

    def state(self) -> Reply:
        """That it is there, whose it is, and what is wrong with it."""
        if self._is_demo:
            return self._party.reply(state=OutsideState.PRETENDED)
        found = None
        try:
            found = self.read()
            if found is not None:
                found.account.check()
        except KnownError as error:
            wrong = {"problem": error.code, "problem_text": error.template, "problem_params": dict(error.params)}
            return self._told(found, state=OutsideState.FAULTY, **wrong)
        return self._told(found, state=OutsideState.UNSET if found is None else OutsideState.SET)

    def set(self, wanted: Wanted_contra) -> Reply:
        """Replace the account; an empty secret keeps the one that is there. Raises KnownError for one that is unfit."""
        if self._is_demo:
            raise self._party.pretended()
        if self._has_environment():
            raise KnownError(
                f"{self._party.area}.environment",
                "The account comes from the server's environment; it has to be changed there.",
            )
        account = self._party.joined(wanted, self._before)
        account.check()
        kept = {"account": codec.plain(account), "since": codec.time_text(self._clock.now())}
        replace_file(self._path, json.dumps(kept).encode(), secret=True)
        log.info("the %s account was set", self._party.area)
        return replace(self.state(), needs_restart=not self._restart())

    def _told(self, found: Stored[A] | None, **standing: Any) -> Reply:
        if found is None:
            return self._party.reply(**standing)
        reply = self._party.reply(is_environment=found.is_environment, since=found.since, **standing)
        return self._party.told(reply, found.account)

    def _before(self) -> A | None:
        return self._from_file().account if self._path.exists() else None

    def _has_environment(self) -> bool:
        return any(self._environ.get(self._party.prefix + name) for name in self._party.variables.values())

    def _from_environment(self) -> A:
        party = self._party
        said = {field: self._environ.get(party.prefix + name, "").strip() for field, name in party.variables.items()}
        return party.from_environment(said)

    def _from_file(self) -> Stored[A]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return Stored(typed.build(self._party.kind(), kept["account"]), False, codec.parse_time(kept["since"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the %s account cannot be read: %s", self._party.area, type(error).__name__)
            raise self._party.unreadable() from None


def ending(text: str) -> str:
    """The last signs, which tell two apart and open nothing."""
    return f"…{text[-_SHOWN:]}" if len(text) >= _WORTH_SHOWING else "…" if text else ""
