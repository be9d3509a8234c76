"""Waybill numbers from a carrier: asked for once, a parcel for each answer, and never a wrong row."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.command import Command
from app.domain.delivery.model import (
    BY_HAND,
    Parcel,
    ParcelLine,
    ParcelState,
    WaybillRefusal,
    WaybillRequest,
    WaybillState,
)
from app.domain.incidents.model import Incident
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.orders.model import DeliveryKind, Order, OrderContact, OrderEvent, OrderLine, OrderState
from app.domain.paper.model import DocumentKind, PrintRequest, PrintStation
from app.domain.settings import Setting, read_settings
from app.domain.stock.model import StockLevel
from app.domain.view import MemoryView
from app.domain.waybills.commands import (
    AskLabels,
    RecordCarriers,
    RecordWaybill,
    RecordWaybillRefused,
    RecordWaybillReturned,
    RecordWaybillUnclear,
    RequestWaybill,
    WithdrawWaybill,
)
from tests.app.domain.deciding import BUYER, CLERK, COURIER, NOW, SERVICE, given
from tests.app.domain.rows import CONTACT, ORDER, PAID, ordered, setting

ASK = RequestWaybill("w1", "o1", "parcel", (ShippedLine("line-1", 2),), "sf")
CARRIERS = setting("waybill_carriers", "sf")
ASKED = WaybillRequest("w1", "o1", "parcel", 1, "sf", "", "WX1-1", {"line-1": 2}, "clerk", WaybillState.ASKED, NOW)
GIVEN = RecordWaybill("w1", "SF1234567890123", "571WF-BC-018", "S47", "MMM={'k1':'571WF'}", "特快")
NO = RecordWaybillRefused("w1", WaybillRefusal.RECEIVER_UNFIT, "8196", "phone abnormal")
STATION = PrintStation(DocumentKind.LABEL, "d1")


def paid(*more: Any) -> list[Any]:
    return ordered(PAID, CARRIERS, *more)


def test_a_number_is_asked_for_under_a_key_of_the_order() -> None:
    assert given(paid()).when(ASK, CLERK).put(WaybillRequest) == ASKED
    after = replace(ASKED, id="w0", parcel_id="p0", state=WaybillState.REFUSED, answered_at=NOW)
    again = given(paid(after)).when(ASK, CLERK).put(WaybillRequest)
    assert (again.attempt, again.carrier_key) == (2, "WX1-2")


@pytest.mark.parametrize(
    ("rows", "command", "code"),
    [
        (paid(), replace(ASK, order_id="gone"), "order.not_found"),
        (ordered(ORDER, CARRIERS), ASK, "order.not_shippable"),
        (ordered(replace(PAID, delivery_kind=DeliveryKind.PICKUP), CARRIERS), ASK, "order.not_express"),
        (paid(), replace(ASK, lines=(ShippedLine("line-1", 3),)), "order.lines_unfit"),
        (paid(), replace(ASK, lines=()), "order.lines_unfit"),
        (paid(), replace(ASK, carrier="dove"), "order.carrier_unknown"),
        (paid(), replace(ASK, carrier="zto"), "delivery.no_account"),
        (ordered(PAID), ASK, "delivery.no_account"),
        (paid(ASKED), replace(ASK, request_id="w2", parcel_id="p2"), "order.number_on_its_way"),
        (paid(replace(ASKED, state=WaybillState.REFUSED, answered_at=NOW)), ASK, "order.parcel_exists"),
        (
            paid(replace(ASKED, state=WaybillState.REFUSED, answered_at=NOW)),
            replace(ASK, request_id="w2"),
            "order.parcel_exists",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_refused(rows: list[Any], command: Command, code: str) -> None:
    given(rows).when(command, CLERK).refused(code)


@pytest.mark.parametrize("actor", [COURIER, BUYER])
def test_only_who_may_ship_asks(actor: Any) -> None:
    given(paid()).when(ASK, actor).refused("not_allowed")


def test_nobody_ships_what_a_number_is_on_its_way_for() -> None:
    ship = ShipOrder("o1", "other", (ShippedLine("line-1", 2),), "sf", "SF9999999999999")
    given(paid(ASKED)).when(ship, CLERK).refused("order.number_on_its_way")
    ended = replace(ASKED, state=WaybillState.REFUSED, answered_at=NOW)
    assert given(paid(ended)).when(ship, CLERK).put(Parcel).id == "other"


def test_the_parcel_leaves_with_its_number_as_if_it_had_been_typed() -> None:
    typed = given(paid(STATION)).when(ShipOrder("o1", "parcel", ASK.lines, "sf", GIVEN.waybill_no, "特快"), CLERK)
    told = given(paid(STATION, ASKED)).when(GIVEN, SERVICE)
    for kind in (Parcel, ParcelLine, Order, OrderLine, StockLevel, PrintRequest, OrderEvent):
        assert told.after.rows(kind) == typed.after.rows(kind)
    request = told.put(WaybillRequest)
    assert (request.state, request.waybill_no, request.answered_at) == (WaybillState.GRANTED, GIVEN.waybill_no, NOW)
    assert (request.sorting_code, request.bag_mark, request.qr_text) == ("571WF-BC-018", "S47", "MMM={'k1':'571WF'}")


def test_an_answer_that_comes_twice_changes_nothing_the_second_time() -> None:
    once = given(paid(ASKED)).when(GIVEN, SERVICE).put(WaybillRequest)
    assert given(paid(once)).when(GIVEN, SERVICE).changes == ()
    assert given(paid(once)).when(NO, SERVICE).changes == ()
    assert given(paid(once)).when(RecordWaybillUnclear("w1", 9), SERVICE).changes == ()


def test_a_second_number_and_one_that_nobody_asked_for_are_looked_at_by_a_person() -> None:
    once = given(paid(ASKED)).when(GIVEN, SERVICE).put(WaybillRequest)
    second = given(paid(once)).when(replace(GIVEN, waybill_no="SF2"), SERVICE)
    assert (second.put(Incident).kind, len(second.changes)) == ("waybill.second_number", 1)
    unknown = given(paid()).when(GIVEN, SERVICE)
    assert (unknown.put(Incident).kind, len(unknown.changes)) == ("waybill.unknown_request", 1)


def test_a_number_of_another_parcel_makes_no_parcel() -> None:
    other = Parcel("p0", "o0", "sf", "", GIVEN.waybill_no, ParcelState.SHIPPED, NOW)
    decided = given(paid(ASKED, other)).when(GIVEN, SERVICE)
    assert decided.put(Incident).kind == "waybill.number_taken"
    assert decided.after.rows(Parcel) == (other,)
    assert decided.after.get(Order, "o1") == PAID
    ended = decided.put(WaybillRequest)
    assert (ended.state, ended.waybill_no) == (WaybillState.WITHDRAWN, "")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (ordered(replace(PAID, state=OrderState.CANCELLED), CARRIERS, ASKED), "order.not_shippable"),
        (paid(ASKED, Parcel("parcel", "o1", "sf", "", "SF7", ParcelState.SHIPPED, NOW)), "order.parcel_exists"),
        (paid(replace(ASKED, lines={"line-1": 3})), "order.lines_unfit"),
    ],
)
def test_a_number_that_comes_too_late_is_kept_to_be_given_back(rows: list[Any], reason: str) -> None:
    before = MemoryView(rows)
    decided = given(rows).when(GIVEN, SERVICE)
    ended = decided.put(WaybillRequest)
    assert (ended.state, ended.waybill_no, ended.reason) == (WaybillState.WITHDRAWN, GIVEN.waybill_no, reason)
    assert decided.put(OrderEvent).kind == "number_withdrawn"
    for kind in (Parcel, Order, StockLevel):
        assert decided.after.rows(kind) == before.rows(kind)


def test_a_refusal_gives_the_order_back_with_its_reason() -> None:
    decided = given(paid(ASKED)).when(NO, SERVICE)
    ended = decided.put(WaybillRequest)
    assert (ended.state, ended.reason, ended.carrier_code) == (WaybillState.REFUSED, "receiver_unfit", "8196")
    assert (ended.message, decided.put(OrderEvent).kind) == ("phone abnormal", "number_refused")
    assert (
        given(paid(ended)).when(replace(ASK, request_id="w2", parcel_id="p2"), CLERK).put(WaybillRequest).attempt == 2
    )


def test_a_carriers_own_words_keep_no_person() -> None:
    contact = OrderContact("o1", CONTACT.name, CONTACT.phone, CONTACT.region_code, CONTACT.address)
    told = replace(NO, message=f"{CONTACT.name} {CONTACT.phone} {CONTACT.address}" + "x" * 300)
    message = given(paid(ASKED, contact)).when(told, SERVICE).put(WaybillRequest).message
    assert message.startswith("*** *** ***x")
    assert len(message) == 200


def test_a_refusal_for_an_order_that_is_over_leaves_nothing_to_ask_again() -> None:
    cancelled = replace(PAID, state=OrderState.CANCELLED)
    ended = given(ordered(cancelled, CARRIERS, ASKED)).when(NO, SERVICE).put(WaybillRequest)
    assert ended.state is WaybillState.WITHDRAWN


def test_how_often_was_asked_without_a_clear_answer_is_told() -> None:
    assert given(paid(ASKED)).when(RecordWaybillUnclear("w1", 2), SERVICE).put(WaybillRequest).tries == 2
    assert given(paid(replace(ASKED, tries=2))).when(RecordWaybillUnclear("w1", 2), SERVICE).changes == ()
    assert given(paid()).when(RecordWaybillUnclear("w1", 2), SERVICE).changes == ()


def test_a_number_that_cannot_be_given_back_is_a_matter_for_a_person() -> None:
    withdrawn = replace(ASKED, state=WaybillState.WITHDRAWN, waybill_no="SF1", answered_at=NOW)
    back = given(paid(withdrawn)).when(RecordWaybillReturned("w1", is_returned=True), SERVICE)
    assert back.put(OrderEvent).kind == "number_returned"
    stuck = given(paid(withdrawn)).when(RecordWaybillReturned("w1", is_returned=False, carrier_code="8024"), SERVICE)
    assert (stuck.put(Incident).kind, stuck.put(Incident).refs["waybill_no"]) == ("waybill.not_returned", "SF1")
    assert given(paid()).when(RecordWaybillReturned("w1", is_returned=True), SERVICE).changes == ()


WITHDRAWN = replace(ASKED, state=WaybillState.WITHDRAWN, reason=BY_HAND, answered_at=NOW)
GIVE_UP = WithdrawWaybill("w1")
TYPED = ShipOrder("o1", "other", (ShippedLine("line-1", 2),), "sf", "SF9999999999999")


def test_who_waits_no_longer_ships_at_once_by_hand_or_asks_anew() -> None:
    freed = given(paid(replace(ASKED, tries=3))).when(GIVE_UP, CLERK)
    assert freed.put(WaybillRequest) == replace(WITHDRAWN, tries=3)
    event = freed.put(OrderEvent)
    assert (event.kind, event.actor) == ("number_given_up", "clerk")
    assert given(paid(WITHDRAWN)).when(TYPED, CLERK).put(Parcel).waybill_no == TYPED.waybill_no
    again = replace(ASK, request_id="w2", parcel_id="p2")
    assert given(paid(WITHDRAWN)).when(again, CLERK).put(WaybillRequest).carrier_key == "WX1-2"


def test_only_what_is_still_open_is_withdrawn() -> None:
    given(paid()).when(GIVE_UP, CLERK).refused("delivery.not_asked_for")
    there = replace(ASKED, state=WaybillState.GRANTED, waybill_no="SF1", answered_at=NOW)
    given(paid(there)).when(GIVE_UP, CLERK).refused("delivery.number_is_there")
    assert given(paid(WITHDRAWN)).when(GIVE_UP, CLERK).changes == ()
    given(paid(ASKED)).when(GIVE_UP, COURIER).refused("not_allowed")


def test_a_number_that_nobody_waited_for_is_kept_and_never_a_parcel() -> None:
    decided = given(paid(STATION, WITHDRAWN)).when(GIVEN, SERVICE)
    ended = decided.put(WaybillRequest)
    assert (ended.state, ended.waybill_no, ended.reason) == (WaybillState.WITHDRAWN, GIVEN.waybill_no, BY_HAND)
    assert decided.put(OrderEvent).kind == "number_withdrawn"
    assert (decided.after.rows(Parcel), decided.after.rows(PrintRequest)) == ((), ())
    assert decided.after.get(Order, "o1") == PAID
    assert given(paid(ended)).when(GIVEN, SERVICE).changes == ()
    by_hand = replace(TYPED, waybill_no=GIVEN.waybill_no)
    given(paid(ended)).when(by_hand, CLERK).refused("order.number_goes_back", waybill_no=GIVEN.waybill_no)


def test_a_number_that_was_found_at_the_carrier_and_typed_does_not_go_back() -> None:
    found = Parcel("other", "o1", "sf", "", GIVEN.waybill_no, ParcelState.SHIPPED, NOW)
    decided = given(paid(WITHDRAWN, found)).when(GIVEN, SERVICE)
    ended = decided.put(WaybillRequest)
    assert (ended.state, ended.waybill_no) == (WaybillState.WITHDRAWN, "")
    assert decided.after.rows(Incident) == ()


def test_a_no_that_nobody_waited_for_ends_the_search_without_a_word() -> None:
    assert given(paid(WITHDRAWN)).when(RecordWaybillUnclear("w1", 2), SERVICE).put(WaybillRequest).tries == 2
    decided = given(paid(WITHDRAWN)).when(NO, SERVICE)
    assert not decided.put(WaybillRequest).is_unanswered
    assert decided.after.rows(OrderEvent) == ()


def test_the_label_waits_where_many_are_asked_for_together() -> None:
    quiet = given(paid(STATION, replace(ASKED, has_label=0))).when(GIVEN, SERVICE)
    assert quiet.after.rows(PrintRequest) == ()
    assert quiet.after.rows(Parcel) != ()


def test_labels_are_asked_for_in_the_order_that_was_wanted() -> None:
    parcels = [Parcel(name, "o1", "sf", "", f"SF{name}", ParcelState.SHIPPED, NOW) for name in ("pa", "pb", "pc")]
    decided = given(paid(STATION, *parcels)).when(AskLabels(("pc", "pa", "gone", "pb", "pa")), CLERK)
    made = sorted(decided.after.rows(PrintRequest), key=lambda request: request.requested_at)
    assert [request.parcel_id for request in made] == ["pc", "pa", "pb"]
    assert given(paid(*parcels)).when(AskLabels(("pa",)), CLERK).changes == ()


def test_the_service_tells_which_carriers_it_can_ask() -> None:
    decided = given(paid()).when(RecordCarriers(("sf", "dove", "zto")), SERVICE)
    assert read_settings(decided.after).carriers_with_numbers == ("sf", "zto")
    none = given(paid()).when(RecordCarriers(()), SERVICE)
    assert none.put(Setting).key == "waybill_carriers"
    assert read_settings(none.after).carriers_with_numbers == ()
