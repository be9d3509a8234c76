"""Deciding to sell: the order, its lines, and the stock they hold."""

import re
from datetime import timedelta

from app.domain.command import Context
from app.domain.money import ZERO, Fen
from app.domain.orders import commands
from app.domain.orders.model import Channel, Order, OrderContact, OrderEvent, OrderLine, OrderState
from app.domain.orders.quote import OrderQuote, quote_order
from app.domain.outcome import Accepted, Bump, Change, Decision, Put, RejectCode, Rejected
from app.domain.stock.model import Reservation, ReservationState, StockLevel
from app.domain.view import View

EXISTS = RejectCode("order.exists", "This order exists already.")
PRICE_CHANGED = RejectCode("order.price_changed", "The price has changed to {total_fen} fen; please look again.")
NO_NUMBER = RejectCode("order.no_number", "No free order number was offered; please try again.")
CONTACT_UNFIT = RejectCode("order.contact_unfit", "Name, phone and address of the receiver are needed.")
CODES = (EXISTS, PRICE_CHANGED, NO_NUMBER, CONTACT_UNFIT)
_PHONE = re.compile(r"\+?[0-9][0-9\-]{5,19}")


def place_order(command: commands.PlaceOrder, view: View, context: Context) -> Decision:
    line_ids = [line.line_id for line in command.lines]
    is_known = view.get(Order, command.order_id) is not None or any(view.get(OrderLine, i) for i in line_ids)
    if is_known or len(set(line_ids)) != len(line_ids):
        return Rejected(EXISTS)
    if not _is_reachable(command.contact) or len(command.buyer_remark) > 200:
        return Rejected(CONTACT_UNFIT)
    quote = quote_order(command.lines, view, context)
    if isinstance(quote, Rejected):
        return quote
    if quote.total_fen != command.expected_total_fen:
        return Rejected(PRICE_CHANGED, {"total_fen": int(quote.total_fen)})
    number = next((no for no in command.no_candidates if not view.children(Order, no=no)), None)
    if number is None:
        return Rejected(NO_NUMBER)
    order = _order(command, quote, number, context)
    event = OrderEvent(context.new_id("event"), order.id, context.at, "placed", context.actor.id, {})
    contact = OrderContact(
        order.id, command.contact.name, command.contact.phone, command.contact.region_code, command.contact.address
    )
    changes: list[Change] = [Put(order), Put(contact), Put(event)]
    for index in range(len(command.lines)):
        changes += _line(command, quote, index, context)
    return Accepted(tuple(changes))


def _is_reachable(contact: commands.Contact) -> bool:
    fits = 1 <= len(contact.name.strip()) <= 60 and 2 <= len(contact.address.strip()) <= 200
    return fits and _PHONE.fullmatch(contact.phone) is not None and len(contact.region_code) <= 20


def _order(command: commands.PlaceOrder, quote: OrderQuote, number: str, context: Context) -> Order:
    return Order(
        id=command.order_id,
        no=number,
        channel=Channel.MINI_PROGRAM,
        source=command.source,
        buyer_id=context.actor.id,
        delivery_kind=command.delivery_kind,
        state=OrderState.UNPAID,
        goods_fen=quote.goods_fen,
        discount_fen=quote.discount_fen,
        freight_fen=quote.freight_fen,
        total_fen=quote.total_fen,
        paid_fen=ZERO,
        refunded_fen=ZERO,
        ruleset_hash=quote.ruleset_hash,
        placed_at=context.at,
        business_on=context.shop.business_day(context.at),
        expires_at=context.now + timedelta(minutes=context.shop.order_expiry_minutes),
        buyer_remark=command.buyer_remark,
    )


def _line(command: commands.PlaceOrder, quote: OrderQuote, index: int, context: Context) -> list[Change]:
    wanted, article = command.lines[index], quote.articles[index]
    sku, product = article.sku, article.product
    place = context.shop.default_location_id
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
        sha256="",
        weight_g=sku.weight_g,
        qty=wanted.qty,
        list_fen=sku.list_fen,
        unit_fen=sku.list_fen,
        discount_fen=quote.line_discount_fen[index],
        paid_fen=Fen(quote.line_fen[index]) - quote.line_discount_fen[index],
    )
    held = Reservation(wanted.line_id, sku.id, place, wanted.qty, ReservationState.HELD)
    return [Put(line), Put(held), Bump(StockLevel, (sku.id, place), "reserved_qty", wanted.qty)]
