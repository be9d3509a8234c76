"""What the tour stands on: waiting while windows live, a record that tells the truth, a cable that can be pulled."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.support.waiting import until
from ui.tour.cable import Cable
from ui.tour.counters import Counter
from ui.tour.ears import Ears
from ui.tour.record import Record, StepFailed, require, tell_pace
from ui.tour.stage import STILL_MS, Camera, still, wait_until


class Echo:
    """A server that says back what it hears."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="echo")
        self._thread.start()
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            near, _ = self._listener.accept()
            first = near.recv(100)
            if first == b"end":
                near.close()
                return
            thread = threading.Thread(target=self._answer, args=(near, first), name="echo-answer")
            self._threads.append(thread)
            thread.start()

    def _answer(self, near: socket.socket, heard: bytes) -> None:
        with near:
            while heard:
                near.sendall(heard)
                heard = near.recv(100)

    def close(self) -> None:
        with _connected(self.url) as line:
            line.sendall(b"end")
        self._thread.join()
        for thread in self._threads:
            thread.join()
        self._listener.close()


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5)


@pytest.fixture
def cable() -> Iterator[Cable]:
    with closing(Cable()) as found:
        yield found


@pytest.fixture
def echo() -> Iterator[Echo]:
    with closing(Echo()) as found:
        yield found


def is_carried(line: socket.socket, word: bytes = b"hello") -> bool:
    try:
        line.sendall(word)
        return line.recv(100) == word
    except OSError:
        return False


def test_waiting_lets_the_windows_live(qapp: object) -> None:
    happened: list[str] = []
    QTimer.singleShot(20, lambda: happened.append("a timer of a window"))
    assert wait_until(lambda: bool(happened), "the timer fires", 5) >= 10


def test_waiting_in_vain_says_for_what(qapp: object) -> None:
    with pytest.raises(StepFailed, match="the impossible"):
        wait_until(lambda: False, "the impossible", 0.05)


def test_what_holds_already_is_not_waited_for(qapp: object) -> None:
    assert wait_until(lambda: True, "now", 0) < 100


def test_record_holds_only_when_every_step_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Record(tmp_path)
    assert not record.holds, "a tour without a step has shown nothing"
    with record.step("a good one") as facts:
        facts["ms"] = 3
    assert record.holds
    with pytest.raises(StepFailed), record.step("a bad one"):
        require([], "something is there")
    assert not record.holds
    told = json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))
    assert not told["holds"]
    assert [(step["name"], step["holds"]) for step in told["steps"]] == [("a good one", True), ("a bad one", False)]
    assert told["steps"][0]["facts"] == {"ms": 3}
    assert "FAIL" in capsys.readouterr().out


@pytest.mark.parametrize(("ms", "is_in_time"), [(1_000, True), (1_726, False)])
def test_a_busy_machine_is_told_and_ends_no_tour(ms: int, is_in_time: bool, tmp_path: Path) -> None:
    record = Record(tmp_path)
    with record.step("it stands there at once") as facts:
        tell_pace(facts, ms)
    told = json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))
    assert (told["holds"], told["steps"][0]["facts"]["ms"]) == (True, ms)
    assert told["steps"][0]["facts"]["is_in_time"] is is_in_time


def test_what_is_too_late_on_any_machine_ends_the_tour(tmp_path: Path) -> None:
    record = Record(tmp_path)
    with pytest.raises(StepFailed, match="5001 ms"), record.step("it stands there at once") as facts:
        tell_pace(facts, 5_001)
    assert not record.holds


def test_a_tour_that_broke_off_between_steps_does_not_hold(tmp_path: Path) -> None:
    record = Record(tmp_path)
    with record.step("a good one"):
        pass
    record.is_broken = True
    record.write()
    assert not json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))["holds"]


def test_a_second_tour_takes_away_what_the_first_has_written_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    written = ("orders-light.png", "receipt_WX20261123040003_58.pdf", "tour.log")
    others = ("my own receipt.pdf", "holiday.png", "notes.txt")
    for name in (*written, *others):
        (out / name).write_text("x")
    (tmp_path / "shop.db").write_text("x")
    first = Record(out)
    first.files += [*written, "notes.txt", "../shop.db", str(tmp_path / "shop.db"), "gone.png"]
    with first.step("a good one"):
        pass
    second = Record(out)
    second.sweep()
    assert sorted(path.name for path in out.iterdir()) == sorted((*others, "tour.json"))
    assert (tmp_path / "shop.db").exists()
    told = json.loads((out / "tour.json").read_text(encoding="utf-8"))
    assert (told["holds"], told["steps"], told["files"]) == (False, [], [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": "x.png"}', '{"files": [1, null]}', "\udcff"])
def test_what_is_no_record_of_a_tour_names_nothing_to_take_away(text: str, tmp_path: Path) -> None:
    (tmp_path / "tour.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    (tmp_path / "x.png").write_text("x")
    Record(tmp_path).sweep()
    assert (tmp_path / "x.png").exists()


def test_cable_carries_until_it_is_cut_and_again_when_it_is_mended(cable: Cable, echo: Echo) -> None:
    url = cable.route(echo.url)
    with _connected(url) as line:
        assert is_carried(line)
        cable.cut()
        assert not is_carried(line), "what runs over it breaks"
    with _connected(url) as line:
        assert not is_carried(line), "what comes is refused"
    cable.mend()
    with _connected(url) as line:
        assert is_carried(line)


def test_cable_follows_a_service_that_comes_back_elsewhere(cable: Cable) -> None:
    with closing(Echo()) as first:
        url = cable.route(first.url)
        with _connected(url) as line:
            assert is_carried(line)
    with closing(Echo()) as second:
        assert cable.route(second.url) == url
        with _connected(url) as line:
            until(lambda: is_carried(line), "the new one is reached", 5)


def test_a_counter_that_is_closed_already_is_closed_in_order(cable: Cable) -> None:
    """As when the tour ends while the shop moves, and counter 1 is closed for that."""
    closed: list[str] = []
    counter = Counter("counter 1", cable, SimpleNamespace(close=lambda: closed.append("window")), Ears())  # type: ignore[arg-type]
    counter.close()
    counter.close()
    assert closed == ["window"]


def test_a_picture_is_taken_when_nothing_moves_any_more(qapp: object) -> None:
    label = QLabel("0")
    label.resize(80, 30)
    label.show()
    moves = [QTimer() for _ in range(3)]
    for place, timer in enumerate(moves, 1):
        timer.setSingleShot(True)
        timer.timeout.connect(partial(label.setText, str(place)))
        timer.start(place * STILL_MS * 3 // 4)
    image = still(label)
    assert label.text() == "3" and image == label.grab().toImage()
    label.close()


def test_camera_waits_until_what_has_just_arrived_has_its_room(qtbot: QtBot, tmp_path: Path) -> None:
    card = QWidget()
    qtbot.addWidget(card)
    row = QHBoxLayout(card)
    figure = QLabel("")
    row.addStretch(1)
    row.addWidget(figure)
    card.resize(400, 80)
    card.show()
    qtbot.waitExposed(card)
    figure.setText("available 24")
    assert figure.width() < figure.sizeHint().width(), "its room comes with the next turn of the loop"
    Camera(tmp_path, Record(tmp_path)).take(card, "card")
    assert QImage(str(tmp_path / "card.png")) == card.grab().toImage()
    assert figure.width() >= figure.sizeHint().width()
