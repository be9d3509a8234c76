"""A replica that rows are put into as they are, for figures over shops that no clerk has to live through."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.desk.figures import ShopOverview, shop_overview
from app.domain.money import Fen
from app.domain.orders.model import Channel, DeliveryKind, Order, OrderState
from app.domain.payments.model import Account, Transfer
from app.domain.row import Row
from app.replica import schema
from app.replica.database import ReplicaDatabase
from app.replica.reader import open_reader
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

MONDAY = datetime(2026, 11, 23, 9, 20, 30, tzinfo=UTC)


class Shelf:
    """A replica that rows are put into as they are; ``has_shop`` is false for one that no shop has come to yet."""

    def __init__(self, path: Path, *, has_shop: bool = True) -> None:
        self.database = ReplicaDatabase(path)
        schema.create(self.database)
        if has_shop:
            self.receive_shop()

    def receive_shop(self) -> None:
        with self.database.transaction():
            self.database.execute("UPDATE replica_meta SET bootstrap_state = 'complete'")

    def put(self, *rows: Row) -> None:
        with self.database.transaction():
            for row in rows:
                record = mapper_of(type(row)).record(row, 1)
                self.database.execute(statements_of(type(row), "?").upsert, record)

    def overview(self, now: datetime, point_id: str = "") -> ShopOverview:
        reader = open_reader(self.database.path)
        try:
            return shop_overview(now, point_id)(reader)
        finally:
            reader.close()


def order(number: int, paid_at: datetime | None, fen: int = 100, **more: Any) -> Order:
    values: dict[str, Any] = {
        "delivery_kind": DeliveryKind.EXPRESS,
        "state": OrderState.PAID if paid_at else OrderState.UNPAID,
        "placed_at": (paid_at or MONDAY) - timedelta(minutes=2),
        **more,
    }
    return Order(
        id=f"o{number:05}",
        no=f"WX{number}",
        channel=Channel.MINI_PROGRAM,
        source="",
        buyer_id="b",
        goods_fen=Fen(fen),
        discount_fen=Fen(0),
        freight_fen=Fen(0),
        total_fen=Fen(fen),
        paid_fen=Fen(fen if paid_at else 0),
        refunded_fen=Fen(0),
        ruleset_hash="",
        business_on=MONDAY.date(),
        paid_at=paid_at,
        **values,
    )


def back(number: int, at: datetime, fen: int) -> Transfer:
    return Transfer(f"t{number}", Account.SALES, Account.WECHAT, Fen(fen), "refund", f"r{number}", at)
