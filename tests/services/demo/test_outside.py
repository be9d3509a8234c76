"""The demo's WeChat knows what the shop was paid in its made-up past, and gives it back when asked."""

from pathlib import Path

import pytest

from app.domain.payments.model import Payment, PaymentState
from app.domain.row import Audience
from app.kernel.errors import KnownError
from app.tables.view import SqlView
from services.adapters.wechat_pay.gateway import Refund, RefundRequest, RefusalCode, Refused, Transaction
from services.db.engine import Store
from services.demo.outside import IDENTITY_FILE, pretended_wechat
from services.demo.shop import Wish
from tests.services.demo.test_shop import made
from tests.support.stores import new_url


def test_an_order_of_the_past_can_be_asked_about_and_refunded(tmp_path: Path) -> None:
    store = Store(new_url("sqlite", tmp_path))
    made(store, Wish(30, is_large=False))
    with store.reading() as database:
        payments = SqlView(database, Audience).children(Payment)
    paid = next(each for each in payments if each.state is PaymentState.PAID and not each.refunded_fen)
    with pretended_wechat(tmp_path, 1, store) as (pay, _):
        found = pay.query(paid.out_trade_no)
        assert isinstance(found, Transaction)
        assert (found.is_paid, found.transaction_id, found.total_fen) == (True, paid.transaction_id, paid.amount_fen)
        whole = int(paid.amount_fen)
        back = pay.refund(RefundRequest("R-1", paid.out_trade_no, whole, whole, "买重复了"))
        assert isinstance(back, Refund) and back.refund_fen == whole
        unknown = pay.query("WX20260101000000-1")
        assert isinstance(unknown, Refused) and unknown.code is RefusalCode.ORDER_NOT_EXIST
    store.close()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"appid": 1}', '{"appid'])
def test_a_damaged_account_of_the_pretended_wechat_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    store = Store(new_url("sqlite", tmp_path))
    (tmp_path / IDENTITY_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(KnownError, match=IDENTITY_FILE) as told, pretended_wechat(tmp_path, 1, store):
        pass
    assert told.value.code == "demo.wechat_unreadable"
    assert (tmp_path / IDENTITY_FILE).read_text(encoding="utf-8") == text, "it is looked at before it is deleted"
    store.close()
