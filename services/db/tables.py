"""What only the service keeps: the log, the devices, the buyers' sessions and its own jobs."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from app.tables.schema import NAMING, authority_tables, exact_text

METADATA = MetaData(naming_convention=NAMING)
authority_tables(METADATA)


def _text(name: str, *, is_nullable: bool = False) -> Column[str]:
    return Column(name, exact_text(), nullable=is_nullable)


def _number(name: str, *, is_nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=is_nullable, autoincrement=False)


FEED_HEAD = Table(
    "feed_head",
    METADATA,
    _number("id"),
    _text("epoch"),
    _number("last_seq"),
    _number("oldest_seq"),
    _number("last_position"),
    _text("last_hash"),
    _text("moved_to"),
    PrimaryKeyConstraint("id"),
    CheckConstraint(text("id = 1"), name="one_row"),
)
CHANGE_LOG = Table(
    "change_log",
    METADATA,
    _number("seq"),
    _number("commit_seq"),
    _text("table_name"),
    _text("pk"),
    _text("op"),
    _text("row", is_nullable=True),
    _text("audience"),
    _text("command_id"),
    _text("actor"),
    _text("recorded_at"),
    PrimaryKeyConstraint("seq"),
    CheckConstraint(text("(op = 'u' AND row IS NOT NULL) OR (op = 'd' AND row IS NULL)"), name="op"),
)
COMMAND_LOG = Table(
    "command_log",
    METADATA,
    _text("command_id"),
    _text("device_id", is_nullable=True),
    _number("device_seq", is_nullable=True),
    _text("name"),
    _number("version"),
    _text("args", is_nullable=True),
    _text("args_sha256"),
    _text("kind"),
    _text("verdict"),
    _text("code"),
    _text("params"),
    _number("commit_seq"),
    _text("issued_at"),
    _text("recorded_at"),
    _text("actor"),
    _number("position"),
    _text("prev_hash"),
    _text("hash"),
    PrimaryKeyConstraint("command_id"),
    UniqueConstraint("device_id", "device_seq"),
    UniqueConstraint("position"),
)
DEVICE = Table(
    "device",
    METADATA,
    _text("id"),
    _text("token_hash"),
    _text("install_key"),
    _text("next_key"),
    _number("is_manager"),
    _number("last_device_seq"),
    _number("protocol"),
    _number("replica_schema"),
    _number("cursor"),
    _text("seen_at"),
    _text("revoked_at", is_nullable=True),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("token_hash"),
)
ENROLMENT = Table(
    "enrolments",
    METADATA,
    _text("code_hash"),
    _number("is_manager"),
    _text("expires_at"),
    _text("used_at", is_nullable=True),
    PrimaryKeyConstraint("code_hash"),
)
SNAPSHOT_LEASE = Table(
    "snapshot_lease",
    METADATA,
    _text("device_id"),
    _number("floor_seq"),
    _text("expires_at"),
    PrimaryKeyConstraint("device_id"),
    ForeignKeyConstraint(["device_id"], ["device.id"]),
)
FAILURE = Table(
    "command_failures",
    METADATA,
    _text("command_id"),
    _number("count"),
    _text("last_error"),
    _text("last_at"),
    PrimaryKeyConstraint("command_id"),
)
BUYER_SESSION = Table(
    "buyer_sessions",
    METADATA,
    _text("token_hash"),
    _text("buyer_id"),
    _text("expires_at"),
    PrimaryKeyConstraint("token_hash"),
)
CART_ITEM = Table(
    "cart_items",
    METADATA,
    _text("buyer_id"),
    _text("sku_id"),
    _number("qty"),
    _number("place"),
    PrimaryKeyConstraint("buyer_id", "sku_id"),
    CheckConstraint(text("qty > 0"), name="qty"),
)
VISIT_EVENT = Table(
    "visit_events",
    METADATA,
    _text("id"),
    _text("happened_at"),
    _text("visitor"),
    _text("buyer_id"),
    _text("session"),
    _text("kind"),
    _text("page"),
    _text("element"),
    _number("x_bp", is_nullable=True),
    _number("y_bp", is_nullable=True),
    _text("product_id"),
    _text("scene"),
    _text("source"),
    _text("campaign_id"),
    _text("variant"),
    PrimaryKeyConstraint("id"),
)
NOTICE = Table(
    "notices",
    METADATA,
    _text("dedupe_key"),
    _text("raw"),
    _text("headers"),
    _text("received_at"),
    _text("outcome"),
    PrimaryKeyConstraint("dedupe_key"),
)
JOB = Table(
    "jobs",
    METADATA,
    _text("id"),
    _text("kind"),
    _text("key"),
    _text("payload"),
    _text("state"),
    _text("run_at"),
    _number("attempts"),
    _text("lease_until", is_nullable=True),
    _text("error"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("key"),
)
Index("ix_visit_events_happened_at", VISIT_EVENT.c.happened_at)
Index("ix_jobs_due", JOB.c.state, JOB.c.run_at)
Index("ix_change_log_command", CHANGE_LOG.c.command_id)
