"""What the doctor finds, says and advises; and the commands as they are typed."""

import re
import stat
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

import main
from app.wire.carrier import CarrierRequest
from services.accounts.kept import KeptAccount, Where
from services.accounts.sf import SF
from services.accounts.wechat import WECHAT
from services.db.address import read_address
from services.db.engine import MOST_CONNECTIONS, Store
from services.settings import Place
from services.upkeep.commands import PASSWORD_VARIABLE
from services.upkeep.doctor import Finding, Grade, examine
from tests.services.accounts.test_wechat import request
from tests.services.upkeep.test_keeping import NOW, PASSWORD, live, place
from tests.support.clocks import FixedClock
from tests.support.stores import DATABASES, new_url

EITHER = pytest.mark.parametrize("database", DATABASES)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def troubles(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings if finding.grade is Grade.TROUBLE]


@EITHER
def test_a_healthy_shop_has_no_trouble_and_explains_everything(database: str, tmp_path: Path) -> None:
    found = place(tmp_path, database)
    live(found)
    findings = examine(found, NOW, is_deep=True)
    assert troubles(findings) == []
    assert any("explained" in finding.text for finding in findings)


def _wrong_stock(found: Place) -> None:
    store = Store(found.database)
    with store.connect() as connection:
        connection.execute("UPDATE stock_levels SET on_hand_qty = on_hand_qty + 1")
    store.close()


def _changed_log(found: Place) -> None:
    store = Store(found.database)
    with store.connect() as connection:
        connection.execute("UPDATE command_log SET actor = 'nobody' WHERE position = 3")
    store.close()


def _torn_file(found: Place) -> None:
    file = Path(found.database.database or "")
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4_096] = bytes(4_096)
    file.write_bytes(data)


def _no_database(found: Place) -> None:
    Path(found.database.database or "").write_bytes(b"this is no database, whatever its name says" * 100)


def _open_secret(found: Place) -> None:
    secret = found.data / "service.json"
    secret.write_text("{}")
    secret.chmod(stat.S_IRUSR | stat.S_IROTH)


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (_wrong_stock, "{rule}"),
        (_changed_log, "log of commands"),
        (_torn_file, "cannot be read"),
        (_no_database, "cannot be read"),
        pytest.param(_open_secret, "secret files"),
    ],
)
def test_each_trouble_is_found_and_comes_with_advice(
    break_it: Callable[[Place], None], told: str, tmp_path: Path
) -> None:
    found = place(tmp_path, "sqlite")
    live(found)
    break_it(found)
    findings = [f for f in examine(found, NOW, is_deep=True) if f.grade is Grade.TROUBLE]
    assert any(told in finding.text and finding.advice for finding in findings), findings


def test_a_clock_that_went_back_is_told(tmp_path: Path) -> None:
    found = place(tmp_path, "sqlite")
    live(found)
    assert any("clock" in text for text in troubles(examine(found, NOW - timedelta(hours=1))))


def test_a_database_server_without_room_for_its_services_is_told(tmp_path: Path) -> None:
    found = place(tmp_path, "postgresql")
    live(found)
    room = "The database server has connections for so many services: {count}."
    assert [f.params["count"] for f in examine(found, NOW) if f.text == room] == [6], "a server as it comes"
    with ExitStack() as running:
        for _ in range(2):
            store = Store(found.database)
            running.callback(store.close)
            store.claim()
            running.enter_context(store.writing())
        for allowed, is_enough in ((2 * MOST_CONNECTIONS, True), (2 * MOST_CONNECTIONS - 1, False)):
            with store.connect() as database:
                database.execute(f"ALTER DATABASE {found.database.database} CONNECTION LIMIT {allowed}")
            told = [f for f in examine(found, NOW) if f.grade is Grade.TROUBLE]
            assert [f.params for f in told] == ([] if is_enough else [{"needed": 30, "allowed": 29}])
            assert all(_HAN.search(f.told()) and _HAN.search(f.advised()) for f in told)


def test_the_public_name_is_asked_for_as_the_settings_have_it(tmp_path: Path) -> None:
    found, asked = place(tmp_path, "sqlite"), list[str]()
    live(found)

    def reach(url: str) -> str:
        asked.append(url)
        return "" if len(asked) == 1 else "ConnectError"

    assert any("No WeChat account" in finding.text for finding in examine(found, NOW, reach=reach)) and asked == []
    KeptAccount(WECHAT, Where(found.data, {}), FixedClock(), is_demo=False).set(request())
    assert troubles(examine(found, NOW, reach=reach)) == []
    assert troubles(examine(found, NOW, reach=reach)) == ["WeChat does not find the shop at {name}: {why}"]
    assert asked == ["https://shop.example.cn/healthz"] * 2


@pytest.mark.warns_in_log("an account that cannot be read is an error")
def test_the_carriers_account_is_told_where_there_is_one(tmp_path: Path) -> None:
    found = place(tmp_path, "sqlite")
    live(found)
    told = [finding.text for finding in examine(found, NOW)]
    assert not [text for text in told if "SF" in text or "carrier" in text], "numbers can be typed"
    account = KeptAccount(SF, Where(found.data, {}), FixedClock(), is_demo=False)
    account.set(CarrierRequest("owner", "SHOP001", "a-check-word", is_sandbox=True))
    assert "SF's sandbox is set: its numbers carry no parcel." in [finding.text for finding in examine(found, NOW)]
    (found.data / SF.file).write_text("{", encoding="utf-8")
    assert troubles(examine(found, NOW)) == [
        "The file with the carrier's account cannot be read. Enter the account anew."
    ]


def test_a_place_without_a_shop_is_told_and_stays_without_one(tmp_path: Path) -> None:
    nowhere = Place(tmp_path / "none", read_address(f"sqlite:///{tmp_path / 'none' / 'shop.db'}"))
    assert ["There is no shop in" in text for text in troubles(examine(nowhere, NOW))] == [True]
    assert list(tmp_path.iterdir()) == []
    empty = Place(tmp_path / "none", read_address(new_url("postgresql", tmp_path)))
    assert troubles(examine(empty, NOW)) == ["There is no shop at {place}."]


def test_everything_that_is_said_is_said_in_chinese(tmp_path: Path) -> None:
    found = place(tmp_path, "sqlite")
    live(found)
    _wrong_stock(found)
    _changed_log(found)
    for finding in examine(found, NOW - timedelta(hours=1), is_deep=True):
        said = [finding.told()] + ([finding.advised()] if finding.advice else [])
        assert all(_HAN.search(text) or text.startswith("SQLite") for text in said), said


def test_the_commands_keep_restore_and_move_a_shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)  # this is how a scheduled backup is given its password
    found = place(tmp_path, "sqlite")
    live(found)
    url, file = str(found.database), str(tmp_path / "backup.zgb")
    where = ["--data", str(found.data), "--database", url]
    assert main.main(["backup", file, *where]) == 0
    assert main.main(["doctor", "--deep", *where]) == 0
    again = ["--data", str(tmp_path / "new"), "--database", f"sqlite:///{tmp_path / 'new' / 'shop.db'}"]
    assert main.main(["restore", file, *again]) == 0
    assert "原来的店铺" not in capsys.readouterr().out, "none stood there"
    assert main.main(["restore", file, *again]) == 0
    (aside,) = (tmp_path / "new").glob("shop.db.before-????????-??????")
    told = capsys.readouterr().out
    assert "山野咖啡 已恢复到" in told and f"原来的店铺保留在 {aside}。" in told
    target = place(tmp_path / "server", "postgresql").database.whole
    assert main.main(["move", "--from", url, "--to", target, "--data", str(found.data)]) == 0
    assert main.main(["move", "--from", url, "--to", target, "--data", str(found.data)]) == 5
    assert "已经搬到" in capsys.readouterr().err


def test_where_nobody_can_type_a_password_it_is_said_where_to_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr("getpass.getpass", nobody)
    found = place(tmp_path, "sqlite")
    live(found)
    assert main.main(["backup", str(tmp_path / "a"), "--database", str(found.database)]) == 5
    assert PASSWORD_VARIABLE in capsys.readouterr().err
