"""``enrol``: a code with which one computer becomes one of the shop's desktops."""

from dataclasses import dataclass
from datetime import datetime

import httpx

from app.kernel import codec
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from services import record
from services.authority import devices
from services.opening import Founding, opened
from services.record import Record
from services.settings import Place, place_of
from services.standing import require_shop

PATIENCE_S = 10
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    expires_at: datetime


def enrol(data: str | None, database: str | None, *, is_manager: bool) -> int:
    """Print a code; raises KnownError when there is no way to make one."""
    code = make_code(place_of(data, database), is_manager=is_manager)
    grouped = "-".join(code.text[start : start + _GROUP] for start in range(0, len(code.text), _GROUP))
    print(tr("Enrolment code: {code}", code=grouped))
    until = code.expires_at.astimezone().strftime("%H:%M")
    print(tr("It can be used once, until {time}.", time=until))
    return 0


def make_code(place: Place, *, is_manager: bool) -> Code:
    """Ask the service that runs on this computer, or open the shop ourselves when none does; raises KnownError."""
    running = record.read(place.data)
    if running is not None and running.database == place.database_name:
        code = _ask(running, is_manager)
        if code is not None:
            return code
    require_shop(place)  # a code for a shop that nobody meant to found is of no use
    with opened(place, Founding()) as service:
        text, now = devices.new_code(), service.clock.now()
        service.executor.chore(lambda writing: devices.offer_enrolment(writing, text, is_manager, now)).result()
        return Code(text, now + devices.CODE_LIFETIME)


def _ask(running: Record, is_manager: bool) -> Code | None:
    """The code that the running service makes; None when nobody answers there any more."""
    try:
        reply = httpx.post(
            f"{running.url}/supervisor/enrol",
            headers={"Authorization": f"Bearer {running.secret}"},
            json={"is_manager": is_manager},
            timeout=PATIENCE_S,
            trust_env=False,  # a system's proxy would swallow what stays on this computer
        )
    except httpx.ConnectError:
        return None
    except httpx.HTTPError as error:
        raise _refused(str(error)) from error
    if reply.status_code in (401, 404):  # a stranger has the port of a service that was killed
        return None
    if reply.status_code != 200:
        raise _refused(f"{reply.status_code}")
    answer = reply.json()
    return Code(answer["code"], codec.parse_time(answer["expires_at"]))


def _refused(why: str) -> KnownError:
    return KnownError("enrol.refused", "The running service refused to make a code: {why}", {"why": why})
