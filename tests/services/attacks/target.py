"""A shop with something to take, whole as it is served, and the hands that reach for it."""

import asyncio
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from app.buyer.answers import Order
from app.domain.command import Command
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.promotions.commands import GiveCoupon, PublishPromotion
from app.kernel import codec
from app.kernel.ids import uuid7
from services.http.app import create_app
from services.http.poke import PokeHub
from services.http.problem import MEDIA_TYPE
from tests.support.shop import CLERK
from tests.support.street import Street
from tests.support.untouched import untouched

SECRET = "the-supervisors-secret"
HOME = {"name": "林晓雨", "phone": "13800138000", "address": "浙江省杭州市西湖区文三路 90 号"}


def order_body(**changes: Any) -> dict[str, Any]:
    lines = [{"sku_id": "p1-s", "qty": 1}]
    body = {"lines": lines, "delivery_kind": "express", "contact": HOME, "expected_total_fen": 6800}
    return {**body, **changes}


@dataclass
class Target:
    """``alice`` has orders in every state and a coupon; ``mallory`` is a buyer with nothing, and wants it all.

    ``trudy`` buys what she may, and writes what she likes on it.
    """

    street: Street
    tokens: dict[str, str] = field(default_factory=lambda: {"nobody": "", "supervisor": SECRET})
    orders: dict[str, Order] = field(default_factory=dict)
    _keys: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _desktops: dict[str, str] = field(default_factory=dict)
    _seqs: dict[str, int] = field(default_factory=dict)
    _is_watched: bool = False

    def __post_init__(self) -> None:
        self.hub = PokeHub()
        self.app: FastAPI = create_app(self.street.service, (SECRET,), self.hub)

    def settle_in(self) -> "Target":
        for who in ("alice", "mallory", "trudy"):
            with self.street.buyer(who) as buyer:
                self.tokens[who] = buyer.token
        for who, is_manager in (("clerks_desktop", False), ("managers_desktop", True)):
            self._enrol(who, is_manager)
        self._give_alice_what_she_has()
        return self

    def ask(self, method: str, path: str, who: str = "mallory", **how: Any) -> httpx.Response:
        """One request through the whole application; time goes on a little, so that no limit is in the way."""
        self.street.clock.advance(seconds=3)
        return asyncio.run(self._ask(method, path, who, how))

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """Nothing at all changes in the block, however many requests it sends."""
        with untouched(self.street.shop.store) if not self._is_watched else nullcontext():
            self._is_watched, before = True, self._is_watched
            try:
                yield
            finally:
                self._is_watched = before

    def refused(self, expected: tuple[int, str], method: str, path: str, who: str = "mallory", **how: Any) -> None:
        """The request is answered with this status and problem code, and nothing at all has changed."""
        with self.untouched():
            answer = self.ask(method, path, who, **how)
        assert answer.headers["content-type"] == MEDIA_TYPE, (path, answer.text)
        assert (answer.status_code, answer.json()["code"]) == expected, (path, answer.text)

    def push(self, command: Command, person: str, desktop: str = "clerks_desktop", **args: Any) -> tuple[str, str]:
        """Verdict and code of a command that a desktop hands in; ``args`` overwrite what it says."""
        seq = self._seqs.get(desktop, 0) + 1
        message = {
            "device_seq": seq,
            "command_id": uuid7(),
            "name": command.NAME,
            "version": command.VERSION,
            "kind": command.KIND.value,
            "actor": person,
            "issued_at": codec.time_text(self.street.clock.now()),
            "args": {**codec.plain(command), **args},
        }
        epoch = self.street.shop.rows("feed_head", "epoch")[0][0]
        body = {"device_id": self._desktops[desktop], "feed_epoch": epoch, "commands": [message]}
        answer = self.ask("POST", "/sync/v1/push", desktop, json=body)
        assert answer.status_code == 200, answer.text
        self._seqs[desktop] = seq
        result = answer.json()["results"][0]
        return result["verdict"], result["code"]

    def push_refused(self, code: str, command: Command, person: str, **how: Any) -> None:
        with self.untouched():
            verdict = self.push(command, person, **how)
        assert verdict == ("rejected", code), (command, verdict)

    async def _ask(self, method: str, path: str, who: str, how: dict[str, Any]) -> httpx.Response:
        token = self.tokens[who]
        headers = {"Idempotency-Key": f"key-{next(self._keys):08d}"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= how.pop("headers", {})
        if "text" in how:  # a body that no library would make
            how["content"] = how.pop("text")
            headers.setdefault("Content-Type", "application/json")
        line = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(how.pop("address", "127.0.0.1"), 4711))
        async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
            return await client.request(method, path, headers=headers, **how)

    def _enrol(self, who: str, is_manager: bool) -> None:
        made = self.ask("POST", "/supervisor/enrol", "supervisor", json={"is_manager": is_manager}).json()
        message = {"code": made["code"], "device_name": who, "install_key": who}
        enrolled = self.ask("POST", "/sync/v1/enrol", "nobody", json=message).json()
        self.tokens[who], self._desktops[who] = enrolled["token"], enrolled["device_id"]

    def _give_alice_what_she_has(self) -> None:
        shop = self.street.shop
        with self.street.buyer("alice") as alice:
            for number, state in enumerate(("unpaid", "paid", "shipped")):
                order = self.street.ordered(alice, "p1-s", key=f"key-of-alice-{number}")
                if state != "unpaid":
                    self.street.wechat.pay_sheet(alice.pay(order.id).wx_payment)
                    self.street.tell()
                if state == "shipped":
                    line = ShippedLine(order.lines[0].id, 1)
                    shop.must(ShipOrder(order.id, "parcel", (line,), "sf", "SF1234567890123"), CLERK)
                self.orders[state] = alice.order(order.id)
                self.street.clock.advance(seconds=10)
            alice.put_cart([("p1-s", 2)])
        (buyer_id,) = next(iter(shop.rows("orders", "buyer_id")))
        shop.must(PublishPromotion("five", 0, "五元券", "coupon", {"off_fen": 500}))
        shop.must(GiveCoupon("alices", "five", buyer_id, ("FIVE-0001",)))


def text_of(body: Any) -> str:
    """JSON as a stranger may write it: signs that cannot be stored are kept, numbers have any size."""
    return json.dumps(body)
