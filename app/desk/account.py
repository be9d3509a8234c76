"""The shop's accounts outside, as their owner sees and sets them at this counter."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from app.desk.counter import in_background
from app.kernel.errors import KnownError
from app.sync.transport import Refused
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideReply, OutsideRequest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Wanted = TypeVar("Wanted", bound="DataclassInstance")
Reply = TypeVar("Reply")


class Line(Protocol):
    """The accounts as the service is asked for them."""

    def outside(self) -> OutsideReply: ...
    def set_outside(self, request: OutsideRequest) -> OutsideReply: ...
    def carrier(self) -> CarrierReply: ...
    def set_carrier(self, request: CarrierRequest) -> CarrierReply: ...


@dataclass(frozen=True, slots=True)
class Way(Generic[Wanted, Reply]):
    """How the service is asked for one account; its code for one that cannot be right, and what others are told."""

    name: str
    ask: Callable[[], Reply]
    give: Callable[[Wanted], Reply]
    unfit: str
    not_here: KnownError


class Account(Generic[Wanted, Reply]):
    """Answers at once; futures hold the state, or a KnownError whose sentence says what is wrong."""

    def __init__(self, way: Way[Wanted, Reply], on_duty: Callable[[], str]) -> None:
        self._way = way
        self._on_duty = on_duty

    def state(self) -> "Future[Reply]":
        return in_background(f"{self._way.name}-state", self._way.ask)

    def set(self, wanted: Wanted) -> "Future[Reply]":
        """In the name of whoever is on duty, who has to be the owner."""
        request = replace(wanted, actor=self._on_duty())
        return in_background(f"{self._way.name}-set", lambda: self._set(request))

    def _set(self, request: Wanted) -> Reply:
        try:
            return self._way.give(request)
        except Refused as refused:
            if refused.code == self._way.unfit:
                text = str(refused.params.get("problem_text", ""))
                raise KnownError(str(refused.params.get("problem", "")), text) from refused
            if refused.code in ("forbidden", "not_allowed"):
                raise self._way.not_here from refused
            raise


def wechat_account(line: Line, on_duty: Callable[[], str]) -> Account[OutsideRequest, OutsideReply]:
    not_here = KnownError("outside.not_here", "Only the owner, at a computer for managers, can set the WeChat account.")
    return Account(Way("outside", line.outside, line.set_outside, "outside_unfit", not_here), on_duty)


def carrier_account(line: Line, on_duty: Callable[[], str]) -> Account[CarrierRequest, CarrierReply]:
    not_here = KnownError(
        "carrier.not_here", "Only the owner, at a computer for managers, can set the carrier's account."
    )
    return Account(Way("carrier", line.carrier, line.set_carrier, "carrier_unfit", not_here), on_duty)
