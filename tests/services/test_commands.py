"""The manners of the commands: they make nothing that nobody asked for, and say in a sentence what is wrong."""

import errno
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import main
from app.kernel import i18n
from app.kernel.errors import KnownError
from app.kernel.system_language import system_language
from services.db.address import read_address
from services.db.errors import OperationalError
from services.door import listen, listen_anyhow
from services.faults import as_known
from services.standing import stands
from services.upkeep.commands import PASSWORD_VARIABLE
from services.upkeep.move import move_shop
from tests.architecture.tree import ROOT
from tests.services.upkeep.test_keeping import PASSWORD, live, place
from tests.support.stores import new_url

ASKING = pytest.mark.parametrize("words", [["enrol"], ["doctor"], ["doctor", "--deep"], ["backup", "kept.zgb"]])
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A user with a password at hand, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    yield
    i18n.set_language("zh_CN")


@ASKING
def test_where_no_shop_is_none_is_founded(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([*words, "--data", "nowhere"]) in (1, 5)
    told = capsys.readouterr()
    assert str(tmp_path / "nowhere") in told.out + told.err and "没有店铺" in told.out + told.err
    assert list(tmp_path.iterdir()) == []


@ASKING
def test_who_names_the_desktops_folder_is_told_of_the_shops(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = tmp_path / "我的店" / "service"
    inner.mkdir(parents=True)
    assert main.main([*words, "--data", str(inner.parent)]) in (1, 5)
    told = capsys.readouterr()
    assert f"--data {inner}" in told.out + told.err
    assert [*tmp_path.rglob("*")] == [inner.parent, inner]


def test_no_code_is_made_in_a_servers_empty_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = new_url("postgresql", tmp_path)
    address = read_address(url).whole
    assert main.main(["enrol", "--data", str(tmp_path / "x"), "--database", address]) == 5
    assert "没有店铺" in capsys.readouterr().err
    found = place(tmp_path, "sqlite")
    live(found)
    assert stands(found)


def test_a_backup_takes_no_other_files_place_unless_it_is_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = place(tmp_path / "shop", "sqlite")
    live(found)
    words = ["backup", "kept.zgb", "--data", str(found.data), "--database", str(found.database)]
    (tmp_path / "kept.zgb").write_bytes(b"the only good backup")
    monkeypatch.delenv(PASSWORD_VARIABLE)  # nobody is asked for a password in vain
    assert main.main(words) == 5
    assert "--replace" in capsys.readouterr().err
    assert (tmp_path / "kept.zgb").read_bytes() == b"the only good backup"
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    assert main.main([*words, "--replace"]) == 0
    assert str(tmp_path / "kept.zgb") in capsys.readouterr().out, "where it is, wherever one stands later"
    assert (tmp_path / "kept.zgb").read_bytes() != b"the only good backup"


@pytest.mark.parametrize("name", ["kept", "kept/", "later/"])
@pytest.mark.parametrize("more", [[], ["--replace"]])
def test_a_backup_in_a_folders_place_is_told_which_file_to_name(
    name: str, more: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = place(tmp_path / "shop", "sqlite")
    live(found)
    (tmp_path / "kept").mkdir()
    monkeypatch.delenv(PASSWORD_VARIABLE)
    words = ["backup", name, "--data", str(found.data), "--database", str(found.database), *more]
    assert main.main(words) == 5
    said = capsys.readouterr().err
    assert str(tmp_path / name.rstrip("/") / "shop.zgb") in said and "--replace" not in said
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kept", "shop"]


def test_a_shop_that_has_moved_is_backed_up_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A backup made every night of what a shop has left behind would be missed on the worst of days."""
    found, there = place(tmp_path / "old", "sqlite"), place(tmp_path / "new", "sqlite")
    live(found)
    move_shop(found.database, there.database, (found.media, there.media))
    monkeypatch.delenv(PASSWORD_VARIABLE)
    words = ["backup", "kept.zgb", "--data", str(found.data)]
    assert main.main([*words, "--database", str(found.database)]) == 5
    assert f"--database {there.database_name}" in capsys.readouterr().err
    assert not (tmp_path / "kept.zgb").exists()
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    assert main.main([*words, "--database", str(there.database)]) == 0


def test_nobody_types_a_password_for_what_is_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE)
    (tmp_path / "letter.txt").write_text("dear shop")
    assert main.main(["restore", "letter.txt", "--data", "x/service"]) == 5
    assert str(tmp_path / "letter.txt") in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("address", ["quatsch", "mysql://me@server/shop", "postgresql://me@server:x/shop", "sqlite://"])
@pytest.mark.parametrize("words", [["enrol"], ["doctor"], ["backup", "kept"], ["demo-data"]])
def test_what_is_no_databases_address_is_told_with_examples(
    words: list[str], address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main([*words, "--data", "x", "--database", address]) == 5
    assert "postgresql://" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["enrol"], ["doctor"], ["backup", "kept"], ["demo-data"]])
def test_a_database_that_a_server_has_not_got_is_told(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = read_address(new_url("postgresql", tmp_path)).at("never_made")
    address = missing.whole
    assert main.main([*words, "--data", str(tmp_path / "x"), "--database", address]) in (1, 5)
    told = capsys.readouterr()
    assert "never_made" in told.out + told.err


@pytest.mark.parametrize(
    "words",
    [["demo-data", "--data", "file/x"], ["restore", "file", "--data", "file/x"], ["tour", "--out", "file/x"],
     ["tour", "--out", "file"]],
)  # fmt: skip
def test_a_place_that_cannot_be_used_is_told(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    assert main.main(words) == 5
    assert str(tmp_path / "file") in capsys.readouterr().err


def test_a_command_that_ctrl_c_ends_says_so_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(_wishes: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "_done", pressed)
    assert main.main(["doctor"]) == 130
    assert len(capsys.readouterr().err.splitlines()) == 1


def typed(*words: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """What runs long when nothing is wrong with it, and away from the terminal of whoever runs the tests."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *words],
        input=f"{PASSWORD}\n{PASSWORD}\n".encode(),
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--database", "quatsch"], "postgresql://user"),
        (["--data", "file/x"], "file"),
        (["--database", "sqlite:///file/x"], "file"),
    ],
)
def test_a_service_that_cannot_begin_says_why_in_the_terminals_language(
    words: list[str], told: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    for wished, part in (("en_US.UTF-8", " "), ("zh_CN.UTF-8", "这")):
        ended = typed("serve", "--port", "0", "--data", "data", *words, LC_ALL=wished)
        said = ended.stderr.decode()
        assert (ended.returncode, len(said.splitlines())) == (5, 1), said
        assert told in said and part in said


@pytest.mark.parametrize("place", ["file", "file/x"])
def test_a_place_where_the_window_can_keep_nothing_is_told(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    ended = typed("--data", str(tmp_path / place), QT_QPA_PLATFORM="offscreen")
    said = ended.stderr.decode()
    assert (ended.returncode, len(said.splitlines())) == (5, 1), said
    assert str(tmp_path / "file") in said


def test_rights_and_room_are_the_computers_matter_and_the_rest_stays_a_bug() -> None:
    def code(error: Exception) -> str:
        known = as_known(error)
        return known.code if known else "a bug"

    assert code(PermissionError(errno.EACCES, "denied", "/srv/x")) == "file.unusable"
    assert code(OSError(errno.ENOSPC, "no space")) == "storage.full"
    assert code(KnownError("some.code", "text")) == "some.code"
    assert code(OperationalError("q", sqlite3.OperationalError("unable to open database file"))) != "a bug"
    assert code(OperationalError("q", sqlite3.OperationalError("no such column: x"))) == "a bug"
    assert code(ValueError("x")) == code(OSError(errno.EBADF, "bad descriptor")) == "a bug"


def test_a_port_without_the_right_to_it_is_not_called_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    bind = socket.socket.bind

    def guarded(self: socket.socket, address: tuple[str, int]) -> None:
        if address[1] == 80:
            raise PermissionError(errno.EACCES, "Permission denied")
        bind(self, address)

    monkeypatch.setattr(socket.socket, "bind", guarded)  # an administrator runs tests too, and has every right
    with pytest.raises(KnownError) as refused:
        listen("127.0.0.1", 80)
    assert refused.value.code == ("port.in_use" if os.name == "nt" else "port.no_right")
    with listen_anyhow("127.0.0.1", 80) as door:
        assert door.getsockname()[1] != 80


def test_without_a_terminal_no_password_is_read_in_the_clear(tmp_path: Path) -> None:
    found = place(tmp_path, "sqlite")
    live(found)
    words = ["backup", str(tmp_path / "kept"), "--data", str(found.data), "--database", str(found.database)]
    ended = typed(*words, **{PASSWORD_VARIABLE: ""})
    assert (ended.returncode, (tmp_path / "kept").exists()) == (5, False)
    assert PASSWORD_VARIABLE.encode() in ended.stderr and b"Warning" not in ended.stderr


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro"}, "en"),
        ({"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        ({"LANG": "C.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "POSIX"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "C", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"),
    ],
)
def test_the_terminal_says_which_language_it_wants(environ: dict[str, str], language: str) -> None:
    assert system_language(environ) == language


def test_the_commands_answer_in_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert main.main(["enrol", "--data", "nowhere"]) == 5
    assert "There is no shop in" in capsys.readouterr().err


def test_help_speaks_both_languages_and_names_what_the_start_script_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.understood(["--help"])
    told = capsys.readouterr().out
    assert all(word in told for word in ("run.sh test", "run.sh bench", "登记码", "the shop's service"))


def test_the_help_of_the_bench_speaks_both_languages() -> None:
    asked = [sys.executable, "-X", "utf8", "-m", "benchmarks.run", "--help"]
    told = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    assert all(word in told for word in ("测这台电脑的速度", "只看大概", "a look, not a result", "waiting"))


def test_the_start_script_tells_where_its_caller_stands(tmp_path: Path) -> None:
    """The scripts go to the program's folder; what the user names counts from the user's own."""
    program, standing = tmp_path / "程序 x", tmp_path / "somewhere"
    (program / "app").mkdir(parents=True)
    (program / ".venv").mkdir()
    standing.mkdir()
    (program / ".venv" / "stamp.json").write_text("{}")
    (program / "app" / "bootstrap.py").write_text("import os; print(ascii((os.getcwd(), os.environ['ZHANGGUI_CWD'])))")
    script = program / ("run.cmd" if os.name == "nt" else "run.sh")
    shutil.copy(ROOT / script.name, script)
    command = ["cmd", "/c", str(script)] if os.name == "nt" else ["sh", str(script)]
    ended = subprocess.run([*command, "serve"], cwd=standing, capture_output=True, timeout=PATIENCE_S, check=True)
    assert ended.stdout.decode().strip() == ascii((str(program), str(standing)))


def test_the_one_command_that_an_administrator_is_to_run_works_on_a_fresh_machine(tmp_path: Path) -> None:
    """A fresh machine has no lists of packages yet. (Windows needs no packages of a system.)"""
    if os.name == "nt":
        return
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, does in (("apt-get", "exit 1"), ("ldconfig", ""), ("id", "echo 1000"), ("sudo", "exit 1")):
        (tools / name).write_text(f"#!/bin/sh\n{does}\n")
        (tools / name).chmod(0o755)
    shutil.copy(ROOT / "run.sh", tmp_path)
    asked = subprocess.run(
        ["sh", str(tmp_path / "run.sh")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
    )
    assert asked.returncode == 1
    assert b"  apt-get update && apt-get install -y --no-install-recommends libgl1 " in asked.stderr
