"""What a person can mend, told in a sentence: the one place where a fault of the computer is known from a bug."""

import errno
import sqlite3
import sys
from collections.abc import Callable

from app.kernel.errors import KnownError
from app.kernel.i18n import language, render
from services.db.errors import DBAPIError, OperationalError, says_storage_failed

EXIT_PORT_IN_USE = 3
EXIT_STORE_IN_USE = 4
EXIT_OTHER = 5
EXIT_INTERRUPTED = 130
"""What a shell expects of a command that Ctrl+C has ended."""
_EXITS = {
    "port.in_use": EXIT_PORT_IN_USE,
    "store.in_use": EXIT_STORE_IN_USE,
    "store.served": EXIT_STORE_IN_USE,
    "command.interrupted": EXIT_INTERRUPTED,
}

_NO_RIGHT = "This user has no right to use {file}. Give it that right, or name another place."
_IN_THE_WAY = "A file stands where a folder is needed, or the other way round: {file}"
_UNUSABLE = "{file} cannot be used: {why}"
_TEMPLATES = {
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _NO_RIGHT,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EISDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENAMETOOLONG: _UNUSABLE,
    errno.ELOOP: _UNUSABLE,
    errno.EIO: _UNUSABLE,
}
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def explaining(work: Callable[[], int]) -> int:
    """The exit code of a command; what is wrong with the computer is told in a sentence, a bug stays one."""
    try:
        return work()
    except KeyboardInterrupt:
        return explain(KnownError("command.interrupted", "Stopped by Ctrl+C before it was done."))
    except Exception as error:
        known = as_known(error)
        if known is None:
            raise
        return explain(known)


def explain(error: KnownError) -> int:
    """Tell what is wrong to whoever typed the command; answers the exit code."""
    print(render(error.template, error.params, language()), file=sys.stderr)
    return exit_code(error)


def exit_code(error: KnownError) -> int:
    return _EXITS.get(error.code, EXIT_OTHER)


def as_known(error: Exception) -> KnownError | None:
    """The fault of the computer behind an error; None for a bug."""
    if isinstance(error, KnownError):
        return error
    if isinstance(error, OSError):
        return _of_files(error)
    if isinstance(error, DBAPIError) and _is_unreachable(error):
        why = str(error.orig).strip().splitlines()[0]
        return KnownError("store.unreachable", "The shop's database cannot be reached: {why}", {"why": why})
    return None


def _of_files(error: OSError) -> KnownError | None:
    if error.errno in _FULL:
        return KnownError("storage.full", "The disk is full. Make room and start again.")
    template = _TEMPLATES.get(error.errno or 0)
    if template is None or error.filename is None:  # what has no name is none of the user's files
        return None
    params = {"file": str(error.filename), "why": error.strerror or type(error).__name__}
    return KnownError("file.unusable", template, params)


def _is_unreachable(error: DBAPIError) -> bool:
    """A server that cannot be asked, or a file that cannot be read. SQLite calls wrong SQL an OperationalError too."""
    if error.is_gone:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return says_storage_failed(str(error.orig)) or "readonly database" in str(error.orig)
    return isinstance(error, OperationalError)
