"""Makes the plan of a start out of what the command line asks for and what this computer has kept."""

import dataclasses
import platform
import re
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
_EXAMPLE: Final = "http://192.168.1.5:7415"
_ADDRESS: Final = re.compile(r"https?://[^\s/]+(/\S*)?")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for; empty where it says nothing.

    ``is_own`` takes ``service_url`` back, the one of an earlier start too: the shop is the one of this computer again.
    """

    data: str | None = None
    service_url: str = ""
    code: str = ""
    is_real: bool = False
    is_own: bool = False


def home(data: str | None) -> Path:
    """The folder of this computer's files."""
    return Path(data).expanduser().absolute() if data else Path(platformdirs.user_data_dir("Zhanggui", False))


def address_of(text: str) -> str:
    """The address of a service as it is typed, made fit to be kept; "" for what is none."""
    typed = text.strip().rstrip("/")
    return typed if _ADDRESS.fullmatch(typed) else ""


def plan_of(main: Path, folder: Path, wishes: Wishes) -> Plan:
    """Our own service beside us, unless the shop has one elsewhere. Raises KnownError, also for a damaged file."""
    store = PreferenceStore(folder)
    kept = store.read()
    identity.require_whole(folder)
    url = _service_url(folder, wishes, kept)
    if url != kept.service_url:
        store.write_now(dataclasses.replace(kept, service_url=url))
    name, service = platform.node() or "desktop", folder / SERVICE_FOLDER
    if url:
        has_own = service.exists()
        return Plan(folder, name, None, url, wishes.code, player=sounds.system_player(), has_own_shop=has_own)
    shop = {"is_demo": not wishes.is_real, "demo_orders": DEMO_ORDERS}
    child = ChildConfig(child_command(main, service), service, kept.port, shop)
    buyers = not wishes.is_real
    return Plan(folder, name, child, player=sounds.system_player(), has_buyers=buyers, has_own_shop=True)


def _service_url(folder: Path, wishes: Wishes, kept: Preferences) -> str:
    """Where the shop's service is, "" for our own; raises KnownError for what cannot be meant."""
    url = "" if wishes.is_own else address_of(wishes.service_url) or kept.service_url
    if wishes.service_url and not address_of(wishes.service_url):
        template = "{text} is no address of a service. One looks like {example}."
        raise KnownError("join.no_address", template, {"text": wishes.service_url, "example": _EXAMPLE})
    if url:
        _refuse_another_shop(folder, wishes, is_anew=url != kept.service_url)
    elif wishes.code:
        template = "The code joins a shop, and nothing says where its service is. Add its address: --service {example}"
        raise KnownError("join.nowhere", template, {"example": _EXAMPLE})
    elif kept.service_url and (folder / identity.FILE).exists() and not (folder / SERVICE_FOLDER).exists():
        template = (
            "The folder {folder} belongs to a counter of the shop at {url}, and holds no shop of its own."
            " Start one with a new folder: --data DIR."
        )
        raise KnownError("folder.of_another_shop", template, {"folder": str(folder), "url": kept.service_url})
    return url


def _refuse_another_shop(folder: Path, wishes: Wishes, *, is_anew: bool) -> None:
    """Whoever tried the demo and then joins a shop would hold the demo's goods, unknown to that shop's service."""
    is_anothers = is_anew or (folder / SERVICE_FOLDER).exists()
    if wishes.code and is_anothers and (folder / identity.FILE).exists():
        raise KnownError(
            "folder.of_another_shop",
            "The folder {folder} holds another shop. Join with a new folder: --data DIR. "
            "If the shop only has a new address, leave out --code.",
            {"folder": str(folder)},
        )
