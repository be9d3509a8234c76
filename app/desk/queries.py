"""The questions that windows ask of the replica; each is handed to ``Desk.query``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from app.desk.threads import Query
from app.domain.stock.model import Location, StockMovement
from app.replica.queries import catalog, insight, order_changes, orders, setup, stock, sync
from app.replica.queries import order_list as lists
from app.replica.queries.catalog import (
    LOW_QTY,
    CategoryNode,
    ProductDetail,
    ProductFilter,
    ProductList,
    ProductSummary,
    SkuDetail,
)
from app.replica.queries.insight import NewOrder, ShopOverview, Task, TaskKind, Today
from app.replica.queries.order_list import TO_COLLECT, UNKNOWN, OrderFilter, OrderList
from app.replica.queries.orders import OrderDetail, OrderSummary
from app.replica.queries.setup import ShopSetup
from app.replica.queries.stock import MovementLine, Promise, StockStory
from app.replica.queries.sync import ShopFacts, SyncIssue, SyncOverview, WaitingCommand

__all__ = [
    "LOW_QTY",
    "TO_COLLECT",
    "UNKNOWN",
    "CategoryNode",
    "MovementLine",
    "NewOrder",
    "OrderDetail",
    "OrderFilter",
    "OrderList",
    "OrderSummary",
    "ProductDetail",
    "ProductFilter",
    "ProductList",
    "ProductSummary",
    "Promise",
    "ShopFacts",
    "ShopOverview",
    "ShopSetup",
    "SkuDetail",
    "StockStory",
    "SyncIssue",
    "SyncOverview",
    "Task",
    "TaskKind",
    "Today",
    "WaitingCommand",
]


def product_list(wanted: ProductFilter) -> Query[ProductList]:
    return partial(catalog.product_list, wanted=wanted)


def product_window(rowids: Sequence[int]) -> Query[dict[int, ProductSummary]]:
    return partial(catalog.product_window, rowids=rowids)


def product_detail(product_id: str) -> Query[ProductDetail | None]:
    return partial(catalog.product_detail, product_id=product_id)


def product_at(rowid: int) -> Query[ProductDetail | None]:
    return partial(catalog.product_at, rowid=rowid)


def last_editors(ref_ids: Sequence[str]) -> Query[dict[tuple[str, str], str]]:
    return partial(catalog.last_editors, ref_ids=ref_ids)


def stock_story(sku_id: str) -> Query[StockStory]:
    return partial(stock.stock_story, sku_id=sku_id)


def locations() -> Query[tuple[Location, ...]]:
    return stock.locations


def category_tree() -> Query[tuple[CategoryNode, ...]]:
    return catalog.category_tree


def movements(sku_id: str) -> Query[tuple[StockMovement, ...]]:
    return partial(catalog.movements, sku_id=sku_id)


def first_orders(wanted: OrderFilter) -> Query[OrderList]:
    return partial(lists.first_orders, wanted=wanted)


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


def shop_overview(now: datetime, point_id: str = "") -> Query[ShopOverview]:
    return partial(insight.shop_overview, now=now, point_id=point_id)


def sync_overview() -> Query[SyncOverview]:
    return sync.overview


def staff() -> Query[tuple[tuple[str, str, str], ...]]:
    return sync.on_duty


def shop_facts() -> Query[ShopFacts]:
    return sync.shop_facts


def shop_setup() -> Query[ShopSetup]:
    return setup.shop_setup
