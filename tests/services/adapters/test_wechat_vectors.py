"""Every published vector, byte for byte where the algorithm allows it."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.adapters import wechat_push, wechat_secured
from services.adapters.wechat_pay import crypto, legacy, signing
from services.adapters.wechat_pay.client import WechatPayClient
from services.adapters.wechat_pay.gateway import PaymentNotice, TradeState
from tests.services.adapters.wechat_vectors import (
    KEYS,
    MERCHANT_KEY,
    PLATFORM_KEY,
    VECTORS,
    config,
    merchant_public_key,
    platform_public_key,
)


def test_every_group_of_vectors_has_a_test_here() -> None:
    assert set(VECTORS) == {
        "_about",
        "keys",
        "apiv3_request",
        "request_payment",
        "notification",
        "oaep",
        "v2_sign",
        "message_push",
        "intracity_callback",
        "api_signature",
        "raw_data_signature",
    }


@pytest.mark.parametrize("vector", VECTORS["apiv3_request"], ids=lambda vector: vector["method"])
def test_a_request_is_signed_as_published(vector: dict[str, Any]) -> None:
    body = vector["body"].encode()
    message = signing.request_message(
        vector["method"], vector["canonical_url"], vector["timestamp"], vector["nonce_str"], body
    )
    assert message.decode() == vector["string_to_sign"]
    assert hashlib.sha256(message).hexdigest() == vector["string_to_sign_sha256"]
    assert crypto.sign(MERCHANT_KEY, message) == vector["signature"]
    account = config(vector["timestamp"], vector["nonce_str"])
    header = signing.authorization(account, vector["method"], vector["canonical_url"], body)
    assert header == vector["authorization"]


def test_payment_parameters_are_signed_as_published() -> None:
    vector = VECTORS["request_payment"]
    params = vector["params"]
    account = config(params["timeStamp"], params["nonceStr"])
    assert signing.payment_params(account, vector["prepay_id"]).as_dict() == params
    message = signing.payment_message(KEYS["appid"], params["timeStamp"], params["nonceStr"], params["package"])
    assert message.decode() == vector["string_to_sign"]


def test_a_published_notice_is_believed_and_read() -> None:
    vector = VECTORS["notification"]
    client = WechatPayClient(config(vector["headers"]["Wechatpay-Timestamp"]))
    try:
        notice = client.parse_notice(vector["headers"], vector["body"].encode())
    finally:
        client.dispose()
    assert isinstance(notice, PaymentNotice)
    expected = json.loads(vector["decrypted"])
    paid = notice.transaction
    assert paid.state is TradeState.SUCCESS
    assert paid.total_fen == expected["amount"]["total"]
    assert paid.payer_total_fen == expected["amount"]["payer_total"]
    assert (paid.out_trade_no, paid.transaction_id) == (expected["out_trade_no"], expected["transaction_id"])
    assert paid.openid == expected["payer"]["openid"]
    assert paid.success_at == datetime.fromisoformat(expected["success_time"]).astimezone(UTC)


def test_the_published_resource_opens_and_seals_to_the_same_bytes() -> None:
    vector = VECTORS["notification"]
    resource = json.loads(vector["body"])["resource"]
    key, nonce, associated = KEYS["apiv3_key"].encode(), resource["nonce"], resource["associated_data"]
    assert crypto.open_resource(key, nonce, associated, resource["ciphertext"]).decode() == vector["decrypted"]
    assert crypto.seal_resource(key, nonce, associated, vector["decrypted"].encode()) == resource["ciphertext"]


def test_an_encrypted_field_opens_with_the_platform_key() -> None:
    vector = VECTORS["oaep"]
    assert crypto.decrypt_field(PLATFORM_KEY, vector["ciphertext_for_platform_key"]) == vector["plaintext"]
    again = crypto.encrypt_field(platform_public_key(), vector["plaintext"])
    assert crypto.decrypt_field(PLATFORM_KEY, again) == vector["plaintext"]
    assert crypto.encrypt_field(platform_public_key(), "") == ""


def test_v2_signatures_are_as_published() -> None:
    vector = VECTORS["v2_sign"]
    assert legacy.v2_signature(vector["params"], vector["key"]) == vector["md5"]["sign"]
    params = {**vector["params"], **vector["hmac_sha256"]["extra"]}
    assert legacy.v2_signature(params, vector["key"], is_hmac=True) == vector["hmac_sha256"]["sign"]


def test_a_pushed_message_opens_as_published() -> None:
    vector = VECTORS["message_push"]
    push = wechat_push.PushConfig.from_console(vector["appid"], vector["token"], vector["encoding_aes_key"])
    stamp = (vector["timestamp"], vector["nonce"])
    assert wechat_push.is_url_check(push, vector["url_verify_signature"], *stamp)
    opened = wechat_push.open_push(push, vector["msg_signature"], *stamp, vector["Encrypt"])
    assert opened.decode() == vector["plaintext"]
    sealed = wechat_push.seal_push(push, vector["random16"].encode(), vector["plaintext"].encode())
    assert sealed == vector["Encrypt"]


def test_a_changed_pushed_message_is_refused() -> None:
    vector = VECTORS["message_push"]
    push = wechat_push.PushConfig.from_console(vector["appid"], vector["token"], vector["encoding_aes_key"])
    stamp = (vector["timestamp"], vector["nonce"])
    other = "A" + vector["Encrypt"][1:]
    with pytest.raises(wechat_push.PushDistrusted):
        wechat_push.open_push(push, vector["msg_signature"], *stamp, other)
    resigned = wechat_push.push_signature(vector["token"], *stamp, other)
    stranger = wechat_push.PushConfig("wx-somebody-else", push.token, push.aes_key)
    with pytest.raises(wechat_push.PushDistrusted):
        wechat_push.open_push(stranger, resigned, *stamp, other)


def test_a_delivery_callback_is_signed_as_published() -> None:
    vector = VECTORS["intracity_callback"]
    assert wechat_push.intracity_signature(vector["body_without_sign"], vector["token"]) == vector["sign"]


def test_a_secured_call_is_sealed_and_signed_as_published() -> None:
    vector = VECTORS["api_signature"]
    key = base64.b64decode(vector["symmetric_key_b64"])
    security = wechat_secured.ApiSecurity(KEYS["appid"], vector["symmetric_key_sn"], key)
    body = wechat_secured.SealedBody(**json.loads(vector["request_body"]))
    sealed = security.seal(vector["url"], vector["timestamp"], base64.b64decode(body.iv), vector["plaintext"].encode())
    assert sealed == body
    assert security.open(vector["url"], vector["timestamp"], body).decode() == vector["plaintext"]
    message = security.message(vector["url"], vector["timestamp"], vector["request_body"])
    assert message.decode() == vector["string_to_sign"]
    published = vector["signature_rsa_pss_sha256_salt32"]
    assert wechat_secured.is_pss_signed(merchant_public_key(), message, published)
    assert wechat_secured.is_pss_signed(merchant_public_key(), message, wechat_secured.sign_pss(MERCHANT_KEY, message))
    assert not wechat_secured.is_pss_signed(merchant_public_key(), message + b"\n", published)


def test_a_raw_profile_is_signed_as_published() -> None:
    vector = VECTORS["raw_data_signature"]
    assert wechat_push.profile_signature(vector["rawData"], vector["session_key"]) == vector["signature"]
