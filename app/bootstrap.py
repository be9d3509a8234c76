"""First steps of every start: virtual environment, locked packages, translations, then the program or its tests.

Standard library only, because nothing else is there yet: ``python -m app.bootstrap [desktop|test|tour|serve|...]``.
"""

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

from app.kernel.filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
STAMP_NAME = "stamp.json"
STAMP = ENVIRONMENT / STAMP_NAME
PIP_LOG = ENVIRONMENT / "install.log"
PYTHON_NAME = "Scripts/python.exe" if os.name == "nt" else "bin/python"
PYTHON = ENVIRONMENT / PYTHON_NAME
MAIN = str(ROOT / "main.py")
CALLER = "ZHANGGUI_CWD"
RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"

# What is played without a screen is drawn alike on every machine.
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", "QT_FONT_DPI": "96"}

# A language that came along over ssh need not be installed: PostgreSQL refuses to start then, and Qt warns.
_ANY_LANGUAGE = {"LC_ALL": "C.UTF-8"} if sys.platform.startswith("linux") else {}

_COLLECTING = re.compile(r"^Collecting ([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;]+)")
_PRESENT = re.compile(r"^Requirement already satisfied: \S+==.*\(from -r ")
_DOWNLOADING = re.compile(r"^\s*Downloading \S+ \(([^)]+)\)")
_PULSE_S = 5

_COMPILE = """
import sys
from pathlib import Path
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
for name in sys.argv[1:]:
    source = Path(name)
    fresh = source.with_suffix(".mo.new")
    with source.open("rb") as texts, fresh.open("wb") as compiled:
        write_mo(compiled, read_po(texts, abort_invalid=True))
    fresh.replace(source.with_suffix(".mo"))
"""


_NEEDS_A_SCREEN = """这里没有屏幕，打不开你要的店：请在有屏幕的电脑上运行同样的命令。
没有屏幕的服务器可以只运行店铺服务：./run.sh serve；只想看演示，不带选项运行：./run.sh
There is no screen here to show your shop on: run the same command on a computer with one.
A server without a screen runs the shop's service alone: ./run.sh serve. For the demo, give no options: ./run.sh"""


class SetupFailed(Exception):
    """The machine could not be made ready; the text says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python reaches this line and gets told
        say(f"需要 Python 3.11 或更新版本，当前是 {sys.version.split()[0]}。")
        say(f"Python 3.11 or newer is needed; this one is {sys.version.split()[0]}.")
        return 1
    _speak_any_language()
    what, rest = wish(arguments)
    if cannot_be_shown(what, rest, os.environ):
        say(_NEEDS_A_SCREEN)
        return 1
    try:
        prepare(lock_for(what, rest))
    except SetupFailed as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("已中断，下次启动会重新准备。 Interrupted; the next start prepares again.")
        return 130
    command, changes = plan(what, rest, os.environ)
    folder = ROOT if what in ("test", "bench") else stand(os.environ)
    return _become(command, {**os.environ, "PYTHONUTF8": "1", **changes}, folder)


def _speak_any_language() -> None:
    """A console that cannot show Chinese shows question marks instead of stopping the start."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def wish(arguments: list[str]) -> tuple[str, list[str]]:
    """What is wanted, and with which options; options alone are the desktop's."""
    if not arguments or arguments[0].startswith("-"):
        return "desktop", arguments
    return arguments[0], arguments[1:]


def lock_for(what: str, rest: list[str]) -> str:
    """The packages that it needs; checks, bench and tour bring their own PostgreSQL, the tour's help does not."""
    if what == "tour" and _asks_for_help(rest):
        return RUN_LOCK
    return TEST_LOCK if what in ("test", "bench", "tour") else RUN_LOCK


def _asks_for_help(rest: list[str]) -> bool:
    return bool({"-h", "--help"} & set(rest))


_SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "worksteal")
"""Each worker brings its own PostgreSQL, so more than four would cost more than they save; ``-n 0`` for one process."""


def stand(environ: Mapping[str, str]) -> Path:
    """The folder that the user is in: what they name counts from there, though the scripts start in the program's."""
    folder = Path(environ.get(CALLER) or ROOT)
    return folder if folder.is_dir() else ROOT  # it was deleted meanwhile; nothing can be named from there


def plan(what: str, rest: list[str], environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The command to become, and what it needs in its environment."""
    quiet = {name: value for name, value in OFFSCREEN.items() if name not in environ}
    if what == "test":
        return [str(PYTHON), "-m", "pytest", *_SIDE_BY_SIDE, *rest], quiet | _ANY_LANGUAGE
    if what == "bench":
        return [str(PYTHON), "-m", "benchmarks.run", *rest], quiet | _ANY_LANGUAGE
    if what == "desktop" and not rest and not _has_screen(environ):
        out = ROOT / "out" / "tour"
        say(f"这里没有屏幕，改为演示全程，图片写入 {out}。")
        say(f"There is no screen here: playing the tour instead; its pictures go to {out}.")
        return [str(PYTHON), MAIN, "tour", "--out", str(out)], quiet
    words = rest if what == "desktop" else [what, *rest]  # the program without a command is the desktop
    return [str(PYTHON), MAIN, *words], quiet if what == "tour" else {}


def cannot_be_shown(what: str, rest: list[str], environ: Mapping[str, str]) -> bool:
    """Whether a shop was asked for by options and there is no screen: nobody's own shop is the demo that tours play."""
    return what == "desktop" and bool(rest) and not _has_screen(environ) and not _asks_for_help(rest)


def _has_screen(environ: Mapping[str, str]) -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _become(command: list[str], environment: dict[str, str], folder: Path) -> int:
    os.chdir(folder)
    if os.name != "nt":
        os.execve(command[0], command, environment)  # signals and the exit code are then the program's own
    with subprocess.Popen(command, env=environment) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # Ctrl+C reached the program too, which closes in its own time


# --- the environment ---------------------------------------------------------------------------------------------


def prepare(lock: str) -> None:
    """Bring ``.venv`` to the state of the lock; costs next to nothing when it already is."""
    if not _is_ready(lock):
        installing = _installation_lock()
        try:
            if not _is_ready(lock):
                _install(lock)
        finally:
            installing.release()
    compile_texts()


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


def _lines(pip: "subprocess.Popen[str]") -> Iterator[str | None]:
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


# --- translations ------------------------------------------------------------------------------------------------


def compile_texts(python: Path = PYTHON, folder: Path = ROOT / "resources" / "i18n") -> None:
    """Make the catalogues that gettext reads from the ones that translators write, where those are newer."""
    sources = sorted(folder.glob("*/*.po"))
    for orphan in set(folder.glob("*/*.mo")) - {source.with_suffix(".mo") for source in sources}:
        orphan.unlink()
    stale = [str(source) for source in sources if _is_stale(source)]
    if not stale:
        return
    done = subprocess.run(
        [str(python), "-X", "utf8", "-c", _COMPILE, *stale], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SetupFailed(f"翻译文件有误。 A translation is not well formed:\n{done.stderr[-800:]}")


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
