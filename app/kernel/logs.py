"""Logging for every process: topic loggers, one rotating file, and no personal data in any line."""

import logging
import logging.handlers
import os
import re
from collections import deque
from io import TextIOWrapper
from pathlib import Path

from app.kernel.files import private_folder

RECENT_LINES = 500
FILE_BYTES = 2_000_000
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_SECRET = re.compile(r"(?i)\b(bearer\s+|(?:token|signature)[\"']?\s*[=:]\s*[\"']?)[^\s,;\"']{6,}")
_CREDENTIALS = re.compile(r"(?i)\b(authorization[\"']?\s*[=:]\s*).+")
_ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:省|市|区|县)[\u4e00-\u9fff\d]*(?:路|街|巷|道|村|号|栋|室)[\u4e00-\u9fff\d\-]*"
)


_ROW = re.compile(r"(?m)(DETAIL:|\[parameters:).*$")
"""Where databases quote the rows that they refuse."""
_UNDECODED = re.compile(r"(Could not decode to UTF-8 column '[^']*' with text ).*", re.DOTALL)
"""SQLite's driver quotes a damaged text whole, however many lines it has. What follows in a trace goes with it."""

_TRACES = logging.Formatter()


def redact(text: str) -> str:
    """The line without phones, street addresses, tokens and quoted rows."""
    text = _UNDECODED.sub(r"\1***", _ROW.sub(r"\1 ***", text))
    text = _PHONE.sub(r"\1****\2", text)
    text = _CREDENTIALS.sub(r"\1***", text)
    text = _SECRET.sub(r"\1***", text)
    return _ADDRESS.sub("***", text)


class Redaction(logging.Filter):
    """Runs once on every record, before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "is_redacted", False):  # by the handler before
            return True
        record.is_redacted = True
        record.msg = redact(record.getMessage())
        record.args = None
        if record.exc_info and record.exc_info[0] is not None:
            text = record.exc_text or _TRACES.formatException(record.exc_info)
            record.exc_text = redact(text)  # a formatter uses this text instead of making its own
        return True


class OnceFormatter(logging.Formatter):
    """Makes a record's line once, for all handlers."""

    def format(self, record: logging.LogRecord) -> str:
        line: str | None = record.__dict__.get("whole_line")
        if line is None:
            line = record.__dict__["whole_line"] = super().format(record)
        return line


class LogFile(logging.handlers.RotatingFileHandler):
    """The library's, which knows how long its file is instead of asking the system before each line."""

    _size = 0

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        if self.stream is None:
            self.stream = self._open()
        more = len(self.format(record).encode(errors="replace")) + 1
        if 0 < self.maxBytes < self._size + more:
            return True  # and then the new file's first line is not counted
        self._size += more
        return False

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        self._size = os.fstat(stream.fileno()).st_size
        return stream


class RecentLines(logging.Handler):
    """Keeps the last lines in memory for a crash report."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=RECENT_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def set_up(folder: Path, name: str) -> RecentLines:
    """Log to ``<folder>/<name>.log`` (5 files of 2 MB) and to the returned memory of recent lines."""
    private_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    form = OnceFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    file = LogFile(folder / f"{name}.log", maxBytes=FILE_BYTES, backupCount=4, encoding="utf-8", delay=True)
    recent = RecentLines()
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (file, recent):
        handler.setFormatter(form)
        handler.addFilter(Redaction())
        root.addHandler(handler)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its request lines would name every path with its ids
    return recent
