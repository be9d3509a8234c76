"""``enrol``: a code with which one computer becomes one of the shop's desktops."""

import os
import shlex
import subprocess
from dataclasses import dataclass
from datetime import datetime

import httpx

from app.kernel import codec
from app.kernel.command_line import PROGRAM
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from services import record
from services.authority import devices
from services.door import outside
from services.opening import Founding, opened
from services.record import Record, url_of
from services.settings import DEFAULT_PORT, Place, place_of
from services.standing import require_shop

PATIENCE_S = 10
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Code:
    """``by`` is the running service that made it."""

    text: str
    expires_at: datetime
    by: Record | None


def enrol(data: str | None, database: str | None, *, is_manager: bool) -> int:
    """Print a code and where it is of use; raises KnownError when there is no way to make one."""
    place = place_of(data, database)
    made = make_code(place, is_manager=is_manager)
    grouped = "-".join(made.text[start : start + _GROUP] for start in range(0, len(made.text), _GROUP))
    print(tr("Enrolment code: {code}", code=grouped))
    until = made.expires_at.astimezone().strftime("%H:%M")
    print(tr("It can be used once, until {time}.", time=until))
    where = f" --data {_quoted(data)}" if data else ""
    for line in _ways(made.by, grouped, f"{PROGRAM} serve --host 0.0.0.0{where}"):
        print(line)
    return 0


def _ways(running: Record | None, code: str, serve: str) -> list[str]:
    """What to type where, so that the code is of use; ``serve`` starts a service that other computers reach."""
    if running is None:
        join = _join(url_of(outside("0.0.0.0"), DEFAULT_PORT), code)
        first = tr("No service of this shop runs now. Start one that other computers reach: {command}", command=serve)
        return [first, tr("Then, on the other computer: {command}", command=join)]
    if running.outside:
        return [tr("On the other computer: {command}", command=_join(running.outside, code))]
    here = _join(running.url, f"{code} --data {tr('NEW-FOLDER')}")
    return [
        tr("One more counter on this computer: {command}", command=here),
        tr(
            "Other computers reach it by an HTTPS name (docs/deploy.md), or when the window is closed and the service"
            " runs by itself: {command}",
            command=serve,
        ),
    ]


def _quoted(text: str) -> str:
    """As it is typed into this system's terminal."""
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)


def _join(url: str, code: str) -> str:
    return f"{PROGRAM} --service {url} --code {code}"


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
        return Code(text, now + devices.CODE_LIFETIME, None)


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
    return Code(answer["code"], codec.parse_time(answer["expires_at"]), running)


def _refused(why: str) -> KnownError:
    return KnownError("enrol.refused", "The running service refused to make a code: {why}", {"why": why})
