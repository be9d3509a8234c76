"""Payments that came back from a computer are asked of WeChat before anything of them goes back, on both databases."""

import pytest

from app.buyer.client import ShopClient
from app.domain.aftersales.commands import RequestRefund
from app.kernel import codec
from services.jobs.worker import Worker
from services.standins.wechat.fault import Fault, Operation
from tests.services.jobs.hands import work
from tests.support.street import Street

pytestmark = pytest.mark.warns_in_log("WeChat is made to fail on purpose")


def tell(street: Street, order_id: str) -> str:
    """As if this order's payment had come back from a computer; answers the payment's id."""
    payment_id = next(p for p, o in street.shop.rows("payments", "id, order_id") if o == order_id)
    values = (payment_id, order_id, "open", codec.time_text(street.clock.now()), 0)
    sql = "INSERT INTO payment_checks (payment_id, order_id, state, opened_at, row_version) VALUES"
    street.shop.executor.chore(
        lambda database: database.execute(f"{sql} ({', '.join([database.mark] * 5)})", values)
    ).result(30)
    return payment_id


def checks(street: Street) -> list[str]:
    return [state for (state,) in street.shop.rows("payment_checks", "state")]


def incidents(street: Street) -> list[str]:
    return [kind for (kind,) in street.shop.rows("incidents", "kind")]


def test_what_wechat_has_too_is_confirmed_and_can_be_refunded(
    street: Street, buyer: ShopClient, worker: Worker
) -> None:
    order = street.ordered(buyer, "p1-s")
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()
    tell(street, order.id)
    assert street.shop.do(RequestRefund(order.id, "r1", "")).code == "refund.unproven"
    street.wechat.script(Operation.QUERY, Fault.SYSTEM_ERROR_BEFORE, 4)
    work(worker, street)
    assert checks(street) == ["open"], "no clear answer is no answer"
    for _ in range(4):
        work(worker, street, 3_600)
    assert (checks(street), incidents(street)) == (["equal"], [])
    street.shop.must(RequestRefund(order.id, "r2", ""))


def test_what_wechat_does_not_know_pays_nothing_back_and_a_person_is_told(street: Street, worker: Worker) -> None:
    street.shop.paid_order("invented", "p1-s")
    street.shop.must(RequestRefund("invented", "r1", ""))
    tell(street, "invented")
    for _ in range(3):
        work(worker, street, 3_600)
    assert (checks(street), incidents(street)) == (["differs"], ["payment.not_as_told"])
    assert street.shop.rows("refunds", "state") == [("requested",)]
    assert street.wechat.ledger.refunds() == (), "WeChat was not even asked"
