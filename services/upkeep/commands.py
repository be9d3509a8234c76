"""The commands that keep a shop: ``backup``, ``restore``, ``move`` and ``doctor``, as they are typed."""

import getpass
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from services.settings import address_of, data_folder, place_of
from services.upkeep.backup import make_backup, require_ready, require_spot
from services.upkeep.doctor import Grade, examine
from services.upkeep.move import move_shop
from services.upkeep.restore import require_backup, restore_backup

PASSWORD_VARIABLE = "ZHANGGUI_BACKUP_PASSWORD"
"""Arguments are seen by everybody on the computer, so a password is never one."""
_STEP = 100_000


def backup(file: str, data: str | None, database: str | None, *, may_replace: bool) -> int:
    """Print what was kept; raises KnownError. Nobody types a password for what cannot be done."""
    place, whole = place_of(data, database), _whole(file)
    require_ready(place)
    require_spot(whole, is_folder=file.endswith(("/", os.sep)), may_replace=may_replace)
    contents = make_backup(place, whole, _new_password(), SystemClock().now(), _progress())
    print(
        tr(
            "{shop} is kept in {file}, with {count} pictures.",
            shop=contents.shop_name,
            file=whole,
            count=contents.media_count,
        )
    )
    print(tr("The file opens with its password alone. Keep both away from this computer, and not together."))
    return 0


def restore(file: str, data: str | None, database: str | None) -> int:
    """Print what was restored; raises KnownError, and then nothing has changed."""
    place = place_of(data, database)
    back = restore_backup(place, require_backup(_whole(file)), _password(), SystemClock().now(), _progress())
    at = f"{back.made_at:%Y-%m-%d %H:%M}"
    print(tr("{shop} is back as it was at {at}.", shop=back.contents.shop_name, at=at))
    if back.aside is not None:
        print(tr("The shop that stood here before is kept in {file}.", file=back.aside))
    print(tr("Start the service now. Every counter fetches everything anew and sends what it had not sent."))
    return 0


def move(source: str, target: str, data: str | None) -> int:
    """Print where the shop is now; raises KnownError, and then it is where it was."""
    media = data_folder(data) / "media"
    addresses = address_of(source), address_of(target)
    count = move_shop(*addresses, (media, media), _progress())
    place = addresses[1].shown
    print(tr("The shop moved: {count} rows are at {place} now.", count=count, place=place))
    print(tr("Start the service with that database. The counters go on where they were."))
    return 0


def doctor(data: str | None, database: str | None, *, is_deep: bool) -> int:
    """Print every finding with what to do; answers 1 when something is in trouble."""
    findings = examine(place_of(data, database), SystemClock().now(), is_deep=is_deep)
    for finding in findings:
        print(f"{_MARKS[finding.grade]} {finding.told()}")
        if advice := finding.advised():
            print(f"    → {advice}")
    return 1 if any(finding.grade is Grade.TROUBLE for finding in findings) else 0


def _whole(file: str) -> Path:
    return Path(file).expanduser().absolute()


_MARKS = {Grade.FINE: "✓", Grade.NOTE: "!", Grade.TROUBLE: "✗"}


def _password() -> str:
    return os.environ.get(PASSWORD_VARIABLE) or _typed(tr("Password of the backup: "))


def _new_password() -> str:
    """Typed twice, since a backup with a mistyped password is none."""
    if given := os.environ.get(PASSWORD_VARIABLE):
        return given
    first = _typed(tr("A password for the backup: "))
    if _typed(tr("The same once more: ")) != first:
        raise KnownError("backup.passwords_differ", "The two passwords are not the same. Nothing was done.")
    return first


def _typed(prompt: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            return getpass.getpass(prompt)
    except (EOFError, getpass.GetPassWarning) as error:  # a scheduled run: nobody sits there
        template = "No password can be typed here. Put it into the environment variable {name} and start again."
        raise KnownError("backup.no_password", template, {"name": PASSWORD_VARIABLE}) from error


def _progress() -> Callable[[str, int, int], None]:
    """How far a long copy is, in a line now and then."""
    told = [0]

    def tell(_table: str, _rows: int, total: int) -> None:
        if total - told[0] >= _STEP:
            told[0] = total
            print(tr("  {count} rows …", count=f"{total:,}"), file=sys.stderr, flush=True)

    return tell
