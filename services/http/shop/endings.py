"""How an order ends by its buyer's wish: cancelled before it leaves, or received."""

from fastapi import APIRouter, Response

from app.domain.aftersales.commands import CancelOrder, ConfirmReceipt
from app.kernel.derived import derived_id
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.catalog_reading import view_of
from services.http.shop.deciding import decide, require_applied
from services.http.shop.order_reading import order_image
from services.http.shop.orders import IdempotencyKey, own_order
from services.http.shop.problems import PROBLEMS
from services.http.shop.session import Buyer
from services.http.shop.shapes import CancelBody, OrderShape, PathId
from services.http.shop.storefront import CurrentBuyer, Front, Storefront

ROUTES = APIRouter(route_class=BoundedRoute, tags=["buying"])


@ROUTES.post("/orders/{order_id}/cancel", response_model=OrderShape, responses=PROBLEMS)
def cancel(
    front: Front,
    buyer: CurrentBuyer,
    order_id: PathId,
    idempotency_key: IdempotencyKey,
    body: CancelBody | None = None,
) -> Response:
    """Give the order up while nothing of it has left.

    An unpaid one is ``closed``, or ``closing`` until WeChat has closed an attempt to pay it. A paid one is
    ``cancelled`` and all its money is asked back, see ``refunds``. What is over already stays as it is.
    """
    reason = "" if body is None else body.reason
    return _ended(front, buyer, CancelOrder(order_id, reason), idempotency_key)


@ROUTES.post("/orders/{order_id}/confirm-receipt", response_model=OrderShape, responses=PROBLEMS)
def confirm_receipt(front: Front, buyer: CurrentBuyer, order_id: PathId, idempotency_key: IdempotencyKey) -> Response:
    """Everything has arrived: a ``shipped`` order is ``completed``."""
    return _ended(front, buyer, ConfirmReceipt(order_id), idempotency_key)


def _ended(front: Storefront, buyer: Buyer, command: CancelOrder | ConfirmReceipt, key: str) -> Response:
    """Decide once for each key, and show the order as it stands then.

    The order is no part of the command's id: the same key for another order is another request, and is refused.
    """
    front.limits.check("order", buyer.id, front.limits.rates.order)
    with front.service.store.reading() as database:
        own_order(database, buyer, command.order_id)
    require_applied(decide(front.service, command, buyer.actor, derived_id(buyer.id, command.NAME, key)))
    with front.service.store.reading() as database:
        return json_answer(order_image(view_of(database), own_order(database, buyer, command.order_id)))
