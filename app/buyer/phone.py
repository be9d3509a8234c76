"""A buyer's phone with a pretended WeChat on it: logs in and pays at the stand-in whose door the demo shop shows."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.buyer.refusals import NoAnswer
from app.kernel.later import later

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")


class Phone:
    """``user`` is who holds the phone; the same user always is the same buyer."""

    def __init__(self, door_file: Path, user: str) -> None:
        door = json.loads(door_file.read_text(encoding="utf-8"))
        self._user = user
        self._http = httpx.Client(
            base_url=door["host"], headers={"X-Standin-Token": door["token"]}, timeout=30, trust_env=False
        )

    def close(self) -> None:
        self._http.close()

    def login_code(self) -> str:
        """What ``wx.login`` would give the mini-program."""
        return str(self._ask("/_control/login-codes", {"user": self._user})["code"])

    def confirm(self, wx_payment: Mapping[str, Any]) -> Mapping[str, Any]:
        """The buyer puts a finger on the sensor; WeChat checks the shop's signature and tells the shop."""
        return self._ask("/_control/payments", {"payment": dict(wx_payment)})

    def _ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = self._http.post(path, json=body)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as fault:
            raise NoAnswer(f"{path}: {fault}") from fault
        return found
