"""The door answers before the routes are made: nobody is refused for having come early."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from services.http.front import Front
from tests.support.service import SECRET, Desktop, Server

PATIENCE_S = 30


@asynccontextmanager
async def lived(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the front while a server lives; the end of the block is the server's."""
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    heard: asyncio.Queue[Any] = asyncio.Queue()
    living = asyncio.create_task(front({"type": "lifespan"}, said.get, heard.put))
    await said.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    line = httpx.ASGITransport(front, client=("127.0.0.1", 4711))
    async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
        yield client
    await said.put({"type": "lifespan.shutdown"})
    assert (await heard.get())["type"] == "lifespan.shutdown.complete"
    await living


class Making:
    """The making of an application that lasts until it is let go on."""

    def __init__(self, app: FastAPI | Exception) -> None:
        self._app = app
        self._gate = threading.Event()
        self.faults: list[BaseException] = []
        self.front = Front(self._make, self.faults.append)

    def _make(self) -> FastAPI:
        assert self._gate.wait(PATIENCE_S)
        if isinstance(self._app, Exception):
            raise self._app
        return self._app

    def go_on(self) -> None:
        self._gate.set()


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0)


def test_who_comes_while_the_routes_are_made_gets_the_whole_answer(server: Server, desktop: Desktop) -> None:
    making = Making(server.app)

    async def story() -> tuple[httpx.Response, httpx.Response, bool]:
        async with lived(making.front) as caller:
            bearer = {"Authorization": f"Bearer {SECRET}"}
            code = asyncio.create_task(caller.post("/supervisor/enrol", headers=bearer, json={"is_manager": True}))
            pulled: dict[str, str | int] = {"epoch": desktop.epoch, "after": 0}
            bearer = {"Authorization": f"Bearer {desktop.token}"}
            page = asyncio.create_task(caller.get("/sync/v1/pull", headers=bearer, params=pulled))
            assert (await caller.get("/healthz")).status_code == 200
            waited = not code.done() and not page.done()
            making.go_on()
            return await code, await page, waited

    code, page, waited = asyncio.run(story())
    assert waited
    assert code.status_code == 200 and code.json()["code"]
    assert page.json() == desktop.ask("GET", "/pull", params={"epoch": desktop.epoch, "after": 0}).json()


def test_the_door_says_of_itself_what_the_routes_say_later(server: Server) -> None:
    making = Making(server.app)

    async def story() -> list[httpx.Response]:
        async with lived(making.front) as caller:
            early = await caller.get("/healthz")
            assert not making.front.is_whole
            making.go_on()
            await until(lambda: making.front.is_whole)
            return [early, await caller.get("/healthz")]

    early, late = asyncio.run(story())
    assert early.content == late.content and json.loads(early.content)["app"] == "zhanggui"
    assert dict(early.headers) == dict(late.headers)


def test_what_only_the_routes_can_judge_waits_for_them(server: Server) -> None:
    """Asked with a token the answer is private; asked with another method it is refused."""
    making = Making(server.app)

    async def story() -> list[httpx.Response]:
        async with lived(making.front) as caller:
            asked = [("GET", {"Authorization": "Bearer x"}), ("DELETE", {})]
            early = [asyncio.create_task(caller.request(how, "/healthz", headers=named)) for how, named in asked]
            await caller.get("/healthz")
            making.go_on()
            return [await answer for answer in early]

    private, refused = asyncio.run(story())
    assert private.headers["cache-control"] == "no-store"
    assert refused.status_code == 405


def test_routes_that_cannot_be_made_are_told_and_nobody_waits_for_them_any_more() -> None:
    making = Making(RuntimeError("a library is broken"))

    async def story() -> tuple[httpx.Response, httpx.Response]:
        async with lived(making.front) as caller:
            early = asyncio.create_task(caller.get("/shop/v1/products"))
            await caller.get("/healthz")
            making.go_on()
            return await early, await caller.get("/shop/v1/products")

    for answer in asyncio.run(story()):
        assert answer.status_code == 503 and answer.headers["retry-after"] == "1"
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["code"], answer.json()["params"]) == ("service.stopping", {"seconds": 1})
    assert [str(fault) for fault in making.faults] == ["a library is broken"]


def test_a_server_that_ends_early_waits_for_what_is_being_made_and_ends_it_too() -> None:
    lives: list[str] = []

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        lives.append("begun")
        yield
        lives.append("ended")

    making = Making(FastAPI(lifespan=life))

    async def story() -> None:
        async with lived(making.front) as caller:
            await caller.get("/healthz")
            asyncio.get_running_loop().call_soon(making.go_on)

    asyncio.run(story())
    assert lives == ["begun", "ended"]
