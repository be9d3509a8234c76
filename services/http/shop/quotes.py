"""Prices: what an order would cost now, step by step."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from app.domain.command import Context
from app.domain.orders.commands import WantedLine
from app.domain.orders.quote import OrderQuote, quote_order
from app.domain.outcome import Rejected
from app.domain.settings import read_settings
from app.tables.statements import Database
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.catalog_reading import view_of
from services.http.shop.deciding import problem_of
from services.http.shop.problems import PROBLEMS
from services.http.shop.session import Buyer
from services.http.shop.shapes import QuoteBody, QuoteShape
from services.http.shop.storefront import CurrentBuyer, Front, Storefront

ROUTES = APIRouter(route_class=BoundedRoute, tags=["buying"])


@ROUTES.post("/quotes", response_model=QuoteShape, responses=PROBLEMS)
def quote(front: Front, buyer: CurrentBuyer, body: QuoteBody) -> Response:
    """What these articles cost this buyer now; nothing is reserved."""
    wanted = tuple(WantedLine(str(n), line.sku_id, line.qty) for n, line in enumerate(body.lines, 1))
    with front.service.store.reading() as database:
        found = quote_for(front, database, buyer, wanted)
    if isinstance(found, Rejected):
        raise problem_of(found)
    return json_answer(quote_image(found, wanted))


def quote_for(
    front: Storefront, database: Database, buyer: Buyer, wanted: Sequence[WantedLine]
) -> OrderQuote | Rejected:
    """The same computation as the order's own, on one snapshot."""
    view, now = view_of(database), front.now()
    return quote_order(wanted, view, Context("quote", now, now, buyer.actor, read_settings(view)))


def quote_image(quote: OrderQuote, wanted: Sequence[WantedLine]) -> dict[str, Any]:
    return {
        "lines": [_line(quote, index, line.qty) for index, line in enumerate(wanted)],
        "goods_fen": int(quote.goods_fen),
        "discount_fen": int(quote.discount_fen),
        "freight_fen": int(quote.freight_fen),
        "total_fen": int(quote.total_fen),
        "explanation": _explanation(quote),
        "ruleset_hash": quote.ruleset_hash,
    }


def _line(quote: OrderQuote, index: int, qty: int) -> dict[str, Any]:
    article = quote.articles[index]
    goods, discount = int(quote.line_fen[index]), int(quote.line_discount_fen[index])
    return {
        "sku_id": article.sku.id,
        "product_id": article.product.id,
        "title": article.product.title,
        "spec_text": article.sku.spec_key,
        "qty": qty,
        "unit_fen": int(article.sku.list_fen),
        "goods_fen": goods,
        "discount_fen": discount,
        "pay_fen": goods - discount,
    }


def _explanation(quote: OrderQuote) -> list[dict[str, Any]]:
    """Every fen of the total, once."""
    steps = (("goods", quote.goods_fen), ("discount", -int(quote.discount_fen)), ("freight", quote.freight_fen))
    return [{"code": code, "params": {}, "fen": int(fen)} for code, fen in steps if fen or code == "goods"]
