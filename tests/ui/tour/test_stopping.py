"""Ctrl+C on the tour: it ends at once, in a sentence, and leaves nothing running and nothing lying about."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from tests.architecture.tree import ROOT
from tests.support.processes import is_running
from tests.support.waiting import until
from ui.tour.record import Record
from ui.tour.shop_commands import ShopCommands
from ui.tour.stage import rest, wait_until
from ui.tour.stopping import STOP

PATIENCE_S = 60
_HOUR_S = 3_600
SLEEPER = """
import pathlib, threading
here = pathlib.Path(__file__).parent
try:
    (here / "begun").touch()
    threading.Event().wait(600)
except KeyboardInterrupt:
    (here / "tidied").touch()
"""


@pytest.mark.parametrize("wait", [lambda: rest(_HOUR_S * 1_000), lambda: wait_until(lambda: False, "never", _HOUR_S)])
def test_a_wait_ends_at_once_and_what_closes_afterwards_may_wait_again(qapp: object, wait: object) -> None:
    before = signal.getsignal(signal.SIGINT)
    with STOP.heard():
        QTimer.singleShot(1, lambda: signal.raise_signal(signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            wait()  # type: ignore[operator]
        rest(1)
        assert wait_until(lambda: True, "now") < PATIENCE_S * 1_000
        assert (STOP.is_wished, STOP.exit_code) == (True, 130)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_tour_that_is_to_stop_begins_no_further_wait(qapp: object) -> None:
    with STOP.heard():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            wait_until(lambda: True, "what holds already")
    with STOP.heard():
        rest(1)


@pytest.mark.parametrize(("language", "mark"), [("zh_CN", "中断"), ("en", "cut short")])
def test_the_step_that_was_going_on_has_not_failed(
    language: str, mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = Record(tmp_path, language)
    with pytest.raises(KeyboardInterrupt), record.step("counter 2 joins with a code"):
        raise KeyboardInterrupt
    assert capsys.readouterr().out.startswith(mark) and not record.holds


def test_a_command_that_runs_is_ended_as_by_ctrl_c(tmp_path: Path) -> None:
    """What it has half made is taken away by itself. (Windows ends it without a word.)"""
    script = tmp_path / "main.py"
    script.write_text(SLEEPER)
    with STOP.heard():  # as in a tour; what a shell begins in the background is deaf to Ctrl+C, and so are its children
        commands = ShopCommands((script, tmp_path), "en")
        commands.begin_backup(tmp_path / "kept.zgb")
        until((tmp_path / "begun").exists, "it runs", PATIENCE_S)
        commands.close()
    assert os.name == "nt" or (tmp_path / "tidied").exists()


def test_a_tour_is_stopped_in_the_middle(tmp_path: Path) -> None:
    """As Ctrl+C in a terminal does it. (Windows has no way to press it for another program.)"""
    if os.name == "nt":
        return
    lying_about = Path(tempfile.mkdtemp(dir=tmp_path))
    touring = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "tour", "--out", str(tmp_path / "out")],
        env=os.environ | {"TMPDIR": str(lying_about), "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    assert touring.stdout is not None
    first = touring.stdout.readline()
    (running,) = lying_about.glob("*/service/service.json")
    service = json.loads(running.read_text(encoding="utf-8"))["pid"]
    os.killpg(touring.pid, signal.SIGINT)
    out, err = touring.communicate(timeout=PATIENCE_S)
    assert touring.returncode == 130, out + err
    assert first.startswith("完成") and "未完成" not in out and "失败" not in out
    assert err == f"演示已中断，没有演完：{tmp_path / 'out' / 'tour.json'}\n"
    assert not is_running(service)
    assert list(lying_about.iterdir()) == []
    told = json.loads((tmp_path / "out" / "tour.json").read_text(encoding="utf-8"))
    assert (told["holds"], told["steps"][0]["holds"]) == (False, True)
