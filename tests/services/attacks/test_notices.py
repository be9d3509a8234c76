"""Notices of payment under fire: what is forged has no effect, and what is genuine has one, however often it comes."""

import base64
import json
import random
from collections import Counter
from collections.abc import Callable

import pytest

from app.buyer.answers import Order
from app.buyer.client import ShopClient
from app.buyer.refusals import Unavailable
from app.domain.aftersales.commands import FinishClose
from services.adapters.wechat_pay import crypto
from services.adapters.wechat_pay.signing import response_message
from services.standins.wechat.fault import Fault, Operation
from services.standins.wechat.identity import new_key
from services.standins.wechat.mail import NoticePlan
from services.upkeep import books
from tests.support.shop import SERVICE
from tests.support.street import Street
from tests.support.untouched import untouched
from tests.support.wire import post_all

PATH = "/wechat/pay/notify"
FORGERIES = 10_000
COPIES = 100
STAMP, NONCE, SIGNATURE, SERIAL = (f"Wechatpay-{name}" for name in ("Timestamp", "Nonce", "Signature", "Serial"))
SIGNED = (STAMP, NONCE, SIGNATURE, SERIAL)
Sealed = tuple[dict[str, str], bytes]


def sealed_now(street: Street, number: str) -> Sealed:
    """What WeChat sends about a number at this moment, without its reaching anybody."""
    street.postman.is_stopped = True
    street.wechat.mail.deliver(number)
    street.postman.is_stopped = False
    return street.postman.sent[-1]


class Forger:
    """Makes notices with one thing wrong out of genuine ones of this shop."""

    def __init__(self, genuine: Sealed, other: Sealed, seed: int) -> None:
        self._genuine = genuine
        self._other = other
        self._dice = random.Random(seed)
        self._strangers = [self._signed_by_a_stranger() for _ in range(3)]
        self._ways: tuple[Callable[[], Sealed], ...] = (
            *(self._bit_turned, self._header_lost, self._header_changed, self._signature_guessed, self._time_moved),
            *(self._cut, self._reworded, self._mixed, lambda: self._dice.choice(self._strangers)),
        )

    def make(self) -> Sealed:
        made = self._genuine
        while made == self._genuine:
            made = self._dice.choice(self._ways)()
        return made

    def _with(self, **changes: str | None) -> Sealed:
        headers = {**self._genuine[0], **{f"Wechatpay-{name}": value for name, value in changes.items()}}
        return {name: value for name, value in headers.items() if value is not None}, self._genuine[1]

    def _bit_turned(self) -> Sealed:
        body = bytearray(self._genuine[1])
        body[self._dice.randrange(len(body))] ^= 1 << self._dice.randrange(8)
        return self._genuine[0], bytes(body)

    def _header_lost(self) -> Sealed:
        return self._with(**{self._dice.choice(SIGNED).removeprefix("Wechatpay-"): None})

    def _header_changed(self) -> Sealed:
        name = self._dice.choice(SIGNED)
        old = self._genuine[0][name]
        new = self._dice.choice(["", "0", "x" * 40, old[:-1], old + "A", old[::-1], old.swapcase(), " " + old[1:]])
        return self._with(**{name.removeprefix("Wechatpay-"): new})

    def _signature_guessed(self) -> Sealed:
        return self._with(Signature=base64.b64encode(self._dice.randbytes(256)).decode())

    def _time_moved(self) -> Sealed:
        moved = int(self._genuine[0][STAMP]) + self._dice.choice([-86_400, -301, -300, -1, 1, 300, 301])
        return self._with(Timestamp=str(moved))

    def _cut(self) -> Sealed:
        return self._genuine[0], self._genuine[1][: self._dice.randrange(len(self._genuine[1]))]

    def _reworded(self) -> Sealed:
        """The same JSON in other bytes, or with other words in it."""
        envelope = json.loads(self._genuine[1])
        envelope[self._dice.choice(["id", "summary", "event_type"])] += self._dice.choice(["", " ", "."])
        return self._genuine[0], json.dumps(envelope, indent=self._dice.randrange(4)).encode()

    def _mixed(self) -> Sealed:
        """The signature of one genuine notice over another."""
        return self._dice.choice([(self._genuine[0], self._other[1]), (self._other[0], self._genuine[1])])

    def _signed_by_a_stranger(self) -> Sealed:
        headers, body = self._genuine
        return self._with(Signature=crypto.sign(new_key(), response_message(headers[STAMP], headers[NONCE], body)))


def test_ten_thousand_forged_or_altered_notices_are_refused_without_a_trace(street: Street, buyer: ShopClient) -> None:
    """W05, V13, V18: nothing but WeChat's own signature over exactly these bytes, just now, is believed."""
    genuine = street.sealed_notice(buyer, street.ordered(buyer, "p1-s"))
    other = street.sealed_notice(buyer, street.ordered(buyer, "p1-s", key="key-00000002"))
    forger = Forger(genuine, other, 20261126)
    with untouched(street.shop.store):
        answers = Counter(post_all(street.app, PATH, (forger.make() for _ in range(FORGERIES)), 32))
    accepted = sum(count for status, count in answers.items() if status < 400)
    print(f"forged notices: {answers.total()}, accepted {accepted}")
    assert answers == {401: FORGERIES}
    assert post_all(street.app, PATH, [genuine, other], 1) == [204, 204]


def in_time(street: Street, buyer: ShopClient, order: Order) -> None:
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.HELD)


def before_our_own_answer(street: Street, buyer: ShopClient, order: Order) -> None:
    """WeChat has the payment, and what it answered to our prepay was lost."""
    street.wechat.script(Operation.PREPAY, Fault.DROPPED)
    with pytest.raises(Unavailable):
        buyer.pay(order.id)
    street.wechat.pay(f"{order.no}-1", NoticePlan.HELD)


def a_day_late(street: Street, buyer: ShopClient, order: Order) -> None:
    in_time(street, buyer, order)
    street.clock.advance(hours=24, minutes=4)


def after_the_close(street: Street, buyer: ShopClient, order: Order) -> None:
    in_time(street, buyer, order)
    buyer.cancel(order.id, "cancel-0001")
    street.shop.must(FinishClose(order.id), SERVICE)
    assert buyer.order(order.id).state == "closed"


@pytest.mark.warns_in_log("WeChat does not answer, on purpose")
@pytest.mark.parametrize("moment", [in_time, before_our_own_answer, a_day_late, after_the_close])
def test_a_hundred_copies_of_one_notice_are_one_effect(
    street: Street, buyer: ShopClient, moment: Callable[[Street, ShopClient, Order], None]
) -> None:
    """W01, W02, W04, W10, W12: in whatever moment it comes, and however often, it pays the order once."""
    order = street.ordered(buyer, "p1-s", 2)
    moment(street, buyer, order)
    answers = Counter(post_all(street.app, PATH, [sealed_now(street, f"{order.no}-1")] * COPIES, 8))
    assert answers == {204: COPIES}
    paid = street.shop.rows("orders", "state, paid_fen"), street.shop.rows("stock_levels", "reserved_qty")
    assert paid == ([("paid", 13_600)], [(2,)])
    counts = [len(street.shop.rows(table)) for table in ("transfers", "notices", "refunds", "incidents")]
    assert counts == [1, 1, 0, 0]
    with street.shop.store.reading() as database:
        assert books.findings(database) == []
    print(f"one notice {COPIES} times, {moment.__name__.replace('_', ' ')}: effects {counts[0]}")
