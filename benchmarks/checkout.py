"""Complete checkouts a second: quote, order, prepay and paid, by WeChat Pay's own protocol against the stand-in."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from benchmarks.bare import BUYERS, checkout_limit, group_commit_limit, signing_limit, web_limit
from benchmarks.crowd import Line, crowd
from benchmarks.measure import Figure, figure, quantile
from benchmarks.shops import APART, Served, cpu_s, founded, postgres_url, serving

ORDERS_EACH = 10
REQUESTS = 4
"""Of a checkout, as the shop's web server sees it: quote, order, pay, and WeChat's notice."""
LOOK_S = 0.02
DOOR = "pretended-wechat-door.json"
CONTACT = {"name": "林晓雨", "phone": "13800138000", "region_code": "330106", "address": "浙江省杭州市文三路 90 号"}
VENDURE_ORDERS = 6.0
"""Orders a second on this kind of machine, PostgreSQL, eight at once, payment pretended; see `peers`."""


@dataclass(slots=True)
class Buyer:
    """``newest`` is the order that was placed last."""

    shop: Line
    phone: Line
    newest: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """``cpu_ms`` for each: of the shop's service, of the stand-in, of the buyers themselves."""

    rate: float
    waits_ms: list[float]
    cpu_ms: tuple[float, float, float]


def checkouts(is_quick: bool) -> Iterator[Figure]:
    count, seconds = (64, 1.0) if is_quick else (640, 3.0)
    yield figure("signatures of a checkout, one core and nothing else", signing_limit(seconds), "checkouts/s")
    machine = checkout_limit(seconds)
    note = f"four bare requests and four signatures on all cores; 100 × Vendure would be {100 * VENDURE_ORDERS:.0f}"
    yield figure(
        "complete checkouts that this machine could make if there were nothing else in one", machine, "1/s", note=note
    )
    web = web_limit(seconds)
    yield figure("bare web server, 32 at once", web, "requests/s")
    for database in ("sqlite", "postgresql"):
        with postgres_url() if database == "postgresql" else nullcontext("") as url:
            limit = group_commit_limit(url, seconds)
            yield figure(f"bare transaction in groups of 32 waiting threads, {database}, flushed", limit, "1/s")
            yield from _measured(database, url, count, (limit, web, machine))


def _measured(database: str, url: str, count: int, limits: tuple[float, float, float]) -> Iterator[Figure]:
    limit, web, machine = limits
    with founded(url) as folder:
        with serving(folder, url, APART) as shop:
            whole = asyncio.run(play(shop, count, check_out, is_paid=True))
            name = f"complete checkouts a second, 32 buyers, {database}"
            yield figure(name, whole.rate, "1/s", VENDURE_ORDERS, ">= 100", "against Vendure's 5–7 orders/s")
            yield figure(f"{name}, as a share of group commit", whole.rate, "1/s", limit, ">= 0.25")
            yield figure(f"{name}, as a share of what this machine could", whole.rate, "1/s", machine)
            share = "as a share of the bare web server's requests"
            yield figure(f"{name}, {share}", whole.rate * REQUESTS, "requests/s", web)
            yield figure(f"p99 of a checkout, {database}", quantile(whole.waits_ms, 0.99), "ms")
            for who, cost in zip(("the service", "the stand-in", "the buyers"), whole.cpu_ms, strict=True):
                yield figure(f"processor time of a checkout, {who}, {database}", cost, "ms")
            per_core = f"checkouts in a second of one core, the service alone, {database}"
            yield figure(per_core, 1000 / whole.cpu_ms[0] if whole.cpu_ms[0] else 0.0, "1/s", VENDURE_ORDERS)
            orders = asyncio.run(play(shop, count, order_only, is_paid=False))
            name = f"orders a second over HTTP, nothing but the order, 32 buyers, {database}"
            yield figure(name, orders.rate, "1/s", limit, ">= 0.25", "against group commit")
            yield figure(f"memory after load, {database}", shop.memory_mb(), "MB", goal="<= 100")
        with serving(folder, url) as shop:
            shown_s = shop.shown_s()
            yield figure(f"start to first answer, {database}", shop.start_s, "s", goal="<= 1")
            yield figure(f"start until goods are shown, {database}", shown_s, "s")


Errand = Callable[[Buyer, str, str], Awaitable[None]]


async def play(shop: Served, count: int, errand: Errand, *, is_paid: bool, crowd_name: str = "") -> Played:
    """So many errands, 32 at a time; the clock stops when the last one is done, or paid.

    A crowd that has played before would send its orders once more and get the same ones, so a second one needs a name.
    """
    buyers = await log_in(shop, max(BUYERS, count // ORDERS_EACH), errand.__name__ + crowd_name)
    sku = await article(buyers[0])
    standin = int(json.loads((shop.folder / DOOR).read_text()).get("pid", 0))
    each = count // len(buyers)
    before = _used(shop.pid, standin)
    started = time.perf_counter()
    waits = await crowd([partial(_shop_on, buyer, (errand, sku), each) for buyer in buyers], BUYERS)
    if is_paid:
        await _until_paid(buyers, _is_newest_paid)
    seconds = time.perf_counter() - started
    done = each * len(buyers)
    spent = [(now - then) * 1000 / done for now, then in zip(_used(shop.pid, standin), before, strict=True)]
    if is_paid:  # the last of each buyer were, and now all have to be: asked behind the clock, as no phone asks for it
        await _until_paid(buyers, _are_all_paid)
    for buyer in buyers:
        buyer.shop.close()
        buyer.phone.close()
    return Played(done / seconds, waits, (spent[0], spent[1], spent[2]))


def _used(service: int, standin: int) -> tuple[float, float, float]:
    return cpu_s(service), cpu_s(standin), time.process_time()


async def log_in(shop: Served, count: int, crowd_name: str) -> list[Buyer]:
    guest = Line("127.0.0.1", shop.port, {})
    await guest.ask("GET", "/shop/v1/shop")  # the doors to the outside are there once the routes answer
    guest.close()
    door = json.loads((shop.folder / DOOR).read_text())
    place = urlsplit(door["host"])
    buyers = []
    for number in range(count):
        phone = Line(str(place.hostname), int(place.port or 0), {"X-Standin-Token": door["token"]})
        code = (await phone.ask("POST", "/_control/login-codes", {"user": f"{crowd_name}-{number}"}))["code"]
        stranger = Line("127.0.0.1", shop.port, {})
        token = (await stranger.ask("POST", "/shop/v1/login", {"code": code}))["token"]
        stranger.close()
        buyers.append(Buyer(Line("127.0.0.1", shop.port, {"Authorization": f"Bearer {token}"}), phone))
    return buyers


async def article(buyer: Buyer) -> str:
    """The article with the most pieces: the bench must not sell it out."""
    page = await buyer.shop.ask("GET", "/shop/v1/products?limit=20")
    details = [await buyer.shop.ask("GET", f"/shop/v1/products/{item['id']}") for item in page["items"]]
    stock = [entry for detail in details for entry in detail["stock"]]
    return str(max(stock, key=lambda entry: int(entry["available_qty"]))["sku_id"])


async def _shop_on(buyer: Buyer, errand: tuple[Errand, str], count: int, waits: list[float]) -> None:
    act, sku = errand
    for number in range(count):
        started = time.perf_counter()
        await act(buyer, sku, f"{act.__name__}-of-the-bench-{number:06}")
        waits.append((time.perf_counter() - started) * 1000)


async def check_out(buyer: Buyer, sku: str, key: str) -> None:
    lines = [{"sku_id": sku, "qty": 1}]
    quote = await buyer.shop.ask("POST", "/shop/v1/quotes", {"lines": lines, "region_code": "330106"})
    order = await _place(buyer, lines, int(quote["total_fen"]), key)
    buyer.newest = order["id"]
    payment = await buyer.shop.ask("POST", f"/shop/v1/orders/{order['id']}/pay")
    await buyer.phone.ask("POST", "/_control/payments", {"payment": payment["wx_payment"]})


async def order_only(buyer: Buyer, sku: str, key: str) -> None:
    """The price is asked for once: what is measured is the order."""
    lines = [{"sku_id": sku, "qty": 1}]
    if sku not in _PRICES:
        quote = await buyer.shop.ask("POST", "/shop/v1/quotes", {"lines": lines, "region_code": "330106"})
        _PRICES[sku] = int(quote["total_fen"])
    await _place(buyer, lines, _PRICES[sku], key)


_PRICES: dict[str, int] = {}


async def _place(buyer: Buyer, lines: list[dict[str, Any]], total_fen: int, key: str) -> Any:
    wanted = {"lines": lines, "contact": CONTACT, "expected_total_fen": total_fen, "delivery_kind": "express"}
    return await buyer.shop.ask("POST", "/shop/v1/orders", wanted, f"Idempotency-Key: {key}\r\n")


async def _until_paid(buyers: list[Buyer], is_paid: Callable[[Buyer], Awaitable[bool]]) -> None:
    """The last notices are still on their way when the last phone has confirmed."""
    waiting, until = list(buyers), time.monotonic() + 60
    while time.monotonic() < until:
        waiting = [buyer for buyer in waiting if not await is_paid(buyer)]
        if not waiting:
            return
        await asyncio.sleep(LOOK_S)
    raise TimeoutError("orders stay unpaid")


async def _is_newest_paid(buyer: Buyer) -> bool:
    """As a phone looks at the order that it has just paid."""
    return bool((await buyer.shop.ask("GET", f"/shop/v1/orders/{buyer.newest}"))["state"] != "unpaid")


async def _are_all_paid(buyer: Buyer) -> bool:
    page = await buyer.shop.ask("GET", "/shop/v1/orders?limit=50")
    return all(order["state"] != "unpaid" for order in page["items"])
