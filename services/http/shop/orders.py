"""Buying: placing an order, and looking at one's own."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.domain.money import Fen
from app.domain.orders import placing
from app.domain.orders.commands import Contact, PickupWish, PlaceOrder, WantedLine
from app.domain.orders.model import DeliveryKind, Order
from app.domain.outcome import Rejected
from app.domain.pickup.code import HUMAN_DIGITS, REF_SIGNS
from app.domain.settings import ShopSettings
from app.kernel import codec
from app.kernel.derived import derived_id
from app.tables.statements import Database
from services.authority.submission import Answer
from services.http.problem import Problem
from services.http.shop import codes
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.catalog_reading import view_of
from services.http.shop.deciding import decided, require_applied
from services.http.shop.order_reading import order_image, order_page, placed_image
from services.http.shop.problems import PROBLEMS
from services.http.shop.quotes import quote_for, quote_image
from services.http.shop.session import Buyer
from services.http.shop.shapes import Cursor, OrderBody, OrderPageShape, OrderShape, PathId
from services.http.shop.storefront import CurrentBuyer, Front, Storefront

ROUTES = APIRouter(route_class=BoundedRoute, tags=["buying"])
KEY_PATTERN = r"^[\x21-\x7e]{8,128}$"
NUMBERS_OFFERED = 8
IdempotencyKey = Annotated[str, Header(pattern=KEY_PATTERN, min_length=8, max_length=128)]


class OrdersQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


@ROUTES.post("/orders", response_model=OrderShape, status_code=201, responses=PROBLEMS)
async def place(front: Front, buyer: CurrentBuyer, idempotency_key: IdempotencyKey, body: OrderBody) -> Response:
    """Order what was quoted. The same key and body again answer the same order; a new wish needs a new key.

    A total that is no longer right is refused with ``order.price_changed`` and the new quote in ``params.quote``.
    """
    front.limits.check("order", buyer.id, front.limits.rates.order)
    command_id = derived_id(buyer.id, "POST /shop/v1/orders", idempotency_key)
    shop = await front.shop()
    today = shop.business_day(front.now())
    command = _command(command_id, body, today)
    answer = await decided(front.service, command, buyer.actor, command_id)
    if answer.mismatch:  # another wish, or the same one on another day
        first_day = await front.looked(lambda view: _first_day(view.database, shop, command_id))
        if first_day not in (None, today):
            command = _command(command_id, body, first_day)
            answer = await decided(front.service, command, buyer.actor, command_id)
    if answer.code == placing.PRICE_CHANGED.code and not answer.mismatch:
        raise await _price_changed(front, buyer, command, answer)
    require_applied(answer)
    placed = placed_image(answer.changes, command.order_id)
    if placed is None:
        placed = await front.looked(lambda view: _own_order(view.database, buyer, command.order_id))
    return json_answer(placed, 201)


@ROUTES.get("/orders", response_model=OrderPageShape, responses=PROBLEMS)
def orders(
    front: Front,
    buyer: CurrentBuyer,
    asked: Annotated[OrdersQuery, Query()],
) -> Response:
    """The buyer's own orders, newest first."""
    with front.service.store.reading() as database:
        return json_answer(order_page(database, buyer.id, asked.cursor, asked.limit))


@ROUTES.get("/orders/{order_id}", response_model=OrderShape, responses=PROBLEMS)
async def order(front: Front, buyer: CurrentBuyer, order_id: PathId) -> Response:
    """One order as it stands, with its parcels and what happened to it."""
    return json_answer(await front.looked(lambda view: _own_order(view.database, buyer, order_id)))


def own_order(database: Database, buyer: Buyer, order_id: str) -> Order:
    """The order if it is the buyer's; somebody else's does not exist."""
    found = view_of(database).get(Order, order_id)
    if found is None or found.buyer_id != buyer.id:
        raise Problem(codes.ORDER_NOT_FOUND)
    return found


def _own_order(database: Database, buyer: Buyer, order_id: str) -> dict[str, object]:
    return order_image(view_of(database), own_order(database, buyer, order_id))


def _command(command_id: str, body: OrderBody, day: date) -> PlaceOrder:
    """The command of this key on this day: a retry makes the very same one."""
    head = f"WX{day:%Y%m%d}"
    return PlaceOrder(
        order_id=derived_id(command_id, "order"),
        no_candidates=tuple(head + digits for digits in _digits(command_id, 6)),
        lines=tuple(
            WantedLine(derived_id(command_id, "line", str(n)), line.sku_id, line.qty)
            for n, line in enumerate(body.lines, 1)
        ),
        delivery_kind=DeliveryKind(body.delivery_kind),
        contact=Contact(body.contact.name, body.contact.phone, body.contact.region_code, body.contact.address),
        expected_total_fen=Fen(body.expected_total_fen),
        buyer_remark=body.buyer_remark,
        source=body.source,
        pickup=_pickup_wish(command_id, body),
        slot=body.slot,
    )


def _pickup_wish(command_id: str, body: OrderBody) -> PickupWish | None:
    """Reference and digits follow from the request, so that a retry asks for the same ones."""
    if body.delivery_kind != "pickup" and not body.pickup_point_id:
        return None
    ref = hashlib.sha256(f"{command_id} pickup".encode()).hexdigest()[:REF_SIGNS]
    return PickupWish(body.pickup_point_id, ref, tuple(_digits(f"{command_id} pickup code", HUMAN_DIGITS)))


def _first_day(database: Database, shop: ShopSettings, command_id: str) -> date | None:
    """The shop's day on which this command was asked for first."""
    record = database.execute(
        f"SELECT issued_at FROM command_log WHERE command_id = {database.mark}", (command_id,)
    ).fetchone()
    return None if record is None else shop.business_day(codec.parse_time(record[0]))


def _digits(words: str, count: int) -> list[str]:
    """Numbers to offer: they look random to buyers, and follow from the request."""
    digest = hashlib.sha256(words.encode()).digest()
    parts = (digest[4 * n : 4 * n + 4] for n in range(NUMBERS_OFFERED))
    return [f"{int.from_bytes(part) % 10**count:0{count}d}" for part in parts]


async def _price_changed(front: Storefront, buyer: Buyer, command: PlaceOrder, answer: Answer) -> Problem:
    front.catalog.forget_rows()
    quote = await quote_for(front, buyer, (command.lines, placing.destination_of(command)))
    params = dict(answer.params)
    if not isinstance(quote, Rejected):
        params = {"total_fen": int(quote.price.total_fen), "quote": quote_image(quote, "zh_CN")}
    return Problem(codes.of_domain(answer.code), params)
