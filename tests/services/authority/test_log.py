"""The two logs: the feed that desktops follow, and the chain of commands that cannot be rewritten unnoticed."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.stock.commands import ReceiveStock
from app.kernel import logs
from services.authority import commandlog, reading
from services.authority.devices import lease, mark_read
from services.authority.executor import Executor
from services.authority.trimming import trim
from services.db.engine import Store
from tests.services.authority import books
from tests.services.authority.desktop import Desktop
from tests.services.authority.gate import Gate
from tests.services.authority.stumbling import stumbling_registry
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK, PLACE, Shop, intent


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def executor(store: Store, clock: FixedClock) -> Iterator[Executor]:
    shop = Shop(store, clock).found()
    shop.product(stock=3)
    shop.close()
    executor = Executor(store, stumbling_registry(), clock)
    executor.start()
    yield executor
    executor.close()


def test_after_trimming_an_old_cursor_is_told_and_commands_of_the_same_batch_keep_it_so(
    executor: Executor, store: Store, clock: FixedClock
) -> None:
    clock.advance(days=31)
    with Gate(executor) as gate:
        trimmed = executor.chore(lambda db: trim(db, clock.now()))
        later = executor.submit(intent(ReceiveStock("p1-s", PLACE, 1), CLERK, clock.now()))
        gate.open()
        oldest = trimmed.result(30)
        commit_seq = later.result(30).commit_seq
    assert oldest > 1
    assert books.rows(store, "SELECT oldest_seq, last_seq FROM feed_head") == [(oldest, commit_seq)]
    assert books.rows(store, "SELECT min(seq), max(seq) FROM change_log") == [(oldest, commit_seq)]
    epoch = books.rows(store, "SELECT epoch FROM feed_head")[0][0]
    with store.reading() as database:
        with pytest.raises(reading.CursorExpired):
            reading.pull(database, ("pc-1", False), epoch, oldest - 2, 100)
        assert reading.pull(database, ("pc-1", False), epoch, oldest - 1, 100).cursor == commit_seq


def test_nothing_is_trimmed_that_a_device_or_a_running_snapshot_still_needs(
    executor: Executor, store: Store, clock: FixedClock
) -> None:
    Desktop(executor)
    clock.advance(days=31)
    executor.chore(lambda db: mark_read(db, "pc-1", 0, clock.now())).result(30)
    assert executor.chore(lambda db: trim(db, clock.now())).result(30) == 1
    ends = [seq for (seq,) in books.rows(store, "SELECT DISTINCT commit_seq FROM change_log ORDER BY 1")]
    executor.chore(lambda db: mark_read(db, "pc-1", ends[3], clock.now())).result(30)
    executor.chore(lambda db: lease(db, "pc-1", ends[1], clock.now())).result(30)
    assert executor.chore(lambda db: trim(db, clock.now())).result(30) == ends[1] + 1
    clock.advance(hours=3)  # the lease is over
    assert executor.chore(lambda db: trim(db, clock.now())).result(30) == ends[3] + 1


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE command_log SET actor = 'somebody' WHERE position = 3",
        "UPDATE command_log SET args = '{\"qty\":9}' WHERE position = 3",
        "DELETE FROM command_log WHERE position = 3",
        "DELETE FROM command_log WHERE position = (SELECT max(position) FROM command_log)",
        "UPDATE command_log SET verdict = 'rejected' WHERE position = (SELECT max(position) FROM command_log)",
    ],
)
def test_a_log_of_commands_that_somebody_rewrote_is_found_out(executor: Executor, store: Store, tampering: str) -> None:
    with store.reading() as database:
        assert commandlog.broken_link(database) is None
    executor.chore(lambda db: db.execute(tampering)).result(30)
    with store.reading() as database:
        assert commandlog.broken_link(database) is not None


def test_arguments_that_were_blanked_because_personal_data_had_to_leave_do_not_break_the_chain(
    executor: Executor, store: Store
) -> None:
    executor.chore(lambda db: db.execute("UPDATE command_log SET args = NULL WHERE position = 3")).result(30)
    with store.reading() as database:
        assert commandlog.broken_link(database) is None


def test_a_page_of_the_feed_ends_where_a_command_ends_and_hides_what_is_for_others(
    executor: Executor, store: Store, clock: FixedClock
) -> None:
    first, second = Desktop(executor), Desktop(executor, "pc-2", 2)
    for number in (1, 2):
        executor.submit(first.intent(ReceiveStock("p1-s", PLACE, 1), number, clock.now())).result(30)
        executor.submit(second.intent(ReceiveStock("p1-s", PLACE, 1), number, clock.now())).result(30)
    ends = {seq for (seq,) in books.rows(store, "SELECT DISTINCT commit_seq FROM change_log")}
    epoch = books.rows(store, "SELECT epoch FROM feed_head")[0][0]
    for limit in (1, 2, 3, 5, 100):
        cursor, seen = 0, []
        with store.reading() as database:
            while True:
                page = reading.pull(database, ("pc-1", False), epoch, cursor, limit)
                seen += page.changes
                assert page.cursor in ends or page.cursor == page.head_seq
                if page.cursor == cursor:
                    break
                cursor = page.cursor
        assert cursor == page.head_seq
        verdicts = [change.pk for change in seen if change.table == "verdict"]
        assert verdicts == ["pc-1-stock.receive-1", "pc-1-stock.receive-2"]
        assert not [change for change in seen if change.table in ("sku_costs", "buyer_identities")]


@pytest.mark.warns_in_log("a constraint is broken on purpose")
def test_a_row_that_the_database_refuses_leaves_no_personal_data_in_log_or_table(
    executor: Executor, store: Store, tmp_path: Path
) -> None:
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    recent = logs.set_up(tmp_path / "logs", "service")
    try:
        sent = intent(ReceiveStock("p1-s", PLACE, 1), CLERK, FixedClock().now())
        executor.submit(sent, after_applied=_insert_contact).exception(30)
    finally:
        for handler in [h for h in root.handlers if h not in kept]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    written = (tmp_path / "logs" / "service.log").read_text(encoding="utf-8")
    errors = str(books.rows(store, "SELECT last_error FROM command_failures"))
    assert "raised" in written and "IntegrityError" in written and "IntegrityError" in errors
    for place in (written, "\n".join(recent.lines), errors):
        for secret in ("13800138000", "林晓雨", "文三路"):
            assert secret not in place


def _insert_contact(database: Any) -> None:
    marks = ", ".join([database.mark] * 6)
    database.execute(
        f"INSERT INTO order_contacts (order_id, name, phone, region_code, address, row_version) VALUES ({marks})",
        ("no-order", "林晓雨", "13800138000", "330106", "浙江省杭州市西湖区文三路 90 号", None),
    )
