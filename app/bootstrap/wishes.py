"""What is wanted of the program: the packages that it needs, and the command that it becomes."""

import sys
from collections.abc import Mapping
from pathlib import Path

from app.bootstrap.place import PYTHON, ROOT, RUN_LOCK, TEST_LOCK, say

MAIN = str(ROOT / "main.py")
CALLER = "ZHANGGUI_CWD"

# What is played without a screen is drawn alike on every machine.
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", "QT_FONT_DPI": "96"}

# A language that came along over ssh need not be installed: PostgreSQL refuses to start then, and Qt warns.
_ANY_LANGUAGE = {"LC_ALL": "C.UTF-8"} if sys.platform.startswith("linux") else {}


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
