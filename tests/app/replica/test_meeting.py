"""A page disturbs those waiting commands that it can change anything about, and only those."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.command import Context
from app.domain.orders.commands import NoteOrder
from app.domain.orders.model import Order, OrderEvent
from app.domain.outcome import Accepted, Decision, Put
from app.domain.registry import Registry
from app.domain.row import Row, key_of, key_text
from app.domain.view import View
from app.kernel import codec
from app.replica import local, meta, outbox
from app.replica.apply import apply_page
from app.replica.changes import ChangeSet
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of
from app.wire.messages import ChangeMessage, PullReply
from tests.support.counter import Bought, Counter

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ONE = Bought((("milk", 1),))


def decide(command: NoteOrder, view: View, _: Context) -> Decision:
    """The remark says what becomes the remark, and what has to be looked at for that."""

    def remark(order_id: str) -> str:
        order = view.get(Order, order_id)
        return "" if order is None else order.staff_remark

    order_id, said = command.order_id, command.remark
    if said == "count":
        said = f"{len(view.children(OrderEvent, order_id='o1'))} events"
    elif said.startswith("as "):
        said = f"as {remark(said[3:])}"
    elif said == "carry to o2":
        order_id, said = ("o2", "carried") if remark("o1") == "go" else ("", "")
    order = view.get(Order, order_id) if order_id else None
    return Accepted() if order is None else Accepted((Put(replace(order, staff_remark=said)),))


class Little:
    """A counter with four orders, at which the commands mean something simpler."""

    def __init__(self, folder: Path) -> None:
        self.counter = Counter(folder, (ONE, ONE, ONE, ONE))
        self.database = self.counter.desktop.holder.database
        self.registry = Registry(((NoteOrder, decide),))
        self.given = 0

    def give(self, order_id: str, remark: str) -> None:
        self.given += 1
        issue = local.Issue(f"c{self.given}", "owner", NOW)
        assert isinstance(local.perform(self.database, self.registry, NoteOrder(order_id, remark), issue), local.Done)

    def page(self, *rows: Row) -> ChangeSet:
        """The service tells of these rows."""
        here = meta.read(self.database)
        changes = tuple(
            ChangeMessage(
                here.cursor + n, row.TABLE, "u", key_text(key_of(row)), mapper_of(type(row)).image(record_of(row))
            )
            for n, row in enumerate(rows, 1)
        )
        reply = PullReply(here.feed_epoch, here.cursor, here.cursor + len(rows), here.cursor + len(rows), changes)
        return apply_page(self.database, self.registry, reply, NOW).changes

    def order(self, order_id: str) -> Order:
        record = self.database.execute(statements_of(Order, "?").select, (order_id,)).fetchone()
        return mapper_of(Order).row(record)

    def says(self, order_id: str) -> str:
        return self.order(order_id).staff_remark

    def base_of(self, order_id: str) -> str:
        """What the authority has, as far as this counter knows."""
        image = self.database.execute("SELECT base_row FROM shadow WHERE pk = ?", (order_id,)).fetchone()
        return mapper_of(Order).row(codec.parse(image[0])).staff_remark


def record_of(row: Row) -> tuple[object, ...]:
    return mapper_of(type(row)).record(row, 7)


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Little]:
    found = Little(tmp_path)
    yield found
    found.counter.close()


def test_what_a_page_does_not_meet_stays_untouched(little: Little) -> None:
    little.give("o2", "mine")
    changes = little.page(replace(little.order("o3"), staff_remark="theirs"))
    assert (little.says("o2"), little.says("o3")) == ("mine", "theirs")
    assert changes.tables == {"orders": frozenset({"o3"})}


def test_a_row_that_was_written_here_is_shown_on_top_of_the_new_one(little: Little) -> None:
    little.give("o2", "mine")
    changes = little.page(replace(little.order("o2"), staff_remark="theirs"))
    assert (little.says("o2"), little.base_of("o2")) == ("mine", "theirs")
    assert changes.tables == {"orders": frozenset({"o2"})}


def test_of_two_that_wrote_the_same_row_the_later_one_stays_on_top(little: Little) -> None:
    little.give("o2", "first")
    little.give("o2", "second")
    little.page(replace(little.order("o2"), staff_remark="theirs"))
    assert (little.says("o2"), little.base_of("o2")) == ("second", "theirs")


def test_a_row_that_was_only_looked_at_counts_too(little: Little) -> None:
    little.give("o2", "as o1")
    assert little.says("o2") == "as "
    little.page(replace(little.order("o1"), staff_remark="theirs"))
    assert little.says("o2") == "as theirs"


def test_a_row_that_comes_into_a_list_counts_too_and_one_that_leaves_it(little: Little) -> None:
    event = OrderEvent("new-event", "o1", NOW, "noted", "owner", {})
    little.give("o2", "count")
    before = little.says("o2")
    little.page(event)
    assert little.says("o2") != before
    little.page(replace(event, order_id="o3"))
    assert little.says("o2") == before


def test_what_builds_on_a_command_is_shown_again_with_it(little: Little) -> None:
    little.give("o2", "as o1")
    little.give("o3", "as o2")
    little.give("o3", "kept")
    little.give("o4", "as o2")
    little.page(replace(little.order("o1"), staff_remark="theirs"))
    assert [little.says(each) for each in ("o2", "o3", "o4")] == ["as theirs", "kept", "as as theirs"]


def test_one_that_meets_another_only_now_is_shown_before_it(little: Little) -> None:
    little.give("o3", "carry to o2")
    little.give("o4", "as o2")
    assert little.says("o4") == "as "
    little.page(replace(little.order("o1"), staff_remark="go"))
    assert [little.says(each) for each in ("o2", "o4")] == ["carried", "as carried"]
    assert little.base_of("o2") == ""


def test_one_that_meets_an_earlier_one_no_longer_leaves_it_alone(little: Little) -> None:
    little.page(replace(little.order("o1"), staff_remark="go"))
    little.give("o3", "carry to o2")
    little.give("o4", "as o2")
    little.page(replace(little.order("o1"), staff_remark="stop"))
    assert [little.says(each) for each in ("o2", "o4")] == ["", "as "]


def test_after_a_start_all_that_waits_is_shown_again(little: Little) -> None:
    little.give("o2", "mine")
    little.counter.desktop.crash()
    little.database = little.counter.desktop.holder.database
    changes = little.page(replace(little.order("o3"), staff_remark="theirs"))
    assert changes.tables == {"orders": frozenset({"o2", "o3"})}
    changes = little.page(replace(little.order("o3"), staff_remark="once more"))
    assert changes.tables == {"orders": frozenset({"o3"})}
    assert little.says("o2") == "mine"
    assert len(outbox.pending(little.database)) == 1
