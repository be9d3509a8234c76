"""The language that a terminal asks for: Chinese, unless another one is asked for by name."""

import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that says something counts, as everywhere."""
_NEUTRAL = ("", "c", "posix")
_CHINESE_ON_WINDOWS = 0x04
_PRIMARY = 0x3FF


def system_language(environ: Mapping[str, str] = os.environ) -> str:
    """``zh_CN`` or ``en``; who speaks neither understands the second one sooner."""
    wished = next((environ[name] for name in VARIABLES if environ.get(name)), None)
    if wished is None:
        return _of_windows()
    name = wished.split(".")[0].split("@")[0].lower()
    return "zh_CN" if name in _NEUTRAL or name.startswith("zh") else "en"


@contextmanager
def no_language(environ: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Programs begun within are asked for none: some refuse to start where the one asked for is not installed."""
    before = environ.get("LC_ALL")
    environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        if before is None:
            del environ["LC_ALL"]
        else:
            environ["LC_ALL"] = before


def _of_windows() -> str:
    """Windows keeps the language of its own windows instead of a variable."""
    if sys.platform == "win32":
        import ctypes

        shown = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return "zh_CN" if shown & _PRIMARY == _CHINESE_ON_WINDOWS else "en"
    return "zh_CN"
