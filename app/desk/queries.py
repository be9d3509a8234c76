"""The questions that windows ask of the replica; each is handed to ``Desk.query``.

Here stand those that the first pages may need; the goods, their stock, the figures and the set-up have modules of their
own. What the list of orders shows is imported at once, all else when it is asked for.
"""

from array import array
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from app.kernel.later import later
from app.replica.queries import order_list as lists
from app.replica.queries import order_summary
from app.replica.queries.order_list import FIRST_FOUND, UNKNOWN, OrderFilter, OrderList, OrderSummary
from app.replica.queries.order_rows import TO_COLLECT

if TYPE_CHECKING:
    from app.desk.threads import Query
    from app.replica.queries import order_changes, orders, sync
    from app.replica.queries.orders import OrderDetail
    from app.replica.queries.sync import ShopFacts, SyncIssue, SyncOverview, WaitingCommand
else:
    order_changes, orders = later("app.replica.queries.order_changes"), later("app.replica.queries.orders")
    sync = later("app.replica.queries.sync")

    def __getattr__(name: str) -> Any:
        """The answers' own types, for whoever needs them at run time."""
        if name == "OrderDetail":
            return orders.OrderDetail
        if name in ("ShopFacts", "SyncIssue", "SyncOverview", "WaitingCommand"):
            return getattr(sync, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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


def first_orders(wanted: OrderFilter, in_view: int = FIRST_FOUND) -> "Query[OrderList]":
    return partial(order_summary.shown_orders, wanted=wanted, in_view=in_view)


def order_rows(wanted: OrderFilter, first: int, count: int, total: int) -> "Query[array[int]]":
    return partial(lists.order_rows, wanted=wanted, first=first, count=count, total=total)


def order_list(wanted: OrderFilter) -> "Query[OrderList]":
    return partial(lists.order_list, wanted=wanted)


def order_list_after(wanted: OrderFilter, before: OrderList, changed: frozenset[str]) -> "Query[OrderList]":
    return partial(order_changes.order_list_after, wanted=wanted, before=before, changed=changed)


def order_window(rowids: Sequence[int]) -> "Query[dict[int, OrderSummary]]":
    return partial(order_summary.order_window, rowids=rowids)


def order_counts() -> "Query[Mapping[str, int]]":
    return lists.order_counts


def order_detail(order_id: str) -> "Query[OrderDetail | None]":
    return partial(orders.order_detail, order_id=order_id)


def order_at(rowid: int) -> "Query[OrderDetail | None]":
    return partial(orders.order_at, rowid=rowid)


def order_details(rowids: Sequence[int]) -> "Query[tuple[OrderDetail, ...]]":
    return partial(orders.order_details, rowids=rowids)


def sync_overview() -> "Query[SyncOverview]":
    return sync.overview


def staff() -> "Query[tuple[tuple[str, str, str], ...]]":
    return sync.on_duty


def shop_facts() -> "Query[ShopFacts]":
    return sync.shop_facts
