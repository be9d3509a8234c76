"""More buyers than pieces: exactly the pieces are sold, and the books explain every fen and piece of it."""

import time
from concurrent.futures import ThreadPoolExecutor

from app.buyer.answers import Payment
from app.buyer.client import ShopClient
from app.buyer.refusals import Conflict, Unavailable
from services.upkeep import books
from tests.support.street import HOME, Street

BUYERS = 200
PIECES = 50
AT_ONCE = 32
PRESSES = 5
LOGINS_AT_ONCE = 8
"""The shop lets no more than a few wait for WeChat at once."""


def paying(buyer: ShopClient, order_id: str) -> Payment:
    """As the mini-program does it: who is told that WeChat gave no clear answer presses again."""
    for _ in range(PRESSES - 1):
        try:
            return buyer.pay(order_id)
        except Unavailable:
            continue
    return buyer.pay(order_id)


def test_two_hundred_buyers_for_fifty_pieces_sell_exactly_fifty(street: Street) -> None:
    street.shop.product("p2", fen=9900, stock=PIECES)
    with ThreadPoolExecutor(AT_ONCE) as crowd, ThreadPoolExecutor(LOGINS_AT_ONCE) as queue:
        buyers = list(queue.map(street.buyer, (f"user-{n}" for n in range(BUYERS))))
        try:
            quote = buyers[0].quote([("p2-s", 1)])

            def try_to_buy(buyer: ShopClient) -> str:
                try:
                    order = buyer.place_order(quote, HOME, "key-of-the-sale")
                except Conflict as refused:
                    return refused.code
                street.wechat.pay_sheet(paying(buyer, order.id).wx_payment)
                return "sold"

            started = time.perf_counter()
            outcomes = list(crowd.map(try_to_buy, buyers))
            seconds = time.perf_counter() - started
        finally:
            for buyer in buyers:
                buyer.close()
    street.tell()
    sold = outcomes.count("sold")
    with street.shop.store.reading() as database:
        unexplained, balances = books.findings(database), books.balances(database)
    print(
        f"flash sale: {BUYERS} buyers, {PIECES} pieces, sold {sold} in {seconds:.2f} s,"
        f" Σ transfers {sum(balances.values())}, unexplained {len(unexplained)}"
    )
    assert sold == PIECES and outcomes.count("order.out_of_stock") == BUYERS - PIECES
    assert street.shop.rows("orders", "state") == [("paid",)] * PIECES
    levels = street.shop.rows("stock_levels", "sku_id, on_hand_qty, reserved_qty, short_qty")
    assert ("p2-s", PIECES, PIECES, 0) in levels
    assert balances == {"wechat": PIECES * 9900, "sales": -PIECES * 9900}
    assert unexplained == []
