"""A service that is not there when the program starts: the counter says so, and they come together once they can."""

import contextlib
import socket
from pathlib import Path

import pytest

from app.desk.assembly import Desktop
from app.desk.plan import ChildConfig, Plan, child_command
from app.desk.secrets import FileSecrets
from app.desk.supervisor import Supervisor
from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from app.kernel.ids import IdSource
from app.sync.status import Link
from tests.architecture.tree import ROOT
from tests.support.processes import kill
from tests.support.waiting import until


@pytest.mark.warns_in_log("the service's folder is a file at first")
def test_what_stands_in_the_services_way_is_told_and_later_sync_begins_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "service"
    folder.write_text("in the way", encoding="utf-8")
    plan = Plan(
        folder=tmp_path / "desktop",
        device_name="柜台",
        child=ChildConfig(child_command(ROOT / "main.py", folder), folder, 0),
        start_again_s=(0.2,),
    )
    desktop = Desktop(plan, FileSecrets(tmp_path / "secrets.json"), SystemClock(), IdSource())
    troubles: list[KnownError] = []
    desktop.on_trouble = troubles.append
    desktop.start()
    try:
        until(lambda: bool(troubles), "it is told what is in the way")
        folder.unlink()
        until(lambda: desktop.status.link is Link.ONLINE, "the counter is online", 60)
        assert len(troubles) == 1
    finally:
        desktop.close()


def test_a_counter_that_cannot_reach_the_shop_it_is_to_join_says_where_it_looks(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but nobody listens: it refuses, and nobody else takes it
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        plan = Plan(folder=tmp_path / "desktop", device_name="柜台", child=None, service_url=url, code="ZGAA-AAAA-AAAA")
        desktop = Desktop(plan, FileSecrets(tmp_path / "secrets.json"), SystemClock(), IdSource())
        troubles: list[KnownError] = []
        desktop.on_trouble = troubles.append
        desktop.start()
        try:
            until(lambda: bool(troubles), "it is told that nothing answers")
        finally:
            desktop.close()
    assert [(trouble.code, trouble.params) for trouble in troubles] == [("enrol.unreachable", {"url": url})]


@pytest.mark.warns_in_log("the program to start is gone")
def test_a_fault_while_a_dead_service_is_started_again_is_told_and_not_the_last_attempt(tmp_path: Path) -> None:
    folder, told = tmp_path / "service", list[str]()
    command = child_command(ROOT / "main.py", folder)
    supervisor = Supervisor(ChildConfig(command, folder, 0), told.append)
    supervisor.start()
    first = supervisor.pid
    program, command[0] = command[0], str(tmp_path / "gone")
    try:
        kill(first)
        until(lambda: bool(told), "somebody is told")
        command[0] = program
        until(lambda: supervisor.pid not in (0, first), "it is started again", 60)
    finally:
        with contextlib.suppress(KnownError):
            supervisor.close()
