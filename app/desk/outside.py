"""The shop's account at WeChat, as the owner sees and sets it at this counter."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Protocol

from app.desk.counter import in_background
from app.kernel.errors import KnownError
from app.sync.transport import Refused
from app.wire.outside import OutsideReply, OutsideRequest, OutsideState

__all__ = ["OutsideDoor", "OutsideReply", "OutsideRequest", "OutsideState"]


class OutsideLine(Protocol):
    def outside(self) -> OutsideReply: ...
    def set_outside(self, request: OutsideRequest) -> OutsideReply: ...


class OutsideDoor:
    """Answers at once; futures hold the state, or a KnownError whose sentence says what is wrong."""

    def __init__(self, line: OutsideLine, on_duty: Callable[[], str]) -> None:
        self._line = line
        self._on_duty = on_duty

    def state(self) -> "Future[OutsideReply]":
        return in_background("outside-state", self._line.outside)

    def set(self, wanted: OutsideRequest) -> "Future[OutsideReply]":
        """In the name of whoever is on duty, who has to be the owner."""
        request = replace(wanted, actor=self._on_duty())
        return in_background("outside-set", lambda: self._set(request))

    def _set(self, request: OutsideRequest) -> OutsideReply:
        try:
            return self._line.set_outside(request)
        except Refused as refused:
            if refused.code == "outside_unfit":
                text = str(refused.params.get("problem_text", ""))
                raise KnownError(str(refused.params.get("problem", "")), text) from refused
            if refused.code in ("forbidden", "not_allowed"):
                raise KnownError(
                    "outside.not_here", "Only the owner, at a computer for managers, can set the WeChat account."
                ) from refused
            raise
