"""What every page is given when it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from app.desk.desk import Desk
from app.desk.runner import Runner


@dataclass(frozen=True, slots=True)
class PageServices:
    """``say`` shows a toast; ``go`` opens a page by its key, with an argument such as an order's id."""

    desk: Desk
    runner: Runner
    say: Callable[[str], None]
    go: Callable[[str, str], None]
