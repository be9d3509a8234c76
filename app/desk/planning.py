"""How this computer's desktop is to run, out of what the command line asks for and what was kept."""

import dataclasses
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.desk.plan import ChildConfig, Plan, child_command
from app.desk.preferences import Preferences, PreferenceStore
from app.kernel.errors import KnownError
from app.kernel.later import later

if TYPE_CHECKING:
    import platformdirs

    from app.desk import identity, sounds
else:
    platformdirs, identity, sounds = later("platformdirs"), later("app.desk.identity"), later("app.desk.sounds")

SERVICE_FOLDER: Final = "service"
DEMO_ORDERS: Final = 5_000
"""How much the demo shop of a first start has sold already."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for; empty where it says nothing."""

    data: str | None = None
    service_url: str = ""
    code: str = ""
    is_real: bool = False


def home(data: str | None) -> Path:
    """The folder of this computer's files."""
    return Path(data).expanduser().absolute() if data else Path(platformdirs.user_data_dir("Zhanggui", False))


def plan_of(main: Path, folder: Path, wishes: Wishes) -> Plan:
    """Our own service beside us, unless the shop has one elsewhere. Raises KnownError, also for a damaged file."""
    kept = PreferenceStore(folder).read()
    identity.require_whole(folder)
    url = wishes.service_url or kept.service_url
    if url:
        _refuse_another_shop(folder, wishes, kept)
        PreferenceStore(folder).write_now(dataclasses.replace(kept, service_url=url))
        return Plan(folder, platform.node() or "desktop", None, url, wishes.code, player=sounds.system_player())
    service = folder / SERVICE_FOLDER
    shop = {"is_demo": not wishes.is_real, "demo_orders": DEMO_ORDERS}
    child = ChildConfig(child_command(main, service), service, kept.port, shop)
    buyers = not wishes.is_real
    return Plan(folder, platform.node() or "desktop", child, player=sounds.system_player(), has_buyers=buyers)


def _refuse_another_shop(folder: Path, wishes: Wishes, kept: Preferences) -> None:
    """Whoever tried the demo and then joins a shop would hold the demo's goods, unknown to that shop's service."""
    is_anothers = (folder / SERVICE_FOLDER).exists() or (wishes.service_url or kept.service_url) != kept.service_url
    if wishes.code and is_anothers and (folder / identity.FILE).exists():
        raise KnownError(
            "folder.of_another_shop",
            "The folder {folder} holds another shop. Join with a new folder: --data DIR. "
            "If the shop only has a new address, leave out --code.",
            {"folder": str(folder)},
        )
