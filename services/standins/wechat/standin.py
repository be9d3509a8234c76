"""The pretended WeChat as one object: the books, the keys, the mail and the buyers' phones."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.adapters.wechat_pay.config import machine_time
from services.standins.wechat import document
from services.standins.wechat.fault import Fault, FaultScript, Operation, Rules
from services.standins.wechat.identity import Identity, KeyMode, Signer, new_certificate
from services.standins.wechat.ledger import Ledger, NotPayable, Order, RefundEntry
from services.standins.wechat.mail import Mail, Notice, NoticePlan, Post, post
from services.standins.wechat.seal import PaymentSheet, Seal

CODE_LIFE = timedelta(minutes=5)
_SUMMARIES = {"SUCCESS": "退款成功", "ABNORMAL": "退款异常", "CLOSED": "退款关闭"}


@dataclass(slots=True)
class LoginCode:
    """A code ``wx.login`` gave to a phone."""

    openid: str
    issued_at: datetime
    is_used: bool = False


class WechatStandIn:
    """What tests, the demo shop and the control routes drive.

    Attributes: ``identity`` (keys to share with the shop), ``ledger`` (orders and refunds), ``mail`` (notices),
    ``faults`` (errors to come), ``certificates`` (platform certificates, newest last).
    """

    def __init__(
        self,
        identity: Identity | None = None,
        mode: KeyMode = KeyMode.PUBLIC_KEY,
        rules: Rules | None = None,
        clock: Callable[[], datetime] = machine_time,
        send: Post = post,
    ) -> None:
        self.identity = identity or Identity.generate()
        self.mode = mode
        self.rules = rules or Rules()
        self.clock = clock
        self.seal = Seal(self.identity, clock)
        self.ledger = Ledger(self.identity.appid, self.identity.mchid, self.rules, clock)
        self.mail = Mail(self.seal, self.notice_signer, clock, self.rules.retry_seconds, send)
        self.faults = FaultScript()
        self.certificates: list[Signer] = [self.identity.certificate]
        self._blocked: set[str] = set()
        self._codes: dict[str, LoginCode] = {}
        self._lock = threading.Lock()

    def notice_signer(self) -> Signer:
        return self.identity.public_key if self.mode is KeyMode.PUBLIC_KEY else self.certificates[-1]

    def answer_signer(self, wanted_serial: str) -> Signer:
        """The key the request asked for; without a wish the certificate, if the account has one."""
        if self.mode is KeyMode.PUBLIC_KEY:
            return self.identity.public_key
        if self.mode is KeyMode.BOTH and wanted_serial == self.identity.public_key.serial:
            return self.identity.public_key
        return self.certificates[-1]

    def rotate_certificate(self) -> str:
        """A new platform certificate signs from now on; the old one stays listed."""
        self.certificates = [*self.certificates, new_certificate(self.clock())]
        return self.certificates[-1].serial

    def set_rules(self, rules: Rules) -> None:
        """Behave otherwise from now on; only the retry times of notices are fixed at the start."""
        self.rules = rules
        self.ledger.rules = rules

    def login_code(self, user: str) -> tuple[str, str]:
        """What ``wx.login`` gives the phone of this user, and the openid it stands for."""
        openid = self.openid(user)
        code = "0" + secrets.token_hex(15) + "w"
        with self._lock:
            self._codes[code] = LoginCode(openid, self.clock())
        return code, openid

    def openid(self, user: str) -> str:
        """The same user has the same openid in the same mini-program, over restarts too."""
        return "o" + hashlib.sha256(f"{self.identity.appid}/{user}".encode()).hexdigest()[:27]

    def block_user(self, user: str) -> None:
        with self._lock:
            self._blocked.add(self.openid(user))

    def redeem_code(self, code: str) -> tuple[int, str]:
        """(errcode, openid): each code works once, for five minutes."""
        with self._lock:
            found = self._codes.get(code)
            if found is None or self.clock() - found.issued_at > CODE_LIFE:
                return 40029, ""
            if found.is_used:
                return 40163, ""
            if found.openid in self._blocked:
                return 40226, ""
            found.is_used = True
            return 0, found.openid

    def script(self, operation: Operation, fault: Fault, times: int = 1) -> None:
        self.faults.add(operation, fault, times)

    def pay(
        self,
        out_trade_no: str,
        notice: NoticePlan = NoticePlan.STRAIGHT,
        delay_seconds: int = 0,
        coupon_fen: int = 0,
    ) -> Order:
        """The buyer pays; raises ``NotPayable`` as the phone would show it."""
        order = self.ledger.pay(out_trade_no, coupon_fen)
        content = document.transaction(order, "SUCCESS")
        if notice is NoticePlan.WRONG_AMOUNT:
            content["amount"] = {**content["amount"], "total": order.terms.total_fen + 1}
        self.mail.put(self._payment_notice(order, content), notice, delay_seconds)
        return order

    def pay_sheet(
        self, params: Mapping[str, str], notice: NoticePlan = NoticePlan.STRAIGHT, delay_seconds: int = 0
    ) -> Order:
        """The buyer confirms the sheet ``wx.requestPayment`` opened; a wrong ``paySign`` opens none."""
        sheet = PaymentSheet(
            *(params.get(name, "") for name in ("timeStamp", "nonceStr", "package", "signType", "paySign"))
        )
        prefix, _, prepay_id = sheet.package.partition("=")
        if prefix != "prepay_id" or not self.seal.is_own_sheet(sheet):
            raise NotPayable("signature")
        order = self.ledger.order_of_prepay(prepay_id)
        return self.pay(order.terms.out_trade_no, notice, delay_seconds)

    def forge_notice(self, out_trade_no: str, fault: Fault = Fault.FORGED) -> int | None:
        """Claim that an order was paid, sealed with the right key but not signed by it; returns the shop's answer."""
        order = self.ledger.order(out_trade_no)
        claimed = replace(
            order,
            state="SUCCESS",
            transaction_id=order.transaction_id or "4200000000" + "0" * 18,
            paid_at=order.paid_at or self.clock(),
            payer_total_fen=order.terms.total_fen,
        )
        return self.mail.send_once(self._payment_notice(order, document.transaction(claimed, "SUCCESS")), fault)

    def finish_refund(
        self,
        out_refund_no: str,
        state: str = "SUCCESS",
        notice: NoticePlan = NoticePlan.STRAIGHT,
        delay_seconds: int = 0,
    ) -> RefundEntry:
        """The bank ends a refund: SUCCESS, ABNORMAL or CLOSED."""
        summary = _SUMMARIES[state]
        entry = self.ledger.finish_refund(out_refund_no, state)
        if entry.terms.notify_url and entry.state == state:
            content = document.refund_notice(entry, self.identity.mchid)
            if notice is NoticePlan.WRONG_AMOUNT:
                content["amount"] = {**content["amount"], "refund": entry.terms.refund_fen + 1}
            made = Notice(
                f"REFUND.{state}", "refund", out_refund_no, entry.terms.notify_url, content, summary, self.clock()
            )
            self.mail.put(made, notice, delay_seconds)
        return entry

    def tick(self, senders: Executor | None = None) -> None:
        """Whatever time alone brings about: banks answer, notices leave, by ``senders`` or before this returns."""
        for number in self.ledger.refunds_due():
            self.finish_refund(number)
        if senders is None:
            self.mail.deliver_due()
        else:
            self.mail.send_due(senders)

    def _payment_notice(self, order: Order, content: Mapping[str, object]) -> Notice:
        terms = order.terms
        return Notice(
            "TRANSACTION.SUCCESS",
            "transaction",
            terms.out_trade_no,
            terms.notify_url,
            content,
            "支付成功",
            self.clock(),
        )
