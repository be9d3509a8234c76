"""The cart: what a buyer means to buy, on whatever phone; prices and stock are today's."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Response

from app.domain.catalog.model import Product, Sku
from app.domain.orders import quote as rules
from app.domain.settings import read_settings
from app.domain.stock.rules import level_of
from app.tables.statements import Database
from services.http.problem import Problem
from services.http.shop import codes
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.catalog_reading import CARD_WIDTH, is_sold, pictures, view_of
from services.http.shop.deciding import waited
from services.http.shop.problems import PROBLEMS
from services.http.shop.session import Buyer
from services.http.shop.shapes import MAX_QTY, CartItemsBody, CartShape, WantedBody
from services.http.shop.storefront import CurrentBuyer, Front, Storefront

ROUTES = APIRouter(route_class=BoundedRoute, tags=["buying"])


@ROUTES.get("/cart", response_model=CartShape, responses=PROBLEMS)
def cart(front: Front, buyer: CurrentBuyer) -> Response:
    """The buyer's cart as it would be bought now."""
    return json_answer(_cart(front, buyer))


@ROUTES.put("/cart/items", response_model=CartShape, responses=PROBLEMS)
def put_items(front: Front, buyer: CurrentBuyer, body: CartItemsBody) -> Response:
    """Makes the cart this; what was in it before is gone."""
    wanted = _added_up(body.items)
    with front.service.store.reading() as database:
        view = view_of(database)
        unknown = next((sku_id for sku_id in wanted if view.get(Sku, sku_id) is None), None)
    if unknown is not None:
        raise Problem(codes.of_domain(rules.NOT_FOR_SALE.code), {"sku_id": unknown})
    waited(front.service.executor.chore(lambda database: _store(database, buyer.id, wanted)))
    return json_answer(_cart(front, buyer))


def _added_up(items: Iterable[WantedBody]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for item in items:
        wanted[item.sku_id] = min(MAX_QTY, wanted.get(item.sku_id, 0) + item.qty)
    return wanted


def _store(database: Database, buyer_id: str, wanted: dict[str, int]) -> None:
    mark = database.mark
    database.execute(f"DELETE FROM cart_items WHERE buyer_id = {mark}", (buyer_id,))
    for place, (sku_id, qty) in enumerate(wanted.items()):
        database.execute(
            f"INSERT INTO cart_items (buyer_id, sku_id, qty, place) VALUES ({mark}, {mark}, {mark}, {mark})",
            (buyer_id, sku_id, qty, place),
        )


def _cart(front: Storefront, buyer: Buyer) -> dict[str, Any]:
    with front.service.store.reading() as database:
        records = database.execute(
            f"SELECT sku_id, qty FROM cart_items WHERE buyer_id = {database.mark} ORDER BY place", (buyer.id,)
        ).fetchall()
        items = [_item(front, database, str(sku_id), int(qty)) for sku_id, qty in records]
    return {"items": [item for item in items if item is not None]}


def _item(front: Storefront, database: Database, sku_id: str, qty: int) -> dict[str, Any] | None:
    view = view_of(database)
    sku = view.get(Sku, sku_id)
    product = None if sku is None else view.get(Product, sku.product_id)
    if sku is None or product is None:
        return None
    level = level_of(view, sku_id, read_settings(view).default_location_id)
    shown = pictures(view, product.id, CARD_WIDTH)
    return {
        "sku_id": sku_id,
        "product_id": product.id,
        "title": product.title,
        "spec_text": sku.spec_key,
        "qty": qty,
        "unit_fen": int(sku.list_fen),
        "available_qty": max(0, level.available_qty),
        "is_for_sale": sku.archived_at is None and is_sold(product, front.now()),
        "picture": shown[0] if shown else None,
    }
