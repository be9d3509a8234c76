"""What this counter can tell about itself, and what its owner can have it do; the settings page shows both."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.desk.sounds import Sound
from app.kernel.errors import KnownError
from app.kernel.later import later

if TYPE_CHECKING:
    from app.sync import transport
    from app.wire.carrier import CarrierReply, CarrierRequest
    from app.wire.outside import OutsideReply, OutsideRequest
else:
    transport = later("app.sync.transport")

T = TypeVar("T")
Wanted_contra = TypeVar("Wanted_contra", contravariant=True)
Reply = TypeVar("Reply")
log = logging.getLogger("desk")
_WHY = {
    "forbidden": KnownError("enrol.not_here", "Only the owner, at a computer for managers, can add a computer."),
    "device_revoked": KnownError("desk.locked", "This computer is no longer one of the shop's. Ask the owner."),
}


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """``device_id`` is empty before the counter has joined the shop.

    ``can_be_own`` says that this computer's own service may be used: it is, or its shop stands here, or none has come.
    """

    version: str
    folder: Path
    logs: Path
    device_id: str
    no: int
    is_manager: bool
    service_url: str
    is_own_service: bool
    can_be_own: bool
    can_sound: bool


@dataclass(frozen=True, slots=True)
class NewCode:
    """Makes one computer one of the shop's, until ``expires_at``."""

    text: str
    expires_at: datetime
    is_manager: bool


class AccountDoor(Protocol[Wanted_contra, Reply]):
    """One of the shop's accounts outside: how it stands, and another one."""

    def state(self) -> "Future[Reply]": ...

    def set(self, wanted: Wanted_contra) -> "Future[Reply]": ...


class CounterDoor(Protocol):
    """Answers at once; what takes time comes as a future that may hold a KnownError."""

    def facts(self) -> CounterFacts: ...

    def play(self, sound: Sound) -> None: ...

    def last_seen(self) -> "Future[Mapping[str, datetime]]": ...

    def new_code(self, *, is_manager: bool) -> "Future[NewCode]": ...

    @property
    def outside(self) -> "AccountDoor[OutsideRequest, OutsideReply]": ...

    @property
    def carrier(self) -> "AccountDoor[CarrierRequest, CarrierReply]": ...


def in_background(name: str, work: Callable[[], T]) -> "Future[T]":
    """Ask the service beside everything else; a refusal becomes a sentence."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except KnownError as error:
            answer.set_exception(error)
        except transport.Refused as refused:
            log.info("%s was refused: %s", name, refused.code)
            answer.set_exception(_WHY.get(refused.code, transport.Unreachable(refused.code)))
        except Exception as error:  # thread entry: the caller gets it
            answer.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return answer
