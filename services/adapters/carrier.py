"""What the shop asks of an express carrier, whoever it is: one waybill number for one parcel, once."""

from dataclasses import dataclass, field
from typing import Protocol

from app.domain.delivery.model import WaybillRefusal


@dataclass(frozen=True, slots=True)
class Party:
    """Sender or receiver as the carrier needs them; kept out of every representation."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    company: str = ""


@dataclass(frozen=True, slots=True)
class Cargo:
    name: str
    qty: int


@dataclass(frozen=True, slots=True)
class WaybillOrder:
    """One parcel to be sent. ``key`` is ours: the same key is the same parcel, however often it is asked for."""

    key: str
    sender: Party
    receiver: Party
    cargo: tuple[Cargo, ...]
    weight_g: int = 0
    service: str = ""
    remark: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """The carrier's number and what its label needs, verbatim; ``qr_text`` is empty where the carrier has none."""

    waybill_no: str
    sorting_code: str
    bag_mark: str = ""
    qr_text: str = field(default="", repr=False)
    service: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    reason: WaybillRefusal
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No usable answer: the number may exist. Ask again with the same key, never with another one."""

    detail: str


class Carrier(Protocol):
    """Blocking; safe to use from several threads."""

    def order(self, wanted: WaybillOrder) -> Granted | Refused | Unknown: ...

    def find(self, key: str) -> Granted | Refused | Unknown: ...

    def cancel(self, key: str) -> bool | Refused | Unknown: ...
