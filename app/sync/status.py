"""How this desktop and the service stand, for the badge."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Link(StrEnum):
    """CONNECTING before the first answer; LOCKED when the service has revoked this device; OUTDATED needs an update."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
    LOADING = "loading"
    LOCKED = "locked"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``since`` is when the link came into this state; ``next_try_at`` is set while offline.

    ``trouble`` is the code of what the service refuses or this computer lacks; trying again alone does not mend it.
    ``clock_off_minutes``: how far this computer's clock is from the service's, when it is too far.
    ``is_busy`` while commands go up or pages come down; ``progress`` names the table and the rows while LOADING,
    ``part`` the table's place among how many.
    """

    link: Link
    since: datetime
    synced_at: datetime | None = None
    next_try_at: datetime | None = None
    is_busy: bool = False
    progress: tuple[str, int] | None = None
    part: tuple[int, int] = (0, 0)
    trouble: str = ""
    clock_off_minutes: int = 0
