"""Faults of our own: a command that raises harms nobody else, and no fact of a counter is ever lost by it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.stock.commands import ReceiveStock
from app.kernel import codec
from services.authority.batch import Committed
from services.authority.executor import Executor
from services.authority.submission import Busy, SequenceConflict, SequenceGap
from services.db.engine import Store
from tests.services.authority import books
from tests.services.authority.desktop import Desktop
from tests.services.authority.gate import Gate
from tests.services.authority.stumbling import Stumble, StumbledFact, stumbling_registry
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK, PLACE, SERVICE, Shop, intent

CLOCK = FixedClock()
raises = pytest.mark.warns_in_log("commands that raise are what this test is about")


@pytest.fixture
def executor(store: Store) -> Iterator[Executor]:
    shop = Shop(store, CLOCK).found()
    shop.product(stock=0)
    shop.close()
    executor = Executor(store, stumbling_registry(), CLOCK)
    executor.start()
    yield executor
    executor.close()


def receive(qty: int) -> ReceiveStock:
    return ReceiveStock("p1-s", PLACE, qty)


@raises
def test_a_request_that_raises_three_times_is_refused(executor: Executor, store: Store) -> None:
    sent = intent(Stumble(), CLERK, CLOCK.now())
    for _ in range(2):
        assert getattr(executor.submit(sent).exception(30), "code", None) == "command.failed"
    answer = executor.submit(sent).result(30)
    assert (answer.verdict, answer.code) == ("rejected", "internal_error")
    assert executor.submit(sent).result(30).duplicate
    assert books.rows(store, "SELECT on_hand_qty FROM stock_levels") == []
    assert books.rows(store, "SELECT count(*) FROM incidents") == [(0,)]
    books.check_numbers(store)


@raises
def test_a_fact_that_raises_three_times_is_kept_and_shown_to_a_person(executor: Executor, store: Store) -> None:
    desktop = Desktop(executor)
    sent = desktop.intent(StumbledFact(), 1, CLOCK.now())
    for _ in range(2):
        assert isinstance(executor.submit(sent).exception(30), Busy)
    answer = executor.submit(sent).result(30)
    assert (answer.verdict, answer.code) == ("parked", "internal_error")
    kind, refs = books.rows(store, "SELECT kind, refs FROM incidents")[0]
    assert (kind, codec.parse(refs)["command_id"]) == ("command.parked", sent.command_id)
    assert executor.submit(desktop.intent(receive(1), 2, CLOCK.now())).result(30).is_applied
    verdicts = books.rows(store, "SELECT pk, audience FROM change_log WHERE table_name = 'verdict' ORDER BY seq")
    assert [pk for pk, _ in verdicts][0] == sent.command_id
    assert {audience for _, audience in verdicts} == {"device:pc-1"}
    books.check_numbers(store)


@raises
def test_a_command_that_raises_disturbs_nobody_else_of_its_batch(executor: Executor, store: Store) -> None:
    intents = [intent(receive(n), CLERK, CLOCK.now()) for n in (1, 2, 3)]
    bad = intent(Stumble(), CLERK, CLOCK.now())
    with Gate(executor) as gate:
        futures = [executor.submit(one) for one in (intents[0], bad, *intents[1:])]
        gate.open()
        assert isinstance(futures.pop(1).exception(30), Busy)
        results = books.gather(intents, futures)
    assert books.tally("one raised", store, results.acknowledged, results.acknowledged) == set(results.acknowledged)
    assert len(results.acknowledged) == 3


@raises
def test_after_a_command_that_raised_its_device_gets_the_rest_back_and_others_go_on(
    executor: Executor, store: Store
) -> None:
    first, second = Desktop(executor), Desktop(executor, "pc-2", 2)
    now = CLOCK.now()
    intents = [
        first.intent(Stumble(), 1, now),
        second.intent(receive(1), 1, now),
        *(first.intent(receive(n), n, now) for n in range(2, 60)),
        second.intent(receive(2), 2, now),
    ]
    with Gate(executor) as gate:
        futures = [executor.submit(one) for one in intents]
        gate.open()
        errors = [future.exception(30) for future in futures]
    assert errors[1] is None and errors[-1] is None
    assert getattr(errors[0], "code", None) == "command.failed"
    assert {getattr(e, "code", repr(e)) for e in errors[2:-1]} == {"command.earlier_failed"}
    assert books.rows(store, "SELECT last_device_seq FROM device ORDER BY id") == [(0,), (2,)]
    books.check_numbers(store)


def test_a_refusal_uses_up_its_number_and_the_rest_of_the_slice_goes_on(executor: Executor, store: Store) -> None:
    desktop = Desktop(executor)
    now = CLOCK.now()
    refused = executor.submit(desktop.intent(receive(0), 1, now)).result(30)
    assert refused.code == "stock.bad_qty"
    assert executor.submit(desktop.intent(receive(1), 2, now)).result(30).is_applied
    assert books.rows(store, "SELECT last_device_seq FROM device") == [(2,)]


def test_a_number_left_out_and_a_number_used_twice_are_told_apart(executor: Executor, store: Store) -> None:
    desktop = Desktop(executor)
    now = CLOCK.now()
    gap = executor.submit(desktop.intent(receive(1), 3, now)).exception(30)
    assert isinstance(gap, SequenceGap) and gap.expected == 1
    first = desktop.intent(receive(1), 1, now)
    assert executor.submit(first).result(30).is_applied
    other = replace(desktop.intent(receive(9), 1, now), command_id="another command")
    assert isinstance(executor.submit(other).exception(30), SequenceConflict)
    assert executor.submit(first).result(30).duplicate
    assert books.rows(store, "SELECT on_hand_qty FROM stock_levels") == [(1,)]
    books.check_numbers(store)


def test_the_same_id_with_other_arguments_is_answered_as_a_mismatch(executor: Executor, store: Store) -> None:
    assert executor.submit(intent(receive(1), CLERK, CLOCK.now(), "key")).result(30).is_applied
    again = executor.submit(intent(receive(2), CLERK, CLOCK.now(), "key")).result(30)
    assert again.duplicate and again.mismatch
    assert books.rows(store, "SELECT on_hand_qty FROM stock_levels") == [(1,)]


@raises
def test_text_that_no_database_can_hold_blocks_neither_its_device_nor_its_batch(
    executor: Executor, store: Store
) -> None:
    desktop = Desktop(executor)
    poison = replace(desktop.intent(receive(1), 1, CLOCK.now()), args={"note": "half a sign \ud83d"})
    for _ in range(4):
        with Gate(executor) as gate:
            future = executor.submit(poison)
            good = executor.submit(intent(receive(7), CLERK, CLOCK.now()))
            gate.open()
            assert good.result(30).is_applied
        future.exception(30)
    answer = future.result(30)
    assert (answer.verdict, answer.code) == ("rejected", "malformed")
    assert executor.submit(desktop.intent(receive(1), 2, CLOCK.now())).result(30).is_applied
    books.check_numbers(store)


def test_a_caller_who_gives_up_does_not_spoil_the_answers_of_others(executor: Executor, store: Store) -> None:
    intents = [intent(receive(n), CLERK, CLOCK.now()) for n in (1, 2, 3)]
    with Gate(executor) as gate:
        futures = [executor.submit(one) for one in intents]
        futures[0].cancel()
        gate.open()
        assert all(future.result(30).is_applied for future in futures[1:])
    assert executor.submit(intents[0]).result(30).is_applied
    books.check_numbers(store)


def test_what_follows_an_applied_command_is_written_once_with_it_and_never_after_a_refusal(
    executor: Executor, store: Store
) -> None:
    def note(key: str) -> Any:
        sql = "INSERT INTO notices (dedupe_key, raw, headers, received_at, outcome) VALUES ('{}', '', '', '', '')"
        return lambda db: db.execute(sql.format(key))

    good, refused = intent(receive(1), CLERK, CLOCK.now()), intent(receive(0), CLERK, CLOCK.now())
    assert executor.submit(good, after_applied=note("good")).result(30).is_applied
    assert executor.submit(good, after_applied=note("good")).result(30).duplicate
    assert not executor.submit(refused, after_applied=note("refused")).result(30).is_applied
    assert books.rows(store, "SELECT dedupe_key FROM notices") == [("good",)]


@raises
def test_when_what_follows_a_command_fails_the_command_has_not_happened(executor: Executor, store: Store) -> None:
    sent = intent(receive(1), CLERK, CLOCK.now())
    failed = executor.submit(sent, after_applied=lambda db: db.execute("INSERT INTO jobs (id) VALUES ('x')"))
    assert isinstance(failed.exception(30), Busy)
    assert books.rows(store, "SELECT on_hand_qty FROM stock_levels") == []
    assert executor.submit(sent).result(30).is_applied
    books.check_numbers(store)


@raises
def test_a_listener_that_fails_does_not_turn_what_is_stored_into_a_failure(executor: Executor, store: Store) -> None:
    heard: list[Committed] = []

    def careless(committed: Committed) -> None:
        raise RuntimeError("a listener's bug")

    executor.on_commit(careless)
    executor.on_commit(heard.append)
    assert executor.submit(intent(receive(1), CLERK, CLOCK.now())).result(30).is_applied
    assert executor.submit(intent(receive(2), CLERK, CLOCK.now())).result(30).is_applied
    executor.close()
    assert [one.tables >= {"stock_levels", "stock_movements"} for one in heard] == [True, True]


def test_an_actor_who_is_no_member_of_staff_is_refused(executor: Executor, store: Store) -> None:
    desktop = Desktop(executor)
    stranger = replace(desktop.intent(receive(1), 1, CLOCK.now()), actor=SERVICE)
    assert executor.submit(stranger).result(30).code == "not_allowed"
