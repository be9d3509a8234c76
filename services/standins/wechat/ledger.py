"""WeChat Pay's books: orders, payments and refunds, and what may become of each."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.standins.wechat.fault import Rules
from services.standins.wechat.identity import digits
from services.standins.wechat.terms import OrderTerms, RefundTerms, Refusal

PREPAY_LIFE = timedelta(hours=2)
REFUND_WINDOW = timedelta(days=365)
MAX_REFUNDS = 50


class NotPayable(Exception):
    """The buyer's phone shows that this cannot be paid; a lawful outcome, not a fault of the stand-in."""


@dataclass(frozen=True, slots=True)
class Order:
    """One merchant number. ``state`` is NOTPAY, SUCCESS or CLOSED; REFUND is derived from the refunds."""

    terms: OrderTerms
    prepay_id: str
    prepaid_at: datetime
    state: str = "NOTPAY"
    transaction_id: str = ""
    paid_at: datetime | None = None
    payer_total_fen: int = 0


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment of the past, so that it can be queried and refunded."""

    transaction_id: str
    total_fen: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class RefundEntry:
    """One refund; ``state`` is PROCESSING, SUCCESS, ABNORMAL or CLOSED."""

    terms: RefundTerms
    out_trade_no: str
    transaction_id: str
    refund_id: str
    created_at: datetime
    state: str = "PROCESSING"
    success_at: datetime | None = None


class Ledger:
    """Safe to use from several threads; every method is one step that happens or does not.

    ``recall`` tells of payments from before this process began: WeChat forgets nothing, and this one begins empty.
    """

    def __init__(self, appid: str, mchid: str, rules: Rules, clock: Callable[[], datetime]) -> None:
        self.rules = rules
        self.recall: Callable[[str], PastPayment | None] = lambda out_trade_no: None
        self._account = (appid, mchid)
        self._clock = clock
        self._lock = threading.RLock()
        self._orders: dict[str, Order] = {}
        self._refunds: dict[str, RefundEntry] = {}
        self._number_of: dict[str, str] = {}
        """The merchant's number by the prepay id."""

    def orders(self) -> tuple[Order, ...]:
        with self._lock:
            return tuple(self._orders.values())

    def refunds(self) -> tuple[RefundEntry, ...]:
        with self._lock:
            return tuple(self._refunds.values())

    def check_mchid(self, mchid: object) -> None:
        if mchid != self._account[1]:
            raise Refusal(400, "MCH_NOT_EXISTS", "商户号不存在")

    def prepay(self, terms: OrderTerms) -> str:
        if (terms.appid, terms.mchid) != self._account:
            raise Refusal(400, "APPID_MCHID_NOT_MATCH", "appid和mchid不匹配")
        with self._lock:
            known = self._orders.get(terms.out_trade_no)
            if known is not None:
                return self._prepay_again(known, terms)
            now = self._clock()
            if terms.expires_at is not None and terms.expires_at <= now:
                raise Refusal(400, "INVALID_REQUEST", "time_expire已过")
            order = Order(terms, f"wx{now:%d%H%M%S}{secrets.token_hex(13)}", now)
            self._orders[terms.out_trade_no] = order
            self._number_of[order.prepay_id] = terms.out_trade_no
            return order.prepay_id

    def _prepay_again(self, known: Order, terms: OrderTerms) -> str:
        if known.state == "CLOSED":
            raise Refusal(400, "ORDER_CLOSED", "订单已关闭")
        if known.state != "NOTPAY":
            raise Refusal(403, "OUT_TRADE_NO_USED", "商户订单号重复")
        if known.terms != terms:
            raise Refusal(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")
        self._orders[terms.out_trade_no] = replace(known, prepaid_at=self._clock())
        return known.prepay_id

    def order(self, out_trade_no: str) -> Order:
        with self._lock:
            order = self._orders.get(out_trade_no) or self._recalled(out_trade_no)
        if order is None:
            raise Refusal(404, "ORDER_NOT_EXIST", "订单不存在")
        return order

    def _recalled(self, out_trade_no: str) -> Order | None:
        past = self.recall(out_trade_no)
        if past is None:
            return None
        terms = OrderTerms(*self._account, out_trade_no, "", past.total_fen, "", "", None, "")
        self.adopt(terms, past.transaction_id, past.paid_at)
        return self._orders[out_trade_no]

    def order_of_prepay(self, prepay_id: str) -> Order:
        with self._lock:
            number = self._number_of.get(prepay_id)
            if number is not None:
                return self._orders[number]
        raise NotPayable("unknown prepay_id")

    def trade_state(self, order: Order) -> str:
        """REFUND as soon as a refund that was not closed exists."""
        with self._lock:
            is_refunded = any(
                refund.state != "CLOSED"
                for refund in self._refunds.values()
                if refund.out_trade_no == order.terms.out_trade_no
            )
        return "REFUND" if order.state == "SUCCESS" and is_refunded else order.state

    def close(self, out_trade_no: str) -> None:
        with self._lock:
            order = self.order(out_trade_no)
            if order.state == "SUCCESS":
                raise Refusal(400, "ORDER_PAID", "订单已支付")
            if order.state == "CLOSED":
                raise Refusal(400, "ORDER_CLOSED", "订单已关闭")
            self._orders[out_trade_no] = replace(order, state="CLOSED")

    def pay(self, out_trade_no: str, coupon_fen: int = 0) -> Order:
        """The buyer confirms on the phone; raises ``NotPayable``."""
        with self._lock:
            order = self._orders.get(out_trade_no)
            now = self._clock()
            if order is None or order.state != "NOTPAY":
                raise NotPayable(order.state if order is not None else "unknown number")
            expires_at = order.terms.expires_at
            if (expires_at is not None and now > expires_at) or now > order.prepaid_at + PREPAY_LIFE:
                raise NotPayable("expired")
            if not 0 <= coupon_fen < order.terms.total_fen:
                raise ValueError("a coupon is worth less than the order")
            paid = replace(
                order,
                state="SUCCESS",
                transaction_id=f"4200002601{now:%Y%m%d}{digits(10)}",
                paid_at=now,
                payer_total_fen=order.terms.total_fen - coupon_fen,
            )
            self._orders[out_trade_no] = paid
            return paid

    def adopt(self, terms: OrderTerms, transaction_id: str, paid_at: datetime) -> None:
        """Enter a payment of the past, so that it can be queried and refunded."""
        with self._lock:
            self._orders[terms.out_trade_no] = Order(
                terms, f"wx{secrets.token_hex(17)}", paid_at, "SUCCESS", transaction_id, paid_at, terms.total_fen
            )

    def refund(self, terms: RefundTerms) -> RefundEntry:
        with self._lock:
            known = self._refunds.get(terms.out_refund_no)
            if known is not None:
                if known.terms != terms:
                    raise Refusal(400, "INVALID_REQUEST", "退款单号重入时，参数与首次请求时不一致")
                return known
            order = self._paid_order(terms)
            self._check_refund(terms, order)
            now = self._clock()
            entry = RefundEntry(
                terms, order.terms.out_trade_no, order.transaction_id, f"503000026{now:%Y%m%d}{digits(12)}", now
            )
            self._refunds[terms.out_refund_no] = entry
            return entry

    def _paid_order(self, terms: RefundTerms) -> Order:
        if terms.out_trade_no and terms.out_trade_no not in self._orders:
            self._recalled(terms.out_trade_no)
        for order in self._orders.values():
            named = (order.terms.out_trade_no, order.transaction_id)
            if order.state == "SUCCESS" and (terms.out_trade_no or terms.transaction_id) in named:
                return order
        raise Refusal(404, "RESOURCE_NOT_EXISTS", "订单不存在或未支付")

    def _check_refund(self, terms: RefundTerms, order: Order) -> None:
        now = self._clock()
        earlier = [entry for entry in self._refunds.values() if entry.out_trade_no == order.terms.out_trade_no]
        standing = sum(entry.terms.refund_fen for entry in earlier if entry.state != "CLOSED")
        if terms.total_fen != order.terms.total_fen:
            raise Refusal(400, "INVALID_REQUEST", "订单金额与原订单不一致")
        if standing + terms.refund_fen > order.terms.total_fen:
            raise Refusal(400, "INVALID_REQUEST", "累计退款金额超过订单金额")
        if order.paid_at is None or now - order.paid_at > REFUND_WINDOW:
            raise Refusal(400, "INVALID_REQUEST", "订单已超过退款期限")
        if len(earlier) >= MAX_REFUNDS:
            raise Refusal(400, "INVALID_REQUEST", "已达到部分退款次数上限")
        gap = timedelta(seconds=self.rules.refund_gap_seconds)
        if any(now - entry.created_at < gap for entry in earlier):
            raise Refusal(429, "FREQUENCY_LIMITED", "同一订单退款间隔过短，请稍后重试")
        if self.rules.balance_fen is not None and terms.refund_fen > self.rules.balance_fen:
            raise Refusal(403, "NOT_ENOUGH", "基本账户余额不足")

    def refund_entry(self, out_refund_no: str) -> RefundEntry:
        with self._lock:
            entry = self._refunds.get(out_refund_no)
        if entry is None:
            raise Refusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return entry

    def finish_refund(self, out_refund_no: str, state: str) -> RefundEntry:
        """The bank answered: SUCCESS, ABNORMAL or CLOSED; an ended refund stays as it is, ABNORMAL can still move."""
        with self._lock:
            entry = self.refund_entry(out_refund_no)
            if entry.state in ("SUCCESS", "CLOSED"):
                return entry
            done = replace(entry, state=state, success_at=self._clock() if state == "SUCCESS" else None)
            self._refunds[out_refund_no] = done
            return done

    def refunds_due(self) -> tuple[str, ...]:
        """Numbers of refunds whose bank answers by now."""
        after = self.rules.refund_ends_after_seconds
        if after is None:
            return ()
        limit = self._clock() - timedelta(seconds=after)
        return tuple(
            entry.terms.out_refund_no
            for entry in self.refunds()
            if entry.state == "PROCESSING" and entry.created_at <= limit
        )
