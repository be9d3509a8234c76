"""Papers as this counter makes them: a parcel's label, an order's receipt, the picking list of many orders."""

import re
import sqlite3
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from app.desk.labels import settings_of, waybill_data
from app.desk.threads import Query
from app.desk.words import WORDS
from app.domain.money import ZERO
from app.domain.paper.model import DocumentKind
from app.domain.paper.rules import paper_key
from app.domain.pricing.account import LEVEL_PRICE_ID
from app.domain.settings import ShopSettings
from app.kernel.i18n import render
from app.printing.document import PrintDocument
from app.printing.forms.label_form import LABEL_FORMS
from app.printing.forms.picking import picking_list
from app.printing.forms.receipt import ROLL_FORMS, receipt
from app.printing.forms.waybill import waybill_label
from app.printing.pdf import Pdf, render_pdf
from app.printing.picking import PickingData, PickLine, PickOrder
from app.printing.receipt import Amount, ReceiptData, ReceiptLine
from app.printing.stored import document_text
from app.replica.queries import orders, paper, sync
from app.replica.queries.orders import OrderDetail
from app.replica.queries.paper import PriceFacts

A4 = "A4"
MOST_ORDERS = 200
"""So many orders one picking list holds: more cannot be carried in one walk."""
_UNFIT = re.compile(r"[^0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class PaperWish:
    """What is to be printed; ``list_id`` names a picking list, which is a new one each time.

    ``counter`` and ``staff`` stand on the paper; ``copy_no`` from 2 on marks it as a reprint.
    """

    kind: DocumentKind
    order_ids: tuple[str, ...]
    form: str
    language: str
    at: datetime
    parcel_id: str = ""
    list_id: str = ""
    copy_no: int = 1
    counter: str = ""
    staff: str = ""

    @property
    def key(self) -> str:
        return paper_key(self.kind, self.list_id or self.parcel_id or "".join(self.order_ids[:1]))


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper. ``title`` and ``file_name`` name no person; ``is_confirmed``: the service knows all of it.

    ``document`` is the layout of a paper that printers can set in their own letters, "" for others.
    """

    wish: PaperWish
    pdf: Pdf = field(repr=False)
    title: str
    file_name: str
    is_confirmed: bool
    document: str = field(default="", repr=False)


def made(wish: PaperWish) -> Query[Paper | None]:
    """Make a paper on a reading thread; None when what it needs is not here (any more)."""
    return partial(_made, wish=wish)


def _made(connection: sqlite3.Connection, wish: PaperWish) -> Paper | None:
    shop = settings_of(sync.shop_settings(connection))
    details = [orders.order_detail(connection, order_id) for order_id in wish.order_ids[:MOST_ORDERS]]
    here = [detail for detail in details if detail is not None]
    if not here:
        return None
    if wish.kind is DocumentKind.PICKING:
        return _picking(wish, here, shop)
    if wish.kind is DocumentKind.RECEIPT:
        return _receipt(wish, here[0], paper.price_facts(connection, here[0].order.id), shop)
    return _label(wish, here[0], shop)


def _label(wish: PaperWish, detail: OrderDetail, shop: ShopSettings) -> Paper | None:
    parcel = next((each for each in detail.parcels if each.id == wish.parcel_id), None)
    data = waybill_data(detail, parcel, shop, wish.at, wish.copy_no) if parcel is not None else None
    if parcel is None or data is None:
        return None
    document = waybill_label(data, LABEL_FORMS[wish.form], wish.language)
    return _paper(wish, document, f"{detail.order.no}_{parcel.waybill_no}", data.is_confirmed)


def _receipt(wish: PaperWish, detail: OrderDetail, facts: PriceFacts, shop: ShopSettings) -> Paper:
    data = receipt_data(detail, facts, shop, wish)
    return _paper(wish, receipt(data, ROLL_FORMS[wish.form], wish.language), detail.order.no, data.is_confirmed)


def _picking(wish: PaperWish, details: list[OrderDetail], shop: ShopSettings) -> Paper | None:
    data = PickingData(
        shop.shop_name,
        _local(wish.at, shop),
        tuple(order for order in (_pick_order(detail, wish.language) for detail in details) if order.lines),
        wish.staff,
        wish.copy_no,
    )
    if not data.orders:
        return None
    name = f"picking_{_in_shop(wish.at, shop):%Y%m%d-%H%M%S}"
    return _paper(wish, picking_list(data, wish.language), name, all(order.is_confirmed for order in data.orders))


def receipt_data(detail: OrderDetail, facts: PriceFacts, shop: ShopSettings, wish: PaperWish) -> ReceiptData:
    """The goods at their list price, what the rules took off and the freight: together the order's own total."""
    order, contact, pickup = detail.order, detail.contact, facts.pickup
    paid = next((payment for payment in detail.payments if payment.paid_at is not None), None)
    return ReceiptData(
        shop_name=shop.shop_name,
        order_no=order.no,
        placed_at=_local(order.placed_at, shop),
        printed_at=_local(wish.at, shop),
        lines=tuple(
            ReceiptLine(line.title, line.spec_text, line.qty, line.list_fen, line.list_fen * line.qty)
            for line in detail.lines
        ),
        goods_fen=order.goods_fen,
        steps=tuple(_steps(detail, facts, wish.language)),
        total_fen=order.total_fen,
        paid_fen=order.paid_fen,
        refunded_fen=order.refunded_fen,
        place=facts.place,
        phone=facts.place_phone or shop.shop_phone,
        staff=wish.staff,
        counter=wish.counter,
        delivery=_word(order.delivery_kind, wish.language),
        slot=pickup.slot if pickup else "",
        shelf=pickup.shelf if pickup else "",
        tender=_word(paid.tender, wish.language) if paid else "",
        transaction_tail=(paid.transaction_id or "")[-6:] if paid else "",
        buyer_name=contact.name if contact else "",
        buyer_phone=contact.phone if contact else "",
        remark=order.buyer_remark if contact else "",
        copy_no=wish.copy_no,
        is_confirmed=not detail.is_syncing,
    )


def _steps(detail: OrderDetail, facts: PriceFacts, language: str) -> Iterator[Amount]:
    order = detail.order
    off: Counter[str] = Counter()
    for each in facts.discounts:
        off[each.rule_id] += each.fen
    for rule_id, fen in off.items():
        name = "Member price" if rule_id == LEVEL_PRICE_ID else facts.names.get(rule_id, "Discount")
        yield Amount(render(name, {}, language) if name in ("Member price", "Discount") else name, -fen)
    if rest := order.discount_fen - sum(off.values()):
        yield Amount(render("Discount", {}, language), -rest)
    if order.freight_fen != ZERO:
        yield Amount(render("Freight", {}, language), order.freight_fen)


def _pick_order(detail: OrderDetail, language: str) -> PickOrder:
    order, contact = detail.order, detail.contact
    return PickOrder(
        order.no,
        _word(order.delivery_kind, language),
        tuple(
            PickLine(line.title, line.spec_text, line.code, detail.shelves.get(line.sku_id, ""), qty)
            for line, qty in detail.to_fetch
        ),
        contact.name if contact else "",
        contact.phone if contact else "",
        order.buyer_remark if contact else "",
        order.staff_remark,
        not detail.is_syncing,
    )


def _paper(wish: PaperWish, document: PrintDocument, name: str, is_confirmed: bool) -> Paper:
    parts = [_UNFIT.sub("-", part).strip("-") for part in (*name.split("_"), wish.form)]
    if wish.kind is DocumentKind.RECEIPT:
        parts.insert(0, str(DocumentKind.RECEIPT))
    if wish.copy_no > 1:
        parts.append(f"copy{wish.copy_no}")
    file_name = "_".join(part for part in parts if part) + ".pdf"
    layout = document_text(document) if wish.kind is DocumentKind.RECEIPT else ""
    return Paper(wish, render_pdf(document), document.title, file_name, is_confirmed, layout)


def _word(code: str, language: str) -> str:
    """A code in the paper's language, which need not be the screen's."""
    said = render(code, {}, language)
    return said if said != code else WORDS.get(code, code)


def _local(at: datetime, shop: ShopSettings) -> str:
    return _in_shop(at, shop).strftime("%Y-%m-%d %H:%M")


def _in_shop(at: datetime, shop: ShopSettings) -> datetime:
    return at.astimezone(zoneinfo.ZoneInfo(shop.time_zone))
