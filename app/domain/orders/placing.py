"""Deciding to sell: the order, its lines, and the stock they hold."""

import re
from dataclasses import replace
from datetime import timedelta

from app.domain.catalog.model import MediaRole, ProductMedia
from app.domain.command import Context
from app.domain.delivery.model import LocalDelivery
from app.domain.money import ZERO
from app.domain.orders import commands, fulfilment
from app.domain.orders.model import (
    Channel,
    DeliveryKind,
    Order,
    OrderContact,
    OrderDiscount,
    OrderEvent,
    OrderLine,
    OrderPrice,
    OrderState,
)
from app.domain.orders.quote import Destination, OrderQuote, quote_order
from app.domain.outcome import Accepted, Bump, Change, Decision, Put, RejectCode, Rejected
from app.domain.pickup.model import Pickup
from app.domain.pricing.quote import Quote
from app.domain.promotions.model import Coupon, CouponState
from app.domain.stock.model import Reservation, ReservationState, StockLevel
from app.domain.view import View
from app.kernel import codec

EXISTS = RejectCode("order.exists", "This order exists already.")
PRICE_CHANGED = RejectCode("order.price_changed", "The price has changed; please look again.")
NO_NUMBER = RejectCode("order.no_number", "No free order number was offered; please try again.")
CONTACT_UNFIT = RejectCode("order.contact_unfit", "Name, phone and address of the receiver are needed.")
CODES = (EXISTS, PRICE_CHANGED, NO_NUMBER, CONTACT_UNFIT, *fulfilment.CODES)
_PHONE = re.compile(r"\+?[0-9][0-9\-]{5,19}")


def place_order(command: commands.PlaceOrder, view: View, context: Context) -> Decision:
    line_ids = [line.line_id for line in command.lines]
    is_known = view.get(Order, command.order_id) is not None or any(view.get(OrderLine, i) for i in line_ids)
    if is_known or len(set(line_ids)) != len(line_ids):
        return Rejected(EXISTS)
    if not _is_reachable(command) or len(command.buyer_remark) > 200:
        return Rejected(CONTACT_UNFIT)
    chosen = fulfilment.chosen(command, view, context)
    if isinstance(chosen, Rejected):
        return chosen
    quote = quote_order(command.lines, destination_of(command), view, context)
    return quote if isinstance(quote, Rejected) else place_as_quoted(command, chosen, quote, view, context)


def place_as_quoted(
    command: commands.PlaceOrder, chosen: Pickup | LocalDelivery | None, quote: OrderQuote, view: View, context: Context
) -> Decision:
    """The order for what has just been quoted, by whoever holds the quote: prices are the dearest part of it."""
    if quote.price.total_fen != command.expected_total_fen:
        return Rejected(PRICE_CHANGED, {"total_fen": int(quote.price.total_fen)})
    number = next((no for no in command.no_candidates if not view.children(Order, no=no)), None)
    if number is None:
        return Rejected(NO_NUMBER)
    order = _order(command, quote.price, number, context)
    event = OrderEvent(context.new_id("event"), order.id, context.at, "placed", context.actor.id, {})
    contact = OrderContact(
        order.id, command.contact.name, command.contact.phone, command.contact.region_code, command.contact.address
    )
    changes: list[Change] = [Put(order), Put(contact), Put(event)]
    for index in range(len(command.lines)):
        changes += _line(command, quote, index, view)
    changes += _explained(order, quote.price, context)
    changes += _coupon_used(order, quote.price, view)
    changes += [] if chosen is None else [Put(chosen)]
    if order.state is OrderState.PAID:
        changes.append(Put(OrderEvent(context.new_id("paid"), order.id, context.at, "paid", context.actor.id, {})))
        changes += fulfilment.started(chosen, context)
    return Accepted(tuple(changes))


def destination_of(command: commands.PlaceOrder) -> Destination:
    point_id = command.pickup.point_id if command.pickup is not None else ""
    return Destination(command.delivery_kind, command.contact.region_code, point_id)


def _explained(order: Order, quote: Quote, context: Context) -> list[Change]:
    discounts = [
        OrderDiscount(
            context.new_id("discount", each.line_id, each.rule_id),
            order.id,
            each.line_id,
            each.rule_id,
            each.rule_version,
            each.fen,
            each.reason,
            each.params,
        )
        for each in quote.discounts
    ]
    steps = {"steps": [codec.plain(step) for step in quote.steps]}
    return [Put(OrderPrice(order.id, quote.coupon_id, steps)), *(Put(each) for each in discounts)]


def _coupon_used(order: Order, quote: Quote, view: View) -> list[Change]:
    """The coupon ends in the order's own commit, so that no other order can have it."""
    coupon = view.get(Coupon, quote.coupon_id) if quote.coupon_id else None
    return [] if coupon is None else [Put(replace(coupon, state=CouponState.USED, order_id=order.id))]


def _is_reachable(command: commands.PlaceOrder) -> bool:
    """Who collects needs no address."""
    contact, least = command.contact, 0 if command.delivery_kind is DeliveryKind.PICKUP else 2
    fits = 1 <= len(contact.name.strip()) <= 60 and least <= len(contact.address.strip()) <= 200
    return fits and _PHONE.fullmatch(contact.phone) is not None and len(contact.region_code) <= 20


def _order(command: commands.PlaceOrder, quote: Quote, number: str, context: Context) -> Order:
    """An order that costs nothing, by a coupon, is paid as it is placed: there is nothing to ask WeChat for."""
    is_free = quote.total_fen == ZERO
    return Order(
        id=command.order_id,
        no=number,
        channel=Channel.MINI_PROGRAM,
        source=command.source,
        buyer_id=context.actor.id,
        delivery_kind=command.delivery_kind,
        state=OrderState.PAID if is_free else OrderState.UNPAID,
        goods_fen=quote.goods_fen,
        discount_fen=quote.discount_fen,
        freight_fen=quote.freight_fen,
        total_fen=quote.total_fen,
        paid_fen=ZERO,
        refunded_fen=ZERO,
        ruleset_hash=quote.ruleset_hash,
        placed_at=context.at,
        business_on=context.shop.business_day(context.at),
        expires_at=None if is_free else context.now + timedelta(minutes=context.shop.order_expiry_minutes),
        paid_at=context.at if is_free else None,
        buyer_remark=command.buyer_remark,
    )


def _line(command: commands.PlaceOrder, quote: OrderQuote, index: int, view: View) -> list[Change]:
    wanted, article, priced = command.lines[index], quote.articles[index], quote.price.lines[index]
    sku, product = article.sku, article.product
    place = quote.location_id
    line = OrderLine(
        id=wanted.line_id,
        order_id=command.order_id,
        line_no=index + 1,
        kind=product.kind,
        sku_id=sku.id,
        product_id=product.id,
        category_id=product.category_id,
        title=product.title,
        spec_text=sku.spec_key,
        code=sku.code,
        barcode=sku.barcode,
        sha256=_picture(product.id, view),
        weight_g=sku.weight_g,
        qty=wanted.qty,
        list_fen=priced.list_fen,
        unit_fen=priced.unit_fen,
        discount_fen=priced.discount_fen,
        paid_fen=priced.pay_fen,
    )
    held = Reservation(wanted.line_id, sku.id, place, wanted.qty, ReservationState.HELD)
    return [Put(line), Put(held), Bump(StockLevel, (sku.id, place), "reserved_qty", wanted.qty)]


def _picture(product_id: str, view: View) -> str:
    """The picture that the goods were sold by, "" without one: the order keeps it when the shop takes another."""
    shown = [media for media in view.children(ProductMedia, product_id=product_id) if media.role is MediaRole.MAIN]
    return min(shown, key=lambda media: (media.sort, media.id)).sha256 if shown else ""
