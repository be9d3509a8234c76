"""The service that the program brings along: a child process, watched, restarted, and never left behind.

The child ends when its standard input does, so it cannot outlive this process however that ends. What it must not
tell anybody (the token) goes through that pipe and never into its arguments or environment.
"""

import json
import logging
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.desk.founding import Founding
from app.desk.plan import ChildConfig
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from app.kernel.ids import uuid7
from app.kernel.later import later
from app.sync.http import Address
from app.sync.transport import Unreachable

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")

START_S = 20.0
"""Between two signs of life: a demo shop that is being made gives many."""
LOOK_S = 0.2
GRACE_S = 5.0
RESTART_WAIT_S = (0.2, 1.0, 3.0, 10.0)
STEADY_S = 60.0
"""A service that has lived so long did not die of its start: the next one comes back quickly again."""
START_WAIT_S = (0.2, 0.5, 1.0, 2.0, 3.0)
"""Between attempts to start: a predecessor whose desktop has just died needs a moment to close the shop."""
_ATTEMPTS = {"store.in_use": len(START_WAIT_S), "service.not_started": len(START_WAIT_S), "store.served": 2}
"""What may be over in a moment, and how often that is hoped for: who answers as a service mostly means to stay."""
log = logging.getLogger("desk")


class Supervisor:
    """Starts the child, restarts it when it dies, and knows its address of the moment."""

    def __init__(
        self,
        config: ChildConfig,
        tell: Callable[[str], None] = lambda _: None,
        founding: Callable[[Founding], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._tell = tell
        self._founding = founding
        self._token = uuid7() + uuid7()
        self._process: subprocess.Popen[str] | None = None
        self._url = ""
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Returns when the service answers; raises KnownError when it cannot be started."""
        for attempt, wait_s in enumerate(START_WAIT_S):
            try:
                self._launch()
                break
            except KnownError as error:
                if attempt >= _ATTEMPTS.get(error.code, 0) or self._stop.wait(wait_s):
                    raise
        else:
            self._launch()
        self._watcher.start()

    @property
    def url(self) -> str:
        return self._url

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def enrolment_code(self, *, is_manager: bool) -> str:
        """A one-use code for this very computer, from the child that trusts its parent; raises Unreachable."""
        try:
            answer = httpx.post(
                f"{self._url}/supervisor/enrol",
                json={"is_manager": is_manager},
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=10,
                trust_env=False,
            )
            answer.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:  # it has just died, and is started again
            raise Unreachable(type(error).__name__) from error
        return str(answer.json()["code"])

    def address(self, token: str) -> Address:
        return Address(self._url, token)

    def close(self) -> None:
        """End the child: its input first, then a signal, then by force."""
        self._stop.set()
        with self._lock:
            _end(self._process)
        if self._watcher.is_alive():
            self._watcher.join()

    def _launch(self) -> None:
        with self._lock:
            if self._stop.is_set():
                return
            _end(self._process)
            self._process = subprocess.Popen(
                list(self._config.command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env={**os.environ, **self._config.environment},
                **_own_group(),
            )
            process = self._process
        said = self._first_line(process)
        if "error" in said:
            _end(process)
            raise KnownError(str(said["error"]), str(said["template"]), said["params"])
        self._url = f"http://127.0.0.1:{said['port']}"
        log.info("the service runs as process %s on port %s", process.pid, said["port"])

    def _first_line(self, process: "subprocess.Popen[str]") -> dict[str, Any]:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("the child has no pipes")
        config = {"port": self._config.port, "token": self._token, "shop": dict(self._config.shop)}
        lines: queue.Queue[str] = queue.Queue()
        stdout = process.stdout

        def read() -> None:
            while line := stdout.readline():
                lines.put(line)
                if "progress" not in json.loads(line):
                    return
            lines.put("")

        reader = threading.Thread(target=read, name="child-greeting", daemon=True)
        try:
            process.stdin.write(json.dumps(config) + "\n")
            process.stdin.flush()
        except OSError:
            log.warning("the service ended before it could be told anything")
        reader.start()
        while line := self._next_line(lines):
            said: dict[str, Any] = json.loads(line)
            if "progress" not in said:
                return said
            self._founding(Founding(str(said["progress"]), int(said["done"]), int(said["total"])))
        _end(process)
        reader.join()
        raise KnownError(
            "service.not_started", "The shop's service did not start. Look at the file service.log in {folder}.",
            {"folder": str(self._config.folder)},
        )  # fmt: skip

    def _next_line(self, lines: "queue.Queue[str]") -> str:
        """What the child says next; nothing when it has ended, says nothing for too long, or nobody waits any more."""
        waited_until = time.monotonic() + START_S
        while time.monotonic() < waited_until and not self._stop.is_set():
            with suppress(queue.Empty):
                return lines.get(timeout=LOOK_S)
        return ""

    def _watch(self) -> None:
        deaths = 0
        while not self._stop.is_set():
            process = self._process
            if process is None:
                return
            started = time.monotonic()
            process.wait()
            if self._stop.is_set():
                return
            if time.monotonic() - started > STEADY_S:
                deaths = 0
            log.warning("the service ended with %s and is started again", process.returncode)
            self._stop.wait(RESTART_WAIT_S[min(deaths, len(RESTART_WAIT_S) - 1)])
            deaths += 1
            try:
                self._launch()
            except KnownError as error:
                self._tell(str(error))
            except Exception as error:  # thread entry: without this thread a dead service stays dead, unnoticed
                log.critical("the service could not be started again", exc_info=error)
                self._tell(tr("The shop's service could not be started again. It is tried once more in a moment."))


def _own_group() -> dict[str, Any]:
    """Ctrl+C in a terminal reaches the parent alone, which ends the child in order."""
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
    return {"start_new_session": True}


def _end(process: "subprocess.Popen[str] | None") -> None:
    if process is None:
        return
    for step in (_close_input, subprocess.Popen.terminate, subprocess.Popen.kill):
        if process.poll() is None:
            step(process)
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            continue
        break
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            pipe.close()


def _close_input(process: "subprocess.Popen[str]") -> None:
    if process.stdin is not None:
        process.stdin.close()
