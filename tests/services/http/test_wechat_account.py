"""The way in for the shop's account at WeChat, and the little that comes out of it."""

import json
from dataclasses import replace
from pathlib import Path

from app.kernel import codec
from services.accounts.kept import KeptAccount, Where
from services.accounts.wechat import WECHAT
from services.http.app import create_app
from tests.services.accounts.test_wechat import account, request, secrets_of
from tests.support.service import SECRET, Server


def test_only_an_owner_at_a_managers_computer_sets_it_and_everybody_sees_that_it_is_set(
    server: Server, tmp_path: Path
) -> None:
    restarts: list[bool] = []

    def restart() -> bool:
        restarts.append(True)
        return True

    found = KeptAccount(WECHAT, Where(tmp_path, {}), server.shop.clock, is_demo=False, restart=restart)
    server.app = create_app(replace(server.service, wechat_account=found), (SECRET,), server.hub)
    clerks, managers = server.enrol("1"), server.enrol("2", is_manager=True)
    body = codec.plain(request())
    assert server.ask("GET", "/sync/v1/outside", clerks.token).json()["state"] == "unset"
    assert server.ask("PUT", "/sync/v1/outside", clerks.token, json=body).status_code == 403
    for actor in ("clerk", "nobody"):
        reply = server.ask("PUT", "/sync/v1/outside", managers.token, json=body | {"actor": actor})
        assert reply.status_code in (401, 403), reply.text
    unfit = server.ask("PUT", "/sync/v1/outside", managers.token, json=body | {"mchid": "1"})
    assert (unfit.status_code, unfit.json()["params"]["problem"]) == (422, "wechat.bad_mchid")
    assert restarts == [] and not (tmp_path / WECHAT.file).exists()
    told = server.ask("PUT", "/sync/v1/outside", managers.token, json=body)
    assert (told.status_code, told.json()["state"], told.json()["needs_restart"], restarts) == (
        200,
        "set",
        False,
        [True],
    )
    seen = server.ask("GET", "/sync/v1/outside", clerks.token)
    assert seen.json()["state"] == "set"
    for secret in secrets_of(account()):
        assert secret not in told.text + seen.text
    assert all("apiv3" not in str(row) for row in server.shop.rows("command_log", "args"))
    assert json.loads((tmp_path / WECHAT.file).read_text(encoding="utf-8"))["account"]["mchid"] == account().mchid
