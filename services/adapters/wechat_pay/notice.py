"""From the bytes of a notice to what it says, trusting nothing before its signature held."""

from collections.abc import Mapping
from typing import Any

from services.adapters.wechat_pay import crypto, reading
from services.adapters.wechat_pay.gateway import PaymentNotice, RefundNotice
from services.adapters.wechat_pay.verification import Distrust, Distrusted, TrustedKeys

MAX_NOTICE_BYTES = 64 * 1024
_ALGORITHM = "AEAD_AES_256_GCM"
_PAYMENT_EVENT = "TRANSACTION.SUCCESS"
_REFUND_EVENTS = {"REFUND.SUCCESS": "SUCCESS", "REFUND.ABNORMAL": "ABNORMAL", "REFUND.CLOSED": "CLOSED"}


def parse_notice(
    keys: TrustedKeys, apiv3_key: bytes, headers: Mapping[str, str], raw_body: bytes
) -> PaymentNotice | RefundNotice:
    """Verify, decrypt, read; raises ``Distrusted``."""
    if len(raw_body) > MAX_NOTICE_BYTES:
        raise Distrusted(Distrust.TOO_LARGE)
    keys.check(headers, raw_body)
    try:
        envelope = reading.json_object(raw_body)
        return _read(envelope, _open(apiv3_key, reading.part(envelope, "resource")))
    except crypto.Undecipherable:
        raise Distrusted(Distrust.UNDECIPHERABLE) from None
    except reading.Unreadable:
        raise Distrusted(Distrust.UNREADABLE) from None


def _open(apiv3_key: bytes, resource: Mapping[str, Any]) -> Mapping[str, Any]:
    if reading.text(resource, "algorithm") != _ALGORITHM:
        raise Distrusted(Distrust.UNDECIPHERABLE)
    plaintext = crypto.open_resource(
        apiv3_key,
        reading.text(resource, "nonce"),
        reading.optional_text(resource, "associated_data"),
        reading.text(resource, "ciphertext"),
    )
    return reading.json_object(plaintext)


def _read(envelope: Mapping[str, Any], content: Mapping[str, Any]) -> PaymentNotice | RefundNotice:
    event = reading.text(envelope, "event_type")
    kind = reading.text(reading.part(envelope, "resource"), "original_type")
    notice_id, created_at = reading.text(envelope, "id"), reading.moment(envelope, "create_time")
    # A profit-sharing notice has the same event type, so the kind of content decides too.
    if event == _PAYMENT_EVENT and kind == "transaction":
        paid = reading.transaction(content)
        if not paid.is_paid:
            raise Distrusted(Distrust.UNREADABLE)
        return PaymentNotice(notice_id, created_at, event, paid)
    if event in _REFUND_EVENTS and kind == "refund":
        refund = reading.refund(content, state_name="refund_status")
        if refund.state != _REFUND_EVENTS[event]:
            raise Distrusted(Distrust.UNREADABLE)
        return RefundNotice(notice_id, created_at, event, refund)
    raise Distrusted(Distrust.UNKNOWN_EVENT)
