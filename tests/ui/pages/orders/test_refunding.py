"""Giving money back at the counter: the sum that is shown is the sum that goes back, and nothing is asked twice."""

from dataclasses import dataclass, field

from app.desk.queries import OrderDetail, order_detail
from app.desk.refunds import Key, RefundOffer, RefundSum
from app.domain.aftersales.commands import RecordRefund
from app.domain.money import Fen
from app.domain.orders.model import OrderState
from app.domain.payments.model import RefundOutcome
from tests.support.counter import Counter
from tests.support.shop import SERVICE
from ui.pages.orders.actions import actions_of
from ui.pages.orders.refunding import RefundPresenter


@dataclass
class Asked:
    """The dialog as data."""

    offers: list[RefundOffer | None] = field(default_factory=list)
    sums: list[RefundSum] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    finished: list[RefundSum] = field(default_factory=list)

    def show_offer(self, offer: RefundOffer | None) -> None:
        self.offers.append(offer)

    def show_sum(self, told: RefundSum) -> None:
        self.sums.append(told)

    def show_problem(self, text: str) -> None:
        self.problems.append(text)

    def show_busy(self, *, is_busy: bool) -> None:
        """It is over before anybody could see it."""

    def finish(self, told: RefundSum) -> None:
        self.finished.append(told)


def dialog(counter: Counter, order_id: str = "o3") -> tuple[RefundPresenter, Asked]:
    asked = Asked()
    presenter = RefundPresenter(counter.runner, asked, order_id, counter.ids)
    presenter.open()
    return presenter, asked


def detail_of(counter: Counter, order_id: str = "o3") -> OrderDetail:
    found: list[OrderDetail | None] = []
    counter.runner.query(order_detail(order_id), found.append)
    assert found[0] is not None
    return found[0]


def test_some_pieces_go_back_to_the_fen_and_the_rest_is_still_to_be_shipped(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    offer = asked.offers[0]
    assert offer is not None and offer.all_pieces() == {("o3-1", False): 3, ("o3-2", False): 2}
    counts: dict[Key, int] = {("o3-1", False): 1, ("o3-2", False): 2}
    told = presenter.choose(counts, with_freight=False)
    assert told is not None
    assert ([int(fen) for _, _, fen in told.parts], told.total_fen, told.open_qty) == ([6800, 22800], 29600, 2)
    presenter.refund(counts, " 缺货 ", with_freight=False)
    assert asked.finished == [told] and asked.problems == []
    assert counter.shop.rows("refunds", "amount_fen, reason") == [(told.total_fen, "缺货")]
    detail = detail_of(counter)
    assert detail.order.state is OrderState.PAID and [line.open_qty for line in detail.lines] == [2, 0]
    assert detail.events[-1].kind == "refunding"


def test_everything_that_has_not_left_cancels_the_order_and_says_so_before(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    assert presenter.offer is not None
    told = presenter.choose(presenter.offer.all_pieces(), with_freight=False)
    assert told is not None and (told.cancels, told.total_fen) == (True, detail_of(counter).order.paid_fen)
    presenter.refund(presenter.offer.all_pieces(), "", with_freight=False)
    assert asked.problems == [] and detail_of(counter).order.state is OrderState.CANCELLED
    assert not actions_of(detail_of(counter), counter.runner.on_duty).refund


def test_a_failed_refund_of_a_cancelled_order_is_asked_again_whole(counter: Counter) -> None:
    presenter, _ = dialog(counter)
    assert presenter.offer is not None
    presenter.refund(presenter.offer.all_pieces(), "", with_freight=False)
    failed = RecordRefund("To3-R1", RefundOutcome.ABNORMAL, Fen(43200), "5030", counter.world.clock.now())
    counter.shop.must(failed, SERVICE)
    counter.pull()
    assert actions_of(detail_of(counter), counter.runner.on_duty).refund
    again, asked = dialog(counter)
    assert again.offer is not None and again.offer.is_whole_only
    assert asked.sums[-1].total_fen == 43200
    again.refund({}, "", with_freight=False)
    assert counter.shop.rows("refunds", "state") in ([("failed",), ("requested",)], [("requested",), ("failed",)])


def test_unplugged_it_is_said_that_this_needs_the_network_and_the_pieces_stay(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    counter.unplug()
    presenter.refund({("o3-1", False): 1}, "", with_freight=False)
    assert len(asked.problems) == 1 and "联网" in asked.problems[0]
    counter.plug_in()
    presenter.refund({("o3-1", False): 1}, "", with_freight=False)
    presenter.refund({("o3-1", False): 1}, "", with_freight=False)
    assert len(asked.finished) == 1 and len(counter.shop.rows("refunds")) == 1


def test_nothing_chosen_is_said_and_not_asked(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    presenter.refund({}, "", with_freight=False)
    assert asked.problems == ["请填退几件。"] and counter.runner.given == []


def test_each_order_offers_what_can_succeed(counter: Counter) -> None:
    offered = {}
    for order_id in ("o1", "o2", "o3"):
        actions = actions_of(detail_of(counter, order_id), counter.runner.on_duty)
        offered[order_id] = (actions.cancel, actions.refund)
    assert offered == {"o1": (False, True), "o2": (True, False), "o3": (False, True)}
