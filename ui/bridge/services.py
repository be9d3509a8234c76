"""What every page is given when it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.desk.counter import CounterDoor
    from app.desk.desk import Desk
    from app.desk.preferences import PreferenceStore
    from app.desk.printing import Printing
    from app.desk.runner import Runner
    from app.desk.status import SyncStatus
    from app.domain.pickup.code import PickupKeys
    from ui.bridge.pictures import PictureShelf


@dataclass(frozen=True, slots=True)
class PageServices:
    """``say`` shows a toast, ``offer`` one with a button: its text, its verb and what the button does.

    ``go`` opens a page by its key, with an argument such as an order's id or a filter.

    ``counter`` tells of this counter and asks the service for its owner; ``choose_theme`` and ``choose_language`` take
    effect at once. ``preferences`` is what belongs to this counter; ``recount`` has the shell ask the pages for their
    counts again. ``is_online`` tells whether the service answers, ``pickup_keys`` what pickup codes are verified with.
    ``pictures`` holds the goods' pictures; without it tiles stand in their place. ``printing`` answers this
    counter's paper, which is made behind the first picture: asked for when something is to be printed, not before.
    ``after_picture`` does something as soon as the first rows are painted, and ``behind`` once all is there that comes
    up behind that picture; both at once from then on.
    """

    desk: "Desk"
    runner: "Runner"
    say: Callable[[str], None]
    go: Callable[[str, object], None]
    preferences: "PreferenceStore | None" = None
    recount: Callable[[], None] = lambda: None
    counter: "CounterDoor | None" = None
    choose_theme: Callable[[str], None] = lambda _: None
    choose_language: Callable[[str], None] = lambda _: None
    is_online: Callable[[], bool] = lambda: True
    pickup_keys: "Callable[[], PickupKeys | None]" = lambda: None
    pictures: "PictureShelf | None" = None
    sync_status: "Callable[[], SyncStatus | None]" = lambda: None
    printing: "Callable[[], Printing] | None" = None
    offer: Callable[[str, str, Callable[[], None]], None] = lambda *_: None
    behind: Callable[[Callable[[], None]], None] = lambda act: act()
    after_picture: Callable[[Callable[[], None]], None] = lambda act: act()
