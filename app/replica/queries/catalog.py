"""What the products page shows."""

import os
import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.catalog.model import Category, Product, ProductMedia, Sku, SpecAxis, SpecValue
from app.domain.row import Row
from app.domain.stock.model import StockLevel, StockMovement
from app.kernel import codec
from app.kernel.later import later
from app.replica.queries.pictures import main_picture
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

if TYPE_CHECKING:
    from app.replica.search import finding, subject
else:
    finding = later("app.replica.search.finding")
    subject = later("app.replica.search.subject")

_SYNCING = (
    "EXISTS (SELECT 1 FROM shadow s WHERE (s.table_name = 'products' AND s.pk = p.id)"
    " OR (s.table_name IN ('skus', 'stock_levels') AND s.pk IN"
    " (SELECT k.id FROM skus k WHERE k.product_id = p.id UNION ALL"
    " SELECT l.sku_id || '/' || l.location_id FROM stock_levels l JOIN skus k ON k.id = l.sku_id"
    " WHERE k.product_id = p.id)))"
)


R = TypeVar("R", bound=Row)


LOW_QTY = 5
"""From so few free pieces on, an article is said to run low."""


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """``state`` and ``category_id`` empty: all. ``words`` match title, its initials, category, code and barcode."""

    state: str = ""
    category_id: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ProductSummary:
    """One row of the list; prices and stock are over all articles of the product."""

    rowid: int
    product_id: str
    title: str
    category: str
    state: str
    sku_count: int
    code: str
    """The code of its article, or what the codes of all of them begin with."""
    least_fen: int
    most_fen: int
    available_qty: int
    empty_skus: int
    low_skus: int
    changed_at: datetime | None
    is_syncing: bool
    sha256: str
    """The main picture's name; empty for none."""


@dataclass(frozen=True, slots=True)
class ProductList:
    """The rows of a filter, newest change first, and the counts of all states for the same words and category."""

    rowids: "array[int]"
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SkuDetail:
    sku: Sku
    levels: tuple[StockLevel, ...]
    cost_fen: int | None
    is_syncing: bool

    @property
    def available_qty(self) -> int:
        return sum(level.available_qty for level in self.levels)

    @property
    def on_hand_qty(self) -> int:
        return sum(level.on_hand_qty for level in self.levels)


@dataclass(frozen=True, slots=True)
class ProductDetail:
    rowid: int
    product: Product
    category: str
    skus: tuple[SkuDetail, ...]
    media: tuple[ProductMedia, ...]
    is_syncing: bool
    axes: tuple[SpecAxis, ...]
    values: tuple[SpecValue, ...]


def _where(connection: sqlite3.Connection, wanted: ProductFilter) -> tuple[str, list[str]]:
    """All conditions but the state, for which all are counted."""
    conditions, params = ["p.archived_at IS NULL"], []
    if wanted.category_id:
        conditions.append(
            "p.category_id IN (WITH RECURSIVE tree(id) AS (SELECT ? UNION ALL"
            " SELECT c.id FROM categories c JOIN tree ON c.parent_id = tree.id) SELECT id FROM tree)"
        )
        params.append(wanted.category_id)
    if wanted.words.strip():
        search = finding.search_for(subject.PRODUCTS, wanted.words)
        found = finding.rows(connection, search).rids if search else []
        conditions.append(f"p.rid IN ({', '.join(map(str, found))})")
    return " AND ".join(conditions), params


def product_list(connection: sqlite3.Connection, wanted: ProductFilter) -> ProductList:
    where, params = _where(connection, wanted)
    rowids, counts = array("q"), dict[str, int]()
    for rid, state in connection.execute(
        f"SELECT p.rid, p.state FROM products p WHERE {where} ORDER BY p.changed_at DESC, p.id DESC", params
    ):
        counts[state] = counts.get(state, 0) + 1
        if wanted.state in ("", state):
            rowids.append(rid)
    return ProductList(rowids, counts | {"": sum(counts.values())})


def first_products(
    connection: sqlite3.Connection, wanted: ProductFilter, count: int
) -> tuple[ProductList, tuple[ProductSummary, ...]]:
    found = product_list(connection, wanted)
    shown = product_window(connection, found.rowids[:count])
    return found, tuple(shown[rowid] for rowid in found.rowids[:count])


def product_window(connection: sqlite3.Connection, rowids: Sequence[int]) -> dict[int, ProductSummary]:
    marks = ", ".join("?" * len(rowids))
    records = connection.execute(
        "SELECT p.rid, p.id, p.title, coalesce(c.name, ''), p.state, count(k.id), coalesce(min(k.code), ''),"
        " coalesce(max(k.code), ''),"
        " coalesce(min(k.list_fen), 0), coalesce(max(k.list_fen), 0), coalesce(sum(l.free), 0),"
        " coalesce(sum(k.id IS NOT NULL AND coalesce(l.free, 0) <= 0), 0),"
        f" coalesce(sum(l.free BETWEEN 1 AND {LOW_QTY}), 0), p.changed_at, {_SYNCING},"
        f" {main_picture('p.id')}"
        " FROM products p LEFT JOIN categories c ON c.id = p.category_id"
        " LEFT JOIN skus k ON k.product_id = p.id AND k.archived_at IS NULL"
        " LEFT JOIN (SELECT sku_id, sum(on_hand_qty - reserved_qty) AS free FROM stock_levels GROUP BY sku_id) l"
        f" ON l.sku_id = k.id WHERE p.rid IN ({marks}) GROUP BY p.rid",
        list(rowids),
    ).fetchall()
    found = {}
    for record in records:
        *named, count, first, last = record[:8]
        *plain, changed_at, syncing, sha256 = record[8:]
        at = None if changed_at is None else codec.parse_time(changed_at)
        values: tuple[Any, ...] = (*named, count, _shared_code(first, last), *plain, at, bool(syncing), sha256)
        found[record[0]] = ProductSummary(*values)
    return found


def _shared_code(first: str, last: str) -> str:
    """What all codes between these two begin with, in whole parts; the first where they have nothing in common."""
    shared = os.path.commonprefix((first, last))
    if shared == first:
        return first
    cut = max(shared.rfind(sign) for sign in "-_./ ")
    return shared[:cut] if cut > 0 else shared or first


def product_detail(connection: sqlite3.Connection, product_id: str) -> ProductDetail | None:
    product_record = connection.execute(statements_of(Product, "?").select, (product_id,)).fetchone()
    if product_record is None:
        return None
    product = mapper_of(Product).row(product_record)
    category = connection.execute("SELECT name FROM categories WHERE id = ?", (product.category_id,)).fetchone()
    skus = [
        mapper_of(Sku).row(record)
        for record in connection.execute(statements_of(Sku, "?").children(("product_id",)), (product_id,)).fetchall()
    ]
    media = [
        mapper_of(ProductMedia).row(record)
        for record in connection.execute(
            statements_of(ProductMedia, "?").children(("product_id",)), (product_id,)
        ).fetchall()
    ]
    details = tuple(_sku_detail(connection, sku) for sku in sorted(skus, key=lambda s: (s.sort, s.id)))
    is_syncing = _is_shadowed(connection, "products", product_id) or any(d.is_syncing for d in details)
    return ProductDetail(
        connection.execute("SELECT rid FROM products WHERE id = ?", (product_id,)).fetchone()[0],
        product,
        category[0] if category else "",
        details,
        tuple(sorted(media, key=lambda m: (m.sort, m.id))),
        is_syncing,
        tuple(sorted(_of_product(connection, SpecAxis, product_id), key=lambda a: (a.sort, a.id))),
        tuple(sorted(_of_product(connection, SpecValue, product_id), key=lambda v: (v.sort, v.id))),
    )


def _of_product(connection: sqlite3.Connection, kind: type[R], product_id: str) -> tuple[R, ...]:
    records = connection.execute(statements_of(kind, "?").children(("product_id",)), (product_id,)).fetchall()
    return tuple(mapper_of(kind).row(record) for record in records)


def last_editors(connection: sqlite3.Connection, ref_ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """Who last changed which field of these things, by name; people who are not of the staff are left out."""
    marks = ", ".join("?" * len(ref_ids))
    records = connection.execute(
        "SELECT e.ref_id, e.field, s.name FROM last_edits e JOIN staff s ON s.id = e.actor"
        f" WHERE e.ref_id IN ({marks})",
        list(ref_ids),
    ).fetchall()
    return {(ref_id, field): name for ref_id, field, name in records}


def product_at(connection: sqlite3.Connection, rowid: int) -> ProductDetail | None:
    """The product that stands at a row of a list."""
    found = connection.execute("SELECT id FROM products WHERE rid = ?", (rowid,)).fetchone()
    return None if found is None else product_detail(connection, found[0])


def _sku_detail(connection: sqlite3.Connection, sku: Sku) -> SkuDetail:
    levels = tuple(
        mapper_of(StockLevel).row(record)
        for record in connection.execute(statements_of(StockLevel, "?").children(("sku_id",)), (sku.id,)).fetchall()
    )
    cost = connection.execute("SELECT cost_fen FROM sku_costs WHERE sku_id = ?", (sku.id,)).fetchone()
    is_syncing = _is_shadowed(connection, "skus", sku.id) or any(
        _is_shadowed(connection, "stock_levels", f"{level.sku_id}/{level.location_id}") for level in levels
    )
    return SkuDetail(sku, levels, cost[0] if cost else None, is_syncing)


def _is_shadowed(connection: sqlite3.Connection, table: str, pk: str) -> bool:
    sql = "SELECT 1 FROM shadow WHERE table_name = ? AND pk = ?"
    return connection.execute(sql, (table, pk)).fetchone() is not None


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category with how many products lie in it and below it."""

    category: Category
    depth: int
    count: int


def category_tree(connection: sqlite3.Connection) -> tuple[CategoryNode, ...]:
    """All categories in the order they are shown, children behind their parents."""
    records = connection.execute(statements_of(Category, "?").select_all).fetchall()
    categories = [c for c in map(mapper_of(Category).row, records) if c.archived_at is None]
    own = dict(
        connection.execute(
            "SELECT category_id, count(*) FROM products WHERE archived_at IS NULL GROUP BY category_id"
        ).fetchall()
    )
    children: dict[str, list[Category]] = {}
    for category in sorted(categories, key=lambda c: (c.sort, c.id)):
        children.setdefault(category.parent_id, []).append(category)
    nodes: list[CategoryNode] = []

    def walk(parent_id: str, depth: int) -> int:
        total = 0
        for category in children.get(parent_id, ()):
            place = len(nodes)
            nodes.append(CategoryNode(category, depth, 0))
            count = own.get(category.id, 0) + walk(category.id, depth + 1)
            nodes[place] = CategoryNode(category, depth, count)
            total += count
        return total

    walk("", 0)
    return tuple(nodes)


def movements(connection: sqlite3.Connection, sku_id: str, limit: int = 100) -> tuple[StockMovement, ...]:
    """The newest movements of an article."""
    columns = statements_of(StockMovement, "?").columns
    records = connection.execute(
        f"SELECT {columns} FROM stock_movements WHERE sku_id = ? ORDER BY happened_at DESC, id DESC LIMIT ?",
        (sku_id, limit),
    ).fetchall()
    return tuple(mapper_of(StockMovement).row(record) for record in records)
