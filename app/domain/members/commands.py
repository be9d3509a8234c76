"""Intents about customers."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class RegisterBuyer(Command):
    """Somebody logged in for the first time: a fact that the login service vouches for."""

    NAME: ClassVar[str] = "buyer.register"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    buyer_id: str
    openid: str
    unionid: str = ""
