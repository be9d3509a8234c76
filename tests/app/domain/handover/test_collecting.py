"""A buyer collects: once, at the right place, in time; and what happens unplugged is written down whatever it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.aftersales.commands import CancelOrder, RefundedPieces, RequestRefund
from app.domain.command import Command
from app.domain.incidents.model import Incident
from app.domain.money import Fen
from app.domain.orders.commands import PickupWish, PlaceOrder, ShipOrder, ShippedLine
from app.domain.orders.model import DeliveryKind, Order, OrderLine, OrderState
from app.domain.payments.commands import ConfirmPayment
from app.domain.payments.model import PaymentState, Refund
from app.domain.pickup.commands import (
    HandedPieces,
    HandOverPickup,
    MarkReady,
    RecordRedeemed,
    RecordUnknownRedeemed,
    RedeemPickup,
    UndoRedemption,
)
from app.domain.pickup.model import (
    Pickup,
    PickupPoint,
    PickupRedemption,
    PickupState,
    RedemptionMode,
    RedemptionVerdict,
)
from app.domain.row import Row
from app.domain.staff.model import Device
from app.domain.stock.model import Reservation, ReservationState, StockLevel, StockMovement
from app.domain.view import MemoryView
from tests.app.domain.deciding import BUYER, CLERK, COURIER, MANAGER, NOW, SERVICE, Decided, given
from tests.app.domain.rows import ATTEMPT, ORDER, PAID, PLACE_ORDER, ordered, setting, shop

REF = "0123456789abcdef"
WEEK = {str(day): ["09:00-21:30"] for day in range(1, 8)}
POINT = PickupPoint("pp", "文三路店", "文三路 90 号", "0571-88880000", WEEK)
OTHER = PickupPoint("other", "滨江星光店", "江南大道 228 号", "0571-86660228", WEEK)
UNTIL = NOW + timedelta(days=7)
PICKUP = Pickup("o1", "pp", REF, "48213677", PickupState.READY, shelf="A-12", expires_at=UNTIL, ready_at=NOW)
TO_COLLECT = replace(PAID, delivery_kind=DeliveryKind.PICKUP)
BOOKED = replace(ATTEMPT, state=PaymentState.PAID, transaction_id="W1", payer_fen=Fen(13600), paid_at=NOW)
DEVICE = Device("d1", 1, "1 号柜台", 0, NOW)
REDEEM = RedeemPickup("scan", REF, "pp", "d1")
FACT = RecordRedeemed("fact", REF, "pp", "d2")
BY_HAND = HandOverPickup("hand", "o1", "pp", "d1", "手机没电，核对了姓名和电话")
ONE = (HandedPieces("line-1", 1),)


def state(pickup: Pickup = PICKUP, order: Order = TO_COLLECT, *more: Row) -> list[Row]:
    return [*ordered(order, POINT, OTHER, DEVICE, BOOKED), pickup, *more]


def books(after: MemoryView) -> tuple[int, int, int, str]:
    """On hand, reserved, pieces that have left, and the reservation's state."""
    level = after.get(StockLevel, "s1", "place")
    line, held = after.get(OrderLine, "line-1"), after.get(Reservation, "line-1")
    assert level and line and held
    return level.on_hand_qty, level.reserved_qty, line.shipped_qty, held.state


def told(after: MemoryView) -> tuple[str, str]:
    order, pickup = after.get(Order, "o1"), after.get(Pickup, "o1")
    assert order and pickup
    return order.state, pickup.state


def after(done: Decided) -> list[Row]:
    kinds = (Order, OrderLine, Pickup, PickupRedemption, Reservation, StockLevel, Incident, Refund)
    fixed = [row for row in state() if not isinstance(row, kinds)]
    return [*fixed, *(row for kind in kinds for row in done.after.rows(kind))]


def verdicts(view: MemoryView) -> list[str]:
    return sorted(row.verdict for row in view.rows(PickupRedemption))


# --- ordering -------------------------------------------------------------------------------------------------------

WISH = PickupWish("pp", REF, ("48213677", "11112222"))
PLACE_PICKUP: PlaceOrder = replace(PLACE_ORDER, delivery_kind=DeliveryKind.PICKUP, pickup=WISH)


def test_an_order_for_pickup_keeps_place_and_code_and_waits_for_its_payment() -> None:
    placed = given(shop(POINT)).when(PLACE_PICKUP, BUYER)
    assert placed.put(Pickup) == Pickup("o1", "pp", REF, "48213677", PickupState.ORDERED)


def test_digits_that_another_open_pickup_has_are_passed_over_and_used_ones_come_back() -> None:
    taken = Pickup("o9", "pp", "f" * 16, "48213677", PickupState.READY)
    assert given(shop(POINT, taken)).when(PLACE_PICKUP, BUYER).put(Pickup).human_code == "11112222"
    used = replace(taken, state=PickupState.COLLECTED)
    assert given(shop(POINT, used)).when(PLACE_PICKUP, BUYER).put(Pickup).human_code == "48213677"


@pytest.mark.parametrize(
    ("wish", "refused"),
    [
        (replace(WISH, point_id="gone"), "order.point_closed"),
        (replace(WISH, human_codes=("x",)), "order.no_pickup_code"),
        (replace(WISH, ref="f" * 16), "order.no_pickup_code"),
        (replace(WISH, ref="none"), "order.no_pickup_code"),
        (None, "order.delivery_unfit"),
    ],
)
def test_a_wish_that_cannot_be_kept_is_refused(wish: PickupWish | None, refused: str) -> None:
    known = Pickup("o9", "pp", "f" * 16, "11112222", PickupState.COLLECTED)
    given(shop(POINT, known)).when(replace(PLACE_PICKUP, pickup=wish), BUYER).refused(refused)


def test_the_stock_of_the_chosen_place_is_promised() -> None:
    away = replace(POINT, location_id="place-2")
    placed = given(shop(away, StockLevel("s1", "place-2", on_hand_qty=1))).when(PLACE_PICKUP, BUYER)
    placed.refused("order.out_of_stock", available_qty=1)
    held = given(shop(away, StockLevel("s1", "place-2", on_hand_qty=2))).when(PLACE_PICKUP, BUYER)
    assert held.put(Reservation).location_id == "place-2"


def test_with_the_payment_the_days_to_collect_begin() -> None:
    waiting = replace(PICKUP, state=PickupState.ORDERED, expires_at=None)
    unpaid = [*ordered(replace(ORDER, delivery_kind=DeliveryKind.PICKUP), POINT, ATTEMPT), waiting]
    paid = ConfirmPayment("T1", "W1", Fen(13600), Fen(13600), "CNY", NOW)
    begun = given(unpaid, setting("pickup_days", 3)).when(paid, SERVICE).put(Pickup)
    assert (begun.state, begun.expires_at) == (PickupState.PREPARING, NOW + timedelta(days=3))


def test_a_late_payment_takes_the_pickup_up_again_unless_its_digits_are_another_orders_by_now() -> None:
    closed = replace(PICKUP, state=PickupState.CLOSED, expires_at=None)
    late = replace(ORDER, state=OrderState.CLOSED, delivery_kind=DeliveryKind.PICKUP)
    released = Reservation("line-1", "s1", "place", 2, ReservationState.RELEASED)
    rows = [row for row in ordered(late, POINT, closed, ATTEMPT) if not isinstance(row, Reservation)]
    paid = ConfirmPayment("T1", "W1", Fen(13600), Fen(13600), "CNY", NOW)
    assert given(rows, released).when(paid, SERVICE).put(Pickup).state == PickupState.PREPARING
    rival = Pickup("o9", "pp", "f" * 16, "48213677", PickupState.READY)
    surplus = given(rows, released, rival).when(paid, SERVICE)
    assert surplus.put(Refund).amount_fen == 13600


def test_a_carrier_takes_no_order_that_is_collected() -> None:
    ship = ShipOrder("o1", "pa", (ShippedLine("line-1", 2),), "sf", "SF1234567890123")
    given(state()).when(ship, CLERK).refused("order.not_express", kind="pickup")


def test_whatever_ends_the_order_ends_the_pickup() -> None:
    cancelled = given(state()).when(CancelOrder("o1"), BUYER)
    assert cancelled.put(Pickup).state == PickupState.CLOSED
    given(after(cancelled)).when(REDEEM, CLERK).refused("pickup.order_over", state="cancelled")
    given(after(cancelled)).when(MarkReady("o1"), CLERK).refused("pickup.order_over")


# --- preparing ------------------------------------------------------------------------------------------------------


def test_goods_are_packed_and_may_be_put_elsewhere() -> None:
    ready = given(state(replace(PICKUP, state=PickupState.PREPARING))).when(MarkReady("o1", " B-01 "), CLERK)
    assert (ready.put(Pickup).state, ready.put(Pickup).shelf) == (PickupState.READY, "B-01")
    moved = given(state()).when(MarkReady("o1", "C-03"), CLERK)
    assert [type(c.row) for c in moved.changes if hasattr(c, "row")] == [Pickup]
    assert given(state()).when(MarkReady("o1", "A-12"), CLERK).changes == ()
    given(state()).when(MarkReady("o1", "A" * 21), CLERK).refused("pickup.shelf_unfit")
    given(ordered()).when(MarkReady("o1"), CLERK).refused("pickup.not_found")
    given(state()).when(MarkReady("o1"), COURIER).refused("not_allowed")


# --- handing over ---------------------------------------------------------------------------------------------------


def test_everything_is_handed_over_once() -> None:
    done = given(state()).when(REDEEM, CLERK)
    assert books(done.after) == (8, 0, 2, "consumed")
    assert told(done.after) == ("completed", "collected")
    assert [m.delta_qty for m in done.after.rows(StockMovement)] == [-2]
    row = done.put(PickupRedemption)
    assert (row.mode, row.verdict, row.pieces) == (RedemptionMode.SCAN, RedemptionVerdict.REDEEMED, {"line-1": 2})
    again = given(after(done)).when(replace(REDEEM, redemption_id="scan-2"), CLERK)
    again.refused("pickup.already_redeemed", counter="1 号柜台", counter_no=1, by="陈子墨", redemption_id="scan")


def test_pieces_are_handed_over_now_and_the_rest_later() -> None:
    first = given(state()).when(replace(REDEEM, pieces=ONE, was_typed=True), CLERK)
    assert books(first.after) == (9, 1, 1, "held")
    assert told(first.after) == ("partly_shipped", "ready")
    row = first.put(PickupRedemption)
    assert (row.mode, row.verdict) == (RedemptionMode.TYPED, RedemptionVerdict.PARTLY)
    rest = given(after(first)).when(replace(REDEEM, redemption_id="scan-2"), CLERK)
    assert (books(rest.after), told(rest.after)) == ((8, 0, 2, "consumed"), ("completed", "collected"))


def test_what_is_refunded_of_a_partly_collected_order_ends_it() -> None:
    first = given(state()).when(replace(REDEEM, pieces=ONE), CLERK)
    refund = RequestRefund("o1", "r1", "缺货", (RefundedPieces("line-1", 1, unsent_qty=1),))
    assert told(given(after(first)).when(refund, MANAGER).after) == ("completed", "collected")


UNPAID = state(replace(PICKUP, state=PickupState.ORDERED), replace(ORDER, delivery_kind=DeliveryKind.PICKUP))


@pytest.mark.parametrize(
    ("rows", "command", "refused", "params"),
    [
        (state(), replace(REDEEM, ref="f" * 16), "pickup.unknown", {}),
        (UNPAID, REDEEM, "pickup.not_paid", {"order_id": "o1"}),
        (
            state(),
            replace(REDEEM, point_id="other"),
            "pickup.wrong_point",
            {
                "point_id": "pp",
                "name": "文三路店",
                "address": "文三路 90 号",
                "phone": "0571-88880000",
                "hours": "09:00-21:30",
            },
        ),
        (state(replace(PICKUP, state=PickupState.PREPARING)), REDEEM, "pickup.not_ready", {"order_id": "o1"}),
        (state(replace(PICKUP, expires_at=NOW)), REDEEM, "pickup.expired", {"order_id": "o1"}),
        (state(), replace(REDEEM, pieces=(HandedPieces("line-1", 3),)), "pickup.pieces_unfit", {}),
        (state(), replace(REDEEM, pieces=(HandedPieces("line-1", 0),)), "pickup.pieces_unfit", {}),
        (state(), replace(REDEEM, pieces=(HandedPieces("gone", 1),)), "pickup.pieces_unfit", {}),
        (state(), replace(REDEEM, pieces=ONE + ONE), "pickup.pieces_unfit", {}),
        (state(), replace(BY_HAND, reason=" "), "pickup.reason_unfit", {}),
        (state(), replace(BY_HAND, order_id="gone"), "pickup.not_found", {}),
        (UNPAID, BY_HAND, "pickup.not_paid", {}),
        (state(), replace(FACT, ref="none"), "pickup.ref_unfit", {}),
    ],
)
def test_what_is_not_handed_over_is_told_with_what_to_do(
    rows: list[Row], command: Command, refused: str, params: dict[str, object]
) -> None:
    given(rows).when(command, MANAGER).refused(refused, **params)


def test_a_scan_is_booked_once() -> None:
    first = given(state()).when(replace(REDEEM, pieces=ONE), CLERK)
    given(after(first)).when(replace(REDEEM, pieces=ONE), CLERK).refused("pickup.booked_already")


def test_nothing_is_lost_after_the_days_are_over_a_manager_hands_over() -> None:
    rows = state(replace(PICKUP, expires_at=NOW, state=PickupState.PREPARING))
    given(rows).when(BY_HAND, CLERK).refused("not_allowed")
    done = given(rows).when(BY_HAND, MANAGER)
    assert told(done.after) == ("completed", "collected")
    assert (done.put(PickupRedemption).mode, done.put(PickupRedemption).reason) == (
        RedemptionMode.BY_HAND,
        BY_HAND.reason,
    )


# --- not handed over after all --------------------------------------------------------------------------------------

UNDO = UndoRedemption("undo", "scan", "pp", "d1")


@pytest.mark.parametrize("pieces", [(), ONE])
def test_an_undo_puts_everything_back_by_a_record_of_its_own(pieces: tuple[HandedPieces, ...]) -> None:
    done = given(state()).when(replace(REDEEM, pieces=pieces), CLERK)
    undone = given(after(done)).when(UNDO, CLERK)
    assert books(undone.after) == (10, 2, 0, "held")
    assert told(undone.after) == ("paid", "ready")
    assert undone.after.get(Order, "o1") == TO_COLLECT
    row = undone.put(PickupRedemption)
    assert (row.verdict, row.undoes) == (RedemptionVerdict.UNDONE, "scan")
    given(after(undone)).when(replace(UNDO, redemption_id="undo-2"), CLERK).refused("pickup.not_undoable")
    assert told(given(after(undone)).when(replace(REDEEM, redemption_id="scan-2"), CLERK).after)[1] == "collected"


def test_an_undo_of_the_second_part_leaves_the_first() -> None:
    first = given(state()).when(replace(REDEEM, redemption_id="scan-0", pieces=ONE), CLERK)
    both = given(after(first)).when(REDEEM, CLERK)
    undone = given(after(both)).when(UNDO, CLERK)
    assert (books(undone.after), told(undone.after)) == ((9, 1, 1, "held"), ("partly_shipped", "ready"))


def test_an_undo_comes_in_time_or_not_at_all() -> None:
    done = given(state()).when(REDEEM, CLERK)
    in_time = NOW + timedelta(seconds=90)
    assert given(after(done)).when(UNDO, CLERK, now=in_time).changes
    too_late = in_time + timedelta(seconds=1)
    given(after(done)).when(UNDO, CLERK, now=too_late).refused("pickup.undo_too_late", seconds=30)
    given(after(done)).when(replace(UNDO, undone_id="gone"), CLERK).refused("pickup.not_undoable")
    given(after(done)).when(replace(UNDO, redemption_id="scan"), CLERK).refused("pickup.booked_already")


def test_who_got_money_back_for_what_they_hold_has_it() -> None:
    done = given(state()).when(REDEEM, CLERK)
    refunded = given(after(done)).when(RequestRefund("o1", "r1", "坏了", (RefundedPieces("line-1", 1),)), MANAGER)
    given(after(refunded)).when(UNDO, CLERK).refused("pickup.not_undoable")


# --- unplugged: facts -----------------------------------------------------------------------------------------------


def test_a_fact_is_booked_although_place_time_and_readiness_say_no() -> None:
    rows = state(replace(PICKUP, point_id="other", state=PickupState.PREPARING, expires_at=NOW))
    done = given(rows).when(FACT, CLERK)
    assert (books(done.after), told(done.after)) == ((8, 0, 2, "consumed"), ("completed", "collected"))
    assert done.put(PickupRedemption).mode == RedemptionMode.OFFLINE
    assert done.after.rows(Incident) == ()
    assert given(after(done)).when(FACT, CLERK).changes == ()


def test_a_second_fact_is_a_row_and_an_incident_and_moves_nothing() -> None:
    first = given(state()).when(FACT, CLERK)
    second = given(after(first)).when(replace(FACT, redemption_id="fact-2", device_id="d1"), CLERK)
    assert (books(second.after), told(second.after)) == (books(first.after), told(first.after))
    assert verdicts(second.after) == ["redeemed", "twice"]
    incident = second.put(Incident)
    assert (incident.kind, incident.refs["order_id"]) == ("pickup.redeemed_twice", "o1")
    assert (incident.refs["before_id"], incident.refs["before_device_id"]) == ("fact", "d2")


def test_of_more_pieces_than_there_were_those_that_were_there_are_booked() -> None:
    first = given(state()).when(replace(FACT, pieces=ONE), CLERK)
    second = given(after(first)).when(replace(FACT, redemption_id="fact-2", pieces=(HandedPieces("line-1", 2),)), CLERK)
    assert (books(second.after), told(second.after)) == ((8, 0, 2, "consumed"), ("completed", "collected"))
    assert second.put(Incident).kind == "pickup.redeemed_twice"


@pytest.mark.parametrize("rows", [UNPAID, state(replace(PICKUP, state=PickupState.CLOSED))])
def test_a_fact_about_an_order_that_is_over_is_written_down(rows: list[Row]) -> None:
    done = given(rows).when(FACT, CLERK)
    assert (verdicts(done.after), done.put(Incident).kind) == (["ended"], "pickup.redeemed_after_end")
    assert books(done.after) == (10, 2, 0, "held")


# --- a code whose order is not here ---------------------------------------------------------------------------------

UNKNOWN = RecordUnknownRedeemed("honoured", REF, "pp", "d1")
ALLOWED = (setting("pickup_unknown_allowed", value=True), setting("pickup_unknown_per_day", 1))


def test_a_manager_honours_an_unknown_code_and_it_is_booked_where_the_order_is_known() -> None:
    given(shop(*ALLOWED)).when(UNKNOWN, CLERK).refused("not_allowed")
    alone = given(shop(*ALLOWED)).when(UNKNOWN, MANAGER)
    assert (alone.put(PickupRedemption).order_id, verdicts(alone.after)) == ("", ["unknown"])
    assert alone.put(Incident).kind == "pickup.unknown_code"
    known = given(state(), *ALLOWED).when(UNKNOWN, MANAGER)
    assert (known.put(PickupRedemption).order_id, told(known.after)) == ("o1", ("completed", "collected"))
    assert known.after.rows(Incident) == ()


def test_more_unknown_codes_than_the_shop_allows_are_written_down_as_such() -> None:
    once = given(shop(*ALLOWED)).when(UNKNOWN, MANAGER)
    rows = [*shop(*ALLOWED), *once.after.rows(PickupRedemption)]
    twice = given(rows).when(replace(UNKNOWN, redemption_id="honoured-2", ref="f" * 16), MANAGER)
    kinds = [row.kind for row in twice.after.rows(Incident)]
    assert sorted(kinds) == ["pickup.unknown_code", "pickup.unknown_not_allowed"]
    tomorrow = given(rows).when(replace(UNKNOWN, redemption_id="honoured-2"), MANAGER, now=NOW + timedelta(days=1))
    assert [row.kind for row in tomorrow.after.rows(Incident)] == ["pickup.unknown_code"]
    never = given(shop()).when(UNKNOWN, MANAGER)
    assert len(never.after.rows(Incident)) == 2
