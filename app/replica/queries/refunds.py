"""What a refund of an order is counted from."""

import sqlite3

from app.domain.orders.model import Order, OrderLine
from app.domain.payments.model import Payment, Refund, RefundLine
from app.domain.row import Row
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of


def refund_rows(connection: sqlite3.Connection, order_id: str) -> tuple[Row, ...]:
    """The order with its lines, its payments, and all that went back or is on its way."""
    found: list[Row] = _rows(connection, Order, "id", order_id)
    for kind in (OrderLine, Payment, Refund):
        found += _rows(connection, kind, "order_id", order_id)
    for refund in [row for row in found if isinstance(row, Refund)]:
        found += _rows(connection, RefundLine, "refund_id", refund.id)
    return tuple(found)


def _rows(connection: sqlite3.Connection, kind: type[Row], column: str, key: str) -> list[Row]:
    records = connection.execute(statements_of(kind, "?").children((column,)), (key,)).fetchall()
    return [mapper_of(kind).row(record) for record in records]
