"""From a request to a decided command, and from a refusal to a problem document."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from app.domain.command import Actor, Command
from app.domain.outcome import Rejected
from app.domain.permission import Role
from app.kernel import codec
from app.tables.statements import Database
from services.authority.submission import Answer, Busy, Intent
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
    return waited(service.executor.submit(_intent(service, command, actor, command_id), after_applied=after_applied))


async def decided(service: Service, command: Command, actor: Actor, command_id: str) -> Answer:
    """The same for whoever holds no thread meanwhile."""
    return await awaited(service.executor.submit(_intent(service, command, actor, command_id)))


def _intent(service: Service, command: Command, actor: Actor, command_id: str) -> Intent:
    return Intent(command_id, command.NAME, command.VERSION, codec.plain(command), actor, service.clock.now())


def waited(future: "Future[T]") -> T:
    """The future's result; a writer that takes too long is a busy one."""
    try:
        return future.result(PATIENCE_S)
    except TimeoutError:
        raise Busy("service.busy", 2) from None


async def awaited(future: "Future[T]") -> T:
    """The same for whoever holds no thread meanwhile; a caller who goes away cancels nothing."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[T] = loop.create_future()

    def tell(_: "Future[T]") -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it whoever asked
            loop.call_soon_threadsafe(_pass_on, future, told)

    future.add_done_callback(tell)
    patience = loop.call_later(PATIENCE_S, _lose_patience, told)
    try:
        return await told
    finally:
        patience.cancel()


def _pass_on(future: "Future[T]", told: "asyncio.Future[T]") -> None:
    if told.done():  # whoever asked has gone away, or waits no longer
        return
    error = future.exception()
    if error is not None:
        told.set_exception(error)
    else:
        told.set_result(future.result())


def _lose_patience(told: "asyncio.Future[T]") -> None:
    if not told.done():
        told.set_exception(Busy("service.busy", 2))


def require_applied(answer: Answer) -> None:
    """Raises the refusal as a problem; a key that was used for something else is one too."""
    if answer.mismatch:
        raise Problem(codes.KEY_USED)
    if not answer.is_applied:
        raise Problem(codes.of_domain(answer.code), answer.params)


def problem_of(rejected: Rejected) -> Problem:
    return Problem(codes.of_domain(rejected.code), codec.plain(rejected.params))
