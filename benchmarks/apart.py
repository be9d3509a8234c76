"""The demo's service as ``main.py serve`` runs it, but with WeChat's stand-in in a process of its own.

In a real shop WeChat's work is done elsewhere: in one process with it, neither's share of the time could be told. The
door's file names the stand-in's process beside its address, so that its work can be counted too.
"""

import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.kernel.files import replace_file
from services.light import load_httpx, load_uvicorn

if TYPE_CHECKING:
    from services.adapters.wechat_mini import WechatMiniClient
    from services.adapters.wechat_pay.client import WechatPayClient
    from services.db.engine import Store

LOOPBACK = "127.0.0.1"


@contextmanager
def wechat_apart(folder: Path, port: int, _: "Store") -> "Iterator[tuple[WechatPayClient, WechatMiniClient]]":
    """The same doors as ``pretended_wechat`` opens; what was paid before this start is unknown behind them."""
    from services.adapters.wechat_mini import WechatMiniClient
    from services.adapters.wechat_pay.client import WechatPayClient
    from services.demo.outside import DOOR_FILE, IDENTITY_FILE
    from services.standins.wechat.identity import Identity

    identity, token, place = Identity.load_or_create(folder / IDENTITY_FILE), secrets.token_urlsafe(24), _free_port()
    command = [sys.executable, "-m", "services.standins.wechat.server", "--port", str(place)]
    command += ["--identity", str(folder / IDENTITY_FILE), f"--token={token}"]  # it may begin with a dash
    standin = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    host = f"http://{LOOPBACK}:{place}"
    _wait_for(place)
    pay = WechatPayClient(identity.pay_config(host, f"http://127.0.0.1:{port}/wechat/pay/notify"))
    mini = WechatMiniClient(identity.mini_config(host))
    replace_file(folder / DOOR_FILE, json.dumps({"host": host, "token": token, "pid": standin.pid}).encode())
    try:
        yield pay, mini
    finally:
        pay.dispose()
        mini.dispose()
        standin.terminate()
        standin.wait()


def _free_port() -> int:
    with closing(socket.create_server((LOOPBACK, 0))) as taken:
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(ConnectionRefusedError), socket.create_connection((LOOPBACK, port)):
            return
        time.sleep(0.02)
    raise TimeoutError("the stand-in does not listen")


def main() -> int:
    """``python -m benchmarks.apart serve --child --data DIR [--database URL]``"""
    load_uvicorn()
    load_httpx()  # as the service does, or its memory would be told with what only a terminal needs
    from services.demo import outside

    outside.pretended_wechat = wechat_apart  # type: ignore[assignment]
    import main as program

    return program.main()


if __name__ == "__main__":
    sys.exit(main())
