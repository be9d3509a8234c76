"""What the shop sells, as the products page shows it."""

from collections.abc import Sequence
from functools import partial

from app.desk.threads import Query
from app.replica.queries import catalog
from app.replica.queries.catalog import (
    LOW_QTY,
    CategoryNode,
    ProductDetail,
    ProductFilter,
    ProductList,
    ProductSummary,
    SkuDetail,
)
from app.replica.search.initials import initials

__all__ = [
    "LOW_QTY",
    "CategoryNode",
    "ProductDetail",
    "ProductFilter",
    "ProductList",
    "ProductSummary",
    "SkuDetail",
    "initials",
]


def product_list(wanted: ProductFilter) -> Query[ProductList]:
    return partial(catalog.product_list, wanted=wanted)


def first_products(wanted: ProductFilter, count: int) -> Query[tuple[ProductList, Sequence[ProductSummary]]]:
    """All rows of a filter, and what is shown of the first of them."""
    return partial(catalog.first_products, wanted=wanted, count=count)


def product_window(rowids: Sequence[int]) -> Query[dict[int, ProductSummary]]:
    return partial(catalog.product_window, rowids=rowids)


def product_detail(product_id: str) -> Query[ProductDetail | None]:
    return partial(catalog.product_detail, product_id=product_id)


def product_at(rowid: int) -> Query[ProductDetail | None]:
    return partial(catalog.product_at, rowid=rowid)


def last_editors(ref_ids: Sequence[str]) -> Query[dict[tuple[str, str], str]]:
    return partial(catalog.last_editors, ref_ids=ref_ids)


def category_tree() -> Query[tuple[CategoryNode, ...]]:
    return catalog.category_tree
