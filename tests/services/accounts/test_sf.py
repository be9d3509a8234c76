"""A shop's own account with SF: kept for its owner alone, checked before it is used, and never told."""

import logging
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.kernel.errors import KnownError
from app.wire.carrier import CarrierRequest
from app.wire.outside import OutsideState
from services.accounts.kept import KeptAccount, Where
from services.accounts.sf import SF, KeptSf, real_sf
from services.adapters.carrier import Unknown
from services.adapters.sf.config import HOST, SANDBOX
from tests.support.clocks import FixedClock

WORD = "a-check-word-that-nobody-may-see"
WANTED = CarrierRequest("owner", "SHOP001", WORD, "7551234567", "2")


@pytest.fixture
def credentials(tmp_path: Path) -> KeptSf:
    return KeptAccount(SF, Where(tmp_path, {}), FixedClock(), is_demo=False)


def test_what_was_set_is_told_without_its_secret(
    credentials: KeptSf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert credentials.state().state is OutsideState.UNSET
    with caplog.at_level(logging.DEBUG):
        told = credentials.set(WANTED)
    assert (told.state, told.partner_id, told.monthly_card, told.product, told.ending, told.needs_restart) == (
        *(OutsideState.SET, "SHOP001", "7551234567", "2", "…-see"),
        True,
    )
    assert told.since == FixedClock().now()
    assert WORD not in caplog.text + repr(told) + repr(WANTED) + repr(credentials.read())
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / SF.file).stat().st_mode) == 0o600


def test_an_empty_check_word_keeps_the_one_that_is_there(credentials: KeptSf) -> None:
    credentials.set(WANTED)
    credentials.set(replace(WANTED, checkword="", monthly_card="", is_sandbox=True))
    found = credentials.read()
    assert found is not None
    assert (found.account.checkword, found.account.monthly_card, found.account.is_sandbox) == (WORD, "", True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"partner_id": ""}, "carrier.bad_partner_id"),
        ({"partner_id": "SHOP 1"}, "carrier.bad_partner_id"),
        ({"checkword": "short"}, "carrier.bad_checkword"),
        ({"checkword": ""}, "carrier.bad_checkword"),
        ({"monthly_card": "755"}, "carrier.bad_monthly_card"),
        ({"product": "特快"}, "carrier.bad_product"),
    ],
)
def test_what_cannot_be_right_is_not_kept(
    credentials: KeptSf, tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        credentials.set(replace(WANTED, **change))
    assert refused.value.code == code
    assert not (tmp_path / SF.file).exists()


def test_a_server_gives_it_by_its_environment_and_changes_it_there(tmp_path: Path) -> None:
    values = {"PARTNER_ID": "SHOP002", "CHECKWORD": WORD, "SANDBOX": "1"}
    environ = {SF.prefix + name: value for name, value in values.items()}
    found = KeptAccount(SF, Where(tmp_path, environ), FixedClock(), is_demo=False)
    told = found.state()
    assert (told.state, told.is_environment, told.is_sandbox, told.product) == (OutsideState.SET, True, True, "1")
    with pytest.raises(KnownError, match="environment"):
        found.set(WANTED)
    half = KeptAccount(SF, Where(tmp_path, {SF.prefix + "CHECKWORD": WORD}), FixedClock(), is_demo=False)
    assert (half.state().state, half.state().problem) == (OutsideState.FAULTY, "carrier.bad_partner_id")


def test_a_demo_takes_no_real_account(tmp_path: Path) -> None:
    KeptAccount(SF, Where(tmp_path, {}), FixedClock(), is_demo=False).set(WANTED)
    demo = KeptAccount(SF, Where(tmp_path, {}), FixedClock(), is_demo=True)
    assert demo.state().state is OutsideState.PRETENDED
    for act in (demo.read, lambda: demo.set(WANTED)):
        with pytest.raises(KnownError):
            act()


@pytest.mark.warns_in_log("an account that cannot be read is an error")
def test_an_account_that_cannot_be_read_closes_the_door_and_nothing_else(credentials: KeptSf, tmp_path: Path) -> None:
    (tmp_path / SF.file).write_text("{", encoding="utf-8")
    assert credentials.state().problem == "carrier.unreadable"
    with real_sf(credentials, FixedClock()) as client:
        assert client is None
    assert credentials.set(WANTED).state is OutsideState.SET


@pytest.mark.parametrize("is_sandbox", [False, True])
@pytest.mark.warns_in_log("nobody answers")
def test_a_real_shop_asks_sf_itself(credentials: KeptSf, is_sandbox: bool) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.scheme}://{request.url.host}")
        return httpx.Response(503)

    credentials.set(replace(WANTED, is_sandbox=is_sandbox))
    with real_sf(credentials, FixedClock(), httpx.MockTransport(answer)) as client:
        assert client is not None
        assert isinstance(client.find("WX1-1"), Unknown)
    assert asked == [SANDBOX if is_sandbox else HOST]
