"""From a request to a decided command, and from a refusal to a problem document."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.domain.command import Actor, Command
from app.domain.outcome import Rejected
from app.domain.permission import Role
from app.kernel import codec
from app.tables.statements import Database
from services.authority.submission import Answer, Busy, Intent
from services.http.asking import settled
from services.http.problem import Problem
from services.http.service import Service
from services.http.shop import codes

T = TypeVar("T")
PATIENCE_S = 20
SHOP = Actor("service", Role.SERVICE)
"""Who acts when WeChat or the clock says something: the shop's own service."""


def decide(
    service: Service,
    command: Command,
    actor: Actor,
    command_id: str,
    after_applied: Callable[[Database], None] | None = None,
) -> Answer:
    """Hand the command to the writer and wait for its commit; raises Busy when the outcome is not known."""
    intent = Intent(command_id, command.NAME, command.VERSION, codec.plain(command), actor, service.clock.now())
    return waited(service.executor.submit(intent, after_applied=after_applied))


def waited(future: "Future[T]") -> T:
    """The future's result; a writer that takes too long is a busy one."""
    try:
        return future.result(PATIENCE_S)
    except TimeoutError:
        raise Busy("service.busy", 2) from None


async def awaited(future: "Future[T]") -> T:
    """The same for whoever holds no thread meanwhile; a caller who goes away cancels nothing."""
    try:
        return await asyncio.wait_for(settled(future), PATIENCE_S)
    except TimeoutError:
        raise Busy("service.busy", 2) from None


def require_applied(answer: Answer) -> None:
    """Raises the refusal as a problem; a key that was used for something else is one too."""
    if answer.mismatch:
        raise Problem(codes.KEY_USED)
    if not answer.is_applied:
        raise Problem(codes.of_domain(answer.code), answer.params)


def problem_of(rejected: Rejected) -> Problem:
    return Problem(codes.of_domain(rejected.code), codec.plain(rejected.params))
