"""Refunds by our client against the stand-in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.adapters.wechat_pay.gateway import (
    Doubt,
    Refund,
    RefundRequest,
    RefundState,
    RefusalCode,
    Refused,
    TradeState,
    Transaction,
    Unknown,
)
from services.standins.wechat.fault import Fault, Operation, Rules
from services.standins.wechat.terms import OrderTerms
from tests.services.standins.conftest import Shop

NUMBER = "SO20261120001"


def request(number: str = "RF1", refund_fen: int = 5600) -> RefundRequest:
    return RefundRequest(number, NUMBER, refund_fen, 25600, "少发一件")


def refusal(answer: Refund | Refused | Unknown) -> RefusalCode:
    assert isinstance(answer, Refused)
    return answer.code


def test_a_refund_is_in_progress_until_the_bank_answers(any_shop: Shop) -> None:
    shop = any_shop
    shop.paid()
    started = shop.client.refund(request())
    assert isinstance(started, Refund)
    assert (started.state, started.refund_fen, started.success_at) == (RefundState.PROCESSING, 5600, None)
    shop.clock.advance(days=3)
    shop.wechat.finish_refund("RF1")
    ended = shop.client.query_refund("RF1")
    assert isinstance(ended, Refund)
    assert (ended.state, ended.success_at) == (RefundState.SUCCESS, shop.clock.now())
    paid = shop.client.query(NUMBER)
    assert isinstance(paid, Transaction)
    assert paid.state is TradeState.REFUND
    assert paid.is_paid


@pytest.mark.parametrize("state", [RefundState.ABNORMAL, RefundState.CLOSED])
def test_a_refund_can_fail(shop: Shop, state: RefundState) -> None:
    shop.paid()
    shop.client.refund(request())
    shop.wechat.finish_refund("RF1", state.value)
    ended = shop.client.query_refund("RF1")
    assert isinstance(ended, Refund)
    assert ended.state is state


@pytest.mark.warns_in_log("an answer that is lost")
@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.TRUNCATED, Fault.SYSTEM_ERROR_AFTER, Fault.UNSIGNED])
def test_a_refund_whose_answer_was_lost_is_repeated_and_stays_one(shop: Shop, fault: Fault) -> None:
    shop.paid()
    shop.wechat.script(Operation.REFUND, fault)
    assert isinstance(shop.client.refund(request()), Unknown)
    assert isinstance(shop.client.refund(request()), Refund)
    assert len(shop.wechat.ledger.refunds()) == 1


def test_the_same_number_with_another_amount_is_refused(shop: Shop) -> None:
    shop.paid()
    shop.client.refund(request())
    assert refusal(shop.client.refund(request(refund_fen=1))) is RefusalCode.INVALID_REQUEST


def test_nobody_gets_more_back_than_was_paid(shop: Shop) -> None:
    shop.paid()
    shop.client.refund(request("RF1", 25000))
    shop.clock.advance(minutes=1)
    assert refusal(shop.client.refund(request("RF2", 601))) is RefusalCode.INVALID_REQUEST
    assert isinstance(shop.client.refund(request("RF3", 600)), Refund)


def test_a_closed_refund_gives_its_sum_back(shop: Shop) -> None:
    shop.paid()
    shop.client.refund(request("RF1", 25600))
    shop.wechat.finish_refund("RF1", "CLOSED")
    shop.clock.advance(minutes=1)
    assert isinstance(shop.client.refund(request("RF2", 25600)), Refund)


@pytest.mark.warns_in_log("a refund asked too soon")
def test_a_second_refund_within_a_minute_must_wait(shop: Shop) -> None:
    shop.paid()
    shop.client.refund(request("RF1", 100))
    early = shop.client.refund(request("RF2", 100))
    assert isinstance(early, Unknown)
    assert early.reason is Doubt.BUSY
    shop.clock.advance(minutes=1)
    assert isinstance(shop.client.refund(request("RF2", 100)), Refund)


def test_the_fifty_first_refund_and_one_after_a_year_are_refused(shop: Shop) -> None:
    shop.wechat.set_rules(Rules(refund_gap_seconds=0))
    shop.paid()
    for number in range(50):
        assert isinstance(shop.client.refund(request(f"RF{number}", 1)), Refund)
    assert refusal(shop.client.refund(request("RF50", 1))) is RefusalCode.INVALID_REQUEST
    shop.clock.advance(days=366)
    assert refusal(shop.client.refund(request("RF51", 1))) is RefusalCode.INVALID_REQUEST


def test_an_empty_merchant_account_says_so_and_the_same_number_works_after_topping_up(shop: Shop) -> None:
    shop.wechat.set_rules(Rules(balance_fen=100))
    shop.paid()
    assert refusal(shop.client.refund(request())) is RefusalCode.NOT_ENOUGH
    shop.wechat.set_rules(Rules())
    assert isinstance(shop.client.refund(request()), Refund)


def test_an_unpaid_order_and_an_unknown_refund_do_not_exist(shop: Shop) -> None:
    shop.prepaid()
    assert refusal(shop.client.refund(request())) is RefusalCode.RESOURCE_NOT_EXISTS
    assert refusal(shop.client.query_refund("RF1")) is RefusalCode.RESOURCE_NOT_EXISTS


def test_a_wrong_order_total_is_refused(shop: Shop) -> None:
    shop.paid()
    assert refusal(shop.client.refund(replace(request(), total_fen=25601))) is RefusalCode.INVALID_REQUEST


def test_refunds_end_by_themselves_where_the_demo_wants_it(shop: Shop) -> None:
    shop.wechat.set_rules(Rules(refund_ends_after_seconds=30))
    shop.paid()
    shop.client.refund(request())
    shop.wechat.tick()
    assert len(shop.desk.believed) == 1
    shop.clock.advance(seconds=30)
    shop.wechat.tick()
    assert len(shop.desk.believed) == 2


def test_a_payment_of_the_past_can_be_entered_asked_for_and_refunded(shop: Shop) -> None:
    identity, paid_at = shop.wechat.identity, shop.clock.now() - timedelta(days=200)
    terms = OrderTerms(
        identity.appid, identity.mchid, NUMBER, "茶", 25600, "o1", "https://shop.example.com/n", None, ""
    )
    shop.wechat.ledger.adopt(terms, "4200002601202605040000000001", paid_at)
    found = shop.client.query(NUMBER)
    assert isinstance(found, Transaction)
    assert (found.transaction_id, found.success_at) == ("4200002601202605040000000001", paid_at)
    assert isinstance(shop.client.refund(request()), Refund)
