"""First steps of every start: virtual environment, locked packages, translations, then the program or its tests.

Standard library only, because nothing else is there yet: ``python -m app.bootstrap [desktop|test|tour|serve|...]``.
"""

import os
import subprocess
import sys
from pathlib import Path

from app.bootstrap.environment import prepare
from app.bootstrap.place import ROOT, SetupFailed, say
from app.bootstrap.texts import compile_texts
from app.bootstrap.wishes import cannot_be_shown, lock_for, plan, stand, wish

_NEEDS_A_SCREEN = """这里没有屏幕，打不开你要的店：请在有屏幕的电脑上运行同样的命令。
没有屏幕的服务器可以只运行店铺服务：./run.sh serve；只想看演示，不带选项运行：./run.sh
There is no screen here to show your shop on: run the same command on a computer with one.
A server without a screen runs the shop's service alone: ./run.sh serve. For the demo, give no options: ./run.sh"""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - 3.9 and 3.10 reach this line and get told
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
        compile_texts()
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
