"""A small file of this computer that windows write without waiting for the disk."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from app.kernel.errors import KnownError
from app.kernel.files import replace_file

log = logging.getLogger("desk")


class KeptFile:
    """``put`` answers at once: a thread brings the content to the disk, since a disk may take its time.

    What is put meanwhile takes the place of what was to be written, so the last content wins, and a crash loses that
    one at most. ``on_failed`` is told, on that thread, when the disk did not take it.
    """

    def __init__(self, path: Path, on_failed: Callable[[KnownError], None]) -> None:
        self.path = path
        self._on_failed = on_failed
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._unwritten: bytes | None = None

    def put(self, content: bytes) -> None:
        with self._lock:
            self._unwritten = content
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self.path.stem)
                self._thread.start()

    def put_now(self, content: bytes) -> None:
        """Wait for the disk; for before there are windows. Raises KnownError."""
        with self._lock:
            self._unwritten = None
        self._write(content)

    def close(self) -> None:
        """Wait for the disk; what it did not take before is tried once more."""
        thread = self._thread
        if thread is not None:
            thread.join()
        if self._unwritten is not None:
            self._run()

    def _run(self) -> None:
        """Ends when all is written, or when the disk did not take it: the next content tries again."""
        while (content := self._next()) is not None:
            try:
                self._write(content)
            except KnownError as error:
                log.warning("%s", error)
                with self._lock:
                    self._unwritten = self._unwritten or content
                    self._thread = None
                self._on_failed(error)
                return

    def _next(self) -> bytes | None:
        with self._lock:
            content, self._unwritten = self._unwritten, None
            if content is None:
                self._thread = None
            return content

    def _write(self, content: bytes) -> None:
        try:
            replace_file(self.path, content)
        except OSError as error:
            raise KnownError(
                "preferences.not_kept",
                "The settings of this computer could not be written to {path}: {reason}. They count until the program"
                " is closed.",
                {"path": str(self.path), "reason": error.strerror or str(error)},
            ) from error
