"""The service as a process: how it starts, how it ends, and what it says when it cannot."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.kernel.filelock import FileLock
from app.kernel.i18n import render
from services import record
from services.door import outside
from tests.architecture.tree import ROOT

TOKEN = "the token of one desktop's start"
PATIENCE_S = 60
HEAVY = ("fastapi", "pydantic", "starlette", "httpx", "cryptography", "alembic", "app.domain.areas", "PIL", "click")


def command(*arguments: str, folder: Path) -> list[str]:
    return [sys.executable, "main.py", *arguments, "--data", str(folder)]


class Child:
    """A service started as the desktop starts it."""

    def __init__(self, folder: Path, **config: Any) -> None:
        self.process = subprocess.Popen(
            command("serve", "--child", folder=folder), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin = self.process.stdin
        self.stdin.write(json.dumps({"token": TOKEN, "port": 0} | config).encode() + b"\n")
        self.stdin.flush()
        self.said: dict[str, Any] = json.loads(self.process.stdout.readline())
        while "progress" in self.said:
            self.said = json.loads(self.process.stdout.readline())

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.said['port']}"

    def end(self) -> int:
        self.stdin.close()
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "店铺 shop"


@pytest.fixture
def child(folder: Path) -> Iterator[Child]:
    child = Child(folder, shop={"shop_name": "山野咖啡", "owner_name": "李敏"})
    yield child
    child.end()


def run(*arguments: str, folder: Path, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    environment = os.environ | {"PYTHONUTF8": "1"}
    return subprocess.run(
        command(*arguments, folder=folder),
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
        env=environment,
    )


def test_a_child_answers_says_where_and_ends_with_its_input(folder: Path, child: Child) -> None:
    health = httpx.get(f"{child.address}/healthz", trust_env=False).json()
    assert (health["app"], health["pid"]) == ("zhanggui", child.process.pid) == ("zhanggui", child.said["pid"])
    assert record.read(folder) is not None
    assert child.end() == 0
    assert record.read(folder) is None


def test_a_desktop_enrols_by_its_token_and_finds_the_founded_shop(child: Child) -> None:
    with httpx.Client(base_url=child.address, trust_env=False, timeout=PATIENCE_S) as client:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        code = client.post("/supervisor/enrol", headers=bearer, json={"is_manager": True}).json()["code"]
        message = {"code": code, "device_name": "前台", "install_key": "k"}
        device = client.post("/sync/v1/enrol", json=message).json()
        assert device["is_manager"] is True
        bearer = {"Authorization": f"Bearer {device['token']}"}
        asked = {"epoch": device["feed_epoch"], "after": 0}
        changes = client.get("/sync/v1/pull", headers=bearer, params=asked).json()["changes"]
    names = {c["row"].get("name") or c["row"].get("value") for c in changes if c["table"] in ("staff", "settings")}
    assert {"李敏", '"山野咖啡"'} <= names


def test_a_proxy_on_this_computer_is_believed_from_where_its_callers_ask(child: Child) -> None:
    """Whoever guesses codes keeps himself from it, and nobody else behind the same proxy."""
    message = {"code": "WRONG", "device_name": "前台", "install_key": "k"}
    with httpx.Client(base_url=child.address, trust_env=False, timeout=PATIENCE_S) as client:

        def guess(address: str) -> int:
            return client.post("/sync/v1/enrol", json=message, headers={"X-Forwarded-For": address}).status_code

        assert [guess("203.0.113.7") for _ in range(11)] == [403] * 10 + [429]
        assert guess("203.0.113.8") == 403


def test_a_killed_desktop_takes_its_service_along(folder: Path) -> None:
    script = (
        "import subprocess, sys, json, time\n"
        f"p = subprocess.Popen({command('serve', '--child', folder=folder)!r}, stdin=subprocess.PIPE,"
        " stdout=subprocess.PIPE)\n"
        f"p.stdin.write(json.dumps({{'token': {TOKEN!r}, 'port': 0}}).encode() + b'\\n'); p.stdin.flush()\n"
        "print(p.stdout.readline().decode(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None and parent.stdin is not None
    address = f"http://127.0.0.1:{json.loads(parent.stdout.readline())['port']}"
    with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE_S) as client:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        code = client.post("/supervisor/enrol", headers=bearer, json={}).json()["code"]
        message = {"code": code, "device_name": "前台", "install_key": "k"}
        device = client.post("/sync/v1/enrol", json=message).json()
        bearer = {"Authorization": f"Bearer {device['token']}"}
        # An open stream ends when the service does: nothing has to be polled for. A poke may come before that.
        with client.stream("GET", "/sync/v1/poke", headers=bearer) as stream:
            parent.kill()
            parent.wait(PATIENCE_S)
            for _ in stream.iter_bytes():
                pass
    parent.stdin.close()
    parent.stdout.close()
    # The lock is free again only when the process is gone: the next start waits for nothing but that.
    for _ in range(PATIENCE_S):
        again = Child(folder)
        if "error" not in again.said:
            break
        again.end()
    assert "error" not in again.said
    assert again.end() == 0


def test_a_second_service_on_the_same_shop_is_refused_and_told_where_the_first_one_answers(
    folder: Path, child: Child
) -> None:
    second = run("serve", "--port", "0", folder=folder)
    assert second.returncode == 4
    assert child.address in second.stderr.decode()
    other = Child(folder)
    assert other.said["error"] == "store.served"
    told = render(other.said["template"], other.said["params"], "zh_CN")
    assert f"--service {child.address}" in told and "关闭这个窗口" in told
    assert other.end() == 4


def test_whoever_else_has_the_shop_is_not_taken_for_a_service(folder: Path, child: Child) -> None:
    """A service that was killed leaves its record behind; then something else has the shop, or its port."""
    kept = (folder / record.NAME).read_bytes()
    child.end()
    (folder / record.NAME).write_bytes(kept)
    holder = FileLock(folder / "shop.db.lock")
    assert holder.acquire()
    try:
        refused = run("serve", "--port", "0", folder=folder)
        assert (refused.returncode, str(folder / "shop.db") in refused.stderr.decode()) == (4, True)
        with answering_stranger() as port:
            written = json.loads(kept) | {"port": port}
            (folder / record.NAME).write_text(json.dumps(written), encoding="utf-8")
            refused = run("serve", "--port", "0", folder=folder)
        assert (refused.returncode, str(folder / "shop.db") in refused.stderr.decode()) == (4, True)
    finally:
        holder.release()


@contextmanager
def answering_stranger() -> Iterator[int]:
    """A web server that knows nothing of us, and answers everything."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, name="stranger")
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_strangers_port_is_told_and_a_child_goes_elsewhere(folder: Path) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        alone = run("serve", "--port", str(port), folder=folder)
        assert (alone.returncode, str(port) in alone.stderr.decode()) == (3, True)
        assert not (folder / "shop.db").exists(), "who cannot answer founds nothing"
        child = Child(folder, port=port)
        assert child.said["wanted_port"] == port != child.said["port"]
        assert child.said["is_wanted_port"] is False
        assert child.end() == 0


@pytest.mark.parametrize("line", [b"", b"hello\n", b'{"port": 1}\n', b'{"token": "short"}\n'])
def test_a_child_without_its_first_line_ends_with_a_reason(folder: Path, line: bytes) -> None:
    refused = run("serve", "--child", folder=folder, stdin=line)
    assert refused.returncode == 5
    assert json.loads(refused.stdout)["error"] == "config.malformed"


def test_codes_are_made_while_the_service_runs_and_while_it_does_not(folder: Path, child: Child) -> None:
    running = run("enrol", folder=folder)
    code = running.stdout.decode().splitlines()[0].split("：")[-1].split(": ")[-1]
    message = {"code": code, "device_name": "仓库", "install_key": "k"}
    with httpx.Client(base_url=child.address, trust_env=False, timeout=PATIENCE_S) as client:
        assert client.post("/sync/v1/enrol", json=message).json()["is_manager"] is False
    child.end()
    alone = run("enrol", "--manager", folder=folder)
    assert (alone.returncode, alone.stderr) == (0, b"")


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_log_tells_of_one_service_that_began_and_ended(folder: Path, is_demo: bool) -> None:
    """A demo's stand-ins answer in the same process, and no line may be taken for a second service."""
    child = Child(folder, shop={"is_demo": is_demo})
    httpx.get(f"{child.address}/openapi.json", trust_env=False, timeout=PATIENCE_S)  # once all of it is there
    address = child.address
    child.end()
    lines = (folder / "logs" / "service.log").read_text(encoding="utf-8").splitlines()
    began = [line for line in lines if "start" in line.lower() or "begin" in line]
    assert len(began) == 1 and address in began[0], lines
    assert "has ended" in lines[-1], lines


def typed_by(line: str) -> dict[str, str]:
    """What a line tells to type: each option with what stands behind it."""
    words = line.split()
    return {word: following for word, following in zip(words, words[1:], strict=False) if word.startswith("--")}


def quoted(folder: Path) -> str:
    return f'"{folder}"' if os.name == "nt" else f"'{folder}'"


def test_a_code_comes_with_the_address_where_it_is_of_use(folder: Path) -> None:
    child = Child(folder, host="0.0.0.0")
    try:
        code, _, there = run("enrol", folder=folder).stdout.decode().splitlines()
        typed = typed_by(there)
        assert "另一台电脑" in there and typed["--code"] in code
        told = httpx.get(f"{typed['--service']}/healthz", trust_env=False).json()
        assert (told["pid"], "0.0.0.0" in there, "127.0.0.1" in there) == (child.process.pid, False, False)
    finally:
        child.end()


def test_a_code_of_a_service_that_no_other_computer_reaches_says_so(folder: Path, child: Child) -> None:
    code, _, here, elsewhere = run("enrol", folder=folder).stdout.decode().splitlines()
    assert "这台电脑" in here and typed_by(here)["--service"] == child.address and typed_by(here)["--code"] in code
    assert "关闭窗口" in elsewhere and f"serve --host 0.0.0.0 --data {quoted(folder)}" in elsewhere
    child.end()
    _, _, begin, there = run("enrol", folder=folder).stdout.decode().splitlines()
    assert "没有运行" in begin and f"serve --host 0.0.0.0 --data {quoted(folder)}" in begin
    assert typed_by(there)["--service"].endswith(":7415") and "另一台电脑" in there


@pytest.mark.parametrize(
    ("host", "name"),
    [("127.0.0.1", ""), ("localhost", ""), ("::1", ""), ("192.168.1.5", "192.168.1.5"), ("till.lan", "till.lan")],
)
def test_what_other_computers_call_a_service(host: str, name: str) -> None:
    assert outside(host) == name
    assert all(outside(anywhere) not in ("", anywhere) for anywhere in ("0.0.0.0", "::"))


def test_the_record_of_a_killed_service_stops_nobody(folder: Path) -> None:
    child = Child(folder)
    child.process.kill()
    child.process.wait(PATIENCE_S)
    child.end()
    assert record.read(folder) is not None
    assert run("enrol", folder=folder).returncode == 0


def test_only_its_owner_can_read_the_record(folder: Path, child: Child) -> None:
    mode = (folder / record.NAME).stat().st_mode & 0o777
    assert os.name == "nt" or mode == 0o600


def test_a_service_that_is_told_to_stop_ends_in_order(folder: Path) -> None:
    process = subprocess.Popen(
        command("serve", "--port", "0", folder=folder), cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert b"http://127.0.0.1:" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.stdout.close()
    assert process.wait(PATIENCE_S) == (1 if os.name == "nt" else 0)
    assert os.name == "nt" or record.read(folder) is None


def test_an_unreachable_database_is_told_in_a_sentence(folder: Path) -> None:
    away = "postgresql://nobody@127.0.0.1:1/shop"
    refused = run("serve", "--port", "0", "--database", away, folder=folder)
    assert refused.returncode == 5
    assert b"Traceback" not in refused.stderr and refused.stderr.strip()


def test_a_child_whose_parent_dies_while_it_starts_ends_in_order(folder: Path) -> None:
    process = subprocess.Popen(
        command("serve", "--child", folder=folder),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdin.write(json.dumps({"token": TOKEN, "port": 0}).encode() + b"\n")
    process.stdin.close()
    process.stdout.close()  # nobody is there to read its greeting either
    assert process.wait(PATIENCE_S) == 0
    assert process.stderr.read() == b""
    process.stderr.close()
    assert record.read(folder) is None


def test_a_damaged_database_is_told_in_a_sentence_that_says_what_to_do(folder: Path) -> None:
    folder.mkdir()
    (folder / "shop.db").write_bytes(b"no database at all" * 500)
    refused = run("serve", "--port", "0", folder=folder)
    assert refused.returncode == 5
    assert b"Traceback" not in refused.stderr and "备份".encode() in refused.stderr


def test_a_fault_that_nobody_foresaw_is_written_down_and_told_in_a_sentence(folder: Path, child: Child) -> None:
    child.end()
    with sqlite3.connect(folder / "shop.db") as database:
        database.execute("DELETE FROM feed_head")
    database.close()
    refused = run("serve", "--port", "0", folder=folder)
    assert refused.returncode == 5
    assert b"Traceback" not in refused.stderr and b"service.log" in refused.stderr
    assert "Traceback" in (folder / "logs" / "service.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "code"), [("{", "demo.wechat_unreadable"), ("[" * 100_000, "service.fault")], ids=["known", "unforeseen"]
)
def test_what_is_broken_behind_the_door_ends_the_service_and_is_told(folder: Path, text: str, code: str) -> None:
    """The routes are made while the door already answers; a service without them must not stay."""
    demo = Child(folder, shop={"is_demo": True})
    while "progress" in demo.said:
        demo.said = json.loads(demo.process.stdout.readline())  # type: ignore[union-attr]
    assert demo.end() == 0
    (folder / "pretended-wechat.json").write_text(text, encoding="utf-8")
    broken = Child(folder)
    assert broken.said["pid"] == broken.process.pid
    assert broken.process.stdout is not None
    told = json.loads(broken.process.stdout.readline())
    assert broken.end() == 5
    written = (folder / "logs" / "service.log").read_text(encoding="utf-8")
    assert told["error"] == code and str(folder) in "".join(told["params"].values())
    assert ("Traceback" in written) is (code == "service.fault")
    assert record.read(folder) is None


def test_the_door_is_opened_without_what_stands_behind_it() -> None:
    """A start is as long as what it imports."""
    script = "import sys; from services.light import load_uvicorn; load_uvicorn(); import services.start;"
    script += f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, timeout=PATIENCE_S, check=True)
    assert told.stdout.split() == []


def test_what_makes_and_changes_tables_is_never_loaded_by_a_service(tmp_path: Path) -> None:
    """Not even by the first start, which makes them: it would be kept until the service's end."""
    program = """
import sys
from services.opening import Founding, opened
from services.settings import place_of
if __name__ == "__main__":
    with opened(place_of(sys.argv[1], None), Founding()) as service:
        import services.behind
        from services.http import app
        app.create_app(service)
    print([name for name in ("sqlalchemy", "alembic") if name in sys.modules])
"""
    script = tmp_path / "first.py"
    script.write_text(program, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "店铺")], env=environment, capture_output=True, check=True
    )
    assert told.stdout.decode().strip() == "[]"


def test_libraries_that_were_loaded_lightly_describe_the_routes_as_ever() -> None:
    script = "from services.light import *; load_uvicorn(); load_httpx(); spare_old_models(); load_fastapi();"
    script += "import json, sys; from services.http.shop.routes import description;"
    script += "sys.stdout.buffer.write(json.dumps(description(), ensure_ascii=False).encode())"
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, timeout=PATIENCE_S, check=True)
    assert json.loads(told.stdout) == json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert told.stderr == b""
