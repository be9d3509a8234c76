"""Many buyers at once, with as little of their own cost as Python allows: plain sockets, one line a buyer."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any


class Unexpected(Exception):
    """An answer that the story has no place for."""


class Line:
    """One kept connection that asks one thing after the other."""

    def __init__(self, host: str, port: int, headers: Mapping[str, str]) -> None:
        self._place = (host, port)
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: Any = None, extra: str = "") -> Any:
        """The answer's JSON; raises Unexpected for anything that is no success."""
        try:
            return await self._ask(method, path, body, extra)
        except (ConnectionError, asyncio.IncompleteReadError):  # servers hang up on lines that were quiet for long
            self.close()
            return await self._ask(method, path, body, extra)

    async def _ask(self, method: str, path: str, body: Any, extra: str) -> Any:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(*self._place)
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._place[0]}\r\n{self._headers}{extra}"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        return await self._answer(f"{method} {path}")

    async def _answer(self, what: str) -> Any:
        assert self._reader is not None
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        content = await self._reader.readexactly(length)
        if not 200 <= status < 300:
            raise Unexpected(f"{what}: {status} {content[:200]!r}")
        return json.loads(content or b"null")

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def crowd(people: list[Callable[[list[float]], Awaitable[None]]], at_once: int) -> list[float]:
    """Let everybody do what they came for, so many at a time; they write down their own waits, in milliseconds."""
    waiting, waits = list(people), list[float]()

    async def walk() -> None:
        while waiting:
            await waiting.pop()(waits)

    await asyncio.gather(*(walk() for _ in range(at_once)))
    return waits
