"""Where the feed stands. Anybody may read it; only the writer advances it."""

from dataclasses import dataclass

from app.tables.statements import Database


@dataclass(slots=True)
class Head:
    """Where the feed stands: the epoch, the last number given, and the end of the command log's chain."""

    epoch: str
    last_seq: int
    oldest_seq: int
    last_position: int
    last_hash: str
    moved_to: str

    def copy(self) -> "Head":
        return Head(self.epoch, self.last_seq, self.oldest_seq, self.last_position, self.last_hash, self.moved_to)


HEAD = "SELECT epoch, last_seq, oldest_seq, last_position, last_hash, moved_to FROM feed_head WHERE id = 1"


def read_head(database: Database) -> Head:
    return Head(*database.execute(HEAD).fetchone())


def begin_epoch(database: Database, epoch: str) -> None:
    """Cursors of before mean nothing any more: every desktop fetches everything anew.

    Nor do the keys that tell a desktop from a copy of it: the desktops have changed theirs since the older state, and
    whoever comes first with the device's token is taken for it.
    """
    database.execute(f"UPDATE feed_head SET epoch = {database.mark} WHERE id = 1", (epoch,))
    database.execute("UPDATE device SET install_key = '', next_key = '', cursor = 0")
