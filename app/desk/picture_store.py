"""This computer's pictures: a bounded store of what can be fetched again, and beside it what was not sent yet."""

import os
from contextlib import suppress
from pathlib import Path

from app.kernel.files import replace_file

MOST_BYTES = 400_000_000
_TRIMMED_TO = 4, 5
_SIGNS = frozenset("0123456789abcdef")


class PictureStore:
    """Used by one thread at a time for each picture; files appear whole or not at all."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._kept = folder / "kept"
        self._outgoing = folder / "outgoing"
        self._most_bytes = most_bytes
        self._bytes: int | None = None

    def read(self, sha256: str) -> bytes | None:
        """The picture, or None when it is not here; what is looked at stays longest."""
        for path in (self._place(self._kept, sha256), self._place(self._outgoing, sha256)):
            with suppress(OSError):  # what cannot be read is fetched again
                content = path.read_bytes()
                with suppress(OSError):  # its age matters only when room is made
                    os.utime(path)
                return content
        return None

    def keep(self, sha256: str, content: bytes) -> None:
        """Store what was fetched; the longest unseen make room for it."""
        path = self._place(self._kept, sha256)
        if not path.exists():
            used = self._used()
            replace_file(path, content)
            self._bytes = used + len(content)
        if self._used() > self._most_bytes:
            self._trim()

    def put_outgoing(self, sha256: str, content: bytes) -> None:
        """Store what is still to be sent: it is the only copy, and no bound reaches it."""
        replace_file(self._place(self._outgoing, sha256), content)

    def outgoing(self, sha256: str) -> bytes | None:
        """What is still to be sent; None when it has been. Raises OSError when it is there and cannot be read."""
        try:
            return self._place(self._outgoing, sha256).read_bytes()
        except FileNotFoundError:
            return None

    def sent(self, sha256: str) -> None:
        """The service has it: from now on it is one of those that can be fetched again."""
        content = self.outgoing(sha256)
        if content is not None:
            self.keep(sha256, content)
            self._place(self._outgoing, sha256).unlink(missing_ok=True)

    @staticmethod
    def _place(folder: Path, sha256: str) -> Path:
        """Names come from the feed, so nothing but a name of a picture may become a path."""
        name = sha256 if len(sha256) == 64 and set(sha256) <= _SIGNS else "none"
        return folder / name[:2] / name

    def _used(self) -> int:
        if self._bytes is None:
            self._bytes = sum(path.stat().st_size for path in self._kept.glob("*/*"))
        return self._bytes

    def _trim(self) -> None:
        part, whole = _TRIMMED_TO
        wanted = self._most_bytes * part // whole
        aged = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self._kept.glob("*/*"))
        used = sum(size for _, size, _ in aged)
        for _, size, path in aged:
            if used <= wanted:
                break
            path.unlink(missing_ok=True)
            used -= size
        self._bytes = used
