"""The plug is pulled: a layer under SQLite that knows what the disk would really hold, for the very library in use.

What a program writes is only *pending* until it asks the disk to keep it; a power cut loses any part of what is
pending. ``install`` puts the layer under every database that this process opens from then on, so only a process of its
own may use it.
"""

import ctypes
import random
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast
from ctypes.util import find_library
from pathlib import Path
from typing import Any

IOERR = 10
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
# A name goes on as the pointer it came as: SQLite keeps it for as long as the file is open and makes the name of the
# -shm file from it, so a copy, gone after the call, would leave a file of any name in the working folder.
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class _Methods(Structure):
    """SQLite's ``sqlite3_io_methods``; what is passed on as it is stands in ``rest``."""

    _fields_ = (
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", c_void_p), ("truncate", c_void_p),
        ("sync", c_void_p), ("rest", c_void_p * 13),
    )  # fmt: skip


class _File(Structure):
    _fields_ = (("methods", POINTER(_Methods)),)


class _Vfs(Structure):
    """SQLite's ``sqlite3_vfs``."""

    _fields_ = (
        ("version", c_int), ("file_size", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("app_data", c_void_p), ("open", c_void_p), ("rest", c_void_p * 15),
    )  # fmt: skip


class Disk:
    """``kept`` are the bytes that survive whatever happens, ``pending`` the writes that may or may not."""

    def __init__(self, cut_at: int) -> None:
        self.kept: dict[str, bytearray] = {}
        self.pending: dict[str, list[tuple[int, bytes | None]]] = {}
        self.writes, self.cut_at, self.is_dead = 0, cut_at, False

    def meets(self, path: str) -> None:
        if path not in self.kept:
            file = Path(path)
            self.kept[path] = bytearray(file.read_bytes() if file.exists() else b"")
            self.pending[path] = []

    def writes_something(self, path: str, at: int, data: bytes | None) -> bool:
        """False once the power is off; ``data`` None cuts the file off at ``at``."""
        self.writes += 1
        self.is_dead = self.is_dead or self.writes >= self.cut_at
        if not self.is_dead:
            self.pending[path].append((at, data))
        return not self.is_dead

    def keeps(self, path: str) -> bool:
        if not self.is_dead:
            _replay(self.kept[path], self.pending[path])
            self.pending[path].clear()
        return not self.is_dead

    def left(self, folder: Path, chance: random.Random, *, some_survive: bool) -> None:
        """What is found when the power is back: any of the pending writes, the last of them perhaps torn."""
        folder.mkdir()
        for path, kept in self.kept.items():
            if path.endswith("-shm"):
                continue
            content = bytearray(kept)
            if some_survive:
                _replay(content, _torn([one for one in self.pending[path] if chance.random() < 0.5], chance))
            (folder / Path(path).name).write_bytes(content)


def _torn(writes: list[tuple[int, bytes | None]], chance: random.Random) -> list[tuple[int, bytes | None]]:
    if writes and writes[-1][1] and chance.random() < 0.5:
        at, data = writes[-1]
        assert data is not None
        writes[-1] = (at, data[: max(1, len(data) // 2)])
    return writes


def _replay(content: bytearray, writes: list[tuple[int, bytes | None]]) -> None:
    for at, data in writes:
        if data is None:
            del content[at:]
        else:
            content.extend(b"\0" * max(0, at - len(content)))
            content[at : at + len(data)] = data


class Layer:
    """``disk`` is the one that counts at the moment; without one everything passes through."""

    def __init__(self) -> None:
        self.disk: Disk | None = None
        self._paths: dict[int, str] = {}
        self._tables: dict[int, _Methods] = {}
        self._kept_alive: list[Any] = []

    def install(self) -> None:
        library = ctypes.CDLL(find_library("sqlite3") or "sqlite3")
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        real = library.sqlite3_vfs_find(None)
        open_file = cast(real.contents.open, _OPEN)

        def opened(_: int, name: int | None, file: int, flags: int, out: int) -> int:
            answer = int(open_file(ctypes.addressof(real.contents), name, file, flags, out))
            if answer == 0 and name:
                self._paths[file] = ctypes.string_at(name).decode()
                if self.disk is not None:
                    self.disk.meets(self._paths[file])
                handle = cast(file, POINTER(_File))
                handle.contents.methods = ctypes.pointer(self._table(handle.contents.methods))
            return answer

        ours = _Vfs.from_buffer_copy(real.contents)
        ours.name, own_open = b"power", _OPEN(opened)
        ours.open = cast(own_open, c_void_p)
        self._kept_alive += [ours, own_open]
        if library.sqlite3_vfs_register(ctypes.byref(ours), 1) != 0:
            raise AssertionError("the layer was not accepted")

    def _table(self, real: Any) -> _Methods:
        address = ctypes.addressof(real.contents)
        if address not in self._tables:
            ours = _Methods.from_buffer_copy(real.contents)
            write, truncate = cast(ours.write, _WRITE), cast(ours.truncate, _TRUNCATE)
            sync = cast(ours.sync, _SYNC)
            acts = (
                _WRITE(lambda file, data, size, at: self._passes(
                    self._notes(file, at, ctypes.string_at(data, size)), lambda: write(file, data, size, at))),
                _TRUNCATE(lambda file, size: self._passes(self._notes(file, size, None), lambda: truncate(file, size))),
                _SYNC(lambda file, flags: self._passes(self._keeps(file), lambda: sync(file, flags))),
            )  # fmt: skip
            ours.write, ours.truncate, ours.sync = (cast(act, c_void_p) for act in acts)
            self._kept_alive += acts
            self._tables[address] = ours
        return self._tables[address]

    def _notes(self, file: int, at: int, data: bytes | None) -> bool:
        path = self._paths[file]
        return self.disk is None or path not in self.disk.kept or self.disk.writes_something(path, at, data)

    def _keeps(self, file: int) -> bool:
        path = self._paths[file]
        return self.disk is None or path not in self.disk.kept or self.disk.keeps(path)

    @staticmethod
    def _passes(is_on: bool, act: Callable[[], int]) -> int:
        return int(act()) if is_on else IOERR
