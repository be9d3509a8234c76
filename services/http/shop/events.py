"""What visitors look at and tap, written down for the shop's own insight."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from app.kernel import codec
from app.tables.statements import Database
from services.authority.lanes import Lane
from services.http.shop.answer import BoundedRoute
from services.http.shop.deciding import waited
from services.http.shop.problems import PROBLEMS
from services.http.shop.shapes import EventBody, EventsBody
from services.http.shop.storefront import Front, MaybeBuyer, address_of

ROUTES = APIRouter(route_class=BoundedRoute, tags=["insight"])
_COLUMNS = (
    *("id", "happened_at", "visitor", "buyer_id", "session", "kind", "page", "element", "x_bp", "y_bp"),
    *("product_id", "scene", "source", "campaign_id", "variant"),
)
ALSO_WITHOUT_TOKEN: dict[str, Any] = {"security": [{}]}
KEPT = timedelta(days=396)


@ROUTES.post("/events", status_code=204, response_class=Response, responses=PROBLEMS, openapi_extra=ALSO_WITHOUT_TOKEN)
def record(request: Request, front: Front, buyer: MaybeBuyer, body: EventsBody) -> Response:
    """Keep up to 64 things that a visitor did, logged in or not; sending them again changes nothing."""
    now, buyer_id = front.now(), buyer.id if buyer is not None else ""
    front.limits.check_events(buyer_id, address_of(request), len(body.events))
    who = (body.visitor, buyer_id, body.session)
    records = [_record(event, now, who) for event in body.events]
    waited(front.service.executor.chore(lambda database: _store(database, records), Lane.BULK))
    return Response(status_code=204)


def _record(event: EventBody, now: datetime, who: tuple[str, str, str]) -> tuple[str | int | None, ...]:
    visitor, buyer_id, session = who
    happened_at = codec.time_text(now - timedelta(milliseconds=event.ago_ms))
    given = {"happened_at": happened_at, "visitor": visitor, "buyer_id": buyer_id, "session": session}
    # The visitor's name is part of the id: nobody can take an id away from somebody else's event.
    given["id"] = f"{visitor}/{event.id}"
    return tuple(given[name] if name in given else getattr(event, name) for name in _COLUMNS)


def _store(database: Database, records: list[tuple[str | int | None, ...]]) -> None:
    marks = ", ".join([database.mark] * len(_COLUMNS))
    sql = f"INSERT INTO visit_events ({', '.join(_COLUMNS)}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING"
    for each in records:
        database.execute(sql, each)


def forget_old(database: Database, now: datetime) -> int:
    """A chore for the nightly timer: events are kept for thirteen months."""
    old = database.execute(
        f"DELETE FROM visit_events WHERE happened_at < {database.mark}", (codec.time_text(now - KEPT),)
    )
    return old.rowcount
