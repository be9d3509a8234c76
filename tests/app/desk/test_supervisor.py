"""The service that the desktop brings along: when starting it does not go straight."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from app.desk.founding import Founding
from app.desk.plan import ChildConfig, child_command
from app.desk.supervisor import Supervisor
from app.kernel.errors import KnownError
from app.kernel.filelock import FileLock
from app.kernel.i18n import render
from app.sync.transport import Unreachable
from tests.architecture.tree import ROOT
from tests.support.processes import is_running, kill
from tests.support.waiting import until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "店铺 shop"


@pytest.fixture
def supervisor(folder: Path) -> Iterator[Supervisor]:
    found = Supervisor(ChildConfig(child_command(ROOT / "main.py", folder), folder, 0))
    yield found
    found.close()


def is_answered(supervisor: Supervisor) -> bool:
    try:
        told = httpx.get(f"{supervisor.url}/healthz", trust_env=False).json()
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return bool(told["pid"] == supervisor.pid)


def test_a_predecessor_that_is_still_ending_is_waited_for(folder: Path, supervisor: Supervisor) -> None:
    """The program was killed and started again at once: its old service needs a moment to close the shop."""
    predecessor = FileLock(folder / "shop.db.lock")
    assert predecessor.acquire()
    starter = threading.Thread(target=supervisor.start)
    starter.start()
    until(lambda: supervisor.pid != 0 and not is_running(supervisor.pid), "a first attempt is refused")
    predecessor.release()
    starter.join()
    assert is_answered(supervisor)


def test_a_service_that_dies_while_it_starts_is_started_again(supervisor: Supervisor) -> None:
    starter = threading.Thread(target=supervisor.start)
    starter.start()
    until(lambda: supervisor.pid != 0, "the service is starting")
    kill(supervisor.pid)
    starter.join()
    assert is_answered(supervisor)


@pytest.mark.warns_in_log("the supervisor tells that the service has died")
def test_a_service_that_is_just_dead_makes_no_code_and_nobody_stumble(supervisor: Supervisor) -> None:
    supervisor.start()
    kill(supervisor.pid)
    with pytest.raises(Unreachable):
        supervisor.enrolment_code(is_manager=True)


def test_a_demo_tells_how_far_it_is_and_is_made_anew_when_it_was_cut_off(folder: Path) -> None:
    told: list[Founding] = []

    def listen(founding: Founding) -> None:
        told.append(founding)
        if founding.what == "orders" and sum(each.what == "orders" for each in told) == 1:
            kill(supervisor.pid)

    demo = {"is_demo": True, "demo_orders": 40}
    supervisor = Supervisor(ChildConfig(child_command(ROOT / "main.py", folder), folder, 0, demo), founding=listen)
    try:
        supervisor.start()
        assert is_answered(supervisor)
    finally:
        supervisor.close()
    assert told[-1] == Founding("orders", 40, 40)
    assert sum(each.what == "pictures" and each.done == each.total for each in told) == 2
    with closing(sqlite3.connect(folder / "shop.db")) as database:
        assert database.execute("SELECT count(*) FROM orders").fetchone() == (40,)


def test_why_the_service_could_not_be_started_is_told_in_the_windows_language(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child speaks no language: it hands over what is to be said."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    folder.mkdir()
    (folder / "shop.db").write_bytes(b"no database, but as long as one. " * 64)
    supervisor = Supervisor(ChildConfig(child_command(ROOT / "main.py", folder), folder, 0))
    try:
        with pytest.raises(KnownError) as refused:
            supervisor.start()
    finally:
        supervisor.close()
    told = refused.value
    assert told.code == "store.damaged"
    assert "损坏" in render(told.template, told.params, "zh_CN")
    assert "is damaged" in render(told.template, told.params, "en")


def test_a_service_that_runs_by_itself_is_told_of_before_anybody_gives_up_waiting(folder: Path) -> None:
    alone = Supervisor(ChildConfig(child_command(ROOT / "main.py", folder), folder, 0))
    late = Supervisor(ChildConfig(child_command(ROOT / "main.py", folder), folder, 0))
    paused: list[float] = []
    late._stop.wait = lambda timeout=None: bool(paused.append(timeout or 0))  # type: ignore[method-assign]
    try:
        alone.start()
        with pytest.raises(KnownError) as refused:
            late.start()
        assert refused.value.code == "store.served" and alone.url in str(refused.value)
        assert 0 < sum(paused) < 1, "a predecessor that is just ending is waited for all the same"
    finally:
        late.close()
        alone.close()
