"""From an order's answer to a real desktop's news of it: service, poke, pull, replica and hub, without the windows.

The windows learn of a change from the same hub; what they paint then is measured by itself.
"""

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx

from app.desk.assembly import Desktop
from app.desk.plan import Plan
from app.desk.secrets import FileSecrets
from app.desk.status import Link
from app.kernel.clock import SystemClock
from app.kernel.ids import IdSource
from app.replica.changes import ChangeSet
from benchmarks.checkout import CONTACT, ORDERS_EACH, article, log_in
from benchmarks.measure import Figure, figure, quantile
from benchmarks.shops import APART, TOKEN, Served, founded, serving

PAUSE_S = 0.05
PATIENCE_S = 60.0


class Watch:
    """When each order came to the desktop."""

    def __init__(self) -> None:
        self.seen: dict[str, float] = {}
        self._news = threading.Condition()

    def on_change(self, changes: ChangeSet) -> None:
        now = time.perf_counter()
        with self._news:
            for order_id in changes.new_rows.get("orders", ()):
                self.seen.setdefault(order_id, now)
            self._news.notify_all()

    def has(self, order_ids: set[str]) -> bool:
        with self._news:
            return self._news.wait_for(lambda: order_ids <= self.seen.keys(), PATIENCE_S)


def screen(is_quick: bool) -> Iterator[Figure]:
    with founded() as folder, serving(folder, "", APART) as shop:
        waits = until_on_screen(shop, 40 if is_quick else 300)
    yield figure("order to desktop screen, p99", quantile(waits, 0.99), "ms", goal="<= 300")
    yield figure("order to desktop screen, median", quantile(waits, 0.5), "ms")


def until_on_screen(shop: Served, count: int) -> list[float]:
    """Milliseconds from the buyer's answer to the desktop's news, order after order."""
    url = f"http://127.0.0.1:{shop.port}"
    code = httpx.post(f"{url}/supervisor/enrol", json={}, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)
    with tempfile.TemporaryDirectory(prefix="zhanggui-bench-desk-") as folder:
        plan = Plan(Path(folder), "柜台一", None, url, code.raise_for_status().json()["code"])
        secrets = FileSecrets(Path(folder) / "secrets.json")
        with closing(Desktop(plan, secrets, SystemClock(), IdSource())) as desktop:
            watch = Watch()
            desktop.desk.hub.listen(watch.on_change)
            desktop.start()
            _until_online(desktop)
            answered = asyncio.run(_order(shop, count))
            if not watch.has(set(answered)):
                raise TimeoutError("orders have not come to the desktop")
            return [max(0.0, watch.seen[order_id] - at) * 1000 for order_id, at in answered.items()]


def _until_online(desktop: Desktop) -> None:
    until = time.monotonic() + PATIENCE_S
    while desktop.status.link is not Link.ONLINE:
        if time.monotonic() > until:
            raise TimeoutError("the desktop does not come online")
        time.sleep(0.05)


async def _order(shop: Served, count: int) -> dict[str, float]:
    """One order after the other, a breath between; when each was answered."""
    buyers = await log_in(shop, count // ORDERS_EACH, "screen")
    lines = [{"sku_id": await article(buyers[0]), "qty": 1}]
    quote = await buyers[0].shop.ask("POST", "/shop/v1/quotes", {"lines": lines, "region_code": "330106"})
    wanted = {"lines": lines, "contact": CONTACT, "expected_total_fen": quote["total_fen"], "delivery_kind": "express"}
    answered: dict[str, float] = {}
    for number in range(count):
        key = f"Idempotency-Key: seen-on-the-screen-{number:06}\r\n"
        order = await buyers[number % len(buyers)].shop.ask("POST", "/shop/v1/orders", wanted, key)
        answered[order["id"]] = time.perf_counter()
        await asyncio.sleep(PAUSE_S)
    for buyer in buyers:
        buyer.shop.close()
        buyer.phone.close()
    return answered
