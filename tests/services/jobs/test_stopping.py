"""A stop waits for no silent WeChat, and what was being asked is asked again after the next start."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.adapters.wechat_pay.client import WechatPayClient
from services.authority.jobs import JobState
from services.db.engine import Store
from services.jobs.outside import Outside
from services.jobs.payment_poll import KIND
from services.jobs.payment_work import payment_work
from services.jobs.worker import Worker
from services.standins.wechat.fault import Fault, Operation
from services.standins.wechat.mail import NoticePlan
from tests.support.street import Street, open_street, wechat_identity
from tests.support.waiting import until

pytestmark = pytest.mark.warns_in_log("WeChat is made to say nothing")
SOON_S = 2.0


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Iterator[Street]:
    with open_street(store, tmp_path) as street:
        street.shop.product(stock=10)
        yield street


def started(street: Street) -> tuple[Worker, WechatPayClient]:
    """What a start of the service makes anew: its door to WeChat, and the hands that use it."""
    config = wechat_identity().pay_config(street.wechat_url, f"{street.url}/wechat/pay/notify", clock=street.clock.now)
    pay = WechatPayClient(config)
    handlers, timers = payment_work(Outside(street.shop.store, street.shop.executor, street.clock, pay))
    worker = Worker(street.shop.store, street.shop.executor, street.clock, handlers, timers)
    worker.start()
    return worker, pay


def test_a_payment_that_was_being_asked_for_at_a_stop_is_found_after_the_next_start(street: Street) -> None:
    with street.buyer() as buyer:
        order = street.ordered(buyer, "p1-s")
        street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.HELD)
    street.wechat.script(Operation.QUERY, Fault.NO_ANSWER)
    street.clock.advance(seconds=30)
    worker, pay = started(street)
    until(lambda: ("running",) in street.shop.rows("jobs", "state"), "the job has begun")
    begun = time.monotonic()
    worker.stop()
    worker.wait(0.2)
    assert worker.is_at_work, "it hangs at WeChat"
    pay.cut()
    worker.close()
    pay.dispose()
    assert time.monotonic() - begun < SOON_S
    assert street.shop.rows("orders", "state") == [("unpaid",)]
    assert street.shop.rows("jobs", "kind, state") == [(KIND, JobState.WAITING.value)]
    worker, pay = started(street)  # by the same clock: it is due at once
    until(lambda: street.shop.rows("orders", "state") == [("paid",)], "the payment is found")
    worker.close()
    pay.dispose()
    assert len(street.shop.rows("transfers")) == 1
