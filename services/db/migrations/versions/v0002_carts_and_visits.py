"""What buyers mean to buy, and what visitors look at."""

import sqlalchemy as sa
from alembic import op

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cart_items",
        sa.Column("buyer_id", TEXT, nullable=False),
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("qty > 0", name=op.f("ck_cart_items_qty")),
        sa.PrimaryKeyConstraint("buyer_id", "sku_id", name=op.f("pk_cart_items")),
    )
    op.create_table(
        "visit_events",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("happened_at", TEXT, nullable=False),
        sa.Column("visitor", TEXT, nullable=False),
        sa.Column("buyer_id", TEXT, nullable=False),
        sa.Column("session", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("page", TEXT, nullable=False),
        sa.Column("element", TEXT, nullable=False),
        sa.Column("x_bp", sa.BigInteger(), nullable=True),
        sa.Column("y_bp", sa.BigInteger(), nullable=True),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("scene", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("campaign_id", TEXT, nullable=False),
        sa.Column("variant", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_events")),
    )
    with op.batch_alter_table("visit_events", schema=None) as batch_op:
        batch_op.create_index("ix_visit_events_happened_at", ["happened_at"], unique=False)


def downgrade() -> None:
    op.drop_table("visit_events")
    op.drop_table("cart_items")
