"""The surface the shop sees of WeChat Pay: questions, typed answers, notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from services.adapters.wechat_pay.signing import PaymentParams


class RefusalCode(StrEnum):
    """WeChat Pay's error codes, spelled one way; the protocol has most of them with and without underscores."""

    ORDER_PAID = "ORDER_PAID"
    ORDER_CLOSED = "ORDER_CLOSED"
    ORDER_NOT_EXIST = "ORDER_NOT_EXIST"
    OUT_TRADE_NO_USED = "OUT_TRADE_NO_USED"
    RESOURCE_NOT_EXISTS = "RESOURCE_NOT_EXISTS"
    PARAM_ERROR = "PARAM_ERROR"
    INVALID_REQUEST = "INVALID_REQUEST"
    APPID_MCHID_NOT_MATCH = "APPID_MCHID_NOT_MATCH"
    MCH_NOT_EXISTS = "MCH_NOT_EXISTS"
    SIGN_ERROR = "SIGN_ERROR"
    NO_AUTH = "NO_AUTH"
    NOT_ENOUGH = "NOT_ENOUGH"
    RULE_LIMIT = "RULE_LIMIT"
    TRADE_ERROR = "TRADE_ERROR"
    ACCOUNT_ERROR = "ACCOUNT_ERROR"
    USER_ACCOUNT_ABNORMAL = "USER_ACCOUNT_ABNORMAL"
    OPENID_MISMATCH = "OPENID_MISMATCH"
    INVALID_TRANSACTIONID = "INVALID_TRANSACTIONID"
    OTHER = "OTHER"


class Doubt(StrEnum):
    """Why we do not know what became of a request."""

    NO_CONNECTION = "no_connection"
    NO_ANSWER = "no_answer"
    SERVER_ERROR = "server_error"
    BUSY = "busy"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class Refused:
    """WeChat Pay's definite no. ``message`` is theirs, for people; decisions look at ``code`` only."""

    code: RefusalCode
    raw_code: str
    message: str
    http_status: int
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened or not: ask again, or repeat, with the *same* number."""

    reason: Doubt
    detail: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The buyer can pay with this id for two hours."""

    prepay_id: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The number can no longer be paid."""


class TradeState(StrEnum):
    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"
    ACCEPT = "ACCEPT"


@dataclass(frozen=True, slots=True)
class Transaction:
    """A payment as WeChat Pay tells it; amounts are fen and present once it was paid."""

    appid: str
    mchid: str
    out_trade_no: str
    state: TradeState
    transaction_id: str = ""
    trade_type: str = ""
    total_fen: int | None = None
    payer_total_fen: int | None = None
    currency: str = ""
    openid: str = field(default="", repr=False)
    success_at: datetime | None = None
    attach: str = ""

    @property
    def is_paid(self) -> bool:
        """Money came in, whatever was refunded of it since."""
        return self.state in (TradeState.SUCCESS, TradeState.REFUND)


class RefundState(StrEnum):
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    ABNORMAL = "ABNORMAL"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as WeChat Pay tells it; ``mchid`` is only named in notices."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str
    transaction_id: str
    state: RefundState
    refund_fen: int
    total_fen: int
    payer_refund_fen: int | None = None
    success_at: datetime | None = None
    channel: str = ""
    mchid: str = ""


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """A believed notice of a payment. It is believed, not compared: amount and numbers are the shop's to check."""

    notice_id: str
    created_at: datetime | None
    event: str
    transaction: Transaction

    @property
    def dedupe_key(self) -> str:
        """Equal for two notices that say the same; the envelope's id is not part of it."""
        paid = self.transaction
        said = (paid.appid, paid.mchid, paid.out_trade_no, paid.transaction_id, paid.state)
        return _key("payment", paid.out_trade_no, (*said, paid.total_fen, paid.currency))


@dataclass(frozen=True, slots=True)
class RefundNotice:
    """A believed notice that a refund ended."""

    notice_id: str
    created_at: datetime | None
    event: str
    refund: Refund

    @property
    def dedupe_key(self) -> str:
        """Equal for two notices that say the same; the envelope's id is not part of it."""
        refund = self.refund
        said = (refund.mchid, refund.out_refund_no, refund.refund_id, refund.out_trade_no, refund.transaction_id)
        return _key("refund", refund.out_refund_no, (*said, refund.state, refund.refund_fen, refund.total_fen))


@dataclass(frozen=True, slots=True)
class PrepayRequest:
    """Everything a repeated call must repeat: the same number with other content is refused."""

    out_trade_no: str
    description: str
    total_fen: int
    openid: str = field(repr=False)
    expires_at: datetime
    attach: str = ""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """``total_fen`` is the order's whole payment; ``out_refund_no`` makes a repetition harmless."""

    out_refund_no: str
    out_trade_no: str
    refund_fen: int
    total_fen: int
    reason: str = ""


class PaymentGateway(Protocol):
    """WeChat Pay for one merchant account; every method may be called again with the same number."""

    @property
    def account(self) -> tuple[str, str]:
        """Our appid and mchid: a notice about another's payment is not for our books."""
        ...

    async def prepay(self, request: PrepayRequest) -> Prepared | Refused | Unknown: ...

    def payment_params(self, prepay_id: str) -> PaymentParams: ...

    def query(self, out_trade_no: str) -> Transaction | Refused | Unknown: ...

    def close(self, out_trade_no: str) -> Closed | Refused | Unknown: ...

    def refund(self, request: RefundRequest) -> Refund | Refused | Unknown: ...

    def query_refund(self, out_refund_no: str) -> Refund | Refused | Unknown: ...

    def parse_notice(self, headers: Mapping[str, str], raw_body: bytes) -> PaymentNotice | RefundNotice:
        """Verify and decrypt; raises ``verification.Distrusted``, which the route answers with 4xx."""
        ...

    @property
    def clock_offset(self) -> timedelta | None:
        """WeChat Pay's time minus ours, as the last answer's ``Date`` told; beyond 5 minutes every call fails."""
        ...


def _key(kind: str, number: str, said: tuple[object, ...]) -> str:
    digest = sha256("\n".join(str(part) for part in said).encode()).hexdigest()[:16]
    return f"{kind}:{number}:{digest}"
