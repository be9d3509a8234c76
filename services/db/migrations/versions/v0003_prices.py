"""Promotions, coupons and member prices; orders keep how their price came about and are found by their state."""

import sqlalchemy as sa
from alembic import op

from services.db.migrations.append_only import guard

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_orders_state", "orders", ["state"], unique=False)
    op.create_table(
        "member_levels",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sort", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_levels")),
    )
    op.create_table(
        "promotions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("config", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("exclusive_group", TEXT, nullable=False),
        sa.Column("from_at", TEXT, nullable=True),
        sa.Column("until_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_promotions_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promotions_state"), ["state"], unique=False)

    op.create_table(
        "coupons",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind_id", TEXT, nullable=False),
        sa.Column("buyer_id", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("given_at", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("until_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(state = 'used') = (order_id <> '')", name=op.f("ck_coupons_used")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_coupons_buyer_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["promotions.id"], name=op.f("fk_coupons_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code", name=op.f("uq_coupons_code")),
    )
    with op.batch_alter_table("coupons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coupons_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coupons_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_coupons_one_order",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("order_id <> ''"),
            postgresql_where=sa.text("order_id <> ''"),
        )

    op.create_table(
        "promotion_versions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("promotion_id", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("config", TEXT, nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("exclusive_group", TEXT, nullable=False),
        sa.Column("from_at", TEXT, nullable=True),
        sa.Column("until_at", TEXT, nullable=True),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("published_at", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["promotion_id"], ["promotions.id"], name=op.f("fk_promotion_versions_promotion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_versions")),
        sa.UniqueConstraint("promotion_id", "version", name=op.f("uq_promotion_versions_promotion_id_version")),
    )
    op.create_table(
        "order_discounts",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("line_id", TEXT, nullable=False),
        sa.Column("rule_id", TEXT, nullable=False),
        sa.Column("rule_version", sa.BigInteger(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("params", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fen > 0", name=op.f("ck_order_discounts_fen")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_discounts_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_discounts")),
    )
    with op.batch_alter_table("order_discounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_discounts_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_prices",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("coupon_id", TEXT, nullable=False),
        sa.Column("steps", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_prices_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_prices")),
    )
    op.create_table(
        "sku_level_prices",
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("level_id", TEXT, nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_sku_level_prices_price")),
        sa.ForeignKeyConstraint(["level_id"], ["member_levels.id"], name=op.f("fk_sku_level_prices_level_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_sku_level_prices_sku_id")),
        sa.PrimaryKeyConstraint("sku_id", "level_id", name=op.f("pk_sku_level_prices")),
    )
    for table in ("promotion_versions", "order_prices", "order_discounts"):
        guard(table)


def downgrade() -> None:
    for table in (
        *("order_discounts", "order_prices", "coupons", "promotion_versions", "promotions"),
        *("sku_level_prices", "member_levels"),
    ):
        op.drop_table(table)
    op.drop_index("ix_orders_state", "orders")
