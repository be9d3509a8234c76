"""The plan of one start, as data: which folder, whose service, what it is called, and how its child is begun."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from app.desk.sounds import Player

START_AGAIN_S = (5.0, 10.0, 30.0)


SHARED_HEAPS: Final[Mapping[str, str]] = {"MALLOC_ARENA_MAX": "2"}
"""glibc keeps up to eight heaps for each processor, one thread's leavings in each; one thread of Python runs at a time,
so two do, and 2 MB less are held. No other C library reads it."""


@dataclass(frozen=True, slots=True)
class ChildConfig:
    """``command`` starts the service in child mode; ``port`` is the shop's own; if it is taken, any other will do.

    ``shop`` says what a new shop is called, or that it is a demo; ``environment`` is what the child finds beside ours.
    """

    command: Sequence[str]
    folder: Path
    port: int
    shop: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: SHARED_HEAPS)


@dataclass(frozen=True, slots=True)
class Plan:
    """How this desktop is to run.

    child      how to start our own service, or None to use the shop's at ``service_url``
    code       an enrolment code, needed once where the service is not our own
    route      where to go instead of an address: a tunnel, a proxy
    player     plays the sounds; None: this desktop is silent
    start_again_s  how long to wait before a service is started again that could not be
    has_buyers in a demo that runs here buyers come by themselves, and one when they are called
    has_own_shop  a shop of this computer's own stands here, though ``service_url`` may lead to another one
    """

    folder: Path
    device_name: str
    child: ChildConfig | None
    service_url: str = ""
    code: str = ""
    route: Callable[[str], str] = lambda url: url
    player: "Player | None" = None
    start_again_s: tuple[float, ...] = START_AGAIN_S
    has_buyers: bool = False
    has_own_shop: bool = False


def child_command(main: Path, folder: Path) -> list[str]:
    """How to start our own service with this very interpreter, or with the frozen program itself."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(main)]
    return [*program, "serve", "--child", "--data", str(folder)]
