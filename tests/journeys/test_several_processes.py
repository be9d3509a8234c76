"""One shop on PostgreSQL, served by two processes: whichever somebody asks, it is the same shop."""

import itertools
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

import pytest

from app.buyer.answers import Contact, Order
from app.buyer.client import ShopClient
from app.buyer.refusals import Conflict, NoAnswer, Refusal, Unavailable
from app.desk.plan import Plan
from app.domain.catalog.commands import ChangePrice
from app.domain.money import Fen
from app.domain.promotions.commands import GiveCoupon, PublishPromotion
from app.domain.staff.commands import ChangeSetting
from app.domain.stock.commands import AdjustStock, CountStock
from app.domain.stock.model import MovementReason
from app.kernel.ids import uuid7
from services.standins.wechat.mail import NoticePlan
from services.upkeep import books
from tests.journeys.counters import Counter
from tests.journeys.several import Chain, ServiceProcess, chain
from tests.support.stores import new_url
from tests.support.waiting import until

pytestmark = pytest.mark.outlived("two services and a pretended WeChat serve the whole module")

T = TypeVar("T")
SOON_MS = 1_000
HOME = Contact("林晓雨", "13812348888", "浙江省杭州市西湖区文三路 90 号 2 幢 301 室", "330106")
BUYERS, PIECES, AT_ONCE, LOGINS_AT_ONCE = 200, 50, 16, 4
REFUNDS = 8
BEANS, MILK, COLD = "云南小粒咖啡豆", "燕麦奶", "冷萃咖啡液"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    folder = tmp_path_factory.mktemp("掌柜 chain")
    with chain(new_url("postgresql", folder), folder) as found:
        yield found


@pytest.fixture(scope="module")
def counter(shop: Chain) -> Iterator[Counter]:
    """Joins at the second process."""
    plan = Plan(shop.folder / "counter", "柜台一", None, shop.second.url, shop.second.code())
    with closing(Counter(plan)) as found:
        found.comes_online()
        yield found


def both(shop: Chain, buyer: ShopClient) -> tuple[ShopClient, ShopClient]:
    return shop.at(shop.first, buyer), shop.at(shop.second, buyer)


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Let loose together, so that they meet in the database."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        barrier.wait(20)
        return act()

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(run, acts))


def sku_of(buyer: ShopClient, words: str) -> str:
    return str(buyer.product(buyer.products(search=words).items[0].id).skus[0].id)


def told(act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as refused:
        return refused.code
    return "done"


def paying(buyer: ShopClient, order_id: str, presses: int = 5) -> dict[str, str]:
    """As the mini-program does it: who is told that WeChat gave no clear answer presses again."""
    for _ in range(presses):
        try:
            return dict(buyer.pay(order_id).wx_payment)
        except (Unavailable, NoAnswer):
            continue
    raise AssertionError("no clear answer")


def unexplained(shop: Chain) -> list[books.Finding]:
    with shop.store.reading() as database:
        return books.findings(database)


def test_an_order_at_one_process_is_on_the_desktop_of_the_other_within_a_second(shop: Chain, counter: Counter) -> None:
    with shop.buyer("one") as buyer, shop.at(shop.second, buyer) as elsewhere:
        order = buyer.place_order(buyer.quote([(sku_of(buyer, COLD), 2)]), HOME, uuid7())
        assert elsewhere.order(order.id).no == order.no, "a login and an order hold everywhere"
        shop.wechat.pay_sheet(paying(elsewhere, order.id))
        ms = until(lambda: counter.order_state(order.id) == "paid", "the counter shows it paid")
    assert ms <= SOON_MS
    print(f"TWO PROCESSES order at one, paid at the other, on the second's desktop after {ms} ms")


def test_what_comes_to_both_at_once_is_done_once(shop: Chain, counter: Counter) -> None:
    """The same order, one coupon, one payment's notice."""
    with shop.buyer("twice") as buyer:
        first, second = both(shop, buyer)
        with first, second:
            sku = sku_of(buyer, COLD)
            quote, key = buyer.quote([(sku, 1)]), uuid7()
            made = at_once(*[lambda c=c: c.place_order(quote, HOME, key).id for c in (first, second) * 4])
            orders = len(shop.rows(f"SELECT id FROM orders WHERE id = '{made[0]}'"))
            assert (len(set(made)), orders, len(buyer.orders().items)) == (1, 1, 1)
            other = buyer.quote([(sku, 2)])
            assert told(lambda: second.place_order(other, HOME, key)) == "idempotency_mismatch"

            shop.courier.statuses.clear()
            shop.wechat.pay_sheet(paying(second, made[0]))
            until(lambda: buyer.order(made[0]).state == "paid", "it is paid")
            until(lambda: bool(shop.courier.statuses), "the notice was carried")
            notices = shop.courier.statuses[0]
            entries = shop.rows(
                f"SELECT t.id FROM transfers t JOIN payments p ON p.id = t.ref_id WHERE p.order_id = '{made[0]}'"
            )
            assert notices == [204, 204] and len(entries) == 1

            used = _one_coupon(shop, counter, (first, second), sku)
    print(f"TWO PROCESSES same request at both: orders 1, notice answered {notices}: booked {len(entries)}, {used}")
    assert unexplained(shop) == []


def _one_coupon(shop: Chain, counter: Counter, buyers: tuple[ShopClient, ShopClient], sku: str) -> str:
    kind, coupon = uuid7(), uuid7()
    (buyer_id,) = shop.rows(f"SELECT buyer_id FROM orders WHERE id = '{buyers[0].orders().items[0].id}'")[0]
    counter.do(PublishPromotion(kind, 0, "五元券", "coupon", {"off_fen": 500}))
    counter.do(GiveCoupon(coupon, kind, buyer_id, ("FIVE-0001",)))
    quote = buyers[0].quote([(sku, 2)])
    assert buyers[1].quote([(sku, 2)]).total_fen == quote.total_fen
    wishes = [lambda c=c: told(lambda: c.place_order(quote, HOME, uuid7())) for c in buyers * 4]
    ends = Tally(at_once(*wishes))
    (state, order_id) = shop.rows(f"SELECT state, order_id FROM coupons WHERE id = '{coupon}'")[0]
    assert ends == {"done": 1, "order.price_changed": 7} and state == "used" and order_id
    return f"coupon wanted by 8, used {ends['done']}"


def test_two_hundred_buyers_at_both_processes_buy_exactly_fifty_pieces(shop: Chain, counter: Counter) -> None:
    detail = counter.product(BEANS)
    sku, level = detail.skus[0].sku.id, detail.skus[0].levels[0]
    counter.do(CountStock(sku, level.location_id, level.on_hand_qty, PIECES + level.reserved_qty))
    until(lambda: counter.waiting() == 0, "the count is booked")
    with ThreadPoolExecutor(LOGINS_AT_ONCE) as queue:
        buyers = list(queue.map(shop.buyer, (f"crowd-{n}" for n in range(BUYERS))))
    places = itertools.cycle((shop.first, shop.second))
    crowd = [shop.at(next(places), buyer) for buyer in buyers]
    try:
        quote = crowd[0].quote([(sku, 1)])
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as rush:
            outcomes = list(rush.map(lambda buyer: _try_to_buy(shop, buyer, quote), crowd))
        seconds = time.perf_counter() - started
    finally:
        for client in (*buyers, *crowd):
            client.close()
    by_process = [sum(o == "sold" for o in outcomes[at::2]) for at in (0, 1)]
    paid = f"SELECT count(*) FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE l.sku_id = '{sku}'"
    until(lambda: shop.rows(f"{paid} AND o.state = 'paid'")[0][0] == PIECES, "all are paid")
    levels = shop.rows(f"SELECT on_hand_qty - reserved_qty, short_qty FROM stock_levels WHERE sku_id = '{sku}'")
    print(
        f"TWO PROCESSES flash sale: {BUYERS} buyers, {PIECES} pieces, sold {sum(by_process)} ({by_process[0]} at one,"
        f" {by_process[1]} at the other) in {seconds:.1f} s, unexplained {len(unexplained(shop))}"
    )
    assert Tally(outcomes) == {"sold": PIECES, "order.out_of_stock": BUYERS - PIECES}
    assert min(by_process) > 0 and levels == [(0, 0)] and unexplained(shop) == []


def _try_to_buy(shop: Chain, buyer: ShopClient, quote: object) -> str:
    try:
        order = buyer.place_order(quote, HOME, "key-of-the-sale")  # type: ignore[arg-type]
    except Conflict as refused:
        return refused.code
    shop.wechat.pay_sheet(paying(buyer, order.id))
    return "sold"


def test_each_job_is_done_by_one_of_them(shop: Chain) -> None:
    """Paid orders are cancelled at both; each refund is asked for once, and both processes look for work."""
    with shop.buyer("jobs") as buyer:
        first, second = both(shop, buyer)
        with first, second:
            orders = [_paid(shop, buyer) for _ in range(REFUNDS)]
            pairs = zip(orders, itertools.cycle((first, second)), strict=False)
            at_once(*[lambda o=order, c=client: c.cancel(o.id, uuid7()) for order, client in pairs])
            ids = ", ".join(f"'{order.id}'" for order in orders)
            back = f"SELECT count(*) FROM refunds WHERE state = 'succeeded' AND order_id IN ({ids})"
            until(lambda: shop.rows(back)[0][0] == REFUNDS, "the money is back", 60)
    asked = f"FROM jobs j JOIN refunds r ON j.key = 'payment.refund:' || r.id WHERE r.order_id IN ({ids})"
    done = f"SELECT count(*) {asked} AND j.state = 'done'"
    until(lambda: shop.rows(done)[0][0] == REFUNDS, "nothing is left to ask WeChat", 60)
    jobs = shop.rows(f"SELECT j.state, count(*) {asked} GROUP BY 1")
    booked = shop.rows(
        f"SELECT count(*) FROM transfers t JOIN refunds r ON r.id = t.ref_id WHERE r.order_id IN ({ids})"
    )[0][0]
    numbers = {f"{order.no}-1" for order in orders}
    at_wechat = sum(refund.terms.out_trade_no in numbers for refund in shop.wechat.ledger.refunds())
    print(f"TWO PROCESSES refunds {REFUNDS}: jobs {dict(jobs)}, at WeChat {at_wechat}, booked {booked}")
    assert (dict(jobs), at_wechat, booked) == ({"done": REFUNDS}, REFUNDS, REFUNDS)
    assert unexplained(shop) == []


def _paid(shop: Chain, buyer: ShopClient) -> Order:
    order = buyer.place_order(buyer.quote([(sku_of(buyer, COLD), 1)]), HOME, uuid7())
    shop.wechat.pay_sheet(paying(buyer, order.id), NoticePlan.HELD)
    shop.wechat.mail.deliver(f"{order.no}-1")
    return order


def test_what_one_process_keeps_follows_what_was_changed_at_the_other(shop: Chain, counter: Counter) -> None:
    """The counter talks to the second process; the first keeps products as ready bytes, settings and rule sets."""
    with shop.buyer("looking") as buyer:
        goods = buyer.products(search=MILK).items[0]
        sku = buyer.product(goods.id).skus[0]
        quote = buyer.quote([(sku.id, 1)])
        counter.do(ChangePrice(sku.id, Fen(sku.list_fen), Fen(sku.list_fen + 111)))
        price_ms = until(lambda: buyer.product(goods.id).skus[0].list_fen == sku.list_fen + 111, "the new price")
        listed_ms = until(lambda: buyer.quote([(sku.id, 1)]).goods_fen == sku.list_fen + 111, "quoted")
        counter.do(ChangeSetting("freight_fen", "1234"))
        freight_ms = until(lambda: buyer.quote([(sku.id, 1)], "330106").freight_fen in (0, 1234), "the new freight")
        counter.do(
            PublishPromotion(uuid7(), 0, "立减一元", "threshold", {"tiers": [{"reach_fen": 5_000, "off_fen": 4_000}]})
        )
        rules_ms = until(lambda: buyer.quote([(sku.id, 1)]).discount_fen >= 4_000, "the new rule")
        assert told(lambda: buyer.place_order(quote, HOME, uuid7())) == "order.price_changed"
    print(
        f"TWO PROCESSES a change at one is at the other after: price {price_ms} ms, quote {listed_ms} ms,"
        f" setting {freight_ms} ms, rule {rules_ms} ms"
    )
    assert max(price_ms, listed_ms, freight_ms, rules_ms) <= SOON_MS


def test_a_process_killed_under_load_loses_nothing_that_it_had_acknowledged(shop: Chain) -> None:
    """A third process is killed; buyers and a counter go on at the others, as a proxy in front would send them."""
    third = ServiceProcess(shop.folder, shop.database)
    front = [third, shop.first]
    plan = Plan(shop.folder / "counter-3", "柜台三", None, third.url, third.code(), route=lambda _: front[0].url)
    with closing(third), closing(Counter(plan)) as counter:
        counter.comes_online()
        sku, place = counter.product(COLD).skus[0].sku.id, counter.product(COLD).skus[0].levels[0].location_id
        buyers = [shop.buyer(f"load-{n}") for n in range(8)]
        stop = threading.Event()
        try:
            with ThreadPoolExecutor(len(buyers)) as crowd:
                work = [crowd.submit(_order_until, stop, b, sku, front) for b in buyers]
                given = [counter.do(AdjustStock(sku, place, 1, MovementReason.FOUND)) for _ in range(20)]
                until(lambda: _unpaid(shop) >= 10, "orders come in", 60)
                third.kill()
                given += [counter.do(AdjustStock(sku, place, 1, MovementReason.FOUND)) for _ in range(20)]
                front.pop(0)
                before = _unpaid(shop)
                until(lambda: _unpaid(shop) >= before + 10, "orders go on at the others", 60)
                stop.set()
                acknowledged = [order for future in work for order in future.result(60)]
            counter.desktop.sync_now()
            until(lambda: counter.waiting() == 0, "the counter has sent everything", 60)
        finally:
            for buyer in buyers:
                buyer.close()
        stored = {row[0] for row in shop.rows("SELECT id FROM orders")}
        verdicts = {row[0] for row in shop.rows("SELECT command_id FROM command_log WHERE verdict = 'applied'")}
        effects = Tally(row[0] for row in shop.rows("SELECT ref_id FROM stock_movements WHERE ref_kind = 'command'"))
        lost = len(set(acknowledged) - stored) + len(set(given) - verdicts)
        doubled = len(acknowledged) - len(set(acknowledged)) + sum(effects[one] != 1 for one in given)
        assert counter.differing() == ()
    numbers = shop.rows("SELECT count(*), max(position) FROM command_log")[0]
    print(
        f"TWO PROCESSES one more killed under load: orders acknowledged {len(acknowledged)}, commands {len(given)},"
        f" lost {lost}, doubled {doubled}"
    )
    assert (lost, doubled) == (0, 0) and numbers[0] == numbers[1] and unexplained(shop) == []


def _unpaid(shop: Chain) -> int:
    return int(shop.rows("SELECT count(*) FROM orders WHERE state = 'unpaid'")[0][0])


def _order_until(stop: threading.Event, buyer: ShopClient, sku: str, front: list[ServiceProcess]) -> list[str]:
    """One order after the other, each asked for under its own key until somebody answers."""
    done: list[str] = []
    while not stop.is_set() and len(done) < 12:
        key, got = uuid7(), ""
        while not got:
            with ShopClient(front[0].url, buyer.token) as client:
                try:
                    got = client.place_order(client.quote([(sku, 1)]), HOME, key).id
                except (NoAnswer, Unavailable):
                    stop.wait(0.05)
                except Refusal as refused:
                    if refused.code != "too_often":
                        raise
                    return done
        done.append(got)
    return done
