"""Runs the pretended WeChat on the loopback interface, in this process or in its own."""

import argparse
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.applications import Starlette

from services.standins.loopback import LOOPBACK, Lines, configured, listen, serving
from services.standins.wechat.answering import Counter
from services.standins.wechat.control_routes import ControlApi
from services.standins.wechat.fault import Rules
from services.standins.wechat.identity import Identity, KeyMode
from services.standins.wechat.mail import SENDERS
from services.standins.wechat.mini_routes import MiniApi
from services.standins.wechat.pay_routes import PayApi
from services.standins.wechat.standin import WechatStandIn

_TICK_SECONDS = 0.2


def create_app(standin: WechatStandIn, token: str, lines: Lines) -> Starlette:
    """Payment API, mini-program API and control routes in one application."""
    counter = Counter(standin, lines.hang_up)
    routes = [
        *PayApi(standin).routes(counter),
        *MiniApi(standin).routes(),
        *ControlApi(standin, token).routes(),
    ]
    return Starlette(routes=routes)


class Clockwork:
    """The thread that lets time pass: sends due notices and ends due refunds."""

    def __init__(self, standin: WechatStandIn) -> None:
        self._standin = standin
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wechat-standin-mail", daemon=True)

    def __enter__(self) -> "Clockwork":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_stopping.set()
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(SENDERS, "wechat-standin-sender") as senders:
            while not self._is_stopping.is_set():
                self._standin.tick(senders)
                self._standin.mail.wait(_TICK_SECONDS)


@dataclass(frozen=True, slots=True)
class Running:
    """A stand-in that is listening; ``token`` opens the control routes."""

    standin: WechatStandIn
    port: int
    token: str = field(repr=False)

    @property
    def host(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


@contextmanager
def running(standin: WechatStandIn, port: int = 0) -> Iterator[Running]:
    """Serve a stand-in whose notices leave by themselves."""
    token, lines = secrets.token_urlsafe(24), Lines()
    with serving(create_app(standin, token, lines), lines, port) as taken, Clockwork(standin):
        yield Running(standin, taken, token)


def run(
    port: int, identity_path: Path, token: str, mode: KeyMode = KeyMode.PUBLIC_KEY, rules: Rules | None = None
) -> None:
    """Serve in the foreground until interrupted; the shop reads its keys from the same identity file."""
    standin = WechatStandIn(Identity.load_or_create(identity_path), mode, rules)
    lines = Lines()
    server = uvicorn.Server(configured(create_app(standin, token, lines), lines))
    with listen(port) as listener, Clockwork(standin), suppress(KeyboardInterrupt):
        server.run([listener])


def main() -> None:
    """``python -m services.standins.wechat.server --port 7480 --identity FILE --token TEXT``"""
    parser = argparse.ArgumentParser(description="WeChat Pay and mini-program login, pretended on this machine")
    parser.add_argument("--port", type=int, default=7480)
    parser.add_argument("--identity", type=Path, required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--mode", type=KeyMode, choices=list(KeyMode), default=KeyMode.PUBLIC_KEY)
    options = parser.parse_args()
    run(options.port, options.identity, options.token, options.mode)


if __name__ == "__main__":
    main()
