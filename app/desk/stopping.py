"""A question that can be taken back while it is being answered, such as the whole list of a frequent word."""

import sqlite3
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from app.desk.threads import Query

T = TypeVar("T")
_STEPS: Final = 4_000
"""Of SQLite's own machine, between two looks at whether the answer is still wanted: fractions of a millisecond."""


class Stoppable(Generic[T]):
    """Asks ``query``; answers None once it was stopped, whatever was found by then.

    Stopping costs nothing and waits for nobody. The one that reads is free again as soon as SQLite looks next; what is
    counted in Python between two statements is finished first.
    """

    def __init__(self, query: "Query[T]") -> None:
        self._query = query
        self._is_stopped = False

    def stop(self) -> None:
        """From any thread: nobody waits for the answer any more."""
        self._is_stopped = True

    def __call__(self, connection: sqlite3.Connection) -> T | None:
        if self._is_unwanted():
            return None
        connection.set_progress_handler(self._is_unwanted, _STEPS)
        try:
            found = self._query(connection)
        except sqlite3.OperationalError:
            if not self._is_unwanted():
                raise
            return None
        finally:
            connection.set_progress_handler(None, _STEPS)
        return None if self._is_unwanted() else found

    def _is_unwanted(self) -> bool:
        return self._is_stopped
