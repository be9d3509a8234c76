"""Where a shop's account at WeChat is kept: in one file for its owner alone, or in the environment of a server.

It is never in the database, so it is in no feed, no backup and no export, and nothing here writes it to a log.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.kernel import codec
from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from app.kernel.later import later
from app.wire.outside import OutsideReply, OutsideRequest, OutsideState

if TYPE_CHECKING:
    import httpx

    from services.adapters import wechat_account
    from services.adapters.wechat_account import WechatAccount
    from services.adapters.wechat_mini import WechatMiniClient
    from services.adapters.wechat_pay.client import WechatPayClient
else:
    wechat_account = later("services.adapters.wechat_account")

FILE = "wechat-account.json"
PREFIX = "ZHANGGUI_WECHAT_"
ENVIRONMENT = {
    "appid": "APPID",
    "app_secret": "APP_SECRET",
    "mchid": "MCHID",
    "apiv3_key": "APIV3_KEY",
    "merchant_serial": "MERCHANT_SERIAL",
    "merchant_key": "MERCHANT_KEY_FILE",
    "notify_url": "NOTIFY_URL",
    "public_key_id": "PUBLIC_KEY_ID",
    "public_key": "PUBLIC_KEY_FILE",
}
_SECRETS = ("app_secret", "apiv3_key")
_SHOWN = 4
_WORTH_SHOWING = 16
log = logging.getLogger("pay")


@dataclass(frozen=True, slots=True)
class Stored:
    """An account as it was found, checked or not; ``since`` is when it was set, if that is known."""

    account: "WechatAccount"
    is_environment: bool
    since: datetime | None


class Credentials:
    """Reads and replaces the account of one shop; ``restart`` has the service begin anew with it, where it can."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        is_demo: bool,
        environ: Mapping[str, str] = os.environ,
        restart: Callable[[], bool] = lambda: False,
    ) -> None:
        self._path = folder / FILE
        self._clock = clock
        self._environ = environ
        self._is_demo = is_demo
        self._restart = restart

    def read(self) -> Stored | None:
        """The environment's account, else the file's, else None; raises KnownError for one that cannot be read."""
        if any(self._environ.get(PREFIX + name) for name in ENVIRONMENT.values()):
            found = Stored(self._from_environment(), True, None)
        elif self._path.exists():
            found = self._from_file()
        else:
            return None
        if self._is_demo:
            raise KnownError(
                "wechat.demo",
                "A demo shop is paid with play money and takes no real WeChat account. Take {where} away, or make a"
                " shop of your own.",
                {"where": f"{PREFIX}*" if found.is_environment else str(self._path)},
            )
        return found

    def state(self) -> OutsideReply:
        """What may be told of it: that it is there, its endings, and what is wrong with it."""
        if self._is_demo:
            return OutsideReply(OutsideState.PRETENDED)
        try:
            found = self.read()
        except KnownError as error:
            return OutsideReply(OutsideState.FAULTY, problem=error.code, problem_text=error.template)
        if found is None:
            return OutsideReply(OutsideState.UNSET)
        problem, problem_text = "", ""
        try:
            found.account.check()
        except KnownError as error:
            problem, problem_text = error.code, error.template
        account = found.account
        return OutsideReply(
            OutsideState.FAULTY if problem else OutsideState.SET,
            is_environment=found.is_environment,
            since=found.since,
            appid=account.appid,
            mchid=account.mchid,
            notify_url=account.notify_url,
            public_key_id=account.public_key_id,
            merchant_serial=ending(account.merchant_serial),
            endings={name: ending(getattr(account, name)) for name in _SECRETS},
            problem=problem,
            problem_text=problem_text,
        )

    def set(self, wanted: OutsideRequest) -> OutsideReply:
        """Replace the account; an empty secret keeps the one that is there. Raises KnownError for one that is unfit."""
        if self._is_demo:
            raise KnownError("wechat.demo_set", "A demo shop is paid with play money and takes no real WeChat account.")
        before = self.read() if self._path.exists() or self._has_environment() else None
        if before is not None and before.is_environment:
            raise KnownError(
                "wechat.environment",
                "The account comes from the server's environment; it has to be changed there.",
            )
        account = _joined(wanted, before.account if before is not None else None)
        account.check()
        kept = {"account": codec.plain(account), "since": codec.time_text(self._clock.now())}
        replace_file(self._path, json.dumps(kept).encode(), secret=True)
        log.info("the WeChat account was set, merchant %s", ending(account.mchid))
        return replace(self.state(), needs_restart=not self._restart())

    def _has_environment(self) -> bool:
        return any(self._environ.get(PREFIX + name) for name in ENVIRONMENT.values())

    def _from_environment(self) -> "WechatAccount":
        values = {field: self._environ.get(PREFIX + name, "") for field, name in ENVIRONMENT.items()}
        for field in ("merchant_key", "public_key"):
            values[field] = _text_of(PREFIX + ENVIRONMENT[field], values[field])
        return wechat_account.WechatAccount(**values)

    def _from_file(self) -> Stored:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return Stored(
                codec.build(wechat_account.WechatAccount, kept["account"]), False, codec.parse_time(kept["since"])
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the WeChat account cannot be read: %s", type(error).__name__)
            template = "The file {file} with the WeChat account cannot be read. Enter the account anew."
            raise KnownError("wechat.unreadable", template, {"file": str(self._path)}) from None


@contextmanager
def real_wechat(
    credentials: Credentials, transport: "httpx.BaseTransport | None" = None
) -> "Iterator[tuple[WechatPayClient | None, WechatMiniClient | None]]":
    """Doors to WeChat itself. An account that cannot be used closes them and nothing else: the counters go on."""
    try:
        stored = credentials.read()
        opened = None if stored is None else stored.account.open(transport)
    except KnownError as error:
        log.error("the WeChat account cannot be used: %s", error.code)
        opened = None
    if opened is None:
        yield None, None
        return
    pay, mini = opened
    try:
        yield pay, mini
    finally:
        pay.dispose()
        mini.dispose()


def _text_of(variable: str, name: str) -> str:
    """The file that a variable names; keys have many lines, so the environment names their files."""
    if not name:
        return ""
    try:
        return Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise KnownError(
            "wechat.no_key_file", "The file that {variable} names cannot be read.", {"variable": variable}
        ) from None


def _joined(wanted: OutsideRequest, before: "WechatAccount | None") -> "WechatAccount":
    values = {name: str(getattr(wanted, name)).strip() for name in ENVIRONMENT}
    if before is not None:
        for name in (*_SECRETS, "merchant_key"):
            values[name] = values[name] or getattr(before, name)
        if values["public_key_id"] == before.public_key_id:
            values["public_key"] = values["public_key"] or before.public_key
    return wechat_account.WechatAccount(**values)


def ending(text: str) -> str:
    """The last signs, which tell two apart and open nothing."""
    return f"…{text[-_SHOWN:]}" if len(text) >= _WORTH_SHOWING else "…" if text else ""
