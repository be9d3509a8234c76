"""The virtual environment with the locked packages, made or brought up to date before anything else can run."""

import hashlib
import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.bootstrap.place import ENVIRONMENT, PYTHON, PYTHON_NAME, ROOT, RUN_LOCK, TEST_LOCK, SetupFailed, say
from app.kernel.filelock import FileLock

STAMP_NAME = "stamp.json"
STAMP = ENVIRONMENT / STAMP_NAME
PIP_LOG = ENVIRONMENT / "install.log"
_COLLECTING = re.compile(r"^Collecting ([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;]+)")
_PRESENT = re.compile(r"^Requirement already satisfied: \S+==.*\(from -r ")
_DOWNLOADING = re.compile(r"^\s*Downloading \S+ \(([^)]+)\)")
_PULSE_S = 5


def prepare(lock: str) -> None:
    """Bring ``.venv`` to the state of the lock; costs next to nothing when it already is."""
    if not _is_ready(lock):
        installing = _installation_lock()
        try:
            if not _is_ready(lock):
                _install(lock)
        finally:
            installing.release()


def _installation_lock() -> FileLock:
    """Two first starts at once would install into each other."""
    held = FileLock(ROOT / ".venv.lock")
    told = False
    while not held.acquire():
        if not told:
            say("另一个启动正在准备，请稍候。 Another start is preparing; waiting for it.")
            told = True
        time.sleep(0.5)
    return held


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def read_stamp(environment: Path = ENVIRONMENT) -> dict[str, str]:
    """What the environment was last made of; empty when it was never finished."""
    try:
        stamp = json.loads((environment / STAMP_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    whole = isinstance(stamp, dict) and stamp.get("python") == sys.version and (environment / PYTHON_NAME).exists()
    return stamp if whole else {}


def _is_ready(lock: str) -> bool:
    return read_stamp().get(lock) == _digest(lock)


def _install(lock: str) -> None:
    stamp = read_stamp()
    STAMP.unlink(missing_ok=True)  # whatever happens from here on, a half-made environment is never taken for whole
    say(_announced(lock, stamp))
    if not stamp:
        _create()
    _run_pip(lock)
    stamp = {
        name: digest for name, digest in stamp.items() if name in (TEST_LOCK, RUN_LOCK) and digest == _digest(name)
    }
    # The test lock holds every package of the other, in the same versions.
    stamp |= {lock: _digest(lock), "python": sys.version} | ({RUN_LOCK: _digest(RUN_LOCK)} if lock == TEST_LOCK else {})
    STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    say("运行环境已就绪。 The environment is ready.")


def _announced(lock: str, stamp: Mapping[str, str]) -> str:
    """What is about to be fetched, and why; sizes as on Linux."""
    if not stamp:
        fetched, kept = ("200 MB", "700 MB") if lock == TEST_LOCK else ("130 MB", "500 MB")
        return (
            f"第一次启动：正在准备运行环境（下载约 {fetched}，装好约 {kept}）。\n"
            f"First start: preparing the environment (about {fetched} to fetch, {kept} on disk)."
        )
    if lock == TEST_LOCK and TEST_LOCK not in stamp:
        return (
            "检查、演示和测速还要一些软件包（下载约 70 MB）。\n"
            "Checks, tour and bench need some more packages (about 70 MB to fetch)."
        )
    return "程序更新了，正在补齐软件包。 The program has changed: bringing its packages up to date."


def _create() -> None:
    try:
        venv.EnvBuilder(with_pip=True, clear=True).create(ENVIRONMENT)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise SetupFailed(
            f"无法创建 {ENVIRONMENT}：{problem}\nCould not make {ENVIRONMENT}: {problem}\n"
            "On Debian and Ubuntu this needs: apt-get install python3-venv"
        ) from problem


def _run_pip(lock: str) -> None:
    total = len(re.findall(r"^[A-Za-z0-9]", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    command += ["--require-hashes", "--only-binary=:all:", "-r", lock]
    environment = {**os.environ, "PYTHONUTF8": "1", "PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as pip:
        kept = _follow(pip, total)
    if pip.returncode:
        last = "\n".join(kept[-8:])
        raise SetupFailed(
            f"{last}\n软件包未能安装，完整记录在 {PIP_LOG}。请检查网络，再试一次。\n"
            f"The packages could not be installed; {PIP_LOG} has the whole record. Check the network and start again."
        )


def _follow(pip: "subprocess.Popen[str]", total: int) -> list[str]:
    """Tell how far pip is, in lines that also read well in a log; keeps all it said in the log file."""
    kept: list[str] = []
    seen = fetched = 0
    began = time.monotonic()
    with PIP_LOG.open("w", encoding="utf-8") as log:
        for line in _lines(pip):
            if line is None:
                say(f"    … {round(time.monotonic() - began)} s")
                continue
            kept.append(line)
            log.write(line + "\n")
            if line.startswith("Ignoring "):
                total -= 1  # for another system; pip names these before all others
            elif _PRESENT.match(line):
                seen += 1
            elif found := _COLLECTING.match(line):
                seen += 1
                fetched += 1
                say(f"  [{seen}/{total}] {found[1]} {found[2]}")
            elif found := _DOWNLOADING.match(line):
                say(f"    下载 fetching {found[1]}")
            elif line.startswith("Installing collected packages"):
                say(f"  正在安装 {fetched} 个软件包。 Installing {fetched} packages.")
    return kept


def _lines(pip: "subprocess.Popen[str]") -> "Iterator[str | None]":
    """The lines pip writes; None for each while in which it wrote nothing."""
    written: queue.Queue[str | None] = queue.Queue()
    stream = pip.stdout
    assert stream is not None

    def pump() -> None:
        for line in stream:
            written.put(line.rstrip("\n"))
        written.put(None)

    threading.Thread(target=pump, name="pip output", daemon=True).start()
    while True:
        try:
            line = written.get(timeout=_PULSE_S)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line
