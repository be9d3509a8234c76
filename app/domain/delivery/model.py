"""What left the shop: with which carrier under which number, or with the shop's own courier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

from app.domain.money import Fen
from app.domain.opening import Opening
from app.domain.row import Row


class ParcelState(StrEnum):
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Parcel(Row):
    """A parcel; carrier and waybill number together are unique."""

    TABLE: ClassVar[str] = "parcels"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id", "waybill_no")
    id: str
    order_id: str
    carrier: str
    service: str
    waybill_no: str
    state: ParcelState
    shipped_at: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParcelLine(Row):
    TABLE: ClassVar[str] = "parcel_lines"
    KEY: ClassVar[tuple[str, ...]] = ("parcel_id", "order_line_id")
    LOOKUPS: ClassVar[tuple[str, ...]] = ("parcel_id",)
    parcel_id: str
    order_line_id: str
    qty: int


class WaybillState(StrEnum):
    """How an asked-for waybill number stands.

    ASKED: on its way, or nobody knows yet whether there is one. WITHDRAWN: nobody waited any longer, or the order could
    no longer be shipped by the time the number came; a number that stands in the row nevertheless is given back to the
    carrier.
    """

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


BY_HAND: Final = "by_hand"
"""Why a request was withdrawn: a person did not want to wait for a clear answer."""


class WaybillRefusal(StrEnum):
    """Why a carrier gives no number. What only an address can mend is told apart from what only a contract can."""

    RECEIVER_UNFIT = "receiver_unfit"
    SENDER_UNFIT = "sender_unfit"
    NOT_SERVED = "not_served"
    GOODS_FORBIDDEN = "goods_forbidden"
    PRODUCT_UNFIT = "product_unfit"
    ACCOUNT = "account"
    TOO_OFTEN = "too_often"
    PEAK = "peak"
    MISCONFIGURED = "misconfigured"
    NO_SUCH_ORDER = "no_such_order"
    ORDER_OVER = "order_over"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WaybillRequest(Row):
    """A number that a carrier is asked for, for one parcel of an order; at most one of an order is on its way.

    carrier_key  what the carrier knows it by, ``<order no>-<attempt>``: the same key is the same number
    lines        pieces by order line
    actor        who asked; the parcel is theirs
    has_label    whether the label is asked for as soon as the number is there
    tries        how often the carrier was asked without a clear answer
    sorting_code, bag_mark, qr_text  the carrier's own texts for the label, verbatim
    reason       a ``WaybillRefusal``, ``BY_HAND``, or the code of why the order could not be shipped any more
    message      the carrier's own words, without the receiver's data
    """

    TABLE: ClassVar[str] = "waybill_requests"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id", "parcel_id", "carrier_key", "state")
    id: str
    order_id: str
    parcel_id: str
    attempt: int
    carrier: str
    service: str
    carrier_key: str
    lines: Mapping[str, Any]
    actor: str
    state: WaybillState
    requested_at: datetime
    has_label: int = 1
    tries: int = 0
    waybill_no: str = ""
    sorting_code: str = ""
    bag_mark: str = ""
    qr_text: str = ""
    reason: str = ""
    carrier_code: str = ""
    message: str = ""
    answered_at: datetime | None = None

    @property
    def is_unanswered(self) -> bool:
        """Whether the carrier has yet to say how it ended, also when nobody here waits for that any more."""
        is_sought = self.state is WaybillState.WITHDRAWN and self.reason == BY_HAND and not self.waybill_no
        return self.state is WaybillState.ASKED or is_sought


class DeliveryState(StrEnum):
    """How a local delivery stands.

    ORDERED: not paid yet. BACK: the courier came back with the goods. CLOSED: the order ended in another way.
    """

    ORDERED = "ordered"
    PREPARING = "preparing"
    OUT = "out"
    BACK = "back"
    DELIVERED = "delivered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DeliveryArea(Row):
    """Where the shop's own couriers go: receivers whose region code begins with one of ``prefixes`` (by commas)."""

    TABLE: ClassVar[str] = "delivery_areas"
    id: str
    name: str
    prefixes: str
    fee_fen: Fen
    hours: Mapping[str, Any]
    free_from_fen: Fen | None = None
    slot_minutes: int = 0
    lead_minutes: int = 0
    days_ahead: int = 1
    archived_at: datetime | None = None

    @property
    def opening(self) -> Opening:
        return Opening(self.hours, self.slot_minutes, self.lead_minutes, self.days_ahead)

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(self.prefixes.split(","))


@dataclass(frozen=True, slots=True)
class LocalDelivery(Row):
    """How the shop's own courier brings an order; ``attempts`` counts the times that the goods went out."""

    TABLE: ClassVar[str] = "local_deliveries"
    KEY: ClassVar[tuple[str, ...]] = ("order_id",)
    LOOKUPS: ClassVar[tuple[str, ...]] = ("state", "courier_id")
    order_id: str
    area_id: str
    state: DeliveryState
    slot: str = ""
    courier_id: str = ""
    attempts: int = 0
    dispatched_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
