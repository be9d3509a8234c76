"""Processes as the operating system sees them: killed without a word, and looked for by their number."""

import os
import signal
import sys
from pathlib import Path


def kill(pid: int) -> None:
    """At once and without being asked; on Windows this is TerminateProcess."""
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def freeze(pid: int) -> None:
    """It does nothing from here on, and knows nothing of it afterwards, as on a computer that sleeps."""
    if sys.platform == "win32":
        _of_windows(pid, "NtSuspendProcess")
    else:
        os.kill(pid, signal.SIGSTOP)


def thaw(pid: int) -> None:
    if sys.platform == "win32":
        _of_windows(pid, "NtResumeProcess")
    else:
        os.kill(pid, signal.SIGCONT)


def _of_windows(pid: int, act: str) -> None:
    import ctypes

    windll = getattr(ctypes, "windll")  # noqa: B009 - only there on Windows
    handle = windll.kernel32.OpenProcess(0x0800, False, pid)  # the right to suspend and to resume
    try:
        getattr(windll.ntdll, act)(handle)
    finally:
        windll.kernel32.CloseHandle(handle)


def is_running(pid: int) -> bool:
    """A process that has ended and that nobody has asked after yet does not run any more."""
    if sys.platform == "win32":
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except FileNotFoundError:  # it ended just now, or this system has no such folder
        return not state.parents[1].joinpath("self").exists()
    except ProcessLookupError:
        return False


def _is_running_on_windows(pid: int) -> bool:
    import ctypes

    library = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there on Windows
    handle = library.OpenProcess(0x00100000, False, pid)  # the right to wait for its end
    if not handle:
        return False
    try:
        return bool(library.WaitForSingleObject(handle, 0) == 0x102)  # it has not ended yet
    finally:
        library.CloseHandle(handle)
