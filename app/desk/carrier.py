"""The shop's account with a carrier, as the owner sees and sets it at this counter."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Protocol

from app.desk.counter import in_background
from app.kernel.errors import KnownError
from app.sync.transport import Refused
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideState

__all__ = ["CarrierDoor", "CarrierReply", "CarrierRequest", "OutsideState"]


class CarrierLine(Protocol):
    def carrier(self) -> CarrierReply: ...
    def set_carrier(self, request: CarrierRequest) -> CarrierReply: ...


class CarrierDoor:
    """Answers at once; futures hold the state, or a KnownError whose sentence says what is wrong."""

    def __init__(self, line: CarrierLine, on_duty: Callable[[], str]) -> None:
        self._line = line
        self._on_duty = on_duty

    def state(self) -> "Future[CarrierReply]":
        return in_background("carrier-state", self._line.carrier)

    def set(self, wanted: CarrierRequest) -> "Future[CarrierReply]":
        """In the name of whoever is on duty, who has to be the owner."""
        request = replace(wanted, actor=self._on_duty())
        return in_background("carrier-set", lambda: self._set(request))

    def _set(self, request: CarrierRequest) -> CarrierReply:
        try:
            return self._line.set_carrier(request)
        except Refused as refused:
            if refused.code == "carrier_unfit":
                text = str(refused.params.get("problem_text", ""))
                raise KnownError(str(refused.params.get("problem", "")), text) from refused
            if refused.code in ("forbidden", "not_allowed"):
                raise KnownError(
                    "carrier.not_here", "Only the owner, at a computer for managers, can set the carrier's account."
                ) from refused
            raise
