"""What became of waybill numbers that carriers were asked for."""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial

from app.desk.threads import Query
from app.domain.delivery.model import WaybillRequest, WaybillState
from app.domain.paper.model import DocumentKind, PrintStation
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

__all__ = ["WaybillRequest", "WaybillState", "answers", "has_label_station"]


def answers(request_ids: Sequence[str]) -> Query[Mapping[str, WaybillRequest]]:
    """These requests as they stand, by their ids; what is not here yet is left out."""
    return partial(_answers, request_ids=tuple(request_ids))


def has_label_station() -> Query[bool]:
    """Whether some computer of the shop prints labels by itself."""
    return _has_label_station


def _answers(connection: sqlite3.Connection, request_ids: Sequence[str]) -> Mapping[str, WaybillRequest]:
    select, read = statements_of(WaybillRequest, "?").select, mapper_of(WaybillRequest).row
    records = [connection.execute(select, (request_id,)).fetchone() for request_id in request_ids]
    return {request.id: request for request in (read(record) for record in records if record is not None)}


def _has_label_station(connection: sqlite3.Connection) -> bool:
    select = statements_of(PrintStation, "?").select
    record = connection.execute(select, (DocumentKind.LABEL.value,)).fetchone()
    return record is not None and bool(mapper_of(PrintStation).row(record).device_id)
