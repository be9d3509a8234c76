"""Payments that desktops have told of after a restore, and what WeChat says of them."""

import sqlalchemy as sa
from alembic import op

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_checks",
        sa.Column("payment_id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("opened_at", TEXT, nullable=False),
        sa.Column("ended_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_payment_checks_ended")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_payment_checks_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payment_checks")),
    )
    op.create_index(op.f("ix_payment_checks_state"), "payment_checks", ["state"])


def downgrade() -> None:
    op.drop_table("payment_checks")
