"""What an order would cost: from articles to the one quote that the buyer sees and the order keeps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.catalog.model import Category, Product, ProductState, Sku
from app.domain.command import Context
from app.domain.delivery.rules import area_of
from app.domain.orders.commands import WantedLine
from app.domain.orders.fulfilment import NOT_SERVED, POINT_CLOSED, open_point
from app.domain.orders.model import DeliveryKind
from app.domain.outcome import RejectCode, Rejected
from app.domain.pricing.cart import Cart, CartLine
from app.domain.pricing.engine import price
from app.domain.pricing.quote import Quote
from app.domain.promotions.model import SkuLevelPrice
from app.domain.promotions.rules import facts_of, rules_in_force
from app.domain.stock.rules import level_of
from app.domain.view import View

MAX_LINES = 50
MAX_DEPTH = 20
EMPTY = RejectCode("order.empty", "There is nothing to buy.")
TOO_MANY_LINES = RejectCode("order.too_many_lines", "An order has at most {most} lines.")
NOT_FOR_SALE = RejectCode("order.not_for_sale", "An article is no longer for sale.")
BAD_QTY = RejectCode("order.bad_qty", "Between {least} and {most} pieces of {title} can be bought at once.")
OUT_OF_STOCK = RejectCode("order.out_of_stock", "Only {available_qty} pieces of {title} are left.")
CODES = (EMPTY, TOO_MANY_LINES, NOT_FOR_SALE, BAD_QTY, OUT_OF_STOCK)


@dataclass(frozen=True, slots=True)
class Article:
    """An article together with its product, as it is sold."""

    sku: Sku
    product: Product


@dataclass(frozen=True, slots=True)
class Destination:
    """How the goods leave, and where they go: what freight depends on, and whose stock they come from."""

    delivery_kind: DeliveryKind = DeliveryKind.EXPRESS
    region_code: str = ""
    point_id: str = ""


@dataclass(frozen=True, slots=True)
class OrderQuote:
    """What is sold, from where, and its price; articles and price lines in the order of the wanted lines."""

    articles: tuple[Article, ...]
    price: Quote
    location_id: str


def quote_order(
    wanted: Sequence[WantedLine], destination: Destination, view: View, context: Context
) -> OrderQuote | Rejected:
    """Prices what is wanted for the buyer who asks, or says why it cannot be sold."""
    if not wanted:
        return Rejected(EMPTY)
    if len(wanted) > MAX_LINES:
        return Rejected(TOO_MANY_LINES, {"most": MAX_LINES})
    articles = []
    for line in wanted:
        article = _article(line.sku_id, view, context)
        if article is None:
            return Rejected(NOT_FOR_SALE, {"sku_id": line.sku_id})
        articles.append(article)
    place = _place(destination, view, context)
    if isinstance(place, Rejected):
        return place
    if refusal := _quantity_refusal(wanted, articles, place, view):
        return refusal
    customer = facts_of(view, context.actor.id)
    paths: dict[str, tuple[str, ...]] = {}
    lines = []
    for line, article in zip(wanted, articles, strict=True):
        own = article.product.category_id
        if own not in paths:
            paths[own] = _categories_above(own, view)
        level = view.get(SkuLevelPrice, article.sku.id, customer.level_id) if customer.level_id else None
        lines.append(
            CartLine(
                line_id=line.line_id,
                sku_id=article.sku.id,
                product_id=article.product.id,
                category_id=own,
                list_fen=article.sku.list_fen,
                qty=line.qty,
                level_fen=None if level is None else level.price_fen,
                category_path=paths[own],
            )
        )
    weight = sum(article.sku.weight_g * line.qty for article, line in zip(articles, wanted, strict=True))
    cart = Cart(tuple(lines), destination.delivery_kind, destination.region_code, weight)
    found = price(cart, rules_in_force(view, context.shop), context.now, customer)
    return OrderQuote(tuple(articles), found, place)


def _place(destination: Destination, view: View, context: Context) -> str | Rejected:
    """Whose stock is sold; a pickup point or a region that is named must be one that the shop serves."""
    usual = context.shop.default_location_id
    if destination.delivery_kind is DeliveryKind.LOCAL:
        is_served = not destination.region_code or area_of(destination.region_code, view) is not None
        return usual if is_served else Rejected(NOT_SERVED)
    if destination.delivery_kind is not DeliveryKind.PICKUP or not destination.point_id:
        return usual
    point = open_point(destination.point_id, view)
    return Rejected(POINT_CLOSED) if point is None else point.location_id or usual


def _categories_above(category_id: str, view: View) -> tuple[str, ...]:
    """From the parent to the top; a ring, which no edit can make, would end at the depth that counts."""
    path: list[str] = []
    found = view.get(Category, category_id)
    while found is not None and found.parent_id and len(path) < MAX_DEPTH:
        path.append(found.parent_id)
        found = view.get(Category, found.parent_id)
    return tuple(path)


def _article(sku_id: str, view: View, context: Context) -> Article | None:
    sku = view.get(Sku, sku_id)
    if sku is None or sku.archived_at is not None:
        return None
    product = view.get(Product, sku.product_id)
    if product is None or product.archived_at is not None or product.state is not ProductState.ON_SALE:
        return None
    too_early = product.sale_from_at is not None and context.now < product.sale_from_at
    too_late = product.sale_until_at is not None and context.now >= product.sale_until_at
    return None if too_early or too_late else Article(sku, product)


def _quantity_refusal(
    wanted: Sequence[WantedLine], articles: Sequence[Article], place: str, view: View
) -> Rejected | None:
    if any(line.qty < 1 for line in wanted):
        product = articles[[line.qty < 1 for line in wanted].index(True)].product
        return Rejected(BAD_QTY, {"least": product.min_qty, "most": product.max_qty, "title": product.title})
    by_sku: Counter[str] = Counter()
    by_product: Counter[str] = Counter()
    for line, article in zip(wanted, articles, strict=True):
        by_sku[line.sku_id] += line.qty
        by_product[article.product.id] += line.qty
    for article in articles:
        product, qty = article.product, by_product[article.product.id]
        if not product.min_qty <= qty <= product.max_qty:
            return Rejected(BAD_QTY, {"least": product.min_qty, "most": product.max_qty, "title": product.title})
        level = level_of(view, article.sku.id, place)
        if level.available_qty < by_sku[article.sku.id]:
            left = {"available_qty": max(0, level.available_qty), "title": product.title, "sku_id": article.sku.id}
            return Rejected(OUT_OF_STOCK, left)
    return None
