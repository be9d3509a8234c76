"""Collecting: the code that a buyer shows at the counter."""

from fastapi import APIRouter, Response

from app.domain.pickup.code import mint
from app.domain.pickup.model import Pickup, PickupState
from app.kernel import codec
from services.http.problem import Problem
from services.http.shop import codes
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.catalog_reading import view_of
from services.http.shop.order_reading import point_image
from services.http.shop.orders import own_order
from services.http.shop.problems import PROBLEMS
from services.http.shop.shapes import PathId, PickupCodeShape
from services.http.shop.storefront import CurrentBuyer, Front

ROUTES = APIRouter(route_class=BoundedRoute, tags=["buying"])


@ROUTES.get("/orders/{order_id}/pickup-code", response_model=PickupCodeShape, responses=PROBLEMS)
def pickup_code(front: Front, buyer: CurrentBuyer, order_id: PathId) -> Response:
    """The code of a paid order that waits to be collected; without one, ``pickup.no_code``. It is stored nowhere."""
    with front.service.store.reading() as database:
        view = view_of(database)
        order = own_order(database, buyer, order_id)
        pickup = view.get(Pickup, order.id)
        is_waiting = pickup is not None and pickup.state in (PickupState.PREPARING, PickupState.READY)
        if pickup is None or not is_waiting or pickup.expires_at is None:
            raise Problem(codes.NO_PICKUP_CODE)
        point = point_image(view, pickup.point_id)
    shown = {
        "text": mint(front.service.pickup_keys, pickup.ref, pickup.expires_at),
        "human_code": pickup.human_code,
        "is_ready": pickup.state is PickupState.READY,
        "slot": pickup.slot,
        "expires_at": codec.time_text(pickup.expires_at),
        "point": point,
    }
    return json_answer(shown)
