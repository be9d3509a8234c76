"""A buyer who collects, and one to whom the shop's courier comes: what the API offers, takes, tells and refuses."""

from dataclasses import replace

import pytest

from app.buyer.answers import Contact, Order, PickupCode
from app.buyer.client import BY_CARRIER, ShopClient, Way
from app.buyer.refusals import Conflict, NotFound, Refusal
from app.domain.delivery.commands import ArchiveDeliveryArea, DispatchDelivery, RecordDelivered, SaveDeliveryArea
from app.domain.money import Fen
from app.domain.pickup import code
from app.domain.pickup.commands import ArchivePickupPoint, MarkReady, RedeemPickup, SavePickupPoint
from tests.support.shop import CLERK, PICKUP_KEYS
from tests.support.street import HOME, Street

ALL_WEEK = {str(day): ["09:00-21:30"] for day in range(1, 8)}
HERE = SavePickupPoint("here", "文三路店", "文三路 90 号", "0571-88880000", ALL_WEEK, 60, 60, 3)
ANY_TIME = SavePickupPoint("there", "滨江星光店", "江南大道 228 号", "", ALL_WEEK)
AREA = SaveDeliveryArea("west", "城西", ("330106", "330105"), Fen(500), ALL_WEEK, Fen(9_900))
WHO = Contact("林晓雨", "13800138000", "")
AT_ANY_TIME = Way("pickup", "there")


def placed(buyer: ShopClient, way: Way, contact: Contact = WHO, qty: int = 1) -> Order:
    quote = buyer.quote([("p1-s", qty)], contact.region_code, way)
    return buyer.place_order(quote, contact, f"key-{way.kind}-{qty:08}", way=way)


def paid(street: Street, buyer: ShopClient, way: Way, contact: Contact = WHO, qty: int = 1) -> Order:
    order = placed(buyer, way, contact, qty)
    street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    street.tell()
    return buyer.order(order.id)


def read(shown: PickupCode) -> code.ReadCode:
    found = code.read(PICKUP_KEYS, shown.text)
    assert found is not None
    return found


def test_only_what_the_shop_has_is_offered(street: Street, buyer: ShopClient) -> None:
    plain = buyer.shop()
    assert (plain.delivery_kinds, plain.pickup_points, plain.delivery_areas) == (("express",), (), ())
    for command in (HERE, ANY_TIME, AREA):
        street.shop.must(command)
    street.settle()
    shop = buyer.shop()
    assert shop.delivery_kinds == ("express", "pickup", "local")
    point = next(each for each in shop.pickup_points if each.id == "here")
    assert (point.name, point.phone, point.has_slots) == ("文三路店", "0571-88880000", True)
    first = point.days[0].slots[0]
    assert first.from_at >= street.clock.now() and len(point.days) == 7
    assert [len(day.slots) for day in point.days[1:]] == [12, 12, 0, 0, 0, 0]
    assert shop.delivery_areas[0].fee_fen == 500
    street.clock.advance(minutes=61)
    assert next(p for p in buyer.shop().pickup_points if p.id == "here").days[0].slots[0].text > first.text
    for gone in (ArchivePickupPoint("here"), ArchivePickupPoint("there"), ArchiveDeliveryArea("west")):
        street.shop.must(gone)
    street.settle()
    assert buyer.shop().delivery_kinds == ("express",)


def test_a_buyer_collects(street: Street, buyer: ShopClient) -> None:
    street.shop.must(HERE)
    slot = buyer.shop().pickup_points[0].days[1].slots[2]
    way = Way("pickup", "here", slot.text)
    unpaid = placed(buyer, way)
    assert (unpaid.total_fen, unpaid.freight_fen, unpaid.pickup and unpaid.pickup.state) == (6800, 0, "ordered")
    with pytest.raises(Conflict, match="no_code"):
        buyer.pickup_code(unpaid.id)
    street.clock.advance(minutes=1)
    street.wechat.pay_sheet(buyer.pay(unpaid.id).wx_payment)
    street.tell()
    order = buyer.order(unpaid.id)
    assert order.pickup is not None
    assert (order.pickup.state, order.pickup.slot, order.pickup.point.name) == ("preparing", slot.text, "文三路店")
    shown = buyer.pickup_code(order.id)
    assert len(shown.text) == code.SIGNS and len(shown.human_code) == code.HUMAN_DIGITS and not shown.is_ready
    assert read(shown).expires_at == shown.expires_at == order.pickup.expires_at
    assert (shown.expires_at - slot.until_at).days == 7
    with street.buyer("other") as other, pytest.raises(NotFound):
        other.pickup_code(order.id)

    street.clock.advance(minutes=1)
    street.shop.must(MarkReady(order.id, "A-12"), CLERK)
    assert buyer.pickup_code(order.id).is_ready
    street.clock.advance(minutes=1)
    street.shop.must(RedeemPickup("scan-1", read(shown).ref, "here", "device-1"), CLERK)
    done = buyer.order(order.id)
    assert (done.state, done.pickup and done.pickup.state) == ("completed", "collected")
    assert [event.kind for event in done.events] == ["placed", "paid", "ready", "collected"]
    with pytest.raises(Conflict, match="no_code"):
        buyer.pickup_code(order.id)
    assert street.shop.rows("stock_levels", "on_hand_qty, reserved_qty") == [(9, 0)]


def test_a_cancelled_order_has_no_code_and_frees_its_digits(street: Street, buyer: ShopClient) -> None:
    street.shop.must(ANY_TIME)
    order = paid(street, buyer, AT_ANY_TIME)
    buyer.pickup_code(order.id)
    cancelled = buyer.cancel(order.id, "cancel-01")
    assert (cancelled.state, cancelled.pickup and cancelled.pickup.state) == ("cancelled", "closed")
    with pytest.raises(Conflict, match="no_code"):
        buyer.pickup_code(order.id)


def test_the_same_key_asks_for_the_same_code(street: Street, buyer: ShopClient) -> None:
    street.shop.must(ANY_TIME)
    first, again = placed(buyer, AT_ANY_TIME), placed(buyer, AT_ANY_TIME)
    assert first.id == again.id
    assert len(street.shop.rows("pickups", "ref")) == 1


def test_a_courier_brings_what_the_area_costs(street: Street, buyer: ShopClient) -> None:
    street.shop.must(AREA)
    way = Way("local")
    assert buyer.quote([("p1-s", 1)], HOME.region_code, way).freight_fen == 500
    assert buyer.quote([("p1-s", 2)], HOME.region_code, way).freight_fen == 0
    order = paid(street, buyer, way, HOME)
    assert (order.freight_fen, order.total_fen, order.delivery and order.delivery.state) == (500, 7300, "preparing")
    street.shop.must(DispatchDelivery(order.id, "clerk"), CLERK)
    out = buyer.order(order.id)
    assert (out.state, out.delivery and out.delivery.state, out.lines[0].shipped_qty) == ("shipped", "out", 1)
    street.shop.must(RecordDelivered(order.id), CLERK)
    assert buyer.order(order.id).state == "completed"


@pytest.mark.parametrize(
    ("way", "contact", "refused"),
    [
        (Way("pickup", "gone"), WHO, "order.point_closed"),
        (Way("pickup", ""), WHO, "order.point_closed"),
        (Way("pickup", "there", "2026-11-24 09:00-10:00"), WHO, "order.slot_gone"),
        (Way("pickup", "here"), WHO, "order.slot_gone"),
        (Way("pickup", "here", "2026-11-20 09:00-10:00"), WHO, "order.slot_gone"),
        (Way("local"), replace(HOME, region_code="110101"), "order.area_not_served"),
        (Way("local"), replace(HOME, region_code=""), "order.area_not_served"),
        (Way("express", "here"), HOME, "order.delivery_unfit"),
        (Way("express", "", "2026-11-24 09:00-10:00"), HOME, "order.delivery_unfit"),
        (BY_CARRIER, WHO, "order.contact_unfit"),
        (Way("local"), replace(WHO, region_code="330106"), "order.contact_unfit"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_held(
    street: Street, buyer: ShopClient, way: Way, contact: Contact, refused: str
) -> None:
    for command in (HERE, ANY_TIME, AREA):
        street.shop.must(command)
    quote = buyer.quote([("p1-s", 1)])
    with pytest.raises(Refusal) as told:
        buyer.place_order(quote, contact, "key-00000001", way=way)
    assert told.value.code == refused
    assert street.shop.rows("orders") == []
    assert street.shop.rows("stock_levels", "reserved_qty") == [(0,)]
