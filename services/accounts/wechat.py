"""The shop's account at WeChat: what is kept and told of it, and the doors to WeChat that it opens."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kernel.errors import KnownError
from app.kernel.later import later
from app.wire.outside import OutsideReply, OutsideRequest
from services.accounts.kept import KeptAccount, ending

if TYPE_CHECKING:
    import httpx

    from services.adapters import wechat_account
    from services.adapters.wechat_account import WechatAccount
    from services.adapters.wechat_mini import WechatMiniClient
    from services.adapters.wechat_pay.client import WechatPayClient
else:
    wechat_account = later("services.adapters.wechat_account")

KeptWechat = KeptAccount["WechatAccount", OutsideRequest, OutsideReply]
_SECRETS = ("app_secret", "apiv3_key")
log = logging.getLogger("pay")


class Wechat:
    """The party of a ``KeptAccount``. Keys have many lines, so the variables of keys name their files."""

    area = "wechat"
    file = "wechat-account.json"
    prefix = "ZHANGGUI_WECHAT_"
    variables: Mapping[str, str] = {
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

    def kind(self) -> "type[WechatAccount]":
        return wechat_account.WechatAccount

    def from_environment(self, said: Mapping[str, str]) -> "WechatAccount":
        keys = {
            field: _text_of(self.prefix + self.variables[field], said[field])
            for field in ("merchant_key", "public_key")
        }
        return wechat_account.WechatAccount(**{**said, **keys})

    def joined(self, wanted: OutsideRequest, before: "Callable[[], WechatAccount | None]") -> "WechatAccount":
        values = {name: str(getattr(wanted, name)).strip() for name in self.variables}
        is_key_left = bool(values["public_key_id"]) and not values["public_key"]
        is_whole = not is_key_left and all(values[name] for name in (*_SECRETS, "merchant_key"))
        kept = before() if not is_whole else None
        if kept is not None:
            for name in (*_SECRETS, "merchant_key"):
                values[name] = values[name] or getattr(kept, name)
            if values["public_key_id"] == kept.public_key_id:
                values["public_key"] = values["public_key"] or kept.public_key
        return wechat_account.WechatAccount(**values)

    def reply(self, **standing: Any) -> OutsideReply:
        return OutsideReply(**standing)

    def told(self, reply: OutsideReply, account: "WechatAccount") -> OutsideReply:
        return replace(
            reply,
            appid=account.appid,
            mchid=account.mchid,
            notify_url=account.notify_url,
            public_key_id=account.public_key_id,
            merchant_serial=ending(account.merchant_serial),
            endings={name: ending(getattr(account, name)) for name in _SECRETS},
        )

    def pretended(self) -> KnownError:
        return KnownError("wechat.demo_set", "A demo shop is paid with play money and takes no real WeChat account.")

    def misplaced(self, where: str) -> KnownError:
        return KnownError(
            "wechat.demo",
            "A demo shop is paid with play money and takes no real WeChat account. Take {where} away, or make a shop of"
            " your own.",
            {"where": where},
        )

    def unreadable(self) -> KnownError:
        return KnownError(
            "wechat.unreadable", "The file with the WeChat account cannot be read. Enter the account anew."
        )


WECHAT = Wechat()


@contextmanager
def real_wechat(
    kept: KeptWechat, transport: "httpx.BaseTransport | None" = None
) -> "Iterator[tuple[WechatPayClient | None, WechatMiniClient | None]]":
    """Doors to WeChat itself. An account that cannot be used closes them and nothing else: the counters go on."""
    try:
        stored = kept.read()
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
    """The file that a variable names, as its text."""
    if not name:
        return ""
    try:
        return Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise KnownError(
            "wechat.no_key_file", "The file that {variable} names cannot be read.", {"variable": variable}
        ) from None
