"""What every route reaches: the shop's store, its one writer, and the doors to the outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.pickup.code import PickupKeys
from app.domain.registry import Registry
from app.kernel.clock import Clock
from app.kernel.ids import IdSource
from services.accounts.sf import KeptSf
from services.accounts.wechat import KeptWechat
from services.authority.executor import Executor
from services.db.engine import Store

if TYPE_CHECKING:
    from services.adapters.carrier import Carrier
    from services.adapters.wechat_mini import MiniProgram
    from services.adapters.wechat_pay.gateway import PaymentGateway


@dataclass(frozen=True, slots=True)
class Service:
    """The running service; ``pay`` and ``mini`` are None until their account is set.

    ``carriers`` are those that give out waybill numbers, by their codes.
    """

    store: Store
    executor: Executor
    registry: Registry
    clock: Clock
    ids: IdSource
    media_folder: Path
    pickup_keys: PickupKeys
    pay: "PaymentGateway | None" = None
    mini: "MiniProgram | None" = None
    wechat_account: KeptWechat | None = None
    carriers: Mapping[str, "Carrier"] = field(default_factory=dict)
    carrier_account: KeptSf | None = None
