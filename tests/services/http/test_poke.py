"""Desktops hear of a commit within moments, from this process and from others."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from app.domain.registry import shop_registry
from services.authority.batch import Committed
from services.authority.executor import Executor
from services.authority.head import read_head
from services.db.engine import Store
from services.http import poke
from services.http.poke import EVENT, FeedWatch, PokeHub
from tests.support.clocks import FixedClock
from tests.support.service import Server
from tests.support.shop import Shop
from tests.support.waiting import until

PATIENCE_S = 10


async def next_of(events: AsyncIterator[bytes]) -> bytes:
    async with asyncio.timeout(PATIENCE_S):
        return await anext(events)


def test_a_commit_wakes_who_listens_once_for_many(server: Server) -> None:
    async def listen() -> None:
        events = server.hub.events()
        assert await next_of(events) == EVENT  # something may have been missed before
        await asyncio.to_thread(server.shop.product)
        assert await next_of(events) == EVENT
        await asyncio.to_thread(server.shop.product, "p2")
        assert await next_of(events) == EVENT
        server.hub.close()
        with pytest.raises(StopAsyncIteration):
            while True:
                await next_of(events)

    asyncio.run(listen())


def test_who_has_gone_is_forgotten(server: Server) -> None:
    async def listen() -> None:
        events = server.hub.events()
        async with contextlib.aclosing(events):
            await next_of(events)
            assert len(server.hub._subscribers) == 1
        assert not server.hub._subscribers

    asyncio.run(listen())
    server.shop.product()


def test_the_stream_is_one_of_events_and_says_nothing_else(server: Server) -> None:
    desktop = server.enrol()
    server.hub.close()
    reply = desktop.ask("GET", "/poke")
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.content == EVENT


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_commits_of_another_process_are_heard(store: Store) -> None:
    hub = PokeHub()
    watch = FeedWatch(store, hub)
    shop = Shop(store, FixedClock())

    async def listen() -> None:
        events = hub.events()
        await next_of(events)
        watch.start()
        await next_of(events)  # the first look
        await asyncio.to_thread(shop.found)
        assert await next_of(events) == EVENT

    asyncio.run(listen())
    watch.close()
    shop.close()


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_process_does_not_look_for_its_own_commits_one_by_one(store: Store) -> None:
    """They have been told of already: what is left is the look once a second, for notices that were lost."""
    shop = Shop(store, FixedClock()).found()
    heard: list[Committed] = []
    watch = FeedWatch(store, PokeHub(), heard.append, lambda: store.writer_pid)
    watch.start()
    until(lambda: bool(heard), "the first look")
    for number in range(60):
        shop.product(f"p{number}")
    with store.reading() as database:
        last_seq = read_head(database).last_seq
    until(lambda: heard[-1].last_seq == last_seq, "all of it is known")
    watch.close()
    shop.close()
    assert len(heard) < 30


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_what_another_process_changes_is_not_shown_as_it_was(store: Store) -> None:
    """The catalogue's ready answers are thrown away by what the feed says has changed."""
    shop, here = Shop(store, FixedClock()).found(), Executor(store, shop_registry(), FixedClock())
    heard: list[Committed] = []
    here.on_commit(heard.append)
    watch = FeedWatch(store, PokeHub(), here.tell)
    watch.start()
    until(lambda: bool(heard), "the first look")
    heard.clear()
    shop.product()
    until(lambda: {"products", "skus"} <= {table for each in heard for table in each.tables}, "it is heard")
    assert all("payments" not in each.tables for each in heard)
    watch.close()
    shop.close()


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_notice_without_a_number_is_looked_after_like_any_other(store: Store) -> None:
    """Anybody who looks into the database by hand may send one; the thread that hears it must not end by it."""
    shop, heard = Shop(store, FixedClock()).found(), list[Committed]()
    watch = FeedWatch(store, PokeHub(), heard.append)
    watch.start()
    until(lambda: bool(heard), "the first look")
    with store.connect() as person:
        for text in ("", "hello", "²"):
            person.execute("SELECT pg_notify(%s, %s)", (poke.CHANNEL, text))
    heard.clear()
    shop.product()
    until(lambda: any("products" in each.tables for each in heard), "the next commit is heard all the same")
    watch.close()
    shop.close()


def test_a_quiet_stream_stays_alive() -> None:
    assert poke.HEARTBEAT_S < 30
    assert poke.COMMENT.startswith(b":")
