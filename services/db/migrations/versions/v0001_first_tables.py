"""The shop's first tables. There is no way back from the first revision: before it there was no shop."""

import sqlalchemy as sa
from alembic import op

from services.db.migrations.append_only import guard

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "buyer_sessions",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("buyer_id", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_buyer_sessions")),
    )
    op.create_table(
        "buyers",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("level_id", TEXT, nullable=False),
        sa.Column("nickname", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyers")),
    )
    op.create_table(
        "categories",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("parent_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sort", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
    )
    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_categories_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "change_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commit_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("table_name", TEXT, nullable=False),
        sa.Column("pk", TEXT, nullable=False),
        sa.Column("op", TEXT, nullable=False),
        sa.Column("row", TEXT, nullable=True),
        sa.Column("audience", TEXT, nullable=False),
        sa.Column("command_id", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("recorded_at", TEXT, nullable=False),
        sa.CheckConstraint(
            "(op = 'u' AND row IS NOT NULL) OR (op = 'd' AND row IS NULL)", name=op.f("ck_change_log_op")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change_log")),
    )
    with op.batch_alter_table("change_log", schema=None) as batch_op:
        batch_op.create_index("ix_change_log_command", ["command_id"], unique=False)

    op.create_table(
        "command_failures",
        sa.Column("command_id", TEXT, nullable=False),
        sa.Column("count", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_error", TEXT, nullable=False),
        sa.Column("last_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_command_failures")),
    )
    op.create_table(
        "command_log",
        sa.Column("command_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=True),
        sa.Column("device_seq", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("args", TEXT, nullable=True),
        sa.Column("args_sha256", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("params", TEXT, nullable=False),
        sa.Column("commit_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issued_at", TEXT, nullable=False),
        sa.Column("recorded_at", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("prev_hash", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_command_log")),
        sa.UniqueConstraint("device_id", "device_seq", name=op.f("uq_command_log_device_id_device_seq")),
        sa.UniqueConstraint("position", name=op.f("uq_command_log_position")),
    )
    op.create_table(
        "device",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("install_key", TEXT, nullable=False),
        sa.Column("next_key", TEXT, nullable=False),
        sa.Column("is_manager", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_device_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("protocol", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("replica_schema", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cursor", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_at", TEXT, nullable=False),
        sa.Column("revoked_at", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_table(
        "devices",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("is_manager", sa.BigInteger(), nullable=False),
        sa.Column("enrolled_at", TEXT, nullable=False),
        sa.Column("revoked_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("no", name=op.f("uq_devices_no")),
    )
    op.create_table(
        "enrolments",
        sa.Column("code_hash", TEXT, nullable=False),
        sa.Column("is_manager", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", TEXT, nullable=False),
        sa.Column("used_at", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolments")),
    )
    op.create_table(
        "feed_head",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", TEXT, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("oldest_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_hash", TEXT, nullable=False),
        sa.Column("moved_to", TEXT, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_head")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("refs", TEXT, nullable=False),
        sa.Column("opened_at", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("settled_by", TEXT, nullable=False),
        sa.Column("settled_at", TEXT, nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("run_at", TEXT, nullable=False),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lease_until", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_due", ["state", "run_at"], unique=False)

    op.create_table(
        "last_edits",
        sa.Column("ref_id", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("changed_at", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ref_id", "field", name=op.f("pk_last_edits")),
    )
    op.create_table(
        "locations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("archived_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
    )
    op.create_table(
        "media",
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("mime", TEXT, nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media")),
    )
    op.create_table(
        "notices",
        sa.Column("dedupe_key", TEXT, nullable=False),
        sa.Column("raw", TEXT, nullable=False),
        sa.Column("headers", TEXT, nullable=False),
        sa.Column("received_at", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("dedupe_key", name=op.f("pk_notices")),
    )
    op.create_table(
        "order_events",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("happened_at", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("params", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
    )
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_events_order_id"), ["order_id"], unique=False)

    op.create_table(
        "price_changes",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("from_fen", sa.BigInteger(), nullable=False),
        sa.Column("to_fen", sa.BigInteger(), nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("changed_at", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_changes")),
    )
    with op.batch_alter_table("price_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_changes_sku_id"), ["sku_id"], unique=False)

    op.create_table(
        "settings",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "staff",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("pin_hash", TEXT, nullable=False),
        sa.Column("archived_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("location_id", TEXT, nullable=False),
        sa.Column("delta_qty", sa.BigInteger(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("ref_kind", TEXT, nullable=False),
        sa.Column("ref_id", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("happened_at", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_table(
        "transfers",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("debit", TEXT, nullable=False),
        sa.Column("credit", TEXT, nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("ref_kind", TEXT, nullable=False),
        sa.Column("ref_id", TEXT, nullable=False),
        sa.Column("happened_at", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fen > 0 AND debit <> credit", name=op.f("ck_transfers_fen")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_table(
        "buyer_identities",
        sa.Column("buyer_id", TEXT, nullable=False),
        sa.Column("openid", TEXT, nullable=False),
        sa.Column("unionid", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_buyer_identities_buyer_id")),
        sa.PrimaryKeyConstraint("buyer_id", name=op.f("pk_buyer_identities")),
        sa.UniqueConstraint("openid", name=op.f("uq_buyer_identities_openid")),
    )
    op.create_table(
        "orders",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("no", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("buyer_id", TEXT, nullable=False),
        sa.Column("delivery_kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("goods_fen", sa.BigInteger(), nullable=False),
        sa.Column("discount_fen", sa.BigInteger(), nullable=False),
        sa.Column("freight_fen", sa.BigInteger(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("ruleset_hash", TEXT, nullable=False),
        sa.Column("placed_at", TEXT, nullable=False),
        sa.Column("business_on", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=True),
        sa.Column("paid_at", TEXT, nullable=True),
        sa.Column("finished_at", TEXT, nullable=True),
        sa.Column("buyer_remark", TEXT, nullable=False),
        sa.Column("staff_remark", TEXT, nullable=False),
        sa.Column("flag", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "goods_fen >= 0 AND discount_fen >= 0 AND freight_fen >= 0 AND total_fen >= 0",
            name=op.f("ck_orders_amounts"),
        ),
        sa.CheckConstraint(
            "paid_fen >= 0 AND refunded_fen >= 0 AND refunded_fen <= paid_fen", name=op.f("ck_orders_paid")
        ),
        sa.CheckConstraint("total_fen = goods_fen - discount_fen + freight_fen", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_orders_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("no", name=op.f("uq_orders_no")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_buyer_id"), ["buyer_id"], unique=False)

    op.create_table(
        "products",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("category_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subtitle", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("sale_from_at", TEXT, nullable=True),
        sa.Column("sale_until_at", TEXT, nullable=True),
        sa.Column("freight_template_id", TEXT, nullable=False),
        sa.Column("min_qty", sa.BigInteger(), nullable=False),
        sa.Column("max_qty", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", TEXT, nullable=True),
        sa.Column("archived_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("min_qty >= 1 AND max_qty >= min_qty", name=op.f("ck_products_qty")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_products_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
    )
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_products_category_id"), ["category_id"], unique=False)

    op.create_table(
        "snapshot_lease",
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("floor_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_snapshot_lease_device_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_snapshot_lease")),
    )
    op.create_table(
        "order_contacts",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("region_code", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_contacts_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_contacts")),
    )
    op.create_table(
        "order_lines",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("line_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("category_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("spec_text", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("barcode", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("weight_g", sa.BigInteger(), nullable=False),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.Column("list_fen", sa.BigInteger(), nullable=False),
        sa.Column("unit_fen", sa.BigInteger(), nullable=False),
        sa.Column("discount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("shipped_qty", sa.BigInteger(), nullable=False),
        sa.Column("returned_qty", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "paid_fen >= 0 AND discount_fen >= 0 AND refunded_fen >= 0 AND refunded_fen <= paid_fen",
            name=op.f("ck_order_lines_paid"),
        ),
        sa.CheckConstraint(
            "qty > 0 AND shipped_qty >= 0 AND shipped_qty <= qty AND returned_qty >= 0 AND returned_qty <= qty",
            name=op.f("ck_order_lines_qty"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("order_id", "line_no", name=op.f("uq_order_lines_order_id_line_no")),
    )
    op.create_table(
        "parcels",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("carrier", TEXT, nullable=False),
        sa.Column("service", TEXT, nullable=False),
        sa.Column("waybill_no", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("shipped_at", TEXT, nullable=False),
        sa.Column("delivered_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_parcels_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("carrier", "waybill_no", name=op.f("uq_parcels_carrier_waybill_no")),
    )
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcels_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parcels_waybill_no"), ["waybill_no"], unique=False)

    op.create_table(
        "payments",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("tender", TEXT, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("out_trade_no", TEXT, nullable=False),
        sa.Column("transaction_id", TEXT, nullable=True),
        sa.Column("prepay_id", TEXT, nullable=False),
        sa.Column("payer_fen", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", TEXT, nullable=True),
        sa.Column("paid_at", TEXT, nullable=True),
        sa.Column("refunding_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0 AND payer_fen >= 0", name=op.f("ck_payments_amount")),
        sa.CheckConstraint(
            "refunding_fen >= 0 AND refunded_fen >= 0 AND refunding_fen + refunded_fen <= amount_fen",
            name=op.f("ck_payments_refunds"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("out_trade_no", name=op.f("uq_payments_out_trade_no")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_payments_transaction_id")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payments_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_payments_one_open",
            ["order_id", "tender"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "product_media",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("sort", sa.BigInteger(), nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("video_url", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_media_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_media")),
    )
    with op.batch_alter_table("product_media", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_media_product_id"), ["product_id"], unique=False)

    op.create_table(
        "skus",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("spec_key", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("barcode", TEXT, nullable=False),
        sa.Column("list_fen", sa.BigInteger(), nullable=False),
        sa.Column("weight_g", sa.BigInteger(), nullable=False),
        sa.Column("shelf", TEXT, nullable=False),
        sa.Column("sort", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", TEXT, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("list_fen > 0", name=op.f("ck_skus_price")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_skus_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skus")),
        sa.UniqueConstraint("product_id", "spec_key", name=op.f("uq_skus_product_id_spec_key")),
    )
    with op.batch_alter_table("skus", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skus_barcode"), ["barcode"], unique=False)
        batch_op.create_index(
            "uq_skus_barcode",
            ["barcode"],
            unique=True,
            sqlite_where=sa.text("barcode <> ''"),
            postgresql_where=sa.text("barcode <> ''"),
        )

    op.create_table(
        "spec_axes",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sort", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_spec_axes_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spec_axes")),
    )
    with op.batch_alter_table("spec_axes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spec_axes_product_id"), ["product_id"], unique=False)

    op.create_table(
        "parcel_lines",
        sa.Column("parcel_id", TEXT, nullable=False),
        sa.Column("order_line_id", TEXT, nullable=False),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("qty > 0", name=op.f("ck_parcel_lines_qty")),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_lines_parcel_id")),
        sa.PrimaryKeyConstraint("parcel_id", "order_line_id", name=op.f("pk_parcel_lines")),
    )
    op.create_table(
        "reservations",
        sa.Column("order_line_id", TEXT, nullable=False),
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("location_id", TEXT, nullable=False),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("qty > 0", name=op.f("ck_reservations_qty")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_reservations_order_line_id")),
        sa.PrimaryKeyConstraint("order_line_id", name=op.f("pk_reservations")),
    )
    op.create_table(
        "sku_costs",
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("cost_fen", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_sku_costs_cost")),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_sku_costs_sku_id")),
        sa.PrimaryKeyConstraint("sku_id", name=op.f("pk_sku_costs")),
    )
    op.create_table(
        "spec_values",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("axis_id", TEXT, nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sort", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["axis_id"], ["spec_axes.id"], name=op.f("fk_spec_values_axis_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spec_values")),
    )
    with op.batch_alter_table("spec_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spec_values_product_id"), ["product_id"], unique=False)

    op.create_table(
        "stock_levels",
        sa.Column("sku_id", TEXT, nullable=False),
        sa.Column("location_id", TEXT, nullable=False),
        sa.Column("on_hand_qty", sa.BigInteger(), nullable=False),
        sa.Column("reserved_qty", sa.BigInteger(), nullable=False),
        sa.Column("short_qty", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reserved_qty >= 0 AND short_qty >= 0 AND on_hand_qty + short_qty >= reserved_qty",
            name=op.f("ck_stock_levels_promised"),
        ),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_stock_levels_location_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_stock_levels_sku_id")),
        sa.PrimaryKeyConstraint("sku_id", "location_id", name=op.f("pk_stock_levels")),
    )
    for table in ("price_changes", "stock_movements", "order_events", "transfers"):
        guard(table)
