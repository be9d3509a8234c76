"""Browsing: the shop, its categories, its products."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.http.problem import Problem
from services.http.shop import catalog_reading as reading
from services.http.shop import codes
from services.http.shop.answer import BoundedRoute, bytes_answer, json_bytes
from services.http.shop.catalog_cache import Entry
from services.http.shop.place import shop_page
from services.http.shop.problems import PROBLEMS
from services.http.shop.shapes import (
    PLAIN_PATTERN,
    CategoriesShape,
    Cursor,
    Id,
    PathId,
    PlaceShape,
    ProductPageShape,
    ProductShape,
)
from services.http.shop.storefront import Front, Storefront

ROUTES = APIRouter(route_class=BoundedRoute, tags=["catalogue"])


class ProductsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    category_id: Id | None = None
    search: Annotated[str, Field(max_length=60, pattern=PLAIN_PATTERN)] = ""
    sort: reading.Sort = reading.Sort.NEWEST
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


@ROUTES.get("/shop", response_model=PlaceShape, responses=PROBLEMS)
def shop(front: Front) -> Response:
    """The shop itself: its name, how it delivers, where one can collect and when."""

    def read() -> Entry:
        now = front.now()
        with front.service.store.reading() as database:
            return Entry(*shop_page(reading.view_of(database), now))

    return bytes_answer(front.catalog.pages.get("shop", read) or b"")


@ROUTES.get("/categories", response_model=CategoriesShape, responses=PROBLEMS)
def categories(front: Front) -> Response:
    """The whole tree in one answer, in the order in which it is shown."""

    def read() -> Entry:
        with front.service.store.reading() as database:
            return Entry(json_bytes({"items": reading.categories(database)}))

    return bytes_answer(front.catalog.pages.get("categories", read) or b"")


@ROUTES.get("/products", response_model=ProductPageShape, responses=PROBLEMS)
def products(front: Front, asked: Annotated[ProductsQuery, Query()]) -> Response:
    """Products for sale, a page at a time: of a category with all below it, and with all words of ``search``."""
    wish = reading.Wish(asked.category_id or "", asked.search, asked.sort, asked.cursor or "", asked.limit)
    return bytes_answer(front.catalog.pages.get(repr(wish), lambda: _read_page(front, wish)) or b"")


def _read_page(front: Storefront, wish: reading.Wish) -> Entry:
    now = front.now()
    with front.service.store.reading() as database:
        page = reading.product_page(database, wish, now)
        return Entry(json_bytes(page), reading.next_window(database, now))


@ROUTES.get("/products/{product_id}", response_model=ProductShape, responses=PROBLEMS)
def product(front: Front, product_id: PathId) -> Response:
    """One product with its articles, and what is left of each."""
    shown = front.catalog.pages.get(f"product:{product_id}", lambda: _read_product(front, product_id))
    if shown is None:
        raise Problem(codes.PRODUCT_NOT_FOUND)
    stock = front.catalog.stock.get(f"stock:{product_id}", lambda: _read_stock(front, product_id))
    return bytes_answer(shown[:-1] + b',"stock":' + (stock or b"[]") + b"}")


def _read_product(front: Storefront, product_id: str) -> Entry:
    now = front.now()
    with front.service.store.reading() as database:
        found: dict[str, Any] | None = reading.product_detail(database, product_id, now)
        return Entry(None if found is None else json_bytes(found), reading.next_window(database, now))


def _read_stock(front: Storefront, product_id: str) -> Entry:
    with front.service.store.reading() as database:
        return Entry(json_bytes(reading.stock_of(database, product_id)))
