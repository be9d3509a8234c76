"""One shop on PostgreSQL with several service processes, and the one pretended WeChat that all of them go to."""

import http.client
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.buyer.client import ShopClient
from app.buyer.phone import Phone
from app.desk.plan import child_command
from services.db.engine import Store
from services.demo.outside import DOOR_FILE, IDENTITY_FILE
from services.standins.wechat.fault import Rules
from services.standins.wechat.identity import Identity
from services.standins.wechat.server import running
from services.standins.wechat.standin import WechatStandIn
from tests.architecture.tree import ROOT

TOKEN = "the token of this journey's start"
PATIENCE_S = 60


class ServiceProcess:
    """``main.py serve`` as its own process, on a free port."""

    def __init__(self, folder: Path, database: str = "", **shop: Any) -> None:
        extra = {"ZHANGGUI_DATABASE": database} if database else {}
        self.process = subprocess.Popen(
            child_command(ROOT / "main.py", folder),
            cwd=ROOT,
            env=os.environ | {"PYTHONUTF8": "1"} | extra,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"token": TOKEN, "port": 0, "shop": shop}).encode() + b"\n")
        self.process.stdin.flush()
        self.said = self._greeting()

    def _greeting(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = {"progress": ""}
        while "progress" in said:
            line = self.process.stdout.readline()
            said = json.loads(line or b'{"error": "it ended without a word"}')
        if "error" in said:
            self.close()
            raise AssertionError(said)
        return said

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.said['port']}"

    def code(self) -> str:
        """With which a computer joins the shop."""
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        asked = f"{self.url}/supervisor/enrol"
        reply = httpx.post(asked, headers=bearer, json={"is_manager": True}, trust_env=False, timeout=PATIENCE_S)
        return str(reply.json()["code"])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def close(self) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        code = self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        return code


class Courier:
    """Carries each of WeChat's notices to every process at the same moment, whichever it was meant for."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.statuses: list[list[int | None]] = []

    def carry(self, url: str, headers: Mapping[str, str], body: bytes) -> int | None:
        path = urlsplit(url).path
        with ThreadPoolExecutor(max(1, len(self.addresses))) as at_once:
            told = list(at_once.map(lambda one: _post(one, path, headers, body), self.addresses))
        self.statuses.append(told)
        return next((status for status in told if status is not None and status < 300), None)


def _post(address: str, path: str, headers: Mapping[str, str], body: bytes) -> int | None:
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)) as line:
        try:
            line.request("POST", path, body, dict(headers))
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return None


@dataclass
class Chain:
    """``first`` and ``second`` are two processes of one shop; ``store`` looks into their database."""

    folder: Path
    database: str
    store: Store
    wechat: WechatStandIn
    courier: Courier
    first: ServiceProcess
    second: ServiceProcess

    def phone(self, user: str) -> Phone:
        return Phone(self.folder / DOOR_FILE, user)

    def buyer(self, user: str) -> ShopClient:
        """Logged in at the first process, and known at all; closed by the caller."""
        client = ShopClient(self.first.url)
        with closing(self.phone(user)) as phone:
            client.login(phone.login_code())
        return client

    def at(self, process: ServiceProcess, buyer: ShopClient) -> ShopClient:
        """The same buyer at another process; closed by the caller."""
        return ShopClient(process.url, buyer.token)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.store.reading() as database:
            return [tuple(row) for row in database.execute(sql).fetchall()]


@contextmanager
def chain(database: str, folder: Path) -> Iterator[Chain]:
    folder.mkdir(parents=True, exist_ok=True)
    courier = Courier()
    identity = Identity.load_or_create(folder / IDENTITY_FILE)
    wechat = WechatStandIn(identity, rules=Rules(refund_ends_after_seconds=0), send=courier.carry)
    with ExitStack() as ends:
        door = ends.enter_context(running(wechat))
        (folder / DOOR_FILE).write_text(json.dumps({"host": door.host, "token": door.token}), encoding="utf-8")
        store = ends.enter_context(closing(Store(database)))
        first = ends.enter_context(closing(ServiceProcess(folder, database, is_demo=True)))
        second = ends.enter_context(closing(ServiceProcess(folder, database)))
        courier.addresses = [first.url, second.url]
        yield Chain(folder, database, store, wechat, courier, first, second)
