"""What a row is known by: two states of it that some list tells apart never pass for the same."""

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.delivery.model import Parcel, ParcelState
from app.replica.footprint import are_marked_alike, marks
from app.tables.mapper import mapper_of

PARCEL = Parcel(
    "parcel-1", "o1", "sf", "", "SF1688124306251", ParcelState.SHIPPED, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
)
STATES = (
    None,
    PARCEL,
    replace(PARCEL, service="2"),
    replace(PARCEL, waybill_no="SF1688124306252"),
    replace(PARCEL, order_id="o2"),
)


def test_a_row_is_marked_alike_exactly_when_its_marks_are_the_same() -> None:
    records = [None if state is None else mapper_of(Parcel).record(state, 1) for state in STATES]
    for one in records:
        for other in records:
            same = set(marks(Parcel, ("parcel-1",), one)) == set(marks(Parcel, ("parcel-1",), other))
            assert are_marked_alike(Parcel, one, other) is same
