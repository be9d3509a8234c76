"""Which computer prints what, what was asked of it, and what came out."""

import sqlalchemy as sa
from alembic import op

from services.db.migrations.append_only import guard

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "print_stations",
        sa.Column("document_kind", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("fallback_id", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("document_kind", name=op.f("pk_print_stations")),
    )
    op.create_table(
        "print_requests",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("parcel_id", TEXT, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", TEXT, nullable=False),
        sa.Column("printed_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(state = 'printed') = (printed_at IS NOT NULL)", name=op.f("ck_print_requests_printed")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_print_requests")),
    )
    op.create_index(op.f("ix_print_requests_order_id"), "print_requests", ["order_id"])
    op.create_index(op.f("ix_print_requests_state"), "print_requests", ["state"])
    op.create_table(
        "printed_papers",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("copy_no", sa.BigInteger(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("happened_at", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("copy_no >= 1", name=op.f("ck_printed_papers_copy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_papers")),
    )
    op.create_index(op.f("ix_printed_papers_key"), "printed_papers", ["key"])
    guard("printed_papers")


def downgrade() -> None:
    for table in ("printed_papers", "print_requests", "print_stations"):
        op.drop_table(table)
