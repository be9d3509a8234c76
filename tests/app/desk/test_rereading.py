"""A page's figures are read as often as they are needed and no oftener."""

from collections.abc import Callable
from typing import Any, cast

from app.desk.rereading import Rereading
from app.desk.runner import Runner


class SlowDisk:
    """Answers when it is told to; ``asked`` are the questions that wait."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Callable[[Any], None], Callable[[], bool]]] = []

    def query(self, query: Any, on_result: Callable[[Any], None], on_lost: Callable[[], bool]) -> None:
        self.asked.append((query, on_result, on_lost))

    def answer(self, value: str) -> None:
        _, on_result, _ = self.asked.pop(0)
        on_result(value)


def begun() -> tuple[SlowDisk, list[str], Rereading[str]]:
    disk, found = SlowDisk(), list[str]()
    return disk, found, Rereading(cast(Runner, disk), lambda: cast(Any, len(found)), found.append)


def test_what_changes_while_an_answer_is_on_its_way_is_read_once_more_after_it() -> None:
    disk, found, reading = begun()
    for _ in range(3):
        reading.read()
    assert len(disk.asked) == 1
    disk.answer("old")
    assert (found, len(disk.asked)) == (["old"], 1)
    disk.answer("new")
    assert (found, disk.asked) == (["old", "new"], [])


def test_nothing_is_read_while_nobody_looks() -> None:
    disk, found, reading = begun()
    reading.hidden()
    reading.read()
    assert disk.asked == []
    reading.shown()
    disk.answer("all")
    assert (found, disk.asked) == (["all"], [])


def test_whoever_gathers_changes_is_asked_instead() -> None:
    disk, found, reading = begun()
    gathered: list[int] = []
    reading.later = lambda: gathered.append(len(found))
    reading.read()
    reading.read()
    disk.answer("old")
    assert (gathered, disk.asked) == ([1], [])


def test_a_closed_page_is_told_nothing_and_a_faulty_disk_is_not_asked_again_for_it() -> None:
    disk, found, reading = begun()
    reading.read()
    _, _, is_wanted = disk.asked[0]
    assert is_wanted()
    reading.close()
    assert not is_wanted()
    disk.answer("late")
    assert found == []
