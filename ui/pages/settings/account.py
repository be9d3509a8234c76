"""One of the shop's accounts outside as the service told of it last, without Qt."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from app.desk.counter import AccountDoor
from app.wire.outside import OutsideState


class Told(Protocol):
    """What the service tells of any account; ``problem_text`` is English, with places for ``problem_params``."""

    @property
    def state(self) -> OutsideState: ...
    @property
    def is_environment(self) -> bool: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def problem_text(self) -> str: ...
    @property
    def problem_params(self) -> Any: ...
    @property
    def needs_restart(self) -> bool: ...


Wanted = TypeVar("Wanted")
Reply = TypeVar("Reply", bound=Told)
Say = Callable[[str], None]


class Settling(Protocol):
    """Waits for a future and tells either what it holds or, as a sentence, why it holds nothing."""

    def __call__(self, future: "Future[Any]", done: Callable[[Any], None], problem: Say) -> None: ...


class Account(Generic[Wanted, Reply]):
    """``reply`` is None until the service has told how the account stands; ``door`` is None where nobody can ask it."""

    def __init__(
        self, door: Callable[[], AccountDoor[Wanted, Reply] | None], settle: Settling, changed: Callable[[], None]
    ) -> None:
        self._door = door
        self._settle = settle
        self._changed = changed
        self.reply: Reply | None = None

    def ask(self) -> None:
        """Only the service knows how it stands; without it what was told last goes on standing there."""
        door = self._door()
        if door is not None:
            self._settle(door.state(), self._on_told, lambda _why: None)

    def set(self, wanted: Wanted, done: Callable[[], None], problem: Say) -> None:
        """Secrets go in and never come out again; an empty one keeps what is there."""
        door = self._door()
        if door is None:
            return

        def finish(reply: Reply) -> None:
            self._on_told(reply)
            done()

        self._settle(door.set(wanted), finish, problem)

    def _on_told(self, reply: Reply) -> None:
        self.reply = reply
        self._changed()
