"""Small files that must be whole or not there at all."""

import os
import sys
from pathlib import Path


def replace_file(path: Path, content: bytes, *, secret: bool = False) -> None:
    """Write ``content`` so that a power cut leaves the old file or the new one, never half of one.

    ``secret`` makes it readable for its owner alone (on Windows the profile folder's rights already do that).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if secret else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def private_folder(path: Path) -> None:
    """Make a folder for its owner alone, since it will hold customers' data; one that exists keeps its rights.

    On Windows the profile folder above it already keeps others out.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # NTFS journals the rename itself, and a folder cannot be opened for a flush
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
