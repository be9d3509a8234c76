"""A service without its process: the real application over a store, asked through httpx."""

import asyncio
import secrets
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.domain.command import Command
from app.domain.registry import shop_registry
from app.kernel import codec
from app.kernel.clock import Clock
from app.kernel.ids import IdSource, uuid7
from services.db.engine import Store
from services.http.app import create_app
from services.http.poke import PokeHub
from services.http.service import Service
from tests.support.shop import PICKUP_KEYS, Shop

SECRET = "the-supervisors-secret"


class Server:
    """The application of a shop; every request runs through its whole stack."""

    def __init__(self, store: Store, clock: Clock, folder: Path) -> None:
        self.shop = Shop(store, clock)
        self.hub = PokeHub()
        self.service = Service(
            store, self.shop.executor, shop_registry(), clock, IdSource(), folder / "media", PICKUP_KEYS
        )
        self.app: FastAPI = create_app(self.service, (SECRET,), self.hub)

    def ask(self, method: str, path: str, token: str = "", **how: Any) -> httpx.Response:
        return asyncio.run(self.ask_async(method, path, token, **how))

    async def ask_async(self, method: str, path: str, token: str = "", **how: Any) -> httpx.Response:
        address = how.pop("address", "127.0.0.1")
        headers = how.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        line = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 4711))
        async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
            return await client.request(method, path, headers=headers, **how)

    def enrol(self, name: str = "收银台 1", is_manager: bool = False) -> "Desktop":
        made = self.ask("POST", "/supervisor/enrol", SECRET, json={"is_manager": is_manager}).json()
        install_key = secrets.token_hex(8)
        message = {"code": made["code"], "device_name": name, "install_key": install_key}
        reply = self.ask("POST", "/sync/v1/enrol", json=message)
        assert reply.status_code == 200, reply.text
        return Desktop(self, reply.json(), install_key)

    def close(self) -> None:
        self.hub.close()
        self.shop.close()


class Desktop:
    """An enrolled desktop as far as its messages go."""

    def __init__(self, server: Server, enrolled: dict[str, Any], install_key: str) -> None:
        self.server = server
        self.id: str = enrolled["device_id"]
        self.token: str = enrolled["token"]
        self.no: int = enrolled["no"]
        self.epoch: str = enrolled["feed_epoch"]
        self.install_key = install_key
        self.next_seq = 1

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        return self.server.ask(method, f"/sync/v1{path}", self.token, **how)

    def hello(self, **changes: Any) -> httpx.Response:
        message = {
            "device_id": self.id,
            "install_key": self.install_key,
            "next_key": "next",
            "app_version": "0.1.0",
            "protocols": [1],
            "replica_schema": 1,
            "feed_epoch": self.epoch,
            "cursor": 0,
            "last_device_seq": 0,
        }
        return self.ask("POST", "/hello", json=message | changes)

    def message(self, command: Command, actor: str = "clerk", **changes: Any) -> dict[str, Any]:
        """The next command of this desktop as it travels."""
        made = {
            "device_seq": self.next_seq,
            "command_id": uuid7(),
            "name": command.NAME,
            "version": command.VERSION,
            "kind": command.KIND.value,
            "actor": actor,
            "issued_at": codec.time_text(self.server.shop.clock.now()),
            "args": codec.plain(command),
        }
        self.next_seq += 1
        return made | changes

    def push(self, *messages: dict[str, Any], **changes: Any) -> httpx.Response:
        body = {"device_id": self.id, "feed_epoch": self.epoch, "commands": list(messages)}
        return self.ask("POST", "/push", json=body | changes)

    def pull(self, after: int = 0, limit: int = 2_000) -> dict[str, Any]:
        reply = self.ask("GET", "/pull", params={"epoch": self.epoch, "after": after, "limit": limit})
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def pull_all(self, limit: int = 2_000) -> list[dict[str, Any]]:
        """Every change this desktop may see, page after page."""
        changes: list[dict[str, Any]] = []
        after = 0
        while (page := self.pull(after, limit))["cursor"] > after:
            changes += page["changes"]
            after = page["cursor"]
        return changes
