"""The shop's account with a carrier on its way: its secret goes in, and only its ending comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.wire.outside import OutsideState


@dataclass(frozen=True, slots=True)
class CarrierRequest:
    """What SF's console shows, given by ``actor``. An empty check word keeps the one that is there."""

    actor: str
    partner_id: str
    checkword: str = field(default="", repr=False)
    monthly_card: str = ""
    product: str = "1"
    is_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class CarrierReply:
    """``problem`` is the code of what is wrong, ``problem_text`` its English sentence with places for its parameters.

    ``needs_restart``: it was kept, and the service has to be started anew by hand to use it.
    """

    state: OutsideState
    is_environment: bool = False
    since: datetime | None = None
    partner_id: str = ""
    monthly_card: str = ""
    product: str = "1"
    is_sandbox: bool = False
    ending: str = ""
    problem: str = ""
    problem_text: str = ""
    needs_restart: bool = False
    problem_params: Mapping[str, str] = field(default_factory=dict)
