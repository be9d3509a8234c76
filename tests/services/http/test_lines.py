"""How many lines an address may have open: a proxy's callers are not one address, wherever the proxy is."""

import asyncio
from collections import Counter
from typing import ClassVar

import pytest
import uvicorn
from uvicorn.server import ServerState

from services.http.connection import PatientProtocol


class Few(PatientProtocol):
    MOST_OPEN: ClassVar[int] = 2
    opened: ClassVar[Counter[str]] = Counter()


class Line(asyncio.Transport):
    """A line from an address that is not this computer's."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 4711) if address else None})
        self.is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True

    def close(self) -> None:
        """It has ended."""


async def nothing(_scope: object, _receive: object, _send: object) -> None:
    """Nobody asks anything."""


async def let_in(address: str, proxies: str) -> int:
    """How many of five lines stay open; all end at last."""
    config = uvicorn.Config(nothing, log_config=None, lifespan="off", forwarded_allow_ips=proxies)
    lines = [Line(address) for _ in range(5)]
    protocols = [Few(config, ServerState(), {}) for _ in lines]
    for protocol, line in zip(protocols, lines, strict=True):
        protocol.connection_made(line)
    for protocol in protocols:
        protocol.connection_lost(None)
    return sum(not line.is_aborted for line in lines)


@pytest.mark.warns_in_log("too many lines are told there")
@pytest.mark.parametrize(
    ("address", "proxies", "count"),
    [
        ("203.0.113.7", "127.0.0.1", 2),
        ("127.0.0.1", "127.0.0.1", 5),
        ("::ffff:127.0.0.1", "127.0.0.1", 5),
        ("10.8.0.1", "127.0.0.1, 10.8.0.1", 5),
        ("10.8.0.1", "10.8.0.0/24", 5),
        ("10.8.1.1", "10.8.0.0/24, no address", 2),
        ("203.0.113.7", "*", 5),
        ("", "127.0.0.1", 5),
    ],
)
def test_a_proxy_has_as_many_lines_as_its_callers_need(address: str, proxies: str, count: int) -> None:
    """Its callers are counted by what it says of them. Who has hung up already has no address, and is no stranger."""
    assert asyncio.run(let_in(address, proxies)) == count
    assert not Few.opened
