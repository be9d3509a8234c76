"""Buying: what is shown is what is charged, what is sold is held, and nothing is half done."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.catalog.model import MediaRole, Product, ProductMedia, ProductState, Sku
from app.domain.command import Command
from app.domain.money import Fen
from app.domain.orders.commands import PlaceOrder, WantedLine
from app.domain.orders.model import Order, OrderContact, OrderEvent, OrderLine, OrderState
from app.domain.stock.model import Reservation, ReservationState, StockLevel
from tests.app.domain.deciding import BUYER, CLERK, EARLIER, NOW, given
from tests.app.domain.rows import CONTACT, LEVEL, LINE, ORDER, ORDER_LINE, PLACE_ORDER, PRODUCT, SKU, setting, shop

SOON, PAST = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


def wanting(*lines: WantedLine, total: int = 0, **more: Any) -> PlaceOrder:
    return replace(PLACE_ORDER, lines=lines, expected_total_fen=Fen(total), **more)


def test_an_order_is_written_whole_and_its_pieces_are_held() -> None:
    decided = given(shop()).when(replace(PLACE_ORDER, buyer_remark="请快"), BUYER)
    order = decided.put(Order)
    assert (order.id, order.no, order.state, order.buyer_id) == ("o1", "WX1", OrderState.UNPAID, "buyer")
    assert (order.goods_fen, order.freight_fen, order.total_fen, order.paid_fen) == (13600, 0, 13600, 0)
    assert order.expires_at == NOW + timedelta(minutes=30)
    assert order.buyer_remark == "请快"
    assert decided.put(OrderLine) == ORDER_LINE
    assert decided.put(Reservation) == Reservation("line-1", "s1", "place", 2, ReservationState.HELD)
    assert decided.put(OrderContact).phone == CONTACT.phone
    assert decided.put(OrderEvent).kind == "placed"
    assert decided.after.get(StockLevel, "s1", "place") == replace(LEVEL, reserved_qty=2)


def test_an_order_keeps_the_picture_that_its_goods_were_sold_by() -> None:
    def picture(number: int, role: MediaRole) -> ProductMedia:
        return ProductMedia(f"m{number}", PRODUCT.id, number, role, f"sha-{number}")

    shown = [picture(3, MediaRole.MAIN), picture(2, MediaRole.MAIN), picture(1, MediaRole.DETAIL)]
    assert given(shop(*shown)).when(PLACE_ORDER, BUYER).put(OrderLine).sha256 == "sha-2"


def test_freight_and_expiry_are_the_shops_own() -> None:
    rows = shop(setting("freight_fen", 800), setting("order_expiry_minutes", 10))
    order = given(rows).when(replace(PLACE_ORDER, expected_total_fen=Fen(14400)), BUYER).put(Order)
    assert (order.freight_fen, order.total_fen, order.expires_at) == (800, 14400, NOW + timedelta(minutes=10))


def test_the_day_of_business_is_the_shops_own() -> None:
    late = NOW.replace(hour=17)  # one o'clock in the night in Shanghai
    assert given(shop()).when(PLACE_ORDER, BUYER, now=late).put(Order).business_on == date(2026, 11, 24)


def test_the_time_written_down_is_never_later_than_the_authoritys_own() -> None:
    assert given(shop()).when(PLACE_ORDER, BUYER, issued_at=EARLIER).put(Order).placed_at == EARLIER
    assert given(shop()).when(PLACE_ORDER, BUYER, issued_at=SOON).put(Order).placed_at == NOW


def test_the_next_number_is_taken_when_the_first_belongs_to_another_order() -> None:
    taken = replace(ORDER, id="o0")
    assert given(shop(taken)).when(PLACE_ORDER, BUYER).put(Order).no == "WX2"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PLACE_ORDER, expected_total_fen=Fen(1)), "order.price_changed"),
        (wanting(), "order.empty"),
        (wanting(*(WantedLine(f"l{n}", "s1", 1) for n in range(51))), "order.too_many_lines"),
        (wanting(WantedLine("l", "gone", 1)), "order.not_for_sale"),
        (wanting(WantedLine("l", "s1", 0)), "order.bad_qty"),
        (wanting(LINE, WantedLine("l", "s1", -1)), "order.bad_qty"),
        (wanting(WantedLine("l", "s1", 1_000)), "order.bad_qty"),
        (wanting(WantedLine("l", "s1", 11)), "order.out_of_stock"),
        (wanting(WantedLine("a", "s1", 6), WantedLine("b", "s1", 5)), "order.out_of_stock"),
        (wanting(WantedLine("a", "s1", 1), WantedLine("a", "s1", 1), total=13600), "order.exists"),
        (replace(PLACE_ORDER, no_candidates=()), "order.no_number"),
        (replace(PLACE_ORDER, contact=replace(CONTACT, name=" ")), "order.contact_unfit"),
        (replace(PLACE_ORDER, contact=replace(CONTACT, name="林" * 61)), "order.contact_unfit"),
        (replace(PLACE_ORDER, contact=replace(CONTACT, phone="call me")), "order.contact_unfit"),
        (replace(PLACE_ORDER, contact=replace(CONTACT, phone="١٣٨٠٠١٣٨٠٠٠")), "order.contact_unfit"),
        (replace(PLACE_ORDER, contact=replace(CONTACT, address="x")), "order.contact_unfit"),
        (replace(PLACE_ORDER, contact=replace(CONTACT, region_code="1" * 21)), "order.contact_unfit"),
        (replace(PLACE_ORDER, buyer_remark="x" * 201), "order.contact_unfit"),
    ],
)
def test_an_order_that_cannot_be_is_refused_whole(command: Command, code: str) -> None:
    given(shop()).when(command, BUYER).refused(code)


def test_an_order_or_a_line_that_exists_is_not_overwritten() -> None:
    given(shop(ORDER)).when(PLACE_ORDER, BUYER).refused("order.exists")
    given(shop(replace(ORDER_LINE, order_id="o0"))).when(PLACE_ORDER, BUYER).refused("order.exists")


def test_the_refusals_tell_what_is_true_now() -> None:
    given(shop()).when(replace(PLACE_ORDER, expected_total_fen=Fen(1)), BUYER).refused(
        "order.price_changed", total_fen=13600
    )
    given(shop(level=replace(LEVEL, reserved_qty=9))).when(PLACE_ORDER, BUYER).refused(
        "order.out_of_stock", available_qty=1, title="云南小粒咖啡豆", sku_id="s1"
    )
    given(shop(product=replace(PRODUCT, min_qty=3))).when(PLACE_ORDER, BUYER).refused(
        "order.bad_qty", least=3, most=999
    )


def test_the_least_number_counts_over_all_articles_of_a_product() -> None:
    small = replace(SKU, id="s2", spec_key="x", barcode="")
    rows = shop(small, StockLevel("s2", "place", 5), product=replace(PRODUCT, min_qty=3))
    command = wanting(LINE, WantedLine("line-2", "s2", 1), total=3 * 6800)
    assert len(given(rows).when(command, BUYER).after.rows(Reservation)) == 2


@pytest.mark.parametrize(
    ("product", "sku", "is_sold"),
    [
        (replace(PRODUCT, sale_from_at=NOW, sale_until_at=SOON), SKU, True),
        (replace(PRODUCT, sale_from_at=SOON), SKU, False),
        (replace(PRODUCT, sale_until_at=NOW), SKU, False),
        (replace(PRODUCT, sale_until_at=PAST), SKU, False),
        (replace(PRODUCT, state=ProductState.DRAFT), SKU, False),
        (replace(PRODUCT, state=ProductState.OFF_SALE), SKU, False),
        (replace(PRODUCT, archived_at=PAST), SKU, False),
        (PRODUCT, replace(SKU, archived_at=PAST), False),
        (PRODUCT, replace(SKU, product_id="gone"), False),
    ],
)
def test_only_what_is_on_sale_now_is_sold(product: Product, sku: Sku, is_sold: bool) -> None:
    decided = given(shop(product=product, sku=sku)).when(PLACE_ORDER, BUYER)
    if is_sold:
        assert decided.put(Order).total_fen == 13600
    else:
        decided.refused("order.not_for_sale", sku_id="s1")


def test_buying_is_for_buyers() -> None:
    given(shop()).when(PLACE_ORDER, CLERK).refused("not_allowed", permission="storefront")
