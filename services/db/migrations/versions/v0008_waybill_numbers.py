"""Waybill numbers that carriers are asked for, at most one of an order at a time."""

import sqlalchemy as sa
from alembic import op

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
_TEXTS = ("waybill_no", "sorting_code", "bag_mark", "qr_text", "reason", "carrier_code", "message")
_RULES = (
    ("attempt", "attempt > 0 AND tries >= 0"),
    ("answered", "(state = 'asked') = (answered_at IS NULL)"),
    ("granted", "state <> 'granted' OR waybill_no <> ''"),
)


def upgrade() -> None:
    op.create_table(
        "waybill_requests",
        *(sa.Column(name, TEXT, nullable=False) for name in ("id", "order_id", "parcel_id")),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("carrier", "service", "carrier_key", "lines", "actor")),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", TEXT, nullable=False),
        sa.Column("has_label", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in _TEXTS),
        sa.Column("answered_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_waybill_requests_{name}")) for name, rule in _RULES),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_waybill_requests_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waybill_requests")),
        sa.UniqueConstraint("carrier_key", name=op.f("uq_waybill_requests_carrier_key")),
        sa.UniqueConstraint("parcel_id", name=op.f("uq_waybill_requests_parcel_id")),
    )
    op.create_index(op.f("ix_waybill_requests_order_id"), "waybill_requests", ["order_id"])
    op.create_index(op.f("ix_waybill_requests_state"), "waybill_requests", ["state"])
    one_asked = sa.text("state = 'asked'")
    op.create_index(
        "uq_waybill_requests_one_asked",
        "waybill_requests",
        ["order_id"],
        unique=True,
        sqlite_where=one_asked,
        postgresql_where=one_asked,
    )


def downgrade() -> None:
    op.drop_table("waybill_requests")
