"""Prices: what an order would cost now, step by step."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from app.domain.command import Context
from app.domain.orders.commands import WantedLine
from app.domain.orders.model import DeliveryKind
from app.domain.orders.quote import Article, Destination, OrderQuote, quote_order
from app.domain.outcome import Rejected
from app.domain.pricing.explain import Stage, Step, Verdict, shown
from app.domain.pricing.quote import Quote, QuoteLine
from app.domain.pricing.ruleset import REASONS
from app.kernel import codec
from app.kernel.i18n import render
from services.http.problem import language_of
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.deciding import problem_of
from services.http.shop.problems import PROBLEMS
from services.http.shop.session import Buyer
from services.http.shop.shapes import QuoteBody, QuoteShape
from services.http.shop.storefront import CurrentBuyer, Front, Storefront

ROUTES = APIRouter(route_class=BoundedRoute, tags=["buying"])
_TEMPLATES = {reason.key: reason.template for reason in REASONS}
Language = Annotated[str, Header(alias="Accept-Language", include_in_schema=False)]


@ROUTES.post("/quotes", response_model=QuoteShape, responses=PROBLEMS)
async def quote(front: Front, buyer: CurrentBuyer, body: QuoteBody, accept_language: Language = "") -> Response:
    """What these articles cost this buyer now; nothing is reserved."""
    wanted = tuple(WantedLine(str(n), line.sku_id, line.qty) for n, line in enumerate(body.lines, 1))
    destination = Destination(DeliveryKind(body.delivery_kind), body.region_code, body.pickup_point_id)
    found = await quote_for(front, buyer, (wanted, destination))
    if isinstance(found, Rejected):
        raise problem_of(found)
    return json_answer(quote_image(found, language_of(accept_language)))


async def quote_for(
    front: Storefront, buyer: Buyer, wish: tuple[Sequence[WantedLine], Destination]
) -> OrderQuote | Rejected:
    """The same computation as the order's own, on one snapshot."""
    now = front.now()
    return await front.looked(
        lambda view: quote_order(*wish, view, Context("quote", now, now, buyer.actor, front.settings(view)))
    )


def quote_image(quote: OrderQuote, language: str) -> dict[str, Any]:
    price = quote.price
    return {
        "lines": [_line(article, line) for article, line in zip(quote.articles, price.lines, strict=True)],
        "goods_fen": int(price.goods_fen),
        "discount_fen": int(price.discount_fen),
        "freight_fen": int(price.freight_fen),
        "total_fen": int(price.total_fen),
        "explanation": _explanation(price, language),
        "hints": [_told(step, language) for step in price.steps if step.verdict is not Verdict.APPLIED],
        "ruleset_hash": price.ruleset_hash,
    }


def _line(article: Article, line: QuoteLine) -> dict[str, Any]:
    goods = int(line.list_fen) * line.qty
    return {
        "sku_id": line.sku_id,
        "product_id": article.product.id,
        "title": article.product.title,
        "spec_text": article.sku.spec_key,
        "qty": line.qty,
        "list_fen": int(line.list_fen),
        "unit_fen": int(line.unit_fen),
        "goods_fen": goods,
        "discount_fen": goods - int(line.pay_fen),
        "pay_fen": int(line.pay_fen),
    }


def _explanation(price: Quote, language: str) -> list[dict[str, Any]]:
    """From the list prices to the total, one step for each rule that was used: every fen, once."""
    return [
        _told(step, language) | {"fen": _added(step)}
        for step in price.steps
        if step.verdict is Verdict.APPLIED and _added(step)
    ]


def _added(step: Step) -> int:
    """What the step adds to the total; discounts take away."""
    if step.stage is Stage.LIST:
        return int(step.subtotal_fen)
    return int(step.fen) if step.stage is Stage.FREIGHT else -int(step.fen)


def _told(step: Step, language: str) -> dict[str, Any]:
    text = render(_TEMPLATES[step.reason], shown(step.params), language)
    return {"code": step.reason, "params": codec.plain(step.params), "text": text}
