"""Collecting in the shop, and the shop's own delivery."""

import sqlalchemy as sa
from alembic import op

from services.db.migrations.append_only import guard

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pickup_points",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("hours", TEXT, nullable=False),
        sa.Column("slot_minutes", sa.BigInteger(), nullable=False),
        sa.Column("lead_minutes", sa.BigInteger(), nullable=False),
        sa.Column("days_ahead", sa.BigInteger(), nullable=False),
        sa.Column("location_id", TEXT, nullable=False),
        sa.Column("archived_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_points")),
    )
    op.create_table(
        "pickups",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("point_id", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("human_code", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("slot", TEXT, nullable=False),
        sa.Column("shelf", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=True),
        sa.Column("ready_at", TEXT, nullable=True),
        sa.Column("collected_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_pickups_order_id")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_pickups_point_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_pickups")),
        sa.UniqueConstraint("ref", name=op.f("uq_pickups_ref")),
    )
    op.create_index(op.f("ix_pickups_human_code"), "pickups", ["human_code"])
    op.create_index(op.f("ix_pickups_point_id"), "pickups", ["point_id"])
    op.create_index(op.f("ix_pickups_state"), "pickups", ["state"])
    op.create_index(
        "uq_pickups_open_code",
        "pickups",
        ["human_code"],
        unique=True,
        sqlite_where=sa.text("state IN ('ordered', 'preparing', 'ready')"),
        postgresql_where=sa.text("state IN ('ordered', 'preparing', 'ready')"),
    )
    op.create_table(
        "pickup_redemptions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("staff_id", TEXT, nullable=False),
        sa.Column("point_id", TEXT, nullable=False),
        sa.Column("happened_at", TEXT, nullable=False),
        sa.Column("business_on", TEXT, nullable=False),
        sa.Column("mode", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("pieces", TEXT, nullable=False),
        sa.Column("undoes", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_redemptions")),
    )
    op.create_index(op.f("ix_pickup_redemptions_business_on"), "pickup_redemptions", ["business_on"])
    op.create_index(op.f("ix_pickup_redemptions_mode"), "pickup_redemptions", ["mode"])
    op.create_index(op.f("ix_pickup_redemptions_order_id"), "pickup_redemptions", ["order_id"])
    op.create_index(op.f("ix_pickup_redemptions_ref"), "pickup_redemptions", ["ref"])
    guard("pickup_redemptions")
    op.create_table(
        "delivery_areas",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("prefixes", TEXT, nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("hours", TEXT, nullable=False),
        sa.Column("free_from_fen", sa.BigInteger(), nullable=True),
        sa.Column("slot_minutes", sa.BigInteger(), nullable=False),
        sa.Column("lead_minutes", sa.BigInteger(), nullable=False),
        sa.Column("days_ahead", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fee_fen >= 0", name=op.f("ck_delivery_areas_fee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_areas")),
    )
    op.create_table(
        "local_deliveries",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("area_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("slot", TEXT, nullable=False),
        sa.Column("courier_id", TEXT, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("dispatched_at", TEXT, nullable=True),
        sa.Column("ended_at", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_local_deliveries_attempts")),
        sa.ForeignKeyConstraint(["area_id"], ["delivery_areas.id"], name=op.f("fk_local_deliveries_area_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_local_deliveries_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_local_deliveries")),
    )
    op.create_index(op.f("ix_local_deliveries_courier_id"), "local_deliveries", ["courier_id"])
    op.create_index(op.f("ix_local_deliveries_state"), "local_deliveries", ["state"])


def downgrade() -> None:
    op.drop_table("local_deliveries")
    op.drop_table("delivery_areas")
    op.drop_table("pickup_redemptions")
    op.drop_table("pickups")
    op.drop_table("pickup_points")
