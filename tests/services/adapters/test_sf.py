"""The real SF client against a stand-in that checks its digests."""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from app.domain.delivery.model import WaybillRefusal
from services.adapters.carrier import Cargo, Granted, Party, Refused, Unknown, WaybillOrder
from services.adapters.sf.client import CREATE, MAX_ANSWER_BYTES, SEARCH, SfClient
from services.adapters.sf.config import SfConfig
from services.adapters.sf.signing import digest
from services.standins.sf.server import running
from services.standins.sf.standin import Account, Fault, SfStandIn
from tests.support.clocks import FixedClock

CONFIG = SfConfig("SHOP001", "throw-away-word", host="http://127.0.0.1:1")
PARCEL = WaybillOrder(
    "parcel-1",
    Party("山野咖啡", "0571-88066288", "浙江省杭州市西湖区文三路 398 号", company="山野咖啡"),
    Party("林𠮷雨*~", "13812348888", "浙江省杭州市余杭区良渚街道 3 幢 101 室"),
    (Cargo("云南小粒咖啡豆", 2),),
    weight_g=920,
    remark="放门口 & 谢谢",
)


@pytest.fixture(params=[True, False], ids=["repeat-refused", "repeat-answered"])
def sf(request: pytest.FixtureRequest) -> Iterator[tuple[SfStandIn, SfClient]]:
    standin = SfStandIn(Account(CONFIG.partner_id, CONFIG.checkword), is_repeat_refused=request.param)
    with running(standin) as host:
        client = SfClient(replace(CONFIG, host=host), FixedClock())
        yield standin, client
        client.dispose()


def test_the_digest_is_javas() -> None:
    assert digest('{"orderId":"A1"}', "1700000000000", "ck") == "Yqz0POvPci0ZLI4PuUdGuQ=="
    told = '{"language":"zh-CN","orderId":"T*~ 1","cargoDetails":[{"name":"苹果"}]}'
    assert digest(told, "1700000000000", "testcheckword") == "8OiVJzTcsk9tfZBsNMGLug=="


def test_a_parcel_gets_its_number_and_what_the_label_needs(sf: tuple[SfStandIn, SfClient]) -> None:
    standin, client = sf
    found = client.order(PARCEL)
    assert isinstance(found, Granted)
    assert standin.numbers == {"parcel-1": found.waybill_no}
    assert (found.sorting_code, found.bag_mark) == ("571HI-HW-451", "S47") and found.waybill_no in found.qr_text


@pytest.mark.parametrize("fault", [Fault.SYSTEM_ERROR_AFTER, Fault.GARBAGE_AFTER, Fault.EMPTY_AFTER])
@pytest.mark.warns_in_log("an answer that nobody can read is a warning")
def test_a_lost_answer_never_costs_a_second_number(fault: Fault, sf: tuple[SfStandIn, SfClient]) -> None:
    standin, client = sf
    standin.fail_next(fault)
    assert isinstance(client.order(PARCEL), Unknown)
    again = client.order(PARCEL)
    assert isinstance(again, Granted) and standin.numbers == {"parcel-1": again.waybill_no}


@pytest.mark.warns_in_log("a gateway that is down is a warning")
def test_nothing_happened_is_unknown_as_well_and_can_be_asked_again(sf: tuple[SfStandIn, SfClient]) -> None:
    standin, client = sf
    standin.fail_next(Fault.SYSTEM_ERROR_BEFORE)
    assert isinstance(client.order(PARCEL), Unknown) and standin.numbers == {}
    assert isinstance(client.order(PARCEL), Granted)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.THROTTLED, WaybillRefusal.TOO_OFTEN),
        (Fault.BAD_DIGEST, WaybillRefusal.MISCONFIGURED),
        (Fault.PHONE_UNFIT, WaybillRefusal.RECEIVER_UNFIT),
        (Fault.NOT_SERVED, WaybillRefusal.NOT_SERVED),
    ],
)
def test_a_refusal_says_who_can_mend_it(fault: Fault, reason: WaybillRefusal, sf: tuple[SfStandIn, SfClient]) -> None:
    standin, client = sf
    standin.fail_next(fault)
    answer = client.order(PARCEL)
    assert isinstance(answer, Refused) and answer.reason is reason and standin.numbers == {}


def test_an_order_without_an_address_is_the_receivers_matter(sf: tuple[SfStandIn, SfClient]) -> None:
    answer = sf[1].order(replace(PARCEL, receiver=replace(PARCEL.receiver, address="")))
    assert isinstance(answer, Refused) and answer.reason is WaybillRefusal.RECEIVER_UNFIT


def test_a_wrong_word_is_refused_before_anything_happens(sf: tuple[SfStandIn, SfClient]) -> None:
    standin, client = sf
    host = str(client._http.base_url)
    stranger = SfClient(replace(CONFIG, host=host, checkword="another"), FixedClock())
    answer = stranger.order(PARCEL)
    stranger.dispose()
    assert isinstance(answer, Refused) and answer.code == "A1006" and standin.numbers == {}


def test_a_cancelled_key_is_gone_for_ever(sf: tuple[SfStandIn, SfClient]) -> None:
    standin, client = sf
    assert isinstance(client.order(PARCEL), Granted)
    assert client.cancel("parcel-1") is True
    assert isinstance(client.cancel("parcel-9"), Refused)
    assert CREATE in standin.calls
    unknown = client.find("parcel-9")
    assert isinstance(unknown, Refused) and unknown.reason is WaybillRefusal.NO_SUCH_ORDER
    assert standin.calls[-1] == SEARCH


def test_an_answer_with_the_result_as_an_object_is_read_too() -> None:
    inner = {
        "success": True,
        "errorCode": "S0000",
        "msgData": {"waybillNoInfoList": [{"waybillType": 1, "waybillNo": "SF1"}], "routeLabelInfo": None},
    }
    body = json.dumps({"apiResultCode": "A1000", "apiResultData": inner}).encode()
    client = SfClient(CONFIG, FixedClock(), httpx.MockTransport(lambda _: httpx.Response(200, content=body)))
    assert client.order(PARCEL) == Granted("SF1", "")
    client.dispose()


def answered(result: object, code: str = "A1000") -> Granted | Refused | Unknown:
    """What the client makes of the same answer to whatever it asks."""
    body = json.dumps({"apiResultCode": code, "apiErrorMsg": "", "apiResultData": result}).encode()
    client = SfClient(CONFIG, FixedClock(), httpx.MockTransport(lambda _: httpx.Response(200, content=body)))
    answer = client.order(PARCEL)
    client.dispose()
    return answer


@pytest.mark.parametrize(
    "result",
    [
        {},
        "{}",
        {"success": False},
        {"success": False, "errorCode": None, "errorMsg": "系统异常"},
        {"success": False, "errorCode": "S0000"},
        {"success": "true", "errorCode": "S0000", "msgData": {}},
        {"success": False, "errorCode": ["8196"]},
    ],
    ids=repr,
)
@pytest.mark.warns_in_log("an answer that nobody can read is a warning")
def test_an_answer_that_is_neither_yes_nor_no_may_stand_for_a_number(result: object) -> None:
    assert isinstance(answered(result), Unknown)


@pytest.mark.parametrize("code", ["502", "A2222"])
@pytest.mark.warns_in_log("an answer that nobody can read is a warning")
def test_a_gateway_that_says_something_unheard_of_has_not_refused(code: str) -> None:
    assert isinstance(answered("", code), Unknown)


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (" sf7444000000001\n", "SF7444000000001"),
        (7444000000001, "7444000000001"),
        ("SF1^XZ^XA", None),
        ("\ud800SF744400", None),
        ("S" * 900_000, None),
        (None, None),
        ("", None),
    ],
    ids=lambda told: str(type(told)),
)
def test_only_what_looks_like_a_number_is_one(told: object, number: str | None) -> None:
    message = {"waybillNoInfoList": [{"waybillNo": told}], "routeLabelInfo": 5}
    assert answered({"success": True, "errorCode": "S0000", "msgData": message}) == (
        Unknown("no number") if number is None else Granted(number, "")
    )


def test_a_carriers_words_can_be_stored_and_printed() -> None:
    answer = answered({"success": False, "errorCode": "8196", "errorMsg": "电话\ud800异\x00常\x1b@" + "长" * 9_000})
    assert (
        isinstance(answer, Refused)
        and answer.message.startswith("电话\ufffd异\ufffd常\ufffd@长")
        and len(answer.message) <= 2_000
    )


@pytest.mark.warns_in_log("an answer that nobody can read is a warning")
def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    read: list[int] = []

    def pieces() -> Iterator[bytes]:
        for _ in range(160):
            read.append(65_536)
            yield b"x" * 65_536

    line = httpx.MockTransport(lambda _: httpx.Response(200, content=pieces()))
    client = SfClient(CONFIG, FixedClock(), line)
    assert isinstance(client.order(PARCEL), Unknown) and sum(read) <= 2 * MAX_ANSWER_BYTES
    client.dispose()


def test_secrets_and_people_are_in_no_representation() -> None:
    told = f"{CONFIG!r} {PARCEL!r}"
    assert not any(word in told for word in ("throw-away-word", "林", "13812348888", "良渚", "放门口"))
