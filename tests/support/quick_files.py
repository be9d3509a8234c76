"""Where the tests' files lie: in memory where the system has room for them there.

Thousands of small databases are made and thrown away, and a disk that has to keep each of their commits takes longer
than all that is tested. What is to survive a power cut is asked of ``power``, not of this computer's disk.
"""

import os
import sys
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_WANTED_MIB = 4_096
_ON_DISK = "ZHANGGUI_TESTS_ON_DISK"


def use_memory() -> None:
    """From here on, in this process and those it starts; whoever has chosen a place for temporary files keeps it."""
    if _ON_DISK in os.environ or "TMPDIR" in os.environ or not _has_room():
        return
    os.environ[_ON_DISK] = tempfile.gettempdir()
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None


def on_disk() -> str:
    """The place for what is too large for memory."""
    return os.environ.get(_ON_DISK) or tempfile.gettempdir()


def _has_room() -> bool:
    if sys.platform != "linux" or not os.access(_MEMORY, os.W_OK):
        return False
    place = os.statvfs(_MEMORY)
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    available_kib = int(told["MemAvailable"].split()[0])
    return min(place.f_bavail * place.f_frsize // 1024, available_kib) >= _WANTED_MIB * 1024
