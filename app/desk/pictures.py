"""The goods' pictures at this counter: from the local store, fetched when they are not here, and sent before the
command that names them.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from app.desk.picture_store import PictureStore
from app.kernel.later import later

if TYPE_CHECKING:
    from app.desk import picture_file
    from app.desk.picture_file import Prepared
    from app.domain.catalog import commands as catalog
    from app.sync import transport
    from app.wire.messages import CommandMessage
else:
    picture_file, transport = later("app.desk.picture_file"), later("app.sync.transport")
    catalog = later("app.domain.catalog.commands")

T = TypeVar("T")
log = logging.getLogger("desk")


class PictureLine(Protocol):
    """Where pictures come from and go to; raises Unreachable and Refused."""

    def picture(self, sha256: str) -> bytes | None: ...

    def send_picture(self, sha256: str, content: bytes) -> None: ...


class LateLine:
    """A line that is found as soon as a picture is asked of it."""

    def __init__(self, found: Callable[[], PictureLine]) -> None:
        self._found = found

    def picture(self, sha256: str) -> bytes | None:
        return self._found().picture(sha256)

    def send_picture(self, sha256: str, content: bytes) -> None:
        self._found().send_picture(sha256, content)


class PictureDoor(Protocol):
    """What windows may ask; every answer is a future."""

    def thumbnail(self, sha256: str, side: int) -> "Future[bytes | None]": ...

    def prepare(self, path: Path) -> "Future[Prepared]": ...

    def keep(self, prepared: "Prepared") -> "Future[None]": ...


class Pictures:
    """Two threads: one for the disk, and one for the line, so that what is here never waits for what is not."""

    def __init__(self, store: PictureStore, line: PictureLine) -> None:
        self._store = store
        self._line = line
        self._disk = _Worker("pictures")
        self._fetching = _Worker("picture-fetching")

    def thumbnail(self, sha256: str, side: int) -> "Future[bytes | None]":
        """A small square JPEG of it, or None while it cannot be had: then a tile stands there."""
        answer: Future[bytes | None] = Future()

        def look() -> None:
            content = self._store.read(sha256)
            if content is not None:
                answer.set_result(_small(content, side))
            elif not self._fetching.put(lambda: answer.set_result(self._fetched(sha256, side)), answer):
                answer.set_result(None)

        if not self._disk.put(look, answer):
            answer.set_result(None)
        return answer

    def prepare(self, path: Path) -> "Future[Prepared]":
        """A chosen file as it will be sent; the future may hold a KnownError."""
        return self._on_disk(lambda: picture_file.prepare(path))

    def keep(self, prepared: "Prepared") -> "Future[None]":
        """Before the command that names it is given: durable when this is done, and sent before that command is."""
        return self._on_disk(lambda: self._store.put_outgoing(prepared.sha256, prepared.content))

    def send_before(self, commands: "Sequence[CommandMessage]") -> None:
        """On the network's thread: the pictures that these commands name go first. Raises Unreachable."""
        for command in commands:
            sha256 = str(command.args.get("sha256", "")) if command.name == catalog.AddPicture.NAME else ""
            content = self._store.outgoing(sha256) if sha256 else None
            if content is None:
                continue
            try:
                self._line.send_picture(sha256, content)
            except transport.Refused as refused:
                if refused.code != "not_a_picture":
                    raise
                log.error("the service does not take picture %s", sha256)
            self._store.sent(sha256)

    def close(self) -> None:
        self._disk.close()
        self._fetching.close()

    def _on_disk(self, work: Callable[[], T]) -> "Future[T]":
        answer: Future[T] = Future()
        if not self._disk.put(lambda: answer.set_result(work()), answer):
            answer.cancel()
        return answer

    def _fetched(self, sha256: str, side: int) -> bytes | None:
        content = self._store.read(sha256)  # a second asker finds what the first has fetched
        if content is None:
            try:
                content = self._line.picture(sha256)
            except (transport.Unreachable, transport.Refused):
                return None
            if content is None:
                return None
            self._store.keep(sha256, content)
        return _small(content, side)


def _small(content: bytes, side: int) -> bytes | None:
    try:
        return picture_file.thumbnail(content, side)
    except ValueError:
        log.info("a picture cannot be drawn")
        return None


class _Worker:
    """One thread that works off what is put in, started by the first; after ``close`` nothing is taken."""

    def __init__(self, name: str) -> None:
        self._work: queue.SimpleQueue[tuple[Callable[[], None], Future[Any]] | None] = queue.SimpleQueue()
        self._name = name
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def put(self, work: Callable[[], None], answer: "Future[Any]") -> bool:
        """False when it is not going to be done."""
        with self._lock:
            if self._is_closed:
                return False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._work.put((work, answer))
            return True

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
        self._work.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            work, answer = item
            try:
                if not self._is_closed:
                    work()
                elif not answer.done():
                    answer.cancel()
            except Exception as error:  # thread entry: whoever asked learns it, the next one is served
                answer.set_exception(error)
