"""How routes ask the rest of the service without holding up the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from anyio import to_thread
from fastapi import Request

from app.kernel import codec, typed
from app.tables.statements import Database
from services.db.engine import Store
from services.http.problem import MALFORMED, MALFORMED_JSON, Problem

T = TypeVar("T")


async def settled(future: "Future[T]") -> T:
    """The writer's answer. Shielded: a caller who goes away must not cancel what others are decided with."""
    return await asyncio.shield(asyncio.wrap_future(future))


async def read(store: Store, work: Callable[[Database], T]) -> T:
    """What ``work`` makes of one consistent snapshot, in a thread of its own."""

    def run() -> T:
        with store.reading() as database:
            return work(database)

    return await to_thread.run_sync(run)


async def message(request: Request, kind: type[T]) -> T:
    """The request's body as ``kind``; raises Problem for anything else."""
    try:
        return typed.build(kind, await json_body(request))
    except typed.Malformed as error:
        raise Problem(MALFORMED, {"where": error.where or "body", "why": error.why}) from error


async def json_body(request: Request) -> Any:
    """The request's body as JSON; raises Problem otherwise."""
    body = await request.body()
    try:
        return codec.parse(body.decode())
    except (ValueError, RecursionError) as error:
        raise Problem(MALFORMED_JSON) from error
