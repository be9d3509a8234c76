"""The questions that windows ask of the replica; each is handed to ``Desk.query``.

Here stand those that the first picture may need; the goods, their stock, the figures and the
set-up have modules of their own.
"""

from array import array
from collections.abc import Mapping, Sequence
from functools import partial

from app.desk.threads import Query
from app.replica.queries import order_changes, orders, sync
from app.replica.queries import order_list as lists
from app.replica.queries.order_list import UNKNOWN, OrderFilter, OrderList
from app.replica.queries.order_rows import TO_COLLECT
from app.replica.queries.orders import OrderDetail, OrderSummary
from app.replica.queries.sync import ShopFacts, SyncIssue, SyncOverview, WaitingCommand

__all__ = [
    "TO_COLLECT",
    "UNKNOWN",
    "OrderDetail",
    "OrderFilter",
    "OrderList",
    "OrderSummary",
    "ShopFacts",
    "SyncIssue",
    "SyncOverview",
    "WaitingCommand",
]


def first_orders(wanted: OrderFilter) -> Query[OrderList]:
    return partial(lists.first_orders, wanted=wanted)


def order_rows(wanted: OrderFilter, first: int, count: int, total: int) -> "Query[array[int]]":
    return partial(lists.order_rows, wanted=wanted, first=first, count=count, total=total)


def order_list(wanted: OrderFilter) -> Query[OrderList]:
    return partial(lists.order_list, wanted=wanted)


def order_list_after(wanted: OrderFilter, before: OrderList, changed: frozenset[str]) -> Query[OrderList]:
    return partial(order_changes.order_list_after, wanted=wanted, before=before, changed=changed)


def order_window(rowids: Sequence[int]) -> Query[dict[int, OrderSummary]]:
    return partial(orders.order_window, rowids=rowids)


def order_counts() -> Query[Mapping[str, int]]:
    return lists.order_counts


def order_detail(order_id: str) -> Query[OrderDetail | None]:
    return partial(orders.order_detail, order_id=order_id)


def order_at(rowid: int) -> Query[OrderDetail | None]:
    return partial(orders.order_at, rowid=rowid)


def order_details(rowids: Sequence[int]) -> Query[tuple[OrderDetail, ...]]:
    return partial(orders.order_details, rowids=rowids)


def sync_overview() -> Query[SyncOverview]:
    return sync.overview


def staff() -> Query[tuple[tuple[str, str, str], ...]]:
    return sync.on_duty


def shop_facts() -> Query[ShopFacts]:
    return sync.shop_facts
