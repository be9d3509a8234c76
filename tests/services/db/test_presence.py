"""Whoever leaves a PostgreSQL database has left it: what comes right after them meets nobody."""

from typing import Any

from services.db.errors import OperationalError
from services.db.presence import Presence


class Server:
    """Notices late that a session has ended, as every server under load."""

    def __init__(self) -> None:
        self.holders: set[object] = set()


class Session:
    def __init__(self, server: Server) -> None:
        self._server = server
        self.is_open = True
        self.is_dead = False

    def execute(self, sql: str) -> Any:
        if self.is_dead:
            raise OperationalError(sql, ConnectionError("gone"), is_gone=True)
        if "unlock" in sql:
            self._server.holders.discard(self)
            return self
        self.is_held = not self._server.holders - {self}
        if self.is_held:
            self._server.holders.add(self)
        return self

    def fetchone(self) -> tuple[bool]:
        return (self.is_held,)

    def close(self) -> None:
        self.is_open = False


def test_a_move_begins_right_after_the_one_before() -> None:
    """There and back in one line was told that the shop's service runs."""
    server = Server()
    first, second = Presence(lambda: Session(server)), Presence(lambda: Session(server))
    assert first.acquire(alone=True) and not second.acquire(alone=True)
    first.release()
    assert second.acquire(alone=True)


def test_a_session_that_has_died_is_left_all_the_same() -> None:
    session = Session(Server())
    presence = Presence(lambda: session)
    assert presence.acquire(alone=False)
    session.is_dead = True
    presence.release()
    assert not session.is_open
