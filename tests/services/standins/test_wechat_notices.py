"""How notices travel, and what the shop believes of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from services.adapters.wechat_pay.gateway import PaymentNotice, RefundNotice, RefundRequest, RefundState
from services.adapters.wechat_pay.verification import Distrusted
from services.standins.wechat.fault import RETRY_SECONDS, Fault
from services.standins.wechat.identity import Identity
from services.standins.wechat.mail import NoticePlan
from services.standins.wechat.server import running
from services.standins.wechat.standin import WechatStandIn
from services.standins.wechat.terms import OrderTerms
from tests.services.standins.conftest import NOTIFY_URL, Shop

NUMBER = "SO20261120001"


def test_a_notice_sent_twice_says_the_same_thing(shop: Shop) -> None:
    shop.prepaid()
    shop.wechat.pay(NUMBER, NoticePlan.TWICE)
    assert shop.wechat.mail.deliver_due() == 2
    first, second = shop.desk.believed
    assert first.dedupe_key == second.dedupe_key
    assert shop.wechat.mail.deliver_due() == 0


def test_a_late_notice_comes_when_it_is_due_and_is_signed_then(shop: Shop) -> None:
    shop.prepaid()
    shop.wechat.pay(NUMBER, NoticePlan.LATE, delay_seconds=23 * 3600)
    assert shop.wechat.mail.deliver_due() == 0
    shop.clock.advance(hours=23)
    assert shop.wechat.mail.deliver_due() == 1
    assert len(shop.desk.believed) == 1


@pytest.mark.parametrize(
    ("plan", "reason"),
    [(NoticePlan.PROBE, "probe"), (NoticePlan.FORGED, "bad_signature"), (NoticePlan.STALE, "stale")],
)
def test_a_spoiled_notice_is_refused_and_the_genuine_one_after_it_believed(
    shop: Shop, plan: NoticePlan, reason: str
) -> None:
    shop.prepaid()
    shop.wechat.pay(NUMBER, plan)
    shop.wechat.mail.deliver_due()
    assert (shop.desk.refused, shop.desk.believed) == ([reason], [])
    shop.clock.advance(seconds=15)
    shop.wechat.mail.deliver_due()
    assert len(shop.desk.believed) == 1


@pytest.mark.parametrize("fault", [Fault.FORGED, Fault.PROBE, Fault.UNSIGNED, Fault.STALE])
def test_a_forged_claim_of_payment_is_refused(shop: Shop, fault: Fault) -> None:
    shop.prepaid()
    assert shop.wechat.forge_notice(NUMBER, fault) == 401
    assert shop.desk.believed == []


def test_a_wrong_amount_is_believed_to_be_wechats_word_and_shows_the_other_amount(shop: Shop) -> None:
    shop.prepaid()
    shop.wechat.pay(NUMBER, NoticePlan.WRONG_AMOUNT)
    shop.wechat.mail.deliver_due()
    (notice,) = shop.desk.believed
    assert isinstance(notice, PaymentNotice)
    assert notice.transaction.total_fen == 25601


def test_a_wrong_notice_does_not_shadow_the_right_one(shop: Shop) -> None:
    shop.prepaid(NUMBER)
    shop.wechat.pay(NUMBER, NoticePlan.WRONG_AMOUNT)
    shop.wechat.mail.deliver_due()
    found = shop.client.query(NUMBER)
    (wrong,) = shop.desk.believed
    assert isinstance(wrong, PaymentNotice)
    right = PaymentNotice(wrong.notice_id, wrong.created_at, wrong.event, found)  # type: ignore[arg-type]
    assert right.dedupe_key != wrong.dedupe_key


def test_held_notices_come_in_the_order_the_test_chooses(shop: Shop) -> None:
    for number in ("SO20261120001", "SO20261120002"):
        shop.prepaid(number)
        shop.wechat.pay(number, NoticePlan.HELD)
    assert shop.wechat.mail.deliver_due() == 0
    assert shop.wechat.mail.deliver("SO20261120002") == [200]
    assert shop.wechat.mail.deliver("SO20261120001") == [200]
    numbers = [notice.transaction.out_trade_no for notice in shop.desk.believed if isinstance(notice, PaymentNotice)]
    assert numbers == ["SO20261120002", "SO20261120001"]


def test_a_notice_nobody_takes_is_sent_sixteen_times_in_24_hours_and_then_no_more(shop: Shop) -> None:
    shop.prepaid()
    shop.desk.answers = [500, None] * 8
    shop.wechat.pay(NUMBER)
    sent = shop.wechat.mail.deliver_due()
    for seconds in RETRY_SECONDS:
        shop.clock.advance(seconds=seconds)
        sent += shop.wechat.mail.deliver_due()
    shop.clock.advance(days=2)
    assert (sent, shop.wechat.mail.deliver_due()) == (16, 0)
    assert sum(RETRY_SECONDS) == 24 * 3600 + 4 * 60


def test_a_notice_of_another_merchants_key_is_refused(shop: Shop, identity: Identity) -> None:
    seen: list[str] = []

    def receive(url: str, headers: object, body: bytes) -> int:
        with pytest.raises(Distrusted) as refusal:
            shop.client.parse_notice(dict(headers), body)  # type: ignore[call-overload]
        seen.append(refusal.value.reason.value)
        return 401

    other = Identity.generate(shop.clock.now())
    stranger = WechatStandIn(other, clock=shop.clock.now, send=receive)
    terms = OrderTerms(other.appid, other.mchid, NUMBER, "x", 1, "o1", NOTIFY_URL, None, "")
    stranger.ledger.prepay(terms)
    stranger.pay(NUMBER)
    stranger.mail.deliver_due()
    assert seen == ["unknown_serial"]


def refund_request(number: str = "RF1", refund_fen: int = 5600) -> RefundRequest:
    return RefundRequest(number, NUMBER, refund_fen, 25600, "少发一件")


@pytest.mark.parametrize("state", [RefundState.SUCCESS, RefundState.ABNORMAL, RefundState.CLOSED])
def test_the_end_of_a_refund_is_noticed(any_shop: Shop, state: RefundState) -> None:
    shop = any_shop
    shop.paid()
    shop.client.refund(refund_request())
    shop.wechat.finish_refund("RF1", state.value)
    shop.wechat.mail.deliver_due()
    notice = shop.desk.believed[-1]
    assert isinstance(notice, RefundNotice)
    assert (notice.event, notice.refund.state) == (f"REFUND.{state.value}", state)
    assert (notice.refund.refund_fen, notice.refund.total_fen) == (5600, 25600)
    assert notice.refund.mchid == shop.wechat.identity.mchid


def test_a_refund_notice_may_come_before_the_payments_own(shop: Shop) -> None:
    shop.prepaid()
    shop.wechat.pay(NUMBER, NoticePlan.HELD)
    shop.client.refund(refund_request())
    shop.wechat.finish_refund("RF1")
    shop.wechat.mail.deliver_due()
    shop.wechat.mail.deliver(NUMBER)
    assert [type(notice) for notice in shop.desk.believed] == [RefundNotice, PaymentNotice]


@contextmanager
def letter_box(answers: list[int]) -> Iterator[tuple[str, list[bytes], threading.Event]]:
    """A real HTTP receiver; the event is set when its answers are used up."""
    bodies: list[bytes] = []
    is_full = threading.Event()

    class Box(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(answers.pop(0))
            self.end_headers()
            if not answers:
                is_full.set()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Box)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/notices", bodies, is_full
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_running_stand_in_sends_its_notices_by_itself(identity: Identity) -> None:
    wechat = WechatStandIn(identity)
    with letter_box([204]) as (url, bodies, is_full), running(wechat):
        wechat.ledger.prepay(OrderTerms(identity.appid, identity.mchid, NUMBER, "x", 1, "o1", url, None, ""))
        wechat.pay(NUMBER)
        assert is_full.wait(10)
    assert b'"TRANSACTION.SUCCESS"' in bodies[0]


def test_a_notice_never_leaves_this_machine(identity: Identity) -> None:
    wechat = WechatStandIn(identity)
    url = "https://shop.example.com/notices"
    wechat.ledger.prepay(OrderTerms(identity.appid, identity.mchid, NUMBER, "x", 1, "o1", url, None, ""))
    wechat.pay(NUMBER)
    assert wechat.mail.deliver(NUMBER) == [None]
