"""Paper is asked for once, of the computer that prints it; that it came out is a fact."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.paper.commands import AssignStation, MarkPrinted
from app.domain.paper.model import DocumentKind, PaperState, Printed, PrintRequest, PrintStation
from app.domain.paper.rules import prints_by_itself
from app.domain.payments.commands import ConfirmPayment
from app.domain.staff.model import Device
from tests.app.domain.deciding import CLERK, NOW, OWNER, SERVICE, given
from tests.app.domain.rows import ATTEMPT, ORDER, PAID, ordered

HERE, THERE = Device("here", 1, "1 号", 1, NOW), Device("there", 2, "2 号", 0, NOW)
GONE = Device("gone", 3, "3 号", 0, NOW, revoked_at=NOW)
LABELS = PrintStation(DocumentKind.LABEL, "here")
RECEIPTS = PrintStation(DocumentKind.RECEIPT, "here")
SHIP = ShipOrder("o1", "parcel", (ShippedLine("line-1", 2),), "sf", "SF1688124306257")
PAY = ConfirmPayment("T1", "4200", Fen(13600), Fen(13600), "CNY", NOW)
KEY = "label:parcel:1"
ASKED = PrintRequest(KEY, DocumentKind.LABEL, "o1", "parcel", 1, "here", PaperState.ASKED, NOW)


def test_shipping_asks_the_station_for_the_label() -> None:
    assert given(ordered(PAID, LABELS)).when(SHIP, CLERK).put(PrintRequest) == ASKED


def test_a_payment_asks_the_station_for_the_receipt() -> None:
    asked = given(ordered(ORDER, ATTEMPT, RECEIPTS)).when(PAY, SERVICE).put(PrintRequest)
    assert (asked.key, asked.kind, asked.order_id) == ("receipt:o1:1", DocumentKind.RECEIPT, "o1")


@pytest.mark.parametrize("stations", [(), (RECEIPTS,), (replace(LABELS, device_id=""),)])
def test_nobody_is_asked_where_no_computer_prints_it(stations: tuple[PrintStation, ...]) -> None:
    after = given(ordered(PAID, *stations)).when(SHIP, CLERK).after
    assert after.rows(PrintRequest) == ()


def test_the_owner_says_which_computers_print() -> None:
    shop = given(HERE, THERE, GONE)
    assign = AssignStation(DocumentKind.LABEL, "here", "there")
    assert shop.when(assign).put(PrintStation) == replace(LABELS, fallback_id="there")
    assert shop.when(replace(assign, device_id="", fallback_id="")).put(PrintStation).device_id == ""
    shop.when(replace(assign, device_id="gone")).refused("print.station_unfit")
    shop.when(replace(assign, fallback_id="nobody")).refused("print.station_unfit")
    shop.when(replace(assign, fallback_id="here")).refused("print.fallback_unfit")
    shop.when(assign, CLERK).refused("not_allowed")


def test_what_came_out_is_written_down_and_settles_the_request_once() -> None:
    mark = MarkPrinted("p1", KEY, "here")
    first = given(ASKED).when(mark, CLERK)
    assert first.put(Printed) == Printed("p1", KEY, 1, "", "clerk", "here", NOW)
    assert first.put(PrintRequest) == replace(ASKED, state=PaperState.PRINTED, printed_at=NOW)
    printed = first.after.rows(PrintRequest)
    again = given(printed, first.after.rows(Printed))
    assert again.when(mark, CLERK).changes == ()
    later = NOW + timedelta(hours=1)
    second = again.when(replace(mark, printed_id="p2", copy_no=2, reason="卡" * 200), OWNER, now=later)
    assert (second.put(Printed).copy_no, len(second.put(Printed).reason)) == (2, 120)
    assert second.after.rows(PrintRequest) == printed


def test_paper_that_nobody_asked_for_is_written_down_too() -> None:
    assert [type(change.row) for change in given().when(MarkPrinted("p", "picking:x:1", "here"), CLERK).changes] == [  # type: ignore[union-attr]
        Printed
    ]


@pytest.mark.parametrize(
    ("request_row", "station", "hours", "does"),
    [
        (ASKED, LABELS, 1, True),
        (ASKED, LABELS, 12, False),
        (ASKED, None, 1, False),
        (ASKED, replace(LABELS, device_id="there"), 1, False),
        (replace(ASKED, device_id="there"), LABELS, 1, False),
        (replace(ASKED, state=PaperState.PRINTED, printed_at=NOW), LABELS, 1, False),
    ],
    ids=["mine", "old", "no station", "reassigned", "made for another", "printed"],
)
def test_by_itself_prints_only_the_station_it_was_made_for(
    request_row: PrintRequest, station: PrintStation | None, hours: int, does: bool
) -> None:
    assert prints_by_itself(request_row, station, "here", NOW + timedelta(hours=hours)) is does
