"""Buyers' sessions: an opaque random token at the phone, its hash and its end at the shop."""

import hashlib
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.command import Actor
from app.domain.permission import Role
from app.kernel import codec
from app.tables.statements import Database

SESSION_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whoever holds a valid token."""

    id: str

    @property
    def actor(self) -> Actor:
        return Actor(self.id, Role.BUYER)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session; it counts once ``store`` has run as a chore."""

    token: str
    buyer_id: str
    expires_at: datetime

    def store(self, database: Database) -> None:
        mark = database.mark
        database.execute(
            f"INSERT INTO buyer_sessions (token_hash, buyer_id, expires_at) VALUES ({mark}, {mark}, {mark})",
            (token_hash(self.token), self.buyer_id, codec.time_text(self.expires_at)),
        )


def new_session(buyer_id: str, now: datetime) -> Opened:
    return Opened(new_token(), buyer_id, now + SESSION_LIFE)


@dataclass(frozen=True, slots=True)
class Session:
    """A token that opens something until ``expires_at``."""

    buyer: Buyer
    expires_at: datetime


MOST_KNOWN = 10_000


class Sessions:
    """The sessions used last, so that their tokens need no look-up. They end by time alone, so none goes stale.

    May be used from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Session] = OrderedDict()

    def keep(self, token: str, session: Session) -> None:
        with self._lock:
            self._known[token_hash(token)] = session
            if len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)

    def known(self, token: str | None, now: datetime) -> Buyer | None:
        """Whose token this is; None when that has to be looked up."""
        if token is None:
            return None
        key = token_hash(token)
        with self._lock:
            found = self._known.get(key)
            if found is None or found.expires_at <= now:
                return None
            self._known.move_to_end(key)
            return found.buyer

    def whose(self, token: str, now: datetime) -> str | None:
        """The same by the buyer's id."""
        buyer = self.known(token, now)
        return None if buyer is None else buyer.id


def find_session(database: Database, token: str, now: datetime) -> Session | None:
    """Whose token this is, while it lasts."""
    record = database.execute(
        f"SELECT buyer_id, expires_at FROM buyer_sessions WHERE token_hash = {database.mark}", (token_hash(token),)
    ).fetchone()
    if record is None:
        return None
    session = Session(Buyer(str(record[0])), codec.parse_time(record[1]))
    return session if session.expires_at > now else None


def forget_ended(database: Database, now: datetime) -> int:
    """A chore for the nightly timer: removes what no token opens any more."""
    ended = database.execute(f"DELETE FROM buyer_sessions WHERE expires_at <= {database.mark}", (codec.time_text(now),))
    return ended.rowcount
