"""What there is to say of orders that have just been paid."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewOrders:
    """How many they are, what they come to, and the newest of them."""

    count: int
    total_fen: int
    piece_count: int
    newest_id: str


def new_orders(connection: sqlite3.Connection, order_ids: Collection[str]) -> NewOrders | None:
    """None when they are gone again."""
    found = [
        connection.execute(
            "SELECT o.placed_at, o.id, o.total_fen,"
            " coalesce((SELECT sum(qty) FROM order_lines l WHERE l.order_id = o.id), 0)"
            " FROM orders o WHERE o.id = ?",
            (order_id,),
        ).fetchone()
        for order_id in order_ids
    ]
    here = sorted(record for record in found if record is not None)
    if not here:
        return None
    return NewOrders(len(here), sum(r[2] for r in here), sum(r[3] for r in here), here[-1][1])
