"""What WeChat and a carrier answer never reaches the log: they may repeat whom a question was about."""

import json
import logging
from dataclasses import replace

import httpx
import pytest

from services.adapters.sf.client import SfClient
from services.adapters.wechat_mini import LoginUnknown, MiniConfig, WechatMiniClient
from services.adapters.wechat_pay.client import WechatPayClient
from services.adapters.wechat_pay.gateway import Refused, Unknown
from tests.services.adapters import test_sf as sf
from tests.services.adapters import test_wechat_wire as pay
from tests.support.clocks import FixedClock

CANARY = "canary-7f3a"
SENTENCE = f"the receiver {CANARY} does not exist"
PAY_ANSWERS = {
    "a message": {"code": "PARAM_ERROR", "message": SENTENCE, "detail": {"value": CANARY}},
    "a code that is none": {"code": SENTENCE, "message": SENTENCE},
    "a server's fault": {"code": "SYSTEM_ERROR", "message": SENTENCE},
    "no object": [CANARY],
    "a text": CANARY,
}
SF_ANSWERS = {
    "a gateway's code that is none": {"apiResultCode": SENTENCE, "apiErrorMsg": SENTENCE},
    "a gateway's refusal": {"apiResultCode": "A1006", "apiErrorMsg": SENTENCE},
    "a code that is none": {
        "apiResultCode": "A1000",
        "apiResultData": json.dumps({"success": False, "errorCode": SENTENCE, "errorMsg": SENTENCE}),
    },
    "neither yes nor no": {
        "apiResultCode": "A1000",
        "apiResultData": json.dumps({"success": True, "errorCode": SENTENCE, "errorMsg": SENTENCE}),
    },
    "not served": {
        "apiResultCode": "A1000",
        "apiResultData": json.dumps({"success": True, "msgData": {"filterResult": 3, "remark": SENTENCE}}),
    },
    "no object": [CANARY],
}


@pytest.mark.warns_in_log("answers that nobody understands are told there")
@pytest.mark.parametrize("status", [200, 400, 403, 500])
@pytest.mark.parametrize("name", PAY_ANSWERS)
def test_wechat_pays_answers_are_not_repeated(name: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {b"request-id": SENTENCE.encode(), b"wechatpay-nonce": SENTENCE.encode()}
    line = httpx.MockTransport(lambda _: httpx.Response(status, json=PAY_ANSWERS[name], headers=headers))
    client = WechatPayClient(pay.config(), line)
    answer = client.query("order-1")
    client.dispose()
    assert isinstance(answer, (Refused, Unknown))
    assert "order-1" in caplog.text and CANARY not in caplog.text
    assert CANARY not in repr(replace(answer, message="") if isinstance(answer, Refused) else answer)


@pytest.mark.warns_in_log("answers that nobody understands are told there")
@pytest.mark.parametrize("name", SF_ANSWERS)
def test_a_carriers_answers_are_not_repeated(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = SfClient(
        sf.CONFIG, FixedClock(), httpx.MockTransport(lambda _: httpx.Response(200, json=SF_ANSWERS[name]))
    )
    answer = client.order(sf.PARCEL)
    client.dispose()
    assert CANARY not in caplog.text
    if name == "neither yes nor no":
        assert not hasattr(answer, "message"), "a success with a fault's code is not believed, nor a refusal"
    told = answer.detail if hasattr(answer, "detail") else getattr(answer, "code", "")
    assert CANARY not in told, "a refusal's code is kept for good, and only its message is looked through"


@pytest.mark.warns_in_log("no answer is told there")
@pytest.mark.parametrize("fault", [httpx.ReadError, httpx.LocalProtocolError, httpx.DecodingError])
def test_what_the_library_says_of_a_broken_line_is_not_repeated(
    fault: type[httpx.HTTPError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(request: httpx.Request) -> httpx.Response:
        raise fault(f"Illegal header value {SENTENCE} {request.url}")

    line = httpx.MockTransport(broken)
    payer, carrier = WechatPayClient(pay.config(), line), SfClient(sf.CONFIG, FixedClock(), line)
    mini = WechatMiniClient(MiniConfig("wx0123456789abcdef", CANARY), line)
    answers = (payer.query("order-1"), carrier.order(sf.PARCEL), mini.login("a-code"))
    for client in (payer, carrier, mini):
        client.dispose()
    assert isinstance(answers[2], LoginUnknown)
    assert caplog.text.count(fault.__name__) == 3
    assert CANARY not in caplog.text + repr(answers) and "a-code" not in caplog.text
