"""What the owner fills in for each of the shop's accounts, and how it is said that they stand."""

from collections.abc import Mapping

from app.kernel.i18n import tr
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideReply, OutsideRequest
from ui.pages.settings.account_section import AccountRow, Kind, Terms

_WECHAT_PLAIN = ("appid", "mchid", "merchant_serial", "notify_url", "public_key_id")
_SF_PLAIN = ("partner_id", "monthly_card", "product")
_REAL, _SANDBOX = "real", "sandbox"


def wechat_terms() -> Terms[OutsideRequest, OutsideReply]:
    """The merchant and the mini-program at WeChat."""
    rows = (
        AccountRow("appid", tr("App id"), tr("Of the mini-program, begins with wx.")),
        AccountRow("app_secret", tr("App secret"), kind=Kind.SECRET),
        AccountRow("mchid", tr("Merchant number")),
        AccountRow("merchant_serial", tr("Certificate serial"), tr("Of the API certificate, 40 signs.")),
        AccountRow("apiv3_key", tr("APIv3 key"), tr("32 signs."), Kind.SECRET),
        AccountRow("merchant_key", tr("Merchant key"), tr("The text of apiclient_key.pem."), Kind.KEY),
        AccountRow("public_key_id", tr("Public key id"), tr("Empty for older accounts.")),
        AccountRow("public_key", tr("WeChat's public key"), tr("The text of pub_key.pem."), Kind.KEY),
        AccountRow("notify_url", tr("Notice address"), tr("Where WeChat reports payments: https, public.")),
    )
    return Terms(
        title=tr("WeChat"),
        headline=tr("WeChat Pay and mini-program"),
        rows=rows,
        pretended=tr("A demo shop is paid with play money by a WeChat that is only pretended."),
        unset=tr("Buyers can pay as soon as the account is set; the counters work without it."),
        facts=lambda reply: [f"{reply.appid} · {tr('merchant {number}', number=reply.mchid)}"],
        shown=lambda reply: {name: str(getattr(reply, name)) for name in _WECHAT_PLAIN},
        ending=lambda reply, name: str(reply.endings.get(name, "")),
        request=lambda said: OutsideRequest(actor="", **said),
    )


def carrier_terms() -> Terms[CarrierRequest, CarrierReply]:
    """The shop as a customer of SF Express."""
    places = [(_REAL, tr("Real, numbers for real parcels")), (_SANDBOX, tr("Sandbox, for trying only"))]
    rows = (
        AccountRow("partner_id", tr("Customer code"), tr("As SF's open platform shows it.")),
        AccountRow("checkword", tr("Check word"), kind=Kind.SECRET),
        AccountRow("monthly_card", tr("Monthly card"), tr("10 digits; empty: pay the courier.")),
        AccountRow("product", tr("SF's product"), tr("Its number, 1 for example.")),
        AccountRow("place", tr("Used for"), kind=Kind.CHOICE, choices=places),
    )
    return Terms(
        title=tr("Carrier"),
        headline=tr("Waybill numbers from SF Express"),
        rows=rows,
        pretended=tr("A demo shop gets its numbers from a carrier that is only pretended."),
        unset=tr("With an account, numbers can be asked for while shipping; without it they are typed or scanned."),
        facts=_carrier_facts,
        shown=_carrier_shown,
        ending=lambda reply, _name: reply.ending,
        request=_carrier_request,
    )


def _carrier_facts(reply: CarrierReply) -> list[str]:
    return [reply.partner_id, *([tr("Sandbox, for trying only")] if reply.is_sandbox else [])]


def _carrier_shown(reply: CarrierReply) -> Mapping[str, str]:
    place = _SANDBOX if reply.is_sandbox else _REAL
    return {"place": place, **{name: str(getattr(reply, name)) for name in _SF_PLAIN}}


def _carrier_request(said: Mapping[str, str]) -> CarrierRequest:
    texts = {name: text for name, text in said.items() if name != "place"}
    return CarrierRequest(actor="", is_sandbox=said["place"] == _SANDBOX, **texts)
