"""The shop's account at WeChat on its way: secrets go in, and only their endings come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class OutsideState(StrEnum):
    """PRETENDED: a demo's stand-in. FAULTY: there is an account, and it cannot be used."""

    UNSET = "unset"
    SET = "set"
    FAULTY = "faulty"
    PRETENDED = "pretended"


@dataclass(frozen=True, slots=True)
class OutsideRequest:
    """What the consoles show, given by ``actor``. An empty secret or key keeps the one that is there."""

    actor: str
    appid: str
    mchid: str
    merchant_serial: str
    notify_url: str
    app_secret: str = field(default="", repr=False)
    apiv3_key: str = field(default="", repr=False)
    merchant_key: str = field(default="", repr=False)
    public_key_id: str = ""
    public_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OutsideReply:
    """``problem`` is the code of what is wrong, ``problem_text`` its English sentence with places for its parameters.

    ``needs_restart``: it was kept, and the service has to be started anew by hand to use it.
    """

    state: OutsideState
    is_environment: bool = False
    since: datetime | None = None
    appid: str = ""
    mchid: str = ""
    notify_url: str = ""
    public_key_id: str = ""
    merchant_serial: str = ""
    endings: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    problem_text: str = ""
    needs_restart: bool = False
    problem_params: Mapping[str, str] = field(default_factory=dict)
