"""The rows of the orders' list: all that the first picture reads of orders, and so by itself."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from app.kernel import codec
from app.replica.queries.order_list import STANDING, OrderFilter, OrderList, OrderSummary, first_orders
from app.replica.queries.pictures import main_picture

_AT_ONCE: Final = 50
"""A table asks for more of them when they come in sight."""


def shown_orders(connection: sqlite3.Connection, wanted: OrderFilter, in_view: int) -> OrderList:
    """The beginning of a list with what is shown of as many rows as are in view: so it is painted at once."""
    found = first_orders(connection, wanted, in_view)
    return replace(found, shown=order_window(connection, found.rowids[: min(in_view, _AT_ONCE)]))


def order_window(connection: sqlite3.Connection, rowids: Sequence[int]) -> dict[int, OrderSummary]:
    marks = ", ".join("?" * len(rowids))
    records = connection.execute(
        f"SELECT o.rid, o.id, o.no, {STANDING}, o.channel, o.total_fen, o.placed_at,"
        " coalesce((SELECT title FROM order_lines l WHERE l.order_id = o.id ORDER BY line_no LIMIT 1), ''),"
        " (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id),"
        " coalesce((SELECT sum(qty) FROM order_lines l WHERE l.order_id = o.id), 0),"
        " coalesce(c.name, ''), coalesce(c.phone, ''),"
        " EXISTS (SELECT 1 FROM shadow s WHERE s.table_name = 'orders' AND s.pk = o.id),"
        f" {main_picture('(SELECT l.product_id FROM order_lines l WHERE l.order_id = o.id ORDER BY line_no LIMIT 1)')}"
        f" FROM orders o LEFT JOIN order_contacts c ON c.order_id = o.id WHERE o.rid IN ({marks})",
        list(rowids),
    ).fetchall()
    found = {}
    for record in records:
        *head, placed_at, title, lines, pieces, receiver, phone, syncing, sha256 = record
        values: tuple[Any, ...] = (
            *head,
            codec.parse_time(placed_at),
            title,
            lines,
            pieces,
            receiver,
            phone,
            bool(syncing),
            sha256,
        )
        found[record[0]] = OrderSummary(*values)
    return found
