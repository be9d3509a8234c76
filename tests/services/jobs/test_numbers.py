"""Waybill numbers from the pretended SF by the real client: a parcel for each, whatever happens to the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from app.domain.aftersales.commands import CancelOrder
from app.domain.command import Actor, Command
from app.domain.delivery.model import WaybillRefusal
from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.paper.commands import AssignStation, MarkPrinted
from app.domain.paper.model import DocumentKind
from app.domain.paper.rules import paper_key
from app.domain.payments.commands import ConfirmPayment, StartPayment
from app.domain.row import Audience
from app.domain.settings import read_settings
from app.domain.staff.commands import ChangeSetting, EnrolDevice, RecordRestore
from app.domain.waybills.commands import RequestWaybill, WithdrawWaybill
from app.kernel import codec
from app.tables.view import SqlView
from services.adapters.carrier import Cargo, Carrier, Granted, Party, Refused, Unknown, WaybillOrder
from services.adapters.sf.client import CREATE, SEARCH, UPDATE, SfClient
from services.adapters.sf.config import SfConfig
from services.db.engine import Store
from services.jobs.number_work import number_workers, tell_carriers
from services.jobs.outside import Outside
from services.jobs.worker import Worker
from services.standins.sf.server import running
from services.standins.sf.standin import Account, Fault, SfStandIn
from services.upkeep import books
from tests.support.clocks import FixedClock
from tests.support.shop import BUYER, CLERK, SERVICE, Shop, intent

pytestmark = pytest.mark.warns_in_log("SF is made to fail on purpose")
ACCOUNT = Account("SHOP001", "throw-away-word")


class Killed(BaseException):
    """The process is gone in the middle of a job."""


@dataclass
class Counter:
    """A shop with an account at the pretended SF; ``carrier`` may be replaced by one that fails in its own way."""

    shop: Shop
    clock: FixedClock
    standin: SfStandIn
    carriers: dict[str, Carrier]

    def worker(self) -> Worker:
        """The jobs' hands without their thread: tests say when."""
        outside = Outside(self.shop.store, self.shop.executor, self.clock, None)
        return number_workers(outside, self.carriers)[0]

    def work(self, seconds: int = 0) -> None:
        self.clock.advance(seconds=seconds)
        worker = self.worker()
        worker.ring()
        while worker.do_one():
            pass

    def ask(self, order_id: str, times: int = 1) -> None:
        self.shop.must(asking(order_id, times), CLERK)

    def all_at_once(self, commands: Sequence[Command], actor: Actor) -> None:
        """Handed over together, so that they share their commits."""
        now = self.clock.now()
        answers = [self.shop.executor.submit(intent(command, actor, now)) for command in commands]
        assert all(answer.result(60).is_applied for answer in answers)

    def paid_orders(self, order_ids: Sequence[str], sku_id: str) -> None:
        fen, now = Fen(6800), self.clock.now()
        self.all_at_once([self.shop.placing(order_id, sku_id) for order_id in order_ids], BUYER)
        self.all_at_once([StartPayment(each, f"{each}-p", f"T{each}") for each in order_ids], BUYER)
        paid = [ConfirmPayment(f"T{each}", f"W{each}", fen, fen, "CNY", now) for each in order_ids]
        self.all_at_once(paid, SERVICE)

    def state(self, order_id: str) -> tuple[str, str]:
        """Of the order, and of what was asked for it last."""
        found = dict(self.shop.rows("orders", "id, state"))
        asked = [
            state
            for _, order, state in self.shop.rows("waybill_requests", "attempt, order_id, state")
            if order == order_id
        ]
        return found[order_id], asked[-1]

    def parcels(self) -> list[str]:
        return [number for (number,) in self.shop.rows("parcels", "waybill_no")]

    def given_out(self) -> list[str]:
        return sorted(self.standin.numbers.values())

    def incidents(self) -> list[str]:
        return [kind for _, kind in self.shop.rows("incidents", "id, kind")]


def asking(order_id: str, times: int = 1) -> RequestWaybill:
    return RequestWaybill(f"w-{order_id}-{times}", order_id, f"pa-{order_id}-{times}", pieces(order_id), "sf")


def pieces(order_id: str) -> tuple[ShippedLine, ...]:
    return (ShippedLine(f"{order_id}-1", 1),)


@pytest.fixture
def counter(store: Store, tmp_path: Path) -> Iterator[Counter]:
    clock = FixedClock()
    shop = Shop(store, clock).found()
    standin = SfStandIn(ACCOUNT)
    try:
        for key, text in (("shop_phone", "0571-88066288"), ("shop_address", "浙江省杭州市西湖区文三路 398 号")):
            shop.must(ChangeSetting(key, codec.canonical(text)))
        with running(standin) as host:
            client = SfClient(SfConfig(ACCOUNT.partner_id, ACCOUNT.checkword, host=host), clock)
            carriers: dict[str, Carrier] = {"sf": client}
            tell_carriers(Outside(store, shop.executor, clock, None), carriers)
            sku_id = shop.product(stock=100)
            for order_id in ("o1", "o2"):
                shop.paid_order(order_id, sku_id)
            yield Counter(shop, clock, standin, carriers)
            client.dispose()
    finally:
        shop.close()


def test_a_number_that_is_asked_for_ships_its_order(counter: Counter) -> None:
    counter.ask("o1")
    counter.work()
    assert counter.state("o1") == ("shipped", "granted")
    assert counter.parcels() == counter.given_out()
    (label,) = counter.shop.rows("waybill_requests", "sorting_code, bag_mark, qr_text")
    assert label[0].startswith("571") and label[1] == "S47" and counter.parcels()[0] in label[2]
    assert counter.shop.rows("parcels", "service") == [("特快",)]
    with counter.shop.store.reading() as database:
        assert books.findings(database) == []


def test_the_event_names_who_asked(counter: Counter) -> None:
    counter.ask("o1")
    counter.work()
    events = counter.shop.rows("order_events", "id, order_id, kind, actor")
    assert [actor for _, order, kind, actor in events if (order, kind) == ("o1", "shipped")] == ["clerk"]


@pytest.mark.parametrize("fault", [Fault.SYSTEM_ERROR_AFTER, Fault.GARBAGE_AFTER, Fault.EMPTY_AFTER])
def test_an_answer_that_is_lost_is_looked_up_and_never_ordered_again(counter: Counter, fault: Fault) -> None:
    counter.standin.fail_next(fault)
    counter.ask("o1")
    counter.work()
    assert counter.state("o1") == ("paid", "asked")
    assert counter.shop.rows("waybill_requests", "tries") == [(1,)]
    refused = counter.shop.do(ShipOrder("o1", "by-hand", pieces("o1"), "sf", "SF1234567890123"), CLERK)
    assert refused.code == "order.number_on_its_way"
    counter.work(5)
    assert counter.state("o1") == ("shipped", "granted")
    assert counter.standin.calls == [CREATE, SEARCH]
    assert counter.parcels() == counter.given_out()


def test_while_nobody_knows_the_key_stays_the_same(counter: Counter) -> None:
    counter.standin.fail_next(Fault.SYSTEM_ERROR_BEFORE, 3)
    counter.ask("o1")
    for seconds in (0, 5, 10):
        counter.work(seconds)
        assert counter.state("o1") == ("paid", "asked")
    assert counter.shop.rows("waybill_requests", "tries") == [(3,)]
    counter.work(20)
    assert counter.state("o1") == ("shipped", "granted")
    assert list(counter.standin.numbers) == ["WXo1-1"]


def test_a_refused_repeat_adopts_the_number_that_is_there(counter: Counter) -> None:
    """As after a restore: the shop has forgotten that it asked, and SF has not."""
    real = counter.carriers["sf"]
    before = real.order(_parcel("WXo1-1"))
    assert isinstance(before, Granted)
    counter.ask("o1")
    counter.work()
    assert counter.parcels() == [before.waybill_no] == counter.given_out()


def test_a_repeat_whose_number_cannot_be_looked_up_now_is_not_a_refusal(counter: Counter) -> None:
    real = counter.carriers["sf"]
    real.order(_parcel("WXo1-1"))

    class Barred(_Through):
        def order(self, wanted: WaybillOrder) -> Granted | Refused | Unknown:
            counter.standin.answer_next(None, Fault.BAD_DIGEST)
            return self.inner.order(wanted)

    counter.carriers["sf"] = Barred(real)
    counter.ask("o1")
    counter.work()
    assert counter.state("o1") == ("paid", "asked")
    counter.carriers["sf"] = real
    counter.work(5)
    assert counter.parcels() == counter.given_out()


def test_a_definite_no_gives_the_order_back_and_the_next_try_has_a_key_of_its_own(counter: Counter) -> None:
    counter.standin.fail_next(Fault.PHONE_UNFIT)
    counter.ask("o1")
    counter.work()
    assert counter.state("o1") == ("paid", "refused")
    (told,) = counter.shop.rows("waybill_requests", "reason, carrier_code, message")
    assert told == (WaybillRefusal.RECEIVER_UNFIT, "8196", "refused 8196")
    counter.ask("o1", 2)
    counter.work()
    assert counter.state("o1") == ("shipped", "granted")
    assert list(counter.standin.numbers) == ["WXo1-2"]


def test_what_a_carrier_repeats_of_the_receiver_stays_out_of_the_log_of_commands(counter: Counter) -> None:
    class Talkative(_Through):
        def order(self, wanted: WaybillOrder) -> Granted | Refused | Unknown:
            to = wanted.receiver
            return Refused(WaybillRefusal.RECEIVER_UNFIT, "8196", f"bad: {to.name} {to.phone} {to.address}")

    counter.carriers["sf"] = Talkative(counter.carriers["sf"])
    counter.ask("o1")
    counter.work()
    (args,) = [args for name, args in counter.shop.rows("command_log", "name, args") if "waybill_refused" in name]
    assert codec.parse(args)["message"] == "bad: *** *** ***"


def test_a_place_that_is_not_served_is_told_as_such(counter: Counter) -> None:
    counter.standin.fail_next(Fault.NOT_SERVED)
    counter.ask("o1")
    counter.work()
    assert counter.shop.rows("waybill_requests", "state, reason") == [("refused", "not_served")]


def test_a_busy_gateway_is_asked_again_by_itself_and_given_up_after_a_while(counter: Counter) -> None:
    counter.standin.fail_next(Fault.THROTTLED)
    counter.ask("o1")
    counter.work()
    assert counter.state("o1") == ("paid", "asked")
    counter.work(5)
    assert counter.state("o1") == ("shipped", "granted")


def test_an_order_that_is_cancelled_before_the_carrier_is_asked_costs_no_number(counter: Counter) -> None:
    counter.ask("o1")
    counter.shop.must(CancelOrder("o1"), BUYER)
    counter.work()
    assert counter.state("o1") == ("cancelled", "withdrawn")
    assert counter.standin.calls == []


def test_a_number_for_an_order_that_was_cancelled_meanwhile_goes_back(counter: Counter) -> None:
    counter.standin.fail_next(Fault.EMPTY_AFTER)
    counter.ask("o1")
    counter.work()
    counter.shop.must(CancelOrder("o1"), BUYER)
    counter.work(5)
    counter.work()
    assert counter.state("o1") == ("cancelled", "withdrawn")
    assert counter.standin.calls == [CREATE, SEARCH, UPDATE]
    assert counter.standin.cancelled == ["WXo1-1"]
    assert (counter.parcels(), counter.incidents()) == ([], [])


def test_a_number_that_cannot_go_back_is_a_matter_for_a_person(counter: Counter) -> None:
    class Stubborn(_Through):
        def cancel(self, key: str) -> bool | Refused | Unknown:
            return Refused(WaybillRefusal.OTHER, "8024", "")

    counter.carriers["sf"] = Stubborn(counter.carriers["sf"])
    counter.standin.fail_next(Fault.EMPTY_AFTER)
    counter.ask("o1")
    counter.work()
    counter.shop.must(CancelOrder("o1"), BUYER)
    counter.work(5)
    counter.work()
    assert counter.incidents() == ["waybill.not_returned"]


def test_a_clerk_who_waits_no_longer_ships_at_once_and_the_late_number_goes_back(counter: Counter) -> None:
    counter.standin.fail_next(Fault.EMPTY_AFTER)
    counter.ask("o1")
    counter.work()
    counter.shop.must(WithdrawWaybill("w-o1-1"), CLERK)
    counter.shop.must(ShipOrder("o1", "by-hand", pieces("o1"), "sf", "SF1234567890123"), CLERK)
    counter.work(5)
    counter.work()
    assert counter.state("o1") == ("shipped", "withdrawn")
    assert counter.standin.calls == [CREATE, SEARCH, UPDATE]
    assert counter.standin.cancelled == ["WXo1-1"]
    assert counter.shop.rows("waybill_requests", "waybill_no") == [(counter.given_out()[0],)]
    assert (counter.parcels(), counter.incidents()) == (["SF1234567890123"], [])


def test_what_nobody_waits_for_is_looked_up_through_every_silence_and_never_ordered_again(counter: Counter) -> None:
    counter.standin.fail_next(Fault.SYSTEM_ERROR_BEFORE, 3)
    counter.ask("o1")
    counter.work()
    counter.shop.must(WithdrawWaybill("w-o1-1"), CLERK)
    counter.ask("o1", 2)
    for _ in range(6):
        counter.work(60)
    assert counter.state("o1") == ("shipped", "granted")
    assert list(counter.standin.numbers) == ["WXo1-2"]
    assert counter.shop.rows("waybill_requests", "attempt, reason") == [(1, "order_over"), (2, "")]
    assert counter.parcels() == counter.given_out()


def test_what_is_withdrawn_before_the_carrier_is_asked_costs_no_number(counter: Counter) -> None:
    counter.ask("o1")
    counter.shop.must(WithdrawWaybill("w-o1-1"), CLERK)
    counter.work()
    assert (counter.state("o1"), counter.standin.calls) == (("paid", "withdrawn"), [])
    assert counter.shop.rows("waybill_requests", "reason") == [("order_over",)]


def test_labels_that_a_closed_computer_left_behind_are_asked_for_once(counter: Counter) -> None:
    counter.shop.must(EnrolDevice("d1", 1, "一号柜台", 0), SERVICE)
    counter.shop.must(AssignStation(DocumentKind.LABEL, "d1"))
    for order_id in ("o1", "o2"):
        counter.shop.must(replace(asking(order_id), has_label=0), CLERK)
    counter.work()
    by_hand = MarkPrinted("p1", paper_key(DocumentKind.LABEL, "pa-o1-1"), "d1")
    counter.shop.must(by_hand, CLERK)
    counter.work(500)
    assert counter.shop.rows("print_requests", "parcel_id") == [], "the computer may still be about to ask"
    for _ in range(2):
        counter.work(200)
        assert counter.shop.rows("print_requests", "parcel_id") == [("pa-o2-1",)]


def test_a_number_of_another_parcel_ships_nothing(counter: Counter) -> None:
    counter.shop.must(ShipOrder("o2", "by-hand", pieces("o2"), "sf", "SF7444000000001"), CLERK)
    counter.ask("o1")
    counter.work()
    assert counter.state("o1") == ("paid", "withdrawn")
    assert (counter.incidents(), counter.parcels()) == (["waybill.number_taken"], ["SF7444000000001"])
    counter.ask("o1", 2)
    counter.work()
    assert counter.state("o1") == ("shipped", "granted")


def test_an_account_that_was_taken_away_settles_what_was_never_asked(counter: Counter) -> None:
    counter.ask("o1")
    real = counter.carriers.pop("sf")
    counter.work()
    assert counter.shop.rows("waybill_requests", "state, reason") == [("refused", "account")]
    counter.carriers["sf"] = real
    counter.standin.fail_next(Fault.EMPTY_AFTER)
    counter.ask("o1", 2)
    counter.work()
    counter.carriers.clear()
    counter.work(5)
    assert counter.state("o1") == ("paid", "asked")


def test_a_shop_that_may_be_an_older_one_asks_nobody(counter: Counter) -> None:
    counter.ask("o1")
    counter.shop.must(RecordRestore("d1", 9, 3), SERVICE)
    counter.work()
    assert (counter.state("o1"), counter.standin.calls) == (("paid", "asked"), [])


@pytest.mark.parametrize("is_after", [False, True], ids=["before the call", "between answer and record"])
def test_a_service_that_dies_in_the_middle_costs_no_second_number(counter: Counter, is_after: bool) -> None:
    real = counter.carriers["sf"]

    class Dying(_Through):
        def order(self, wanted: WaybillOrder) -> Granted | Refused | Unknown:
            if is_after:
                self.inner.order(wanted)
            raise Killed

    counter.ask("o1")
    counter.carriers["sf"] = Dying(real)
    with pytest.raises(Killed):
        counter.work()
    counter.carriers["sf"] = real
    counter.work(121)
    assert counter.state("o1") == ("shipped", "granted")
    assert counter.parcels() == counter.given_out() == [counter.standin.numbers["WXo1-1"]]


def test_two_hundred_numbers_through_every_fault(counter: Counter) -> None:
    """One parcel for each number, whatever is lost or killed on the way; fewer where each takes longer."""
    real = counter.carriers["sf"]
    chance = Random(17)
    faults = (None, Fault.EMPTY_AFTER, Fault.SYSTEM_ERROR_AFTER, Fault.SYSTEM_ERROR_BEFORE)

    class Troubled(_Through):
        def order(self, wanted: WaybillOrder) -> Granted | Refused | Unknown:
            counter.standin.answer_next(chance.choice(faults))
            answer = self.inner.order(wanted)
            if chance.random() < 0.06:
                raise Killed
            return answer

    sku_id = counter.shop.product("p2", stock=300)
    orders = [f"b{place:03}" for place in range(200 if counter.shop.store.is_sqlite else 40)]
    counter.paid_orders(orders, sku_id)
    counter.all_at_once([asking(order_id) for order_id in orders], CLERK)
    counter.carriers["sf"] = Troubled(real)
    for _ in range(60):
        try:
            counter.work(121)
        except Killed:
            continue
        if not [state for _, state in counter.shop.rows("waybill_requests", "id, state") if state == "asked"]:
            break
    states = [state for _, state in counter.shop.rows("waybill_requests", "id, state")]
    second = len(counter.standin.numbers) - len({key.rsplit("-", 1)[0] for key in counter.standin.numbers})
    print(f"WAYBILLS asked {len(orders)} numbers {len(counter.standin.numbers)} second numbers {second}")
    assert states == ["granted"] * len(orders)
    assert sorted(counter.parcels()) == counter.given_out()
    assert second == 0


def test_the_counters_know_whether_there_is_an_account(counter: Counter) -> None:
    outside = Outside(counter.shop.store, counter.shop.executor, counter.clock, None)

    def known() -> tuple[str, ...]:
        with counter.shop.store.reading() as database:
            return read_settings(SqlView(database, Audience)).carriers_with_numbers

    assert known() == ("sf",)
    tell_carriers(outside, {})
    assert known() == ()
    refused = counter.shop.do(RequestWaybill("w", "o1", "pa", pieces("o1"), "sf"), CLERK)
    assert refused.code == "delivery.no_account"
    counter.clock.advance(seconds=1)
    tell_carriers(outside, counter.carriers)
    tell_carriers(outside, counter.carriers)
    assert known() == ("sf",)


def _parcel(key: str) -> WaybillOrder:
    shop = Party("山野咖啡", "0571-88066288", "浙江省杭州市西湖区文三路 398 号")
    return WaybillOrder(key, shop, Party("林晓雨", "13800138000", "杭州市余杭区 3 幢"), (Cargo("咖啡豆", 1),))


class _Through:
    """A carrier that does what the one behind it does."""

    def __init__(self, inner: Carrier) -> None:
        self.inner = inner

    def order(self, wanted: WaybillOrder) -> Granted | Refused | Unknown:
        return self.inner.order(wanted)

    def find(self, key: str) -> Granted | Refused | Unknown:
        return self.inner.find(key)

    def cancel(self, key: str) -> bool | Refused | Unknown:
        return self.inner.cancel(key)
