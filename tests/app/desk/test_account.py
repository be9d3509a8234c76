"""The shop's accounts outside, asked for and set at a counter."""

from dataclasses import replace

import pytest

from app.desk.account import carrier_account, wechat_account
from app.kernel.errors import KnownError
from app.sync.transport import Refused
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideReply, OutsideRequest, OutsideState

WECHAT = OutsideRequest("", "wx1234", "1900000001", "AB", "https://shop.example.cn/wechat/pay/notify")
SF = CarrierRequest("", "SHOP001")


class Service:
    """Keeps what it is given in anybody's name, unless ``refusal`` is set."""

    def __init__(self) -> None:
        self.wechat = OutsideReply(OutsideState.UNSET)
        self.sf = CarrierReply(OutsideState.UNSET)
        self.actors: list[str] = []
        self.refusal: Refused | None = None

    def outside(self) -> OutsideReply:
        return self.wechat

    def carrier(self) -> CarrierReply:
        return self.sf

    def set_outside(self, request: OutsideRequest) -> OutsideReply:
        self._note(request.actor)
        self.wechat = replace(self.wechat, state=OutsideState.SET, appid=request.appid)
        return self.wechat

    def set_carrier(self, request: CarrierRequest) -> CarrierReply:
        self._note(request.actor)
        self.sf = replace(self.sf, state=OutsideState.SET, partner_id=request.partner_id)
        return self.sf

    def _note(self, actor: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.actors.append(actor)


def test_each_account_is_set_in_the_name_of_whoever_is_on_duty() -> None:
    service = Service()
    wechat, carrier = wechat_account(service, lambda: "owner"), carrier_account(service, lambda: "boss")
    assert wechat.state().result(5).state is carrier.state().result(5).state is OutsideState.UNSET
    assert (wechat.set(WECHAT).result(5).appid, carrier.set(SF).result(5).partner_id) == ("wx1234", "SHOP001")
    assert service.actors == ["owner", "boss"]
    assert (wechat.state().result(5).appid, carrier.state().result(5).partner_id) == ("wx1234", "SHOP001")


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (Refused("outside_unfit", {"problem": "wechat.bad_mchid", "problem_text": "No."}), "wechat.bad_mchid"),
        (Refused("forbidden", {}), "outside.not_here"),
        (Refused("device_revoked", {}), "desk.locked"),
    ],
)
def test_what_the_service_refuses_comes_as_a_sentence(refusal: Refused, code: str) -> None:
    service = Service()
    service.refusal = refusal
    with pytest.raises(KnownError) as told:
        wechat_account(service, lambda: "clerk").set(WECHAT).result(5)
    assert told.value.code == code


def test_each_account_says_its_own_refusals() -> None:
    service = Service()
    service.refusal = Refused("not_allowed", {})
    with pytest.raises(KnownError, match="carrier's account"):
        carrier_account(service, lambda: "clerk").set(SF).result(5)
    service.refusal = Refused("carrier_unfit", {"problem": "carrier.bad_product", "problem_text": "No."})
    with pytest.raises(KnownError, match="No"):
        carrier_account(service, lambda: "clerk").set(SF).result(5)
