"""Sums over the base, not the shown state: what the authority must have had at our cursor."""

from app.domain.registry import Registry
from app.replica import meta, shadow
from app.replica.apply import replay
from app.replica.database import ReplicaDatabase
from app.tables.schema import SYNCED
from app.tables.sums import sums
from app.wire.messages import SumsReply


def base_sums(database: ReplicaDatabase, registry: Registry) -> SumsReply:
    """Rewinds, sums and replays within one transaction, so nobody sees the base."""
    with database.transaction():
        here = meta.read(database)
        shadow.rewind(database)
        found = sums(database, [kind for kind in SYNCED if kind.AUDIENCE in here.audiences])
        replay(database, registry)
    return SumsReply(here.cursor, found)
