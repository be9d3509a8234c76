"""How the desktop and its service stand, for whoever shows it."""

from app.sync.status import Link, SyncStatus

__all__ = ["Link", "SyncStatus"]
