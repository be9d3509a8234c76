"""Letting go of old feed rows, never above what an active device or a running snapshot still needs."""

from datetime import datetime, timedelta

from app.kernel import codec
from app.tables.statements import Database
from services.authority.feed import forget_before
from services.authority.head import read_head

KEEP = timedelta(days=30)


def trim(database: Database, now: datetime, keep: timedelta = KEEP) -> int:
    """Delete log rows older than ``keep``; answers the oldest number that is still there. A chore."""
    mark = database.mark
    head = read_head(database)
    old = database.execute(
        f"SELECT max(commit_seq) FROM change_log WHERE recorded_at < {mark}", (codec.time_text(now - keep),)
    ).fetchone()[0]
    if old is None:
        return head.oldest_seq
    cursor = database.execute(
        # A computer that was not seen for so long fetches everything anew; it must not hold the log for ever.
        f"SELECT min(cursor) FROM device WHERE revoked_at IS NULL AND seen_at >= {mark}",
        (codec.time_text(now - keep),),
    ).fetchone()[0]
    floor = database.execute(
        f"SELECT min(floor_seq) FROM snapshot_lease WHERE expires_at > {mark}", (codec.time_text(now),)
    ).fetchone()[0]
    upto = min(x for x in (old, cursor, floor) if x is not None)
    commit = database.execute(f"SELECT max(commit_seq) FROM change_log WHERE commit_seq <= {mark}", (upto,)).fetchone()[
        0
    ]
    if commit is None:
        return head.oldest_seq
    database.execute(f"DELETE FROM change_log WHERE seq <= {mark}", (commit,))
    forget_before(database, commit + 1)
    return int(commit) + 1
