"""The way in for the shop's account with a carrier, and the little that comes out of it."""

import json
from dataclasses import replace
from pathlib import Path

from app.kernel import codec
from services.accounts.kept import KeptAccount, Where
from services.accounts.sf import SF
from services.http.app import create_app
from tests.services.accounts.test_sf import WANTED, WORD
from tests.support.service import SECRET, Server


def test_only_an_owner_at_a_managers_computer_sets_it_and_everybody_sees_that_it_is_set(
    server: Server, tmp_path: Path
) -> None:
    found = KeptAccount(SF, Where(tmp_path, {}), server.shop.clock, is_demo=False, restart=lambda: True)
    server.app = create_app(replace(server.service, carrier_account=found), (SECRET,), server.hub)
    clerks, managers = server.enrol("1"), server.enrol("2", is_manager=True)
    body = codec.plain(WANTED)
    assert server.ask("GET", "/sync/v1/carrier", clerks.token).json()["state"] == "unset"
    assert server.ask("PUT", "/sync/v1/carrier", clerks.token, json=body).status_code == 403
    for actor in ("clerk", "nobody"):
        assert server.ask("PUT", "/sync/v1/carrier", managers.token, json=body | {"actor": actor}).status_code in (
            401,
            403,
        )
    unfit = server.ask("PUT", "/sync/v1/carrier", managers.token, json=body | {"monthly_card": "1"})
    assert (unfit.status_code, unfit.json()["params"]["problem"]) == (422, "carrier.bad_monthly_card")
    assert not (tmp_path / SF.file).exists()
    told = server.ask("PUT", "/sync/v1/carrier", managers.token, json=body)
    assert (told.status_code, told.json()["state"], told.json()["needs_restart"]) == (200, "set", False)
    seen = server.ask("GET", "/sync/v1/carrier", clerks.token)
    assert WORD not in told.text + seen.text
    assert all(WORD not in str(row) for row in server.shop.rows("command_log", "args"))
    assert json.loads((tmp_path / SF.file).read_text(encoding="utf-8"))["account"]["partner_id"] == "SHOP001"
