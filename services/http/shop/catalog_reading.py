"""Reads what buyers may see of the catalogue: pages by key, one product, its stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.catalog.model import (
    Category,
    Media,
    MediaRole,
    Product,
    ProductMedia,
    ProductState,
    Sku,
    SpecAxis,
    SpecValue,
)
from app.domain.row import Audience
from app.domain.settings import read_settings
from app.domain.stock.rules import level_of
from app.kernel import codec
from app.tables.statements import Database
from app.tables.view import SqlView

MAX_WORDS = 5
CARD_WIDTH = 375
PAGE_WIDTH = 750


class Sort(StrEnum):
    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which products: of a category with everything below it, with these words, behind this cursor."""

    category_id: str = ""
    words: str = ""
    sort: Sort = Sort.NEWEST
    cursor: str = ""
    limit: int = 20


def view_of(database: Database) -> SqlView:
    return SqlView(database, Audience)


def categories(database: Database) -> list[dict[str, Any]]:
    found = [c for c in view_of(database).children(Category) if c.archived_at is None]
    found.sort(key=lambda c: (c.sort, c.id))
    return [{"id": c.id, "parent_id": c.parent_id, "name": c.name, "sort": c.sort} for c in found]


def product_page(database: Database, wish: Wish, now: datetime) -> dict[str, Any]:
    where, params = _conditions(database, wish, now)
    behind, key_params = _behind(database, wish)
    sql = (
        "SELECT p.id, p.category_id, p.title, p.subtitle, MIN(s.list_fen) AS from_fen, MAX(s.list_fen) AS to_fen"
        " FROM products p JOIN skus s ON s.product_id = p.id AND s.archived_at IS NULL"
        f" WHERE {where} GROUP BY p.id, p.category_id, p.title, p.subtitle{behind}"
        f" ORDER BY {_ORDER[wish.sort]} LIMIT {database.mark}"
    )
    records = database.execute(sql, (*params, *key_params, wish.limit + 1)).fetchall()
    shown = records[: wish.limit]
    items = [_card(database, record) for record in shown]
    more = len(records) > wish.limit
    return {"items": items, "next_cursor": _cursor(shown[-1], wish.sort) if more else None}


_ORDER = {
    Sort.NEWEST: "p.id DESC",
    Sort.PRICE_UP: "MIN(s.list_fen), p.id",
    Sort.PRICE_DOWN: "MIN(s.list_fen) DESC, p.id DESC",
}


def _behind(database: Database, wish: Wish) -> tuple[str, tuple[Any, ...]]:
    if not wish.cursor:
        return "", ()
    fen, _, product_id = wish.cursor.partition("~")
    if wish.sort is Sort.NEWEST:
        return f" HAVING p.id < {database.mark}", (product_id,)
    sign = ">" if wish.sort is Sort.PRICE_UP else "<"
    return f" HAVING (MIN(s.list_fen), p.id) {sign} ({database.mark}, {database.mark})", (int(fen), product_id)


def _cursor(record: Sequence[Any], sort: Sort) -> str:
    return f"{0 if sort is Sort.NEWEST else int(record[4])}~{record[0]}"


def _conditions(database: Database, wish: Wish, now: datetime) -> tuple[str, tuple[Any, ...]]:
    mark, at = database.mark, codec.time_text(now)
    parts = [
        f"p.state = {mark} AND p.archived_at IS NULL",
        f"(p.sale_from_at IS NULL OR p.sale_from_at <= {mark})",
        f"(p.sale_until_at IS NULL OR p.sale_until_at > {mark})",
    ]
    params: list[Any] = [ProductState.ON_SALE.value, at, at]
    if wish.category_id:
        within = _with_descendants(database, wish.category_id)
        parts.append(f"p.category_id IN ({', '.join([mark] * len(within))})")
        params += within
    for word in wish.words.lower().split()[:MAX_WORDS]:
        parts.append(f"(LOWER(p.title) LIKE {mark} ESCAPE '!' OR LOWER(p.subtitle) LIKE {mark} ESCAPE '!')")
        pattern = "%" + word.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        params += [pattern, pattern]
    return " AND ".join(parts), tuple(params)


def _with_descendants(database: Database, category_id: str) -> list[str]:
    below: dict[str, list[str]] = {}
    for category in view_of(database).children(Category):
        below.setdefault(category.parent_id, []).append(category.id)
    found, waiting = [category_id], [category_id]
    while waiting:
        children = [c for c in below.get(waiting.pop(), []) if c not in found]
        found += children
        waiting += children
    return found


def next_window(database: Database, now: datetime) -> datetime | None:
    """The next moment at which a product's time of sale begins or ends."""
    mark, at = database.mark, codec.time_text(now)
    found = [
        database.execute(f"SELECT MIN({column}) FROM products WHERE {column} > {mark}", (at,)).fetchone()[0]
        for column in ("sale_from_at", "sale_until_at")
    ]
    moments = [codec.parse_time(text) for text in found if text is not None]
    return min(moments, default=None)


def _card(database: Database, record: Sequence[Any]) -> dict[str, Any]:
    product_id, category_id, title, subtitle, from_fen, to_fen = record
    found = pictures(view_of(database), str(product_id), CARD_WIDTH)
    return {
        "id": product_id,
        "category_id": category_id,
        "title": title,
        "subtitle": subtitle,
        "from_fen": int(from_fen),
        "to_fen": int(to_fen),
        "picture": found[0] if found else None,
    }


def pictures(view: SqlView, product_id: str, width: int) -> list[dict[str, Any]]:
    shown = [m for m in view.children(ProductMedia, product_id=product_id) if m.role is not MediaRole.VIDEO]
    shown.sort(key=lambda m: (m.role is not MediaRole.MAIN, m.sort, m.id))
    found = []
    for each in shown:
        media = view.get(Media, each.sha256)
        if media is not None:
            height = media.height * width // media.width if media.width else 0
            found.append({"url": f"/media/{media.sha256}-{width}.jpg", "width": width, "height": height})
    return found


def is_sold(product: Product | None, now: datetime) -> bool:
    if product is None or product.archived_at is not None or product.state is not ProductState.ON_SALE:
        return False
    is_early = product.sale_from_at is not None and now < product.sale_from_at
    is_late = product.sale_until_at is not None and now >= product.sale_until_at
    return not (is_early or is_late)


def product_detail(database: Database, product_id: str, now: datetime) -> dict[str, Any] | None:
    """Everything of a product but its stock; None when it is not for sale."""
    view = view_of(database)
    product = view.get(Product, product_id)
    if product is None or not is_sold(product, now):
        return None
    media = view.children(ProductMedia, product_id=product_id)
    return {
        "id": product.id,
        "category_id": product.category_id,
        "title": product.title,
        "subtitle": product.subtitle,
        "description": product.description,
        "kind": product.kind.value,
        "min_qty": product.min_qty,
        "max_qty": product.max_qty,
        "axes": _axes(view, product_id),
        "skus": [
            {"id": s.id, "spec_text": s.spec_key, "list_fen": int(s.list_fen), "weight_g": s.weight_g}
            for s in _skus(view, product_id)
        ],
        "pictures": pictures(view, product_id, PAGE_WIDTH),
        "videos": [m.video_url for m in sorted(media, key=lambda m: (m.sort, m.id)) if m.role is MediaRole.VIDEO],
    }


def _axes(view: SqlView, product_id: str) -> list[dict[str, Any]]:
    values = sorted(view.children(SpecValue, product_id=product_id), key=lambda v: (v.sort, v.id))
    axes = sorted(view.children(SpecAxis, product_id=product_id), key=lambda a: (a.sort, a.id))
    return [{"name": axis.name, "values": [v.name for v in values if v.axis_id == axis.id]} for axis in axes]


def _skus(view: SqlView, product_id: str) -> list[Sku]:
    found = [s for s in view.children(Sku, product_id=product_id) if s.archived_at is None]
    return sorted(found, key=lambda s: (s.sort, s.id))


def stock_of(database: Database, product_id: str) -> list[dict[str, Any]]:
    """What can be bought of each article now."""
    view = view_of(database)
    place = read_settings(view).default_location_id
    return [
        {"sku_id": s.id, "available_qty": max(0, level_of(view, s.id, place).available_qty)}
        for s in _skus(view, product_id)
    ]
