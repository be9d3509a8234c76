"""The writer feeds the text index when it has nothing else to do, and never keeps a clerk waiting for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.desk.threads import WriterThread
from app.domain.registry import shop_registry
from app.replica.holder import FRESH_ROWS, ReplicaHolder
from app.replica.queries.order_list import OrderFilter, order_list
from app.replica.reader import open_reader
from app.replica.search import index
from tests.support.bulk import fill_orders


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[WriterThread]:
    found = WriterThread(lambda: ReplicaHolder(tmp_path / "replica", shop_registry()))
    found.start().result(30)
    yield found
    found.close()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline


def waiting(writer: WriterThread) -> int:
    assert writer.location is not None
    with closing(open_reader(writer.location[1])) as reader:
        return int(reader.execute("SELECT count(*) FROM order_dirty").fetchone()[0])


def found(writer: WriterThread) -> int:
    assert writer.location is not None
    with closing(open_reader(writer.location[1])) as reader:
        reader.execute("BEGIN")
        return len(order_list(reader, OrderFilter(words="号")).rowids)


def test_what_has_changed_is_indexed_once_the_writer_is_idle(writer: WriterThread) -> None:
    writer.call(lambda holder: fill_orders(holder.database, 250))
    assert found(writer) == 250
    until(lambda: waiting(writer) == 0)
    assert found(writer) == 250
    assert writer.call(lambda holder: index.drift(holder.database)) == ()


def test_work_comes_before_the_index_until_searching_would_suffer(writer: WriterThread) -> None:
    left: list[int] = []

    def work(holder: ReplicaHolder) -> None:
        left.append(index.waiting(holder.database))
        if len(left) == 1:
            fill_orders(holder.database, FRESH_ROWS + 150)

    for done in [writer.submit(work) for _ in range(6)]:
        done.result(30)
    assert left[1] == FRESH_ROWS + 50 and left[2] == left[3] == left[5] == FRESH_ROWS - 50
    until(lambda: waiting(writer) == 0)


@pytest.mark.warns_in_log("the index is damaged")
def test_a_fault_of_the_index_stops_nobody(writer: WriterThread, caplog: pytest.LogCaptureFixture) -> None:
    def spoil(holder: ReplicaHolder) -> None:
        fill_orders(holder.database, 3)
        holder.database.execute("DROP TABLE order_documents")

    writer.call(spoil)
    assert writer.call(lambda holder: holder.generation) == 1
    until(lambda: "the text index is not fed" in caplog.text)
    writer.close()
