"""A buyer logs in, looks, asks for the price, orders and pays, and sees the parcel leave."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.buyer.client import ShopClient
from app.buyer.refusals import Conflict, KeyUsed, NotFound, NotLoggedIn, PriceChanged, Unavailable
from app.domain.catalog.commands import ChangePrice
from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from services.standins.wechat.fault import Fault, Operation
from services.standins.wechat.mail import NoticePlan
from tests.support.shop import CLERK
from tests.support.street import HOME, Street


def test_a_buyer_orders_pays_and_sees_the_parcel(street: Street, buyer: ShopClient) -> None:
    assert [c.name for c in buyer.categories()] == ["咖啡豆"]
    card = buyer.products().items[0]
    product = buyer.product(card.id)
    assert (card.from_fen, product.skus[0].list_fen, product.stock[0].available_qty) == (6800, 6800, 10)

    quote = buyer.quote([(product.skus[0].id, 2)])
    assert quote.total_fen == 13600 == sum(step.fen for step in quote.explanation)
    order = buyer.place_order(quote, HOME, "key-00000001", "请轻放")
    assert (order.state, order.total_fen, order.buyer_remark) == ("unpaid", 13600, "请轻放")
    assert order.no.startswith("WX20261123") and len(order.no) == 16
    assert order.contact == HOME
    street.settle()
    assert buyer.product(card.id).stock[0].available_qty == 8

    street.clock.advance(seconds=20)
    payment = buyer.pay(order.id)
    assert payment.amount_fen == 13600 and payment.out_trade_no == f"{order.no}-1"
    street.wechat.pay_sheet(payment.wx_payment)
    street.tell()
    paid = buyer.order(order.id)
    assert (paid.state, paid.paid_fen, paid.paid_at) == ("paid", 13600, street.clock.now())

    street.clock.advance(minutes=1)
    street.shop.must(
        ShipOrder(order.id, "parcel", (ShippedLine(order.lines[0].id, 2),), "sf", "SF1234567890123"), CLERK
    )
    shipped = buyer.order(order.id)
    assert shipped.state == "shipped"
    assert [(p.carrier_name, p.waybill_no) for p in shipped.parcels] == [("顺丰速运", "SF1234567890123")]
    assert [event.kind for event in shipped.events] == ["placed", "paid", "shipped"]
    assert [o.no for o in buyer.orders().items] == [order.no]


def test_the_same_key_is_the_same_order_also_on_the_next_day(street: Street, buyer: ShopClient) -> None:
    quote = buyer.quote([("p1-s", 1)])
    first = buyer.place_order(quote, HOME, "key-00000001")
    street.clock.advance(days=2)
    again = buyer.place_order(quote, HOME, "key-00000001")
    assert (again.id, again.no) == (first.id, first.no)
    assert street.shop.rows("orders", "no") == [(first.no,)]
    with pytest.raises(KeyUsed):
        buyer.place_order(buyer.quote([("p1-s", 2)]), HOME, "key-00000001")
    assert street.shop.rows("stock_levels", "reserved_qty") == [(1,)]


def test_the_same_key_at_once_is_one_order(street: Street, buyer: ShopClient) -> None:
    quote = buyer.quote([("p1-s", 1)])
    with ThreadPoolExecutor(8) as taps:
        orders = list(taps.map(lambda _: buyer.place_order(quote, HOME, "key-00000001"), range(16)))
    assert len({order.id for order in orders}) == 1
    assert street.shop.rows("stock_levels", "reserved_qty") == [(1,)]


def test_the_same_key_of_another_buyer_is_another_order(street: Street, buyer: ShopClient) -> None:
    first = street.ordered(buyer, "p1-s")
    with street.buyer("other") as other:
        second = street.ordered(other, "p1-s")
    assert first.id != second.id and first.no != second.no


def test_a_price_that_changed_is_refused_with_the_new_quote(street: Street, buyer: ShopClient) -> None:
    seen = buyer.quote([("p1-s", 2)])
    street.shop.must(ChangePrice("p1-s", Fen(6800), Fen(7000)))
    for _ in range(2):
        with pytest.raises(PriceChanged) as refused:
            buyer.place_order(seen, HOME, "key-00000001")
        assert refused.value.quote is not None
        assert refused.value.quote.total_fen == 14000
    assert street.shop.rows("orders") == []
    assert buyer.place_order(refused.value.quote, HOME, "key-00000002").total_fen == 14000


def test_what_is_not_there_cannot_be_bought(street: Street, buyer: ShopClient) -> None:
    with pytest.raises(Conflict) as refused:
        buyer.quote([("p1-s", 11)])
    assert (refused.value.code, refused.value.params["available_qty"]) == ("order.out_of_stock", 10)
    with pytest.raises(Conflict) as refused:
        buyer.quote([("nothing", 1)])
    assert refused.value.code == "order.not_for_sale"


def test_somebody_elses_order_does_not_exist(street: Street, buyer: ShopClient) -> None:
    order = street.ordered(buyer, "p1-s")
    with street.buyer("other") as other:
        for attempt in (other.order, other.pay):
            with pytest.raises(NotFound):
                attempt(order.id)
        assert other.orders().items == ()
    assert street.shop.rows("payments") == []
    with ShopClient(street.url) as nobody, pytest.raises(NotLoggedIn):
        nobody.order(order.id)


def test_a_code_works_once_and_a_session_ends(street: Street) -> None:
    code, _ = street.wechat.login_code("xiaoyu")
    with ShopClient(street.url) as buyer:
        buyer.login(code)
        token = buyer.token
        with pytest.raises(NotLoggedIn) as refused:
            buyer.login(code)
        assert refused.value.code == "login.refused"
        assert buyer.orders().items == ()
        street.clock.advance(days=30)
        with pytest.raises(NotLoggedIn) as refused:
            buyer.orders()
        assert refused.value.code == "session.unknown"
    stored = street.shop.rows("buyer_sessions", "token_hash, buyer_id, expires_at")
    assert len(stored) == 1 and token not in str(stored)
    assert len(street.shop.rows("buyers")) == 1


def test_two_logins_are_one_buyer(street: Street) -> None:
    with street.buyer() as first, street.buyer() as second:
        order = street.ordered(first, "p1-s")
        assert second.order(order.id).no == order.no


@pytest.mark.warns_in_log("WeChat does not answer")
@pytest.mark.parametrize("fault", [Fault.NO_ANSWER, Fault.GARBAGE])
def test_a_login_that_wechat_does_not_answer_may_be_tried_again(street: Street, fault: Fault) -> None:
    street.wechat.script(Operation.LOGIN, fault)
    with ShopClient(street.url) as buyer:
        with pytest.raises(Unavailable) as refused:
            buyer.login(street.wechat.login_code("xiaoyu")[0])
        assert refused.value.retry_after_s > 0
        buyer.login(street.wechat.login_code("xiaoyu")[0])


@pytest.mark.warns_in_log("WeChat does not answer")
@pytest.mark.parametrize("fault", [Fault.SYSTEM_ERROR_BEFORE, Fault.SYSTEM_ERROR_AFTER, Fault.DROPPED, Fault.FORGED])
def test_paying_goes_on_under_the_same_number_after_an_unclear_answer(
    street: Street, buyer: ShopClient, fault: Fault
) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.script(Operation.PREPAY, fault)
    with pytest.raises(Unavailable) as refused:
        buyer.pay(order.id)
    assert refused.value.retry_after_s > 0
    payment = buyer.pay(order.id)
    assert buyer.pay(order.id).out_trade_no == payment.out_trade_no
    assert len(street.wechat.ledger.orders()) == 1
    assert street.shop.rows("payments", "out_trade_no, state") == [(payment.out_trade_no, "open")]
    street.wechat.pay_sheet(payment.wx_payment)
    street.tell()
    assert buyer.order(order.id).state == "paid"


@pytest.mark.warns_in_log("WeChat does not answer")
def test_a_notice_before_our_prepay_answer_is_stored_pays_the_order(street: Street, buyer: ShopClient) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.script(Operation.PREPAY, Fault.DROPPED)
    with pytest.raises(Unavailable):
        buyer.pay(order.id)
    street.wechat.pay(f"{order.no}-1")
    street.tell()
    assert street.shop.rows("payments", "state, prepay_id") == [("paid", "")]
    assert buyer.order(order.id).state == "paid"


@pytest.mark.warns_in_log("WeChat does not answer")
def test_a_payment_whose_notice_is_lost_is_found_when_the_buyer_asks_again(street: Street, buyer: ShopClient) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.script(Operation.PREPAY, Fault.DROPPED)
    with pytest.raises(Unavailable):
        buyer.pay(order.id)
    street.wechat.pay(f"{order.no}-1", NoticePlan.LOST)
    with pytest.raises(Conflict) as refused:
        buyer.pay(order.id)
    assert (refused.value.code, refused.value.params) == ("payment.not_payable", {"state": "paid"})
    assert buyer.order(order.id).state == "paid"
    assert len(street.shop.rows("transfers")) == 1


def test_nothing_can_be_paid_twice_or_too_late(street: Street, buyer: ShopClient) -> None:
    paid, late = street.ordered(buyer, "p1-s"), street.ordered(buyer, "p1-s", key="key-00000002")
    street.wechat.pay_sheet(buyer.pay(paid.id).wx_payment)
    street.tell()
    with pytest.raises(Conflict) as refused:
        buyer.pay(paid.id)
    assert refused.value.code == "payment.not_payable"
    street.clock.advance(minutes=30)
    with pytest.raises(Conflict) as refused:
        buyer.pay(late.id)
    assert refused.value.code == "payment.expired"
