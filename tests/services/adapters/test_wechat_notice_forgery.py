"""Ten thousand forged or mutated notices; none may be believed."""

import base64
import json
import random
from collections.abc import Callable, Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from services.adapters.wechat_pay import crypto
from services.adapters.wechat_pay.notice import MAX_NOTICE_BYTES, parse_notice
from services.adapters.wechat_pay.signing import response_message
from services.adapters.wechat_pay.verification import Distrust, Distrusted, TrustedKeys
from tests.services.adapters.wechat_vectors import KEYS, PLATFORM_KEY, VECTORS, config

Message = tuple[dict[str, str], bytes]
FORGERIES = 10_000
ORIGINAL: Message = (dict(VECTORS["notification"]["headers"]), VECTORS["notification"]["body"].encode())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_TIMESTAMP, _NONCE, _SIGNATURE, _SERIAL = (
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
    "Wechatpay-Signature",
    "Wechatpay-Serial",
)


def believe(headers: Mapping[str, str], body: bytes, keys: TrustedKeys | None = None) -> object:
    account = config(ORIGINAL[0][_TIMESTAMP])
    trusted = keys or TrustedKeys(account.public_keys, account.clock)
    return parse_notice(trusted, account.apiv3_key, headers, body)


def resigned(headers: dict[str, str], body: bytes, key: rsa.RSAPrivateKey = PLATFORM_KEY) -> Message:
    message = response_message(headers[_TIMESTAMP], headers[_NONCE], body)
    return {**headers, _SIGNATURE: crypto.sign(key, message)}, body


def _changed(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    other = dice.choice([sign for sign in "ABCDabcd0123456789+/=_-" if sign != text[place]])
    return text[:place] + other + text[place + 1 :]


def _header_changed(dice: random.Random) -> Message:
    name = dice.choice([_TIMESTAMP, _NONCE, _SIGNATURE, _SERIAL])
    return {**ORIGINAL[0], name: _changed(ORIGINAL[0][name], dice)}, ORIGINAL[1]


def _header_dropped(dice: random.Random) -> Message:
    name = dice.choice([_TIMESTAMP, _NONCE, _SIGNATURE, _SERIAL])
    value = dice.choice([None, ""])
    headers = {key: text for key, text in ORIGINAL[0].items() if key != name}
    return headers if value is None else {**headers, name: value}, ORIGINAL[1]


def _body_changed(dice: random.Random) -> Message:
    body = bytearray(ORIGINAL[1])
    body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    return dict(ORIGINAL[0]), bytes(body)


def _body_reworded(dice: random.Random) -> Message:
    spaced = json.dumps(json.loads(ORIGINAL[1]), ensure_ascii=dice.choice([True, False]), indent=dice.randrange(4))
    return dict(ORIGINAL[0]), spaced.encode()


def _body_cut(dice: random.Random) -> Message:
    return dict(ORIGINAL[0]), ORIGINAL[1][: dice.randrange(len(ORIGINAL[1]))]


def _stale(dice: random.Random) -> Message:
    shift = dice.choice([-1, 1]) * dice.randrange(300, 10**7)
    headers = {**ORIGINAL[0], _TIMESTAMP: str(int(ORIGINAL[0][_TIMESTAMP]) + shift)}
    return resigned(headers, ORIGINAL[1])


def _odd_timestamp(dice: random.Random) -> Message:
    text = ORIGINAL[0][_TIMESTAMP]
    odd = dice.choice([text + ".0", "+" + text, " " + text, "٠" + text, "-" + text, text + "0" * 400, "NaN"])
    return resigned({**ORIGINAL[0], _TIMESTAMP: odd}, ORIGINAL[1])


def _probe(dice: random.Random) -> Message:
    return {**ORIGINAL[0], _SIGNATURE: "WECHATPAY/SIGNTEST/" + ORIGINAL[0][_SIGNATURE][19:]}, ORIGINAL[1]


def _unknown_serial(dice: random.Random) -> Message:
    serial = dice.choice([f"PUB_KEY_ID_{dice.randrange(10**20)}", f"{dice.randrange(16**40):040X}"])
    return {**ORIGINAL[0], _SERIAL: serial}, ORIGINAL[1]


def _other_signature_type(dice: random.Random) -> Message:
    kind = dice.choice(["WECHATPAY2-SM2-WITH-SM3", "none", "wechatpay2-sha256-rsa2048", "WECHATPAY2-SHA256-RSA1024"])
    return {**ORIGINAL[0], "Wechatpay-Signature-Type": kind}, ORIGINAL[1]


def _signature_of_another(dice: random.Random) -> Message:
    return {**ORIGINAL[0], _SIGNATURE: base64.b64encode(dice.randbytes(256)).decode()}, ORIGINAL[1]


MUTATIONS: list[Callable[[random.Random], Message]] = [
    _header_changed,
    _header_dropped,
    _body_changed,
    _body_reworded,
    _body_cut,
    _odd_timestamp,
    _probe,
    _unknown_serial,
    _other_signature_type,
    _signature_of_another,
]


def test_none_of_ten_thousand_forgeries_is_believed() -> None:
    dice = random.Random(20260115)
    believed = 0
    for number in range(FORGERIES):
        # Signing is the slow part, so re-signed stale ones are one in a hundred.
        mutate = _stale if number % 100 == 0 else MUTATIONS[number % len(MUTATIONS)]
        headers, body = mutate(dice)
        assert (headers, body) != ORIGINAL
        try:
            believe(headers, body)
        except Distrusted:
            continue
        believed += 1
    assert believed == 0
    assert believe(*ORIGINAL)


@pytest.mark.parametrize("key", [PLATFORM_KEY, STRANGER], ids=["right key, other words", "stranger's key"])
def test_the_signature_of_another_message_or_key_is_not_believed(key: rsa.RSAPrivateKey) -> None:
    headers, _ = resigned(dict(ORIGINAL[0]), b"{}" if key is PLATFORM_KEY else ORIGINAL[1], key)
    with pytest.raises(Distrusted) as refusal:
        believe(headers, ORIGINAL[1])
    assert refusal.value.reason is Distrust.BAD_SIGNATURE


def test_a_resource_that_decrypts_proves_nothing_without_a_signature() -> None:
    with pytest.raises(Distrusted) as refusal:
        believe({}, ORIGINAL[1])
    assert refusal.value.reason is Distrust.HEADER_MISSING


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"resource": {"algorithm": "none"}}, Distrust.UNDECIPHERABLE),
        ({"event_type": "TRANSACTION.REVERSED"}, Distrust.UNKNOWN_EVENT),
        ({"resource": None}, Distrust.UNREADABLE),
        ({"id": 7}, Distrust.UNREADABLE),
        ({"create_time": "yesterday"}, Distrust.UNREADABLE),
    ],
)
def test_a_signed_notice_of_another_shape_is_refused(change: dict[str, object], reason: Distrust) -> None:
    envelope = {**json.loads(ORIGINAL[1]), **change}
    with pytest.raises(Distrusted) as refusal:
        believe(*resigned(dict(ORIGINAL[0]), json.dumps(envelope).encode()))
    assert refusal.value.reason is reason


def sealed_notice(content: object, event: str = "TRANSACTION.SUCCESS", kind: str = "transaction") -> Message:
    """A genuine notice with any content."""
    resource = {
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": "0123456789ab",
        "associated_data": kind,
        "ciphertext": crypto.seal_resource(
            KEYS["apiv3_key"].encode(), "0123456789ab", kind, json.dumps(content).encode()
        ),
    }
    envelope = {"id": "EV-1", "create_time": "2026-01-15T16:01:02+08:00", "event_type": event, "resource": resource}
    return resigned(dict(ORIGINAL[0]), json.dumps(envelope).encode())


@pytest.mark.parametrize("total", [-1, 1.0, "25600", True, None])
def test_a_signed_payment_without_a_whole_amount_is_refused(total: object) -> None:
    content = json.loads(VECTORS["notification"]["decrypted"])
    content["amount"]["total"] = total
    with pytest.raises(Distrusted) as refusal:
        believe(*sealed_notice(content))
    assert refusal.value.reason is Distrust.UNREADABLE


def test_a_signed_notice_of_an_unpaid_order_is_refused() -> None:
    content = {**json.loads(VECTORS["notification"]["decrypted"]), "trade_state": "NOTPAY"}
    with pytest.raises(Distrusted):
        believe(*sealed_notice(content))


def test_huge_and_deep_notices_are_refused_before_they_cost_anything() -> None:
    with pytest.raises(Distrusted) as refusal:
        believe(*resigned(dict(ORIGINAL[0]), b" " * (MAX_NOTICE_BYTES + 1)))
    assert refusal.value.reason is Distrust.TOO_LARGE
    with pytest.raises(Distrusted) as refusal:
        believe(*resigned(dict(ORIGINAL[0]), b"[" * MAX_NOTICE_BYTES))
    assert refusal.value.reason is Distrust.UNREADABLE


def test_a_notice_without_signature_type_and_with_lower_case_headers_is_believed() -> None:
    headers = {name.lower(): value for name, value in ORIGINAL[0].items() if not name.endswith("Type")}
    assert believe(headers, ORIGINAL[1])


def test_a_verifier_that_lets_unknown_serials_pass_would_be_noticed() -> None:
    class Gullible(TrustedKeys):
        """The planted fault: whoever is not known is trusted."""

        def check(self, headers: Mapping[str, str], body: bytes) -> None:
            if self.find(headers[_SERIAL]) is not None:
                super().check(headers, body)

    account = config(ORIGINAL[0][_TIMESTAMP])
    forged, body = _unknown_serial(random.Random(1))
    assert believe(forged, body, Gullible(account.public_keys, account.clock))
    with pytest.raises(Distrusted) as refusal:
        believe(forged, body)
    assert refusal.value.reason is Distrust.UNKNOWN_SERIAL
