"""Which orders a page of the feed brings as newly paid, asked before and after the page is applied.

Both questions are asked of the authority's rows, while what this counter has done on top is rewound: an order that
was shipped here and is turned back to paid was paid long ago. One that comes paid *and* shipped needs nobody.
"""

from collections.abc import Iterable

from app.domain.orders.model import Order, OrderState
from app.replica.database import ReplicaDatabase
from app.wire.messages import ChangeMessage


def not_yet_paid(database: ReplicaDatabase, changes: Iterable[ChangeMessage]) -> frozenset[str]:
    """Of the orders that the page brings: those that are unpaid here, or not here at all."""
    brought = {change.pk for change in changes if change.table == Order.TABLE and change.row is not None}
    paid = "SELECT 1 FROM orders WHERE id = ? AND paid_at IS NOT NULL"
    return frozenset(pk for pk in brought if database.execute(paid, (pk,)).fetchone() is None)


def paid_now(database: ReplicaDatabase, unpaid_before: Iterable[str]) -> frozenset[str]:
    """Of those orders: the ones that are paid now and wait for the shop."""
    waits = "SELECT 1 FROM orders WHERE id = ? AND state = ? AND paid_at IS NOT NULL"
    return frozenset(
        pk for pk in unpaid_before if database.execute(waits, (pk, str(OrderState.PAID))).fetchone() is not None
    )
