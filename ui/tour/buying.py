"""The tour's second chapter: prices that add up, orders that end early, and money that comes back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from app.buyer.answers import Contact, Order, Quote
from app.buyer.client import ShopClient
from app.buyer.phone import Phone
from ui.tour.counters import Counter
from ui.tour.record import Record, require
from ui.tour.stage import wait_until

T = TypeVar("T")
InTheStreet = Callable[[Callable[[], Any], str], Any]
CONTACT = Contact("王思远", "13912346666", "浙江省杭州市拱墅区莫干山路 12 号 3 幢 502 室", "330105")
REFUND_PATIENCE_S = 30.0


class Buying:
    """One more buyer, who changes her mind."""

    def __init__(self, url: str, door: Path, record: Record, in_the_street: InTheStreet) -> None:
        self._record = record
        self._do = in_the_street
        self._phone = Phone(door, "王思远")
        self._shop = ShopClient(url)

    def play(self, counter: Counter) -> None:
        try:
            with self._record.step("another buyer logs in"):
                self._do(lambda: self._shop.login(self._phone.login_code()), "login")
            quotes = self._prices_add_up()
            self._gives_up_unpaid(counter, quotes[2])
            self._gets_money_back(counter, quotes[1])
        finally:
            self._shop.close()
            self._phone.close()

    def _quote(self, search: str, qty: int) -> Quote:
        page = self._do(lambda: self._shop.products(search=search), "products")
        goods = self._do(lambda: self._shop.product(page.items[0].id), "product")
        quote: Quote = self._do(lambda: self._shop.quote([(goods.skus[0].id, qty)]), "quote")
        return quote

    def _prices_add_up(self) -> list[Quote]:
        with self._record.step("the prices of three orders add up, each fen explained") as facts:
            quotes = [self._quote("挂耳咖啡 综合装", 3), self._quote("冷萃咖啡液", 3), self._quote("滤纸", 1)]
            facts["orders"] = [_sums(quote) for quote in quotes]
            for quote in quotes:
                goods = sum(line.list_fen * line.qty for line in quote.lines)
                require(goods == quote.goods_fen, "the goods add up")
                require(sum(line.discount_fen for line in quote.lines) == quote.discount_fen, "the discounts add up")
                require(quote.total_fen == quote.goods_fen - quote.discount_fen + quote.freight_fen, "the total")
            totals = [(q.goods_fen, q.discount_fen, q.freight_fen, q.total_fen) for q in quotes]
            require(totals[1] == (29_700, 2_000, 0, 27_700), f"满 199 减 20: {totals[1]}")
            require(totals[2] == (2_400, 0, 800, 3_200), f"with freight: {totals[2]}")
        return quotes

    def _order(self, quote: Quote, key: str) -> Order:
        order: Order = self._do(lambda: self._shop.place_order(quote, CONTACT, key), "order")
        return order

    def _gives_up_unpaid(self, counter: Counter, quote: Quote) -> None:
        with self._record.step("an unpaid order is cancelled; its goods are free again at once") as facts:
            order = self._order(quote, "tour-order-2")
            wait_until(lambda: _state(counter, order.id) == "unpaid", "it stands at the counter")
            ended: Order = self._do(lambda: self._shop.cancel(order.id, "tour-cancel-2"), "cancel")
            again: Order = self._do(lambda: self._shop.cancel(order.id, "tour-cancel-2"), "cancel again")
            require(ended.state == again.state == "closed", f"{ended.state}, then {again.state}")
            wait_until(lambda: _state(counter, order.id) == "closed", "the counter shows it closed")
            facts["state"] = ended.state

    def _gets_money_back(self, counter: Counter, quote: Quote) -> None:
        with self._record.step("a paid order is cancelled; WeChat gives exactly what was paid back") as facts:
            order = self._order(quote, "tour-order-3")
            payment = self._do(lambda: self._shop.pay(order.id), "prepay")
            self._do(lambda: self._phone.confirm(payment.wx_payment), "payment")
            wait_until(lambda: _state(counter, order.id) == "paid", "it is paid")
            self._do(lambda: self._shop.cancel(order.id, "tour-cancel-3"), "cancel")

            def refunded() -> int:
                seen = counter.order(order.id)
                return 0 if seen is None else int(seen.order.refunded_fen)

            facts["ms"] = wait_until(lambda: refunded() == order.total_fen, "the money is back", REFUND_PATIENCE_S)
            seen: Order = self._do(lambda: self._shop.order(order.id), "order")
            require((seen.state, seen.refunded_fen) == ("cancelled", order.total_fen), f"{seen.state}")
            facts.update(state=seen.state, paid_fen=seen.paid_fen, refunded_fen=seen.refunded_fen)


def _sums(quote: Quote) -> dict[str, Any]:
    return {
        "lines": [f"{line.title} × {line.qty}" for line in quote.lines],
        "explanation": [reason.text for reason in quote.explanation],
        "goods_fen": quote.goods_fen,
        "discount_fen": quote.discount_fen,
        "freight_fen": quote.freight_fen,
        "total_fen": quote.total_fen,
    }


def _state(counter: Counter, order_id: str) -> str:
    seen = counter.order(order_id)
    return "" if seen is None else str(seen.order.state)
