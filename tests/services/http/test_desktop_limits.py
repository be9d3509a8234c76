"""A desktop that asks without end is slowed down, and codes are not guessed by asking many times at once."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from services.http.app import create_app
from services.http.buckets import Rate
from tests.support.clocks import FixedClock
from tests.support.service import Server


def test_a_desktop_that_asks_too_often_waits_and_others_do_not(server: Server, clock: FixedClock) -> None:
    first, second = server.enrol("1"), server.enrol("2")
    server.app = create_app(server.service, (), server.hub, Rate(6, 60))
    answers = [first.ask("GET", path) for path in ("/sums", "/verdicts", f"/media/{'0' * 64}", "/devices") * 2]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200, 200, 200, 429, 429]
    assert (answers[-1].json()["code"], answers[-1].headers["retry-after"]) == ("too_often", "1")
    assert second.ask("GET", "/sums").status_code == 200
    clock.advance(seconds=1)
    assert first.ask("GET", "/sums").status_code == 200


async def _guesses(server: Server, addresses: list[str]) -> list[httpx.Response]:
    def guess(n: int, address: str) -> Any:
        message = {"code": f"GUESS{n}", "device_name": "x", "install_key": "x"}
        return server.ask_async("POST", "/sync/v1/enrol", json=message, address=address)

    return await asyncio.gather(*(guess(n, address) for n, address in enumerate(addresses)))


def test_many_guesses_at_once_are_counted_like_one_after_the_other(server: Server) -> None:
    one_line = [f"2001:db8:1:2::{n:x}" for n in range(40)]
    answers = Counter(answer.status_code for answer in asyncio.run(_guesses(server, one_line)))
    assert answers == {403: 10, 429: 30}
    assert server.enrol().token  # another address has its own count
