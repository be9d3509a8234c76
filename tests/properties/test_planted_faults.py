"""The convergence test sees what it has to see: each of these faults, planted on purpose, makes it red.

Only here our own code is replaced while it runs: the replacement is the fault.
"""

from collections.abc import Callable
from typing import Any

import pytest

from app.replica import apply, footprint, retelling, shadow
from app.replica import outbox as outbox_module
from app.wire.messages import Verdict
from services.authority import commandlog, deciding, reading
from tests.properties.test_convergence import run

Steps = list[tuple[str, int, int]]
Plant = Callable[[pytest.MonkeyPatch], None]


def no_rewind(patch: pytest.MonkeyPatch) -> None:
    """A page is applied on top of what pending commands have shown."""
    patch.setattr(shadow, "rewind", lambda *_: [])


def acknowledgement_after_replay(patch: pytest.MonkeyPatch) -> None:
    """A command is replayed once more although its rows have arrived."""
    settle = apply.settle
    late: list[Any] = []
    replay = apply.replay

    def settle_later(database: Any, results: Any, at: Any) -> tuple[str, ...]:
        late.append((list(results), at))
        return ()

    def replay_first(*args: Any) -> Any:
        touched = replay(*args)
        database = args[0]
        for results, at in late:
            settle(database, results, at)
        late.clear()
        return touched

    patch.setattr(apply, "settle", settle_later)
    patch.setattr(apply, "replay", replay_first)


def page_cut_inside_a_command(patch: pytest.MonkeyPatch) -> None:
    """A page ends after so many rows, wherever that is."""

    def cut(database: Any, after: int, limit: int, last_seq: int) -> int:
        return min(after + limit, last_seq)

    patch.setattr(reading, "_page_end", cut)


def no_dedupe(patch: pytest.MonkeyPatch) -> None:
    """A command that comes twice is decided twice."""
    patch.setattr(commandlog, "answered", lambda database, intent: None)
    patch.setattr(deciding, "_check_sequence", lambda database, intent: None)
    patch.setattr(deciding, "_advance", lambda database, intent: None)
    append = commandlog.append

    def overwrite(database: Any, entry: Any, position: int, prev_hash: str) -> str:
        mark = database.mark
        database.execute(f"DELETE FROM command_log WHERE command_id = {mark}", (entry.intent.command_id,))
        return append(database, entry, position, prev_hash)

    patch.setattr(commandlog, "append", overwrite)


def refusal_not_processed(patch: pytest.MonkeyPatch) -> None:
    """A refused command gets its answer, but no verdict in the feed."""
    acknowledgement = deciding._acknowledgement
    patch.setattr(
        deciding,
        "_acknowledgement",
        lambda intent, answer: [] if answer.verdict is Verdict.REJECTED else acknowledgement(intent, answer),
    )


def outbox_forgotten_at_exchange(patch: pytest.MonkeyPatch) -> None:
    """The new replica does not take over what was not pushed yet."""
    patch.setattr(outbox_module, "pending", lambda *_: [])


def page_meets_nothing(patch: pytest.MonkeyPatch) -> None:
    """What waits is left as it was shown, whatever a page brings."""
    patch.setattr(footprint, "marks_of_changes", lambda database, changes: set())


def those_met_are_shown_again_alone(patch: pytest.MonkeyPatch) -> None:
    """A command that builds on one that is shown again stays as it was."""
    patch.setattr(footprint, "met", _met_alone)
    patch.setattr(footprint, "strays", lambda *_: False)
    patch.setattr(retelling, "plan", lambda *_: None)  # what is only told again leaves the rows of others alone


def told_again_and_not_written(patch: pytest.MonkeyPatch) -> None:
    """The row that a page brings loses what waiting commands have done to it."""
    patch.setattr(retelling, "retell", lambda *_: [])


def _met_alone(footprints: Any, written: Any, first: Any) -> set[str]:
    return {*first, *(name for name, each in footprints.items() if each.meets(frozenset(), written))}


ADJUST, COUNT, RECEIVE, PRICE, TITLE, SHIP, NOTE = range(7)
NOTE_SHIPPED = SHIP
"""Once the only order is shipped, a remark takes the shipping's place among what can be done."""
FAULTS: list[tuple[Plant, Steps]] = [
    (no_rewind, [("act", 0, ADJUST), ("act", 1, RECEIVE), ("push", 1, 0), ("pull", 0, 4)]),
    (
        # Two remarks on one order: replayed once more, the older one would hide the newer.
        acknowledgement_after_replay,
        [("order", 0, 0), ("bootstrap", 0, 0), ("bootstrap", 1, 0), ("act", 0, NOTE), ("act", 1, NOTE + 7)]
        + [("push", 0, 0), ("push", 1, 0), ("pull", 0, 4)],
    ),
    (page_cut_inside_a_command, [("act", 0, RECEIVE), ("push", 0, 0), ("pull", 1, 0), ("pull", 1, 0)]),
    (no_dedupe, [("act", 0, RECEIVE), ("lose", 0, 0), ("push", 0, 0), ("old", 0, 0)]),
    (
        refusal_not_processed,
        [("act", 0, PRICE), ("act", 1, PRICE + 10), ("push", 0, 0), ("push", 1, 0), ("pull", 1, 4)],
    ),
    (outbox_forgotten_at_exchange, [("act", 0, RECEIVE), ("bootstrap", 0, 0)]),
    (told_again_and_not_written, [("act", 0, ADJUST), ("act", 1, RECEIVE), ("push", 1, 0), ("pull", 0, 4)]),
    (page_meets_nothing, [("act", 0, ADJUST), ("act", 1, RECEIVE), ("push", 1, 0), ("pull", 0, 4)]),
    (
        # A remark on an order that was shipped here: the page touches the stock that the shipping took.
        those_met_are_shown_again_alone,
        [("order", 0, 0), ("bootstrap", 0, 0), ("act", 0, SHIP), ("act", 0, NOTE_SHIPPED)]
        + [("act", 1, RECEIVE), ("push", 1, 0), ("pull", 0, 4)],
    ),
]


@pytest.mark.warns_in_log("a planted fault may make the writer complain")
@pytest.mark.parametrize(("plant", "steps"), FAULTS, ids=[plant.__name__ for plant, _ in FAULTS])
def test_a_planted_fault_is_seen(
    plant: Plant, steps: Steps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run("sqlite", steps)
    assert caplog.records == []
    plant(monkeypatch)
    with pytest.raises(Exception) as seen:  # noqa: B017  # a crash counts as seen
        run("sqlite", steps)
        # As everywhere in the tests: a replica that complains is a finding.
        assert [record.getMessage() for record in caplog.records if record.name == "replica"] == []
    print(f"PLANTED {plant.__name__} red: {type(seen.value).__name__}")
