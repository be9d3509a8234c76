"""Work in a process of its own tells how far it is and how it ended."""

import os

import pytest

from app.kernel.errors import KnownError
from services.apart import Progress, run_apart


def tells(count: int, tell: Progress) -> None:
    for done in range(count):
        tell("orders", done + 1, count)


def is_refused(tell: Progress) -> None:
    raise KnownError("demo.not_empty", "{what} is there already.", {"what": "A shop"})


def stumbles(tell: Progress) -> None:
    raise ZeroDivisionError("a bug")


def dies(tell: Progress) -> None:
    os._exit(7)


def test_it_tells_how_far_it_is() -> None:
    heard: list[tuple[str, int, int]] = []
    run_apart(tells, (3,), lambda *done: heard.append(done))
    assert heard == [("orders", 1, 3), ("orders", 2, 3), ("orders", 3, 3)]


def test_what_a_person_can_mend_comes_over_whole() -> None:
    with pytest.raises(KnownError) as caught:
        run_apart(is_refused, (), lambda *_: None)
    assert (caught.value.code, str(caught.value)) == ("demo.not_empty", "A shop is there already.")


def test_a_bug_comes_over_with_its_trace() -> None:
    with pytest.raises(RuntimeError, match=r"stumbles(.|\n)*ZeroDivisionError: a bug"):
        run_apart(stumbles, (), lambda *_: None)


def test_a_death_is_noticed() -> None:
    with pytest.raises(RuntimeError, match="without a word"):
        run_apart(dies, (), lambda *_: None)
