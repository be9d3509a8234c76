"""What several processes of a shop tell each other of the requests that they let through.

Each counts in its own memory, which costs nothing; alone, two would let through twice as much. What one allows is
missing at the others a moment later: only that moment's requests are too many, and they are owed until the time has
paid them back. It travels by PostgreSQL's own notices, which are stored nowhere.
"""

import json
import logging
from collections.abc import Iterator

from app.kernel import codec, typed
from services.http.buckets import Buckets, Taken

CHANNEL = "zhanggui_limits"
MOST_BYTES = 7_000
"""PostgreSQL carries 8,000 in a notice."""
log = logging.getLogger("http")


class SharedCounts:
    """Puts into texts what was taken of some buckets, and takes what others have told. May be used from any thread."""

    def __init__(self, buckets: Buckets, *kinds: str) -> None:
        self._buckets = buckets
        buckets.share(*kinds)

    def untold(self) -> Iterator[str]:
        """Texts for the other processes, each short enough for a notice."""
        parts: list[str] = []
        size = 0
        for taken in self._buckets.untold():
            part = json.dumps(codec.plain(taken), separators=(",", ":"))
            if size + len(part) > MOST_BYTES:
                yield f"[{','.join(parts)}]"
                parts, size = [], 0
            parts.append(part)
            size += len(part) + 1
        if parts:
            yield f"[{','.join(parts)}]"

    def hear(self, text: str) -> None:
        """What another process has told; who may write into the shop's database may tell anything."""
        try:
            for each in codec.parse(text):
                self._buckets.hear(typed.build(Taken, each))
        except (ValueError, TypeError) as error:
            log.warning("a notice about limits cannot be read: %s", type(error).__name__)
