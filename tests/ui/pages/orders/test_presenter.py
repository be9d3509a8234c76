"""What the orders page shows and offers, over a real replica and without a window."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.desk.queries import UNKNOWN, OrderDetail, OrderFilter, OrderList
from app.desk.runner import ChangeSet
from app.desk.session import OnDuty
from app.domain.orders.commands import NoteOrder
from app.domain.orders.model import OrderState
from app.domain.permission import Role
from app.replica.queries.order_list import FIRST_FOUND
from app.replica.queries.order_rows import TO_COLLECT
from tests.support.bulk import fill_orders
from tests.support.counter import Bought, Counter
from ui.pages.orders import wording
from ui.pages.orders.actions import Actions
from ui.pages.orders.presenter import OrdersPresenter


@dataclass
class Shown:
    """Remembers what it was told to show."""

    lists: list[OrderList] = field(default_factory=list)
    detail: OrderDetail | None = None
    actions: Actions = Actions()
    is_revealed: bool = False
    row: int | None = None
    room: int = 7
    unpainted: list[Callable[[], None]] | None = None

    def show_list(self, found: OrderList, wanted: OrderFilter) -> None:
        self.lists.append(found)

    def show_detail(self, detail: OrderDetail | None, actions: Actions, *, is_revealed: bool) -> None:
        self.detail, self.actions, self.is_revealed = detail, actions, is_revealed

    def select_row(self, rowid: int | None) -> None:
        self.row = rowid

    def rows_in_view(self) -> int:
        return self.room

    def after_rows(self, act: Callable[[], None]) -> None:
        if self.unpainted is None:
            act()
        else:
            self.unpainted.append(act)

    @property
    def order_id(self) -> str:
        return self.detail.order.id if self.detail else ""


class Held:
    """A runner whose answers come when the test says so, in any order."""

    def __init__(self, counter: Counter) -> None:
        self._inner = counter.runner
        self.waiting: list[Callable[[], None]] = []

    def query(self, query: Any, on_result: Callable[[Any], None], on_lost: Any = None) -> None:
        answers: list[Any] = []
        self._inner.query(query, answers.append)
        self.waiting.append(lambda: on_result(answers[0]))

    def perform(self, *args: Any) -> None:
        self._inner.perform(*args)

    def listen(self, on_change: Callable[[ChangeSet], None]) -> Callable[[], None]:
        return self._inner.listen(on_change)


class Slow:
    """A runner that begins to read when the test says so; ``read`` tells what came of each question."""

    def __init__(self, counter: Counter) -> None:
        self._inner = counter.runner
        self.asked: list[tuple[Any, Callable[[Any], None]]] = []
        self.read: list[Any] = []

    def query(self, query: Any, on_result: Callable[[Any], None], on_lost: Any = None) -> None:
        self.asked.append((query, on_result))

    def go_on(self) -> None:
        """Read what was asked so far, and answer."""
        asked, self.asked = self.asked, []
        for query, on_result in asked:
            self._inner.query(query, self.read.append)
            on_result(self.read[-1])

    def listen(self, on_change: Callable[[ChangeSet], None]) -> Callable[[], None]:
        return self._inner.listen(on_change)


def opened(counter: Counter, role: Role = Role.OWNER) -> tuple[OrdersPresenter, Shown]:
    shown = Shown()
    presenter = OrdersPresenter(counter.runner, shown, lambda: OnDuty("owner", "李敏", role))
    presenter.reload()
    return presenter, shown


def listed(counter: Counter, shown: Shown) -> list[str]:
    rows = {}
    counter.runner.query(lambda c: dict(c.execute("SELECT rid, id FROM orders").fetchall()), rows.update)
    return [rows[rowid] for rowid in shown.lists[-1].rowids]


def test_newest_order_comes_first_and_is_open(counter: Counter) -> None:
    _, shown = opened(counter)
    assert listed(counter, shown) == ["o3", "o2", "o1"]
    assert shown.order_id == "o3" and shown.row == shown.lists[-1].rowids[0]
    assert dict(shown.lists[-1].counts) == {"": 3, "paid": 1, "unpaid": 1, "shipped": 1}
    assert shown.lists[-1].total_fen == 2 * 9900 + 11400 + 3 * 6800 + 2 * 11400


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("0001", ["o1"]),
        ("徐嘉怡", ["o1"]),
        ("9593", ["o2"]),
        ("燕麦奶", ["o3", "o2"]),
        ("燕麦奶 赵一鸣", ["o2"]),
        ("  ", ["o3", "o2", "o1"]),
        ("100%", []),
    ],
)
def test_search_finds_number_person_phone_and_goods(counter: Counter, words: str, found: list[str]) -> None:
    presenter, shown = opened(counter)
    presenter.search(words)
    assert listed(counter, shown) == found


def test_a_search_opens_what_it_finds_first_and_not_what_was_open_before(counter: Counter) -> None:
    presenter, shown = opened(counter)
    assert shown.order_id == "o3"
    presenter.search("徐嘉怡")
    assert shown.order_id == "o1" and shown.row == shown.lists[-1].rowids[0]
    presenter.search("")
    assert shown.order_id == "o1", "who is done searching stays where they are"


def test_state_narrows_the_list_and_keeps_all_counts(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.choose_state("shipped")
    assert listed(counter, shown) == ["o1"] and shown.lists[-1].counts["paid"] == 1
    presenter.clear_filter()
    assert len(listed(counter, shown)) == 3


def test_new_order_appears_and_the_open_one_stays_open(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.open_order("o2")
    counter.buy(4, Bought((("scale", 1),)))
    counter.pull()
    assert listed(counter, shown)[0] == "o4" and shown.order_id == "o2"


def test_open_order_follows_what_others_do(counter: Counter) -> None:
    presenter, shown = opened(counter)
    counter.shop.must(NoteOrder("o3", "客人催过"))
    counter.pull()
    assert shown.detail is not None and shown.detail.order.staff_remark == "客人催过"


def test_payment_told_in_whole_seconds_stands_after_the_order(counter: Counter) -> None:
    clock = counter.world.clock
    clock.advance(milliseconds=700)
    counter.shop.order("o9", "bean-s", 1, 6800)
    clock.at = clock.at.replace(microsecond=0)
    counter.shop.paid_order_now("o9", 6800)
    counter.pull()
    presenter, shown = opened(counter)
    presenter.open_order("o9")
    assert shown.detail is not None and [e.kind for e in shown.detail.events] == ["placed", "paid"]


def test_hidden_page_asks_nothing_until_it_is_seen_again(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.page_hidden()
    before = len(shown.lists)
    counter.buy(4, Bought((("scale", 1),)))
    counter.pull()
    assert len(shown.lists) == before
    presenter.page_shown()
    assert listed(counter, shown)[0] == "o4"


def test_who_types_on_ends_the_reading_of_what_was_typed_before(counter: Counter) -> None:
    slow, shown = Slow(counter), Shown()
    presenter = OrdersPresenter(slow, shown, lambda: counter.runner.on_duty)  # type: ignore[arg-type]
    presenter.reload()
    presenter.search("燕")
    presenter.search("燕麦奶")
    slow.go_on()
    assert slow.read[:2] == [None, None] and len(slow.read[2].rowids) == 2
    assert listed(counter, shown) == ["o3", "o2"] and len(shown.lists) == 1


def test_who_leaves_the_page_ends_its_reading_and_finds_it_whole_when_they_are_back(counter: Counter) -> None:
    fill_orders(counter.desktop.holder.database, 150)
    slow, shown = Slow(counter), Shown()
    presenter = OrdersPresenter(slow, shown, lambda: counter.runner.on_duty)  # type: ignore[arg-type]
    presenter.reload()
    slow.go_on()
    assert not shown.lists[-1].is_whole
    presenter.page_hidden()
    slow.go_on()
    assert None in slow.read and len(shown.lists) == 1, "the rest of the list was not read"
    presenter.page_shown()
    slow.go_on()
    assert shown.lists[-1].is_whole and len(shown.lists[-1].rowids) == 153


def test_who_leaves_before_the_rest_is_asked_for_finds_it_whole_too(counter: Counter) -> None:
    fill_orders(counter.desktop.holder.database, 150)
    waiting: list[Callable[[], None]] = []
    slow, shown = Slow(counter), Shown(unpainted=waiting)
    presenter = OrdersPresenter(slow, shown, lambda: counter.runner.on_duty)  # type: ignore[arg-type]
    presenter.reload()
    slow.go_on()
    assert slow.asked == [] and len(shown.lists[-1].shown) == shown.room, "the first rows are shown before all else"
    presenter.page_hidden()
    for act in waiting:
        act()
    assert slow.asked == [], "nobody looks"
    presenter.page_shown()
    slow.go_on()
    assert shown.lists[-1].is_whole and len(shown.lists[-1].rowids) == 153


def test_a_closed_page_waits_for_no_reading(counter: Counter) -> None:
    slow, shown = Slow(counter), Shown()
    presenter = OrdersPresenter(slow, shown, lambda: counter.runner.on_duty)  # type: ignore[arg-type]
    presenter.reload()
    presenter.close()
    slow.go_on()
    assert slow.read == [None] and shown.lists == []


def test_answer_to_an_older_question_is_dropped(counter: Counter) -> None:
    held, shown = Held(counter), Shown()
    presenter = OrdersPresenter(held, shown, lambda: counter.runner.on_duty)
    presenter.open_order("o1")
    presenter.open_order("o2")
    late, early = held.waiting
    early()
    late()
    assert shown.order_id == "o2"
    held.waiting.clear()
    presenter.search("0001")
    presenter.search("")
    wide = held.waiting[2:]
    for answer in (*wide, *held.waiting[:2]):
        answer()
    assert len(shown.lists[-1].rowids) == 3


def test_a_long_list_begins_with_its_newest_rows_and_its_right_sum(counter: Counter) -> None:
    fill_orders(counter.desktop.holder.database, 150)
    held, shown = Held(counter), Shown()
    presenter = OrdersPresenter(held, shown, lambda: counter.runner.on_duty)
    presenter.reload()
    held.waiting.pop(0)()
    first = shown.lists[-1]
    assert not first.is_whole and len(first.rowids) == first.counts[""] == 153 and first.rowids[100] == UNKNOWN
    while held.waiting:
        held.waiting.pop(0)()
    whole = shown.lists[-1]
    assert whole.is_whole and whole.rowids[:100] == first.rowids[:100] and UNKNOWN not in whole.rowids
    assert (whole.counts, whole.total_fen) == (first.counts, first.total_fen)
    presenter.search("号")
    held.waiting.pop(0)()
    assert len(shown.lists[-1].rowids) == len(shown.lists[-1].shown) == shown.room and not shown.lists[-1].counts
    while held.waiting:
        held.waiting.pop(0)()
    assert len(shown.lists[-1].rowids) == shown.lists[-1].counts[""] > 100


@pytest.mark.parametrize("state", ["", "paid"])
def test_there_is_enough_to_scroll_before_a_frequent_word_is_counted(counter: Counter, state: str) -> None:
    """A tab may have fewer rows than are looked for: they are not looked for again and again."""
    fill_orders(counter.desktop.holder.database, 700)
    held, shown = Held(counter), Shown()
    presenter = OrdersPresenter(held, shown, lambda: counter.runner.on_duty)
    presenter.show_filtered(OrderFilter(state, "号"))
    while held.waiting:
        held.waiting.pop(0)()
    begun, more, whole = shown.lists
    assert len(begun.rowids) <= shown.room < len(more.rowids) <= FIRST_FOUND
    assert more.rowids == whole.rowids[: len(more.rowids)] and len(more.shown) == min(len(more.rowids), 50)
    assert whole.is_whole and not (begun.is_whole or begun.counts or more.counts)


def test_no_carrier_is_offered_for_an_order_that_is_collected(counter: Counter) -> None:
    counter.world.shop.pickup_order("to-collect", "p1-s")
    counter.world.shop.paid_order_now("to-collect", 6800)
    counter.pull()
    shown = Shown()
    presenter = OrdersPresenter(counter.runner, shown, lambda: counter.runner.on_duty)
    presenter.open_order("to-collect")
    assert shown.order_id == "to-collect"
    assert shown.actions == Actions(note=True, reveal=True, refund=True, ready=True, redeem=True)


def test_changes_that_come_while_a_list_is_read_ask_for_it_once(counter: Counter) -> None:
    held, shown = Held(counter), Shown()
    presenter = OrdersPresenter(held, shown, lambda: counter.runner.on_duty)
    presenter.reload()
    for _ in range(5):
        presenter.reload()
    assert len(held.waiting) == 1
    held.waiting.pop(0)()
    assert len(held.waiting) == 2  # the open order, and the list once more
    counter.buy(4, Bought((("scale", 1),)))
    while held.waiting:
        held.waiting.pop(0)()
    counter.pull()
    while held.waiting:
        held.waiting.pop(0)()
    assert len(shown.lists[-1].rowids) == 4


def test_change_while_a_row_is_being_opened_does_not_lead_back(counter: Counter) -> None:
    held, shown = Held(counter), Shown()
    presenter = OrdersPresenter(held, shown, lambda: counter.runner.on_duty)
    presenter.open_order("o1")
    held.waiting.pop()()
    presenter.open_order("o2")
    presenter.reload()
    for answer in held.waiting:
        answer()
    assert shown.order_id == "o2"


def test_only_what_can_succeed_is_offered(counter: Counter) -> None:
    presenter, shown = opened(counter)
    assert shown.actions == Actions(ship=True, label=False, note=True, reveal=True, refund=True)
    presenter.open_order("o2")
    assert shown.actions == Actions(ship=False, label=False, note=True, reveal=True, cancel=True)
    presenter.open_order("o1")
    assert shown.actions == Actions(ship=False, label=True, note=True, reveal=True, refund=True)
    presenter, shown = opened(counter, Role.COURIER)
    assert shown.actions == Actions(ship=False, label=False, note=True, reveal=False)


def test_who_looked_is_written_down_and_what_was_seen_is_not(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    presenter, shown = opened(counter)
    with caplog.at_level(logging.INFO):
        presenter.toggle_reveal()
    assert shown.is_revealed
    lines = [r.getMessage() for r in caplog.records if r.name == "desk"]
    assert lines == ["contact of order o3 revealed to owner"]
    assert shown.detail is not None and shown.detail.contact is not None
    for secret in (shown.detail.contact.name, shown.detail.contact.phone):
        assert secret not in caplog.text
    presenter.open_order("o1")
    assert not shown.is_revealed


def test_courier_cannot_look(counter: Counter) -> None:
    presenter, shown = opened(counter, Role.COURIER)
    presenter.toggle_reveal()
    assert not shown.is_revealed


def test_who_is_found_while_the_order_is_being_shown_gets_their_actions(counter: Counter) -> None:
    """Another thread finds out who works here; the order stood there without a button until something changed."""
    people: list[OnDuty] = []

    class Slowly(Shown):
        def show_detail(self, detail: OrderDetail | None, actions: Actions, *, is_revealed: bool) -> None:
            super().show_detail(detail, actions, is_revealed=is_revealed)
            people.extend(found)

    shown, found = Slowly(), list[OnDuty]()
    presenter = OrdersPresenter(counter.runner, shown, lambda: people[0] if people else None)
    presenter.reload()
    found.append(OnDuty("owner", "李敏", Role.OWNER))
    presenter.show_again()
    assert not shown.actions.ship
    presenter.person_changed()
    assert shown.actions.ship


def test_whoever_comes_on_duty_has_not_seen_the_receiver(counter: Counter) -> None:
    people, shown = [OnDuty("owner", "李敏", Role.OWNER)], Shown()
    presenter = OrdersPresenter(counter.runner, shown, lambda: people[0])
    presenter.reload()
    presenter.toggle_reveal()
    presenter.person_changed()
    assert shown.is_revealed, "it is the same person still"
    people[0] = OnDuty("clerk", "王强", Role.CLERK)
    presenter.person_changed()
    assert not shown.is_revealed and shown.actions.reveal


def test_hidden_page_masks_the_receiver_again(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.toggle_reveal()
    presenter.page_hidden()
    assert not shown.is_revealed


def test_remark_is_kept_unplugged_and_goes_up_later(counter: Counter) -> None:
    presenter, shown = opened(counter)
    counter.unplug()
    said: list[str] = []
    presenter.note("  客人要发票 ", lambda: said.append("saved"), said.append)
    assert said == ["saved"]
    assert shown.detail is not None and shown.detail.order.staff_remark == "客人要发票" and shown.detail.is_syncing
    counter.plug_in()
    counter.push()
    assert not shown.detail.is_syncing
    assert counter.shop.rows("orders", "id, staff_remark")[2] == ("o3", "客人要发票")


def test_too_long_a_remark_is_refused_in_words(counter: Counter) -> None:
    presenter, _ = opened(counter)
    said: list[str] = []
    presenter.note("长" * 501, lambda: said.append("saved"), said.append)
    assert said == ["备注最多 500 个字。"]


def test_going_to_an_order_lists_all_and_opens_it(counter: Counter) -> None:
    presenter, shown = opened(counter)
    presenter.choose_state("unpaid")
    presenter.go_to("o1")
    assert shown.order_id == "o1" and len(listed(counter, shown)) == 3
    presenter.go_to("gone")
    assert shown.detail is None


def test_another_page_leads_to_the_orders_behind_a_figure(counter: Counter) -> None:
    presenter, shown = opened(counter)
    paid = [payment["paid_at"] for payment in counter.world.desktops[0].shown()["payments"].values()]
    first = datetime.fromisoformat(min(paid))
    presenter.show_filtered(OrderFilter("shipped", paid=((first, first + timedelta(minutes=1)),)))
    assert listed(counter, shown) == ["o1"] == [shown.order_id]
    presenter.choose_state("paid")
    assert listed(counter, shown) == [] and shown.lists[-1].counts == {"": 1, "shipped": 1}
    presenter.widen("delivery_kind")
    presenter.widen("paid")
    assert presenter.wanted == OrderFilter("paid") and listed(counter, shown) == ["o3"]


def test_the_words_of_a_filter_say_which_day_or_which_hours() -> None:
    day = datetime(2026, 11, 23, tzinfo=UTC)
    hour = (day + timedelta(hours=20), day + timedelta(hours=21))
    week = timedelta(days=7)

    def words(wanted: OrderFilter) -> str:
        return " · ".join(part for _, part in wording.filter_parts(wanted))

    said = [
        words(OrderFilter("paid")),
        words(OrderFilter(paid=((day, day + timedelta(days=1)),))),
        words(OrderFilter(paid=((hour[0] - week, hour[1] - week), hour))),
        words(OrderFilter(delivery_kind="local", paid=(hour,))),
    ]
    assert said == ["", "付款 11-23", "付款 11-16 到 11-23 共 2 天的 20:00–21:00", "同城配送 · 付款 11-23 20:00–21:00"]


def test_every_state_of_an_order_stands_under_one_tab() -> None:
    gathered = [state for states in wording.TABS.values() for state in states]
    assert sorted(gathered) == sorted([*(str(state) for state in OrderState), TO_COLLECT])
