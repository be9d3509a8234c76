"""An order that comes back: put as it was, once, with its goods and its money; a wrong one is refused whole."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.adoption.commands import AdoptOrder
from app.domain.adoption.handlers import CAME_BACK, DIFFERS
from app.domain.aftersales.commands import RequestRefund
from app.domain.catalog.model import Sku
from app.domain.delivery.model import Parcel, ParcelLine, ParcelState
from app.domain.incidents.model import RESTORED, Incident, restored_id
from app.domain.members.commands import RegisterBuyer
from app.domain.members.model import Buyer
from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.orders.model import Channel, DeliveryKind, Order, OrderEvent, OrderLine, OrderPrice, OrderState
from app.domain.outcome import Accepted
from app.domain.payments.commands import RecordPaymentCheck
from app.domain.payments.model import (
    CheckState,
    Payment,
    PaymentCheck,
    PaymentState,
    Refund,
    RefundLine,
    RefundState,
    Tender,
    Transfer,
)
from app.domain.pickup.model import Pickup, PickupState
from app.domain.promotions.model import Coupon, CouponState
from app.domain.stock.model import Location, Reservation, ReservationState, StockLevel, StockMovement
from app.kernel.derived import derived_id
from tests.app.domain.deciding import EARLIER, NOW, OWNER, SERVICE, Decided, given

SKU = Sku("sku", "p", "", "SY-1", "", Fen(500), 100)
PLACE = Location("place", "文三路店")
PUT_BACK = Incident(restored_id("old"), RESTORED, {"epoch": "old"}, EARLIER)
SHELF = (SKU, PLACE, StockLevel("sku", "place", on_hand_qty=10, reserved_qty=1), PUT_BACK)
ORDER = Order(
    *("o", "WX1", Channel.MINI_PROGRAM, "", "buyer", DeliveryKind.EXPRESS, OrderState.PAID),
    *(Fen(1000), Fen(0), Fen(0), Fen(1000), Fen(1000), Fen(0), "hash", EARLIER, EARLIER.date()),
)
LINE = OrderLine(
    *("l", "o", 1, "goods", "sku", "p", "cat", "咖啡豆", "", "SY-1", "", "", 100, 2),
    *(Fen(500), Fen(500), Fen(0), Fen(1000)),
)
HELD = Reservation("l", "sku", "place", 2, ReservationState.HELD)
PAID = Payment("pay", "o", Tender.WECHAT, Fen(1000), PaymentState.PAID, "T1", "W1", "", Fen(1000), paid_at=EARLIER)


def event(kind: str, event_id: str = "") -> OrderEvent:
    return OrderEvent(event_id or kind, "o", EARLIER, kind, "buyer", {})


TOLD = AdoptOrder("old", ORDER, (LINE,), (HELD,), (event("placed"), event("paid")), payments=(PAID,))
SHIPPED = replace(
    TOLD,
    order=replace(ORDER, state=OrderState.SHIPPED),
    lines=(replace(LINE, shipped_qty=2),),
    reservations=(replace(HELD, state=ReservationState.CONSUMED),),
    events=(*TOLD.events, event("shipped")),
    parcels=(Parcel("parcel", "o", "sf", "", "SF1", ParcelState.SHIPPED, EARLIER),),
    parcel_lines=(ParcelLine("parcel", "l", 2),),
)
UNPAID = replace(
    TOLD, order=replace(ORDER, state=OrderState.UNPAID, paid_fen=Fen(0)), events=(event("placed"),), payments=()
)


def level(decided: Decided) -> tuple[int, int, int]:
    found = decided.after.get(StockLevel, "sku", "place")
    assert found is not None
    return (found.on_hand_qty, found.reserved_qty, found.short_qty)


def back(told: AdoptOrder, *rows: Any) -> Decided:
    return given(*(rows or SHELF), *([] if PUT_BACK in (rows or SHELF) else [PUT_BACK])).when(told)


def after(told: AdoptOrder) -> list[Any]:
    """The shop to which this came back."""
    decided = back(told)
    kinds = (Order, OrderLine, OrderEvent, Reservation, StockLevel, Payment, Refund, Parcel, Incident, Buyer)
    return [SKU, PLACE, *(row for kind in kinds for row in decided.after.rows(kind))]


def test_a_paid_order_comes_back_with_its_pieces_promised_and_its_money_booked() -> None:
    decided = back(TOLD)
    assert (decided.put(Order), decided.put(OrderLine), decided.put(Payment)) == (ORDER, LINE, PAID)
    assert decided.put(Buyer) == Buyer("buyer")
    assert level(decided) == (10, 3, 0)
    entry = decided.put(Transfer)
    assert (entry.debit, entry.credit, entry.fen, entry.ref_id) == ("wechat", "sales", 1000, "pay")
    told = decided.put(Incident)
    assert (told.id, told.refs["count"], told.refs["nos"]) == (derived_id(CAME_BACK, "old"), 1, ["WX1"])


def test_an_order_of_an_epoch_that_this_shop_never_had_is_refused() -> None:
    back(replace(TOLD, epoch="invented")).refused("adoption.foreign_epoch")


def test_a_payment_that_came_back_gives_no_money_away_before_wechat_has_confirmed_it() -> None:
    told = back(TOLD)
    check = told.put(PaymentCheck)
    assert (check.payment_id, check.order_id, check.state) == ("pay", "o", CheckState.OPEN)
    rows = [*after(TOLD), check]
    refund = RequestRefund("o", "r1", reason="不要了")
    given(*rows).when(refund).refused("refund.unproven")
    said = RecordPaymentCheck("pay", "W1", Fen(1000))
    equal = given(*rows).when(said, SERVICE)
    assert (equal.put(PaymentCheck).state, equal.after.rows(Incident)) == (
        CheckState.EQUAL,
        (*[r for r in rows if isinstance(r, Incident)],),
    )
    confirmed = [row for row in rows if row is not check] + [equal.put(PaymentCheck)]
    assert given(*confirmed).when(refund).put(Refund).amount_fen == 1000
    assert given(*confirmed).when(replace(said, transaction_id=""), SERVICE).changes == ()
    for wrong in ({"transaction_id": ""}, {"transaction_id": "W2"}, {"amount_fen": Fen(1)}, {"is_ours": False}):
        differs = given(*rows).when(replace(said, **wrong), SERVICE)
        assert differs.put(PaymentCheck).state is CheckState.DIFFERS
        assert differs.put(Incident).kind == "payment.not_as_told"
        given(*rows[:-1], differs.put(PaymentCheck)).when(refund).refused("refund.unproven")


def test_an_order_told_by_a_second_computer_keeps_what_wechat_said() -> None:
    confirmed = PaymentCheck("pay", "o", CheckState.EQUAL, EARLIER, NOW)
    assert given(*after(TOLD), confirmed).when(SHIPPED).after.rows(PaymentCheck) == (confirmed,)


def test_pieces_that_left_are_off_the_shelf() -> None:
    decided = back(SHIPPED)
    assert level(decided) == (8, 1, 0)
    movement = decided.put(StockMovement)
    assert (movement.delta_qty, movement.reason, movement.ref_kind, movement.ref_id) == (-2, "shipped", "order", "o")


@pytest.mark.parametrize(("told", "expected"), [(TOLD, (1, 3, 2)), (SHIPPED, (-1, 1, 2))], ids=["promised", "left"])
def test_what_is_no_longer_there_is_short_and_an_incident(told: AdoptOrder, expected: tuple[int, int, int]) -> None:
    decided = back(told, SKU, PLACE, StockLevel("sku", "place", on_hand_qty=1, reserved_qty=1))
    assert level(decided) == expected
    kinds = {each.kind: each.refs for each in decided.after.rows(Incident)}
    assert kinds["stock.short"]["missing_qty"] == 2


def test_an_article_that_is_gone_holds_nothing() -> None:
    decided = back(TOLD, PLACE)
    assert decided.put(Reservation).state is ReservationState.RELEASED
    assert decided.after.rows(StockLevel) == ()


def test_the_same_or_less_changes_nothing() -> None:
    for told in (SHIPPED, TOLD, UNPAID):
        assert given(after(SHIPPED)).when(told).decision == Accepted()


def test_who_knows_more_is_believed() -> None:
    decided = given(after(UNPAID)).when(SHIPPED)
    assert decided.put(Order).state is OrderState.SHIPPED and level(decided) == (8, 1, 0)
    assert {each.id for each in decided.after.rows(OrderEvent)} == {"placed", "paid", "shipped"}
    assert decided.put(Transfer).ref_id == "pay"
    assert decided.put(Incident).refs["count"] == 1, "it is still one order"
    again = given(after(TOLD)).when(SHIPPED)
    assert again.after.rows(Transfer) == (), "its payment was booked before"


def test_an_order_that_the_clock_closed_because_its_payment_was_forgotten_is_taken_again() -> None:
    closed = replace(ORDER, state=OrderState.CLOSED, paid_fen=Fen(0))
    released = replace(HELD, state=ReservationState.RELEASED)
    rows = (*SHELF, closed, LINE, released, event("placed"), event("closed"))
    decided = given(*rows).when(TOLD)
    assert decided.put(Order).state is OrderState.PAID and level(decided) == (10, 3, 0)


def test_what_was_decided_otherwise_meanwhile_stays_and_is_told() -> None:
    rows = (*SHELF, replace(ORDER, state=OrderState.CANCELLED), LINE, event("placed"), event("cancelled"))
    told = given(*rows).when(TOLD).put(Incident)
    assert (told.kind, told.refs["clash"], told.refs["told"]) == (DIFFERS, "events", ["placed", "paid"])


@pytest.mark.parametrize(
    ("rows", "clash"),
    [
        ([replace(ORDER, id="other")], "no"),
        ([replace(PAID, id="other", order_id="other")], "payment"),
        ([replace(LINE, order_id="other")], "order_lines"),
        ([replace(SHIPPED.parcels[0], id="other", order_id="other")], "waybill"),
    ],
)
def test_what_another_order_has_by_now_is_not_taken_from_it(rows: list[Any], clash: str) -> None:
    decided = back(SHIPPED, *SHELF, *rows)
    assert decided.put(Incident).refs["clash"] == clash and len(decided.changes) == 1


def test_a_coupon_that_somebody_else_used_is_no_longer_named() -> None:
    coupon = Coupon("c", "kind", "buyer", "CODE", CouponState.USED, EARLIER, "o")
    told = replace(TOLD, price=OrderPrice("o", "c", {}), coupon=coupon)
    free = given(*SHELF, replace(coupon, state=CouponState.HELD, order_id="")).when(told)
    assert (free.put(Coupon), free.put(OrderPrice).coupon_id) == (coupon, "c")
    taken = given(*SHELF, replace(coupon, order_id="other")).when(told)
    assert taken.put(OrderPrice).coupon_id == "" and taken.after.get(Coupon, "c") == replace(coupon, order_id="other")


def test_digits_that_another_buyer_has_by_now_are_changed() -> None:
    mine = Pickup("o", "point", "a" * 16, "12345678", PickupState.READY)
    told = replace(TOLD, order=replace(ORDER, delivery_kind=DeliveryKind.PICKUP), pickup=mine)
    other = replace(mine, order_id="other", ref="b" * 16)
    assert back(told).put(Pickup) == mine
    changed = back(told, *SHELF, other).after.get(Pickup, "o")
    assert changed is not None and changed.human_code != mine.human_code and len(changed.human_code) == 8


def test_a_refund_comes_back_with_its_entry() -> None:
    refund = Refund("r", "pay", "o", "T1-R1", Fen(500), RefundState.SUCCEEDED, "", "owner", EARLIER, EARLIER)
    told = replace(
        SHIPPED,
        order=replace(SHIPPED.order, refunded_fen=Fen(500)),
        lines=(replace(SHIPPED.lines[0], refunded_fen=Fen(500)),),
        payments=(replace(PAID, refunded_fen=Fen(500)),),
        refunds=(refund,),
        refund_lines=(RefundLine("r", "l", 1, Fen(500)),),
    )
    entries = {each.ref_kind: (each.debit, each.credit, int(each.fen)) for each in back(told).after.rows(Transfer)}
    assert entries == {"payment": ("wechat", "sales", 1000), "refund": ("sales", "wechat", 500)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": ()},
        {"events": ()},
        {"lines": (replace(LINE, order_id="other"),)},
        {"lines": (replace(LINE, paid_fen=Fen(999)),)},
        {"lines": (LINE, replace(LINE, id="l2"))},
        {"lines": (LINE, LINE)},
        {"order": replace(ORDER, total_fen=Fen(999))},
        {"order": replace(ORDER, state="unheard_of")},
        {"payments": ()},
        {"payments": (replace(PAID, amount_fen=Fen(1)),)},
        {"payments": (replace(PAID, refunded_fen=Fen(1)),)},
        {"payments": (replace(PAID, transaction_id=None),)},
        {"reservations": ()},
        {"reservations": (replace(HELD, qty=3),)},
        {"reservations": (replace(HELD, sku_id="dearer"),)},
        {"parcel_lines": (ParcelLine("nowhere", "l", 1),)},
        {"coupon": Coupon("c", "kind", "buyer", "CODE", CouponState.USED, EARLIER, "o")},
        {"buyer": Buyer("somebody")},
        {"pickup": Pickup("o", "point", "a" * 16, "12345678", PickupState.READY)},
    ],
    ids=str,
)
def test_what_does_not_add_up_is_refused_whole(wrong: dict[str, Any]) -> None:
    back(replace(TOLD, **wrong)).refused("adoption.unfit")


def test_a_command_whose_order_came_back_with_its_effect_is_done_already() -> None:
    ship = ShipOrder("o", "parcel", (ShippedLine("l", 2),), "sf", "SF1688124306257")
    rows = after(replace(SHIPPED, events=(*TOLD.events, event("shipped", derived_id("command", "event")))))
    assert given(rows).when(ship, OWNER, now=NOW).decision == Accepted()
    given(after(SHIPPED)).when(ship).refused("order.not_shippable")


def test_a_buyer_who_came_back_keeps_the_level_at_the_next_login() -> None:
    told = replace(TOLD, buyer=Buyer("buyer", "gold", "小雨"))
    decided = given(after(told)).when(RegisterBuyer("buyer", "openid"), SERVICE)
    assert decided.put(Buyer) == Buyer("buyer", "gold", "小雨")
