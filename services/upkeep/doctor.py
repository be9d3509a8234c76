"""``doctor``: what could keep this computer's shop from working, each with what to do about it."""

import os
import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.domain.row import Audience
from app.domain.settings import read_settings
from app.kernel import codec, resources
from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from app.kernel.i18n import language, render
from app.tables.schema import KINDS
from app.tables.view import SqlView
from app.wire.outside import OutsideState
from services import record
from services.accounts.kept import KeptAccount, Where
from services.accounts.sf import SF
from services.accounts.wechat import WECHAT
from services.authority.commandlog import broken_link
from services.authority.head import read_head
from services.db.engine import MOST_CONNECTIONS, OpenDatabase, Store
from services.db.errors import DBAPIError
from services.db.presence import places
from services.db.revision import is_current
from services.settings import DEFAULT_PORT, Place
from services.standing import no_shop, stands
from services.upkeep import books

Reach = Callable[[str], str]
LEAST_FREE_MB = 1_000
PATIENCE_S = 5
APP = "zhanggui"
WAL_MENDED = (3, 51, 3)
SOON = timedelta(minutes=5)
FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "ZhangguiRareHan-Regular.ttf")
_MEGA = 1_000_000


class Grade(StrEnum):
    FINE = "fine"
    NOTE = "note"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Finding:
    """English templates with their params; ``advice`` is empty where nothing is to be done."""

    grade: Grade
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""

    def told(self) -> str:
        return render(self.text, self.params, language())

    def advised(self) -> str:
        return render(self.advice, self.params, language()) if self.advice else ""


def examine(place: Place, now: datetime, *, is_deep: bool = False, reach: Reach | None = None) -> list[Finding]:
    """Look at everything; ``is_deep`` reads the whole database too, which takes a minute a million orders.

    ``reach`` asks whether a shop's service answers at a public address.
    """
    found = [*_folder(place), *_keys(place), *_fonts(), *_port(place), _sqlite()]
    try:
        found += _shop(place, now, is_deep, reach or reached)
    except KnownError as error:
        found.append(Finding(Grade.TROUBLE, error.template, error.params))
    except (DBAPIError, sqlite3.DatabaseError) as error:  # the second comes from what is read by the driver alone
        why = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
        advice = "Start the database server, or check its address; a damaged file comes back with: restore FILE"
        found.append(Finding(Grade.TROUBLE, "The shop's database cannot be read: {why}", {"why": why}, advice))
    return found


def _shop(place: Place, now: datetime, is_deep: bool, reach: Reach) -> Iterator[Finding]:
    if not stands(place):
        missing = no_shop(place)
        yield Finding(Grade.TROUBLE, missing.template, missing.params)
        return
    store = Store(place.database)
    try:
        yield from _database(store, now, is_deep)
        yield from _outside(place, store, reach)
    finally:
        store.close()


def _folder(place: Place) -> Iterator[Finding]:
    folder = place.data
    if not folder.exists():
        return
    free = shutil.disk_usage(folder).free // _MEGA
    params = {"free": f"{free:,}", "folder": str(folder)}
    if free < LEAST_FREE_MB:
        yield Finding(
            Grade.TROUBLE, "Only {free} MB are free in {folder}.", params, "Make room: a full disk stops the shop."
        )
    else:
        yield Finding(Grade.FINE, "{free} MB are free in {folder}.", params)
    if not os.access(folder, os.W_OK):
        yield Finding(
            Grade.TROUBLE, "{folder} cannot be written to.", params, "Give this user the right to write there."
        )


def _keys(place: Place) -> Iterator[Finding]:
    """Secrets belong to their owner alone; Windows keeps that by the rights of the profile."""
    if sys.platform == "win32" or not place.data.exists():
        return
    open_files = [p.name for p in _secret_files(place.data) if stat.S_IMODE(p.stat().st_mode) & 0o077]
    if open_files:
        names = {"names": ", ".join(open_files), "folder": str(place.data)}
        yield Finding(
            Grade.TROUBLE,
            "Others on this computer can read secret files: {names}",
            names,
            "Run: chmod 600 on them in {folder}",
        )
    else:
        yield Finding(Grade.FINE, "Secret files belong to this user alone.")


def _secret_files(folder: Path) -> Iterator[Path]:
    yield from (file for file in sorted(folder.glob("*.json")) if file.is_file())
    yield from (file for file in sorted(folder.glob("*.key")) if file.is_file())


def _fonts() -> Iterator[Finding]:
    missing = [name for name in FONTS if not resources.path(f"fonts/{name}").exists()]
    if missing:
        advice = "Install the program anew: its fonts come with it."
        yield Finding(Grade.TROUBLE, "Fonts are missing: {names}", {"names": ", ".join(missing)}, advice)
    else:
        yield Finding(Grade.FINE, "The fonts for screen and paper are there.")


def _port(place: Place) -> Iterator[Finding]:
    running = record.read(place.data)
    port = running.port if running else DEFAULT_PORT
    is_taken = _answers(port)
    if running and is_taken:
        yield Finding(Grade.FINE, "The service answers at port {port}.", {"port": port})
        if port != DEFAULT_PORT:
            advice = "Close what holds port {wanted}, then start the program again: other counters look for it there."
            params = {"port": port, "wanted": DEFAULT_PORT}
            yield Finding(Grade.NOTE, "The service does not answer at the shop's port {wanted}.", params, advice)
    elif is_taken:
        advice = "Close the other program, or choose another port in the settings."
        yield Finding(Grade.NOTE, "Another program holds port {port}.", {"port": port}, advice)
    else:
        yield Finding(Grade.FINE, "Port {port} is free.", {"port": port})


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


def _sqlite() -> Finding:
    """Our one writing connection makes an old library safe, so this is a note at most."""
    version = sqlite3.sqlite_version_info
    params = {"version": sqlite3.sqlite_version}
    if version < WAL_MENDED:
        return Finding(Grade.NOTE, "SQLite {version} is old; the program writes in a way that is safe with it.", params)
    return Finding(Grade.FINE, "SQLite {version}.", params)


def _database(store: Store, now: datetime, is_deep: bool) -> Iterator[Finding]:
    if not is_current(store):
        advice = "Start this version of the program once: it brings the database up to date."
        yield Finding(Grade.NOTE, "The database has another version's form.", {}, advice)
        return
    with store.reading() as database:
        yield _clock(database, now)
        if not store.is_sqlite:
            yield _room(database)
        moved_to = read_head(database).moved_to
        if moved_to:
            advice = "Start the service with that database."
            yield Finding(Grade.NOTE, "This shop has moved to {place}.", {"place": moved_to}, advice)
        if is_deep:
            yield from _deep(database)
        else:
            yield Finding(Grade.FINE, "The database answers.", {}, "")


def _clock(database: OpenDatabase, now: datetime) -> Finding:
    """The newest entry tells a clock that went back; the network is not asked."""
    newest = database.execute("SELECT max(recorded_at) FROM command_log").fetchone()[0]
    if newest is None or codec.parse_time(newest) <= now + SOON:
        return Finding(Grade.FINE, "The clock is not behind the shop's last entry.")
    params = {"at": codec.parse_time(newest).astimezone().strftime("%Y-%m-%d %H:%M")}
    return Finding(
        Grade.TROUBLE,
        "The clock is behind the shop's last entry of {at}.",
        params,
        "Set the computer's clock, and let it be set over the network.",
    )


def _room(database: OpenDatabase) -> Finding:
    """Who finds no place at a server is refused in the middle of the busiest hour."""
    allowed, running = places(database)
    needed = max(running, 1) * MOST_CONNECTIONS
    if needed <= allowed:
        count = {"count": allowed // MOST_CONNECTIONS}
        return Finding(Grade.FINE, "The database server has connections for so many services: {count}.", count)
    return Finding(
        Grade.TROUBLE,
        "The services at this database may need {needed} connections, and its server allows {allowed}.",
        {"needed": needed, "allowed": allowed},
        "Raise max_connections in the database server's settings, or run fewer services.",
    )


def _outside(place: Place, store: Store, reach: Reach) -> Iterator[Finding]:
    """The accounts outside, and the public name at which WeChat and the mini-program find the shop."""
    if not is_current(store):
        return
    with store.reading() as database:
        is_demo = read_settings(SqlView(database, Audience)).is_demo
    told = KeptAccount(WECHAT, Where(place.data), SystemClock(), is_demo=is_demo).state()
    if told.state is OutsideState.PRETENDED:
        yield Finding(Grade.FINE, "This demo pays at a WeChat that is only pretended.")
    elif told.state is OutsideState.UNSET:
        advice = "The owner enters it in the settings; docs/deploy.md says what WeChat needs."
        yield Finding(Grade.NOTE, "No WeChat account is set: buyers cannot log in or pay.", {}, advice)
    elif told.state is OutsideState.FAULTY:
        advice = "The owner mends the WeChat account in the settings."
        yield Finding(Grade.TROUBLE, told.problem_text, told.problem_params, advice)
    else:
        yield _public_name(told.notify_url, reach)
    yield from _carrier(place, is_demo=is_demo)


def _carrier(place: Place, *, is_demo: bool) -> Iterator[Finding]:
    """The account with the carrier; nothing is said where there is none, since numbers can be typed."""
    told = KeptAccount(SF, Where(place.data), SystemClock(), is_demo=is_demo).state()
    if told.state is OutsideState.PRETENDED:
        yield Finding(Grade.FINE, "Waybill numbers come from a carrier that is only pretended.")
    elif told.state is OutsideState.FAULTY:
        advice = "The owner mends the carrier's account in the settings."
        yield Finding(Grade.TROUBLE, told.problem_text, told.problem_params, advice)
    elif told.state is OutsideState.SET and told.is_sandbox:
        advice = "The owner chooses the real account in the settings before the first parcel leaves."
        yield Finding(Grade.NOTE, "SF's sandbox is set: its numbers carry no parcel.", {}, advice)
    elif told.state is OutsideState.SET:
        yield Finding(Grade.FINE, "The service can ask SF Express for waybill numbers.")


def _public_name(notify_url: str, reach: Reach) -> Finding:
    parts = urlsplit(notify_url)
    name = f"{parts.scheme}://{parts.netloc}"
    if why := reach(f"{name}/healthz"):
        advice = "Check the name, its certificate and what forwards it: docs/deploy.md has an example."
        return Finding(
            Grade.TROUBLE, "WeChat does not find the shop at {name}: {why}", {"name": name, "why": why}, advice
        )
    return Finding(Grade.FINE, "WeChat finds the shop at {name}.", {"name": name})


def reached(url: str) -> str:
    """Why a shop's service does not answer there; "" when it does."""
    try:
        answer = httpx.get(url, timeout=PATIENCE_S)
        return "" if answer.is_success and answer.json().get("app") == APP else f"{answer.status_code}"
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        return type(error).__name__


def _deep(database: OpenDatabase) -> Iterator[Finding]:
    if database.is_sqlite:
        told = database.execute("PRAGMA integrity_check(5)").fetchone()[0]
        if told != "ok":
            yield Finding(
                Grade.TROUBLE,
                "The database file is damaged: {why}",
                {"why": told},
                "Restore the last backup: restore FILE",
            )
            return
    at = broken_link(database)
    if at is not None:
        advice = "Somebody or something changed the log of commands. Keep this file and ask for help."
        yield Finding(Grade.TROUBLE, "The log of commands was changed at entry {at}.", {"at": at}, advice)
    findings = books.findings(database)
    for finding in findings:
        params = {
            "rule": render(finding.rule, {}, language()),
            "what": finding.what,
            "told": finding.told,
            "explained": finding.explained,
        }
        advice = "Keep a backup and ask for help: this figure has another cause than the program knows."
        yield Finding(Grade.TROUBLE, "{rule}: {what} says {told}, its entries say {explained}", params, advice)
    if at is None and not findings:
        rows = sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in KINDS)
        yield Finding(Grade.FINE, "Every fen and every piece is explained, over {rows} rows.", {"rows": f"{rows:,}"})
