"""The shop's customers."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.row import Audience, Row


@dataclass(frozen=True, slots=True)
class Buyer(Row):
    """A customer of the mini-program; who that is at WeChat stays with the service."""

    TABLE: ClassVar[str] = "buyers"
    id: str
    level_id: str = ""
    nickname: str = ""


@dataclass(frozen=True, slots=True)
class BuyerIdentity(Row):
    """Which WeChat user a buyer is."""

    TABLE: ClassVar[str] = "buyer_identities"
    KEY: ClassVar[tuple[str, ...]] = ("buyer_id",)
    LOOKUPS: ClassVar[tuple[str, ...]] = ("openid",)
    AUDIENCE: ClassVar[Audience] = Audience.SERVICE
    buyer_id: str
    openid: str
    unionid: str = ""
