"""Pieces of a paid order that will never leave, and the refunds that took them out of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ADDED = (
    ("order_lines", "cancelled_qty", "cancelled", "cancelled_qty >= 0 AND shipped_qty + cancelled_qty <= qty"),
    ("refund_lines", "unsent_qty", "unsent", "unsent_qty >= 0 AND unsent_qty <= qty"),
)


def upgrade() -> None:
    for table, column, name, rule in _ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.BigInteger(), nullable=False, server_default="0"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)


def downgrade() -> None:
    for table, column, name, _ in _ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            batch_op.drop_column(column)
