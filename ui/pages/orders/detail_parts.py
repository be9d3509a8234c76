"""The rows of an open order: receiver, goods, sums, parcels and what happened."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk.queries import OrderDetail
from app.domain.delivery.model import Parcel, WaybillState
from app.domain.orders.model import SHIPPABLE, OrderLine, OrderState
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from app.kernel.later import later
from app.printing.masking import mask_address, mask_name, mask_phone
from ui.bridge.pictures import PictureShelf
from ui.pages.orders import wording
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.goods_tile import GoodsTile
from ui.widgets.icon_label import IconLabel
from ui.widgets.money import MoneyLabel, format_fen
from ui.widgets.notice import NoticeKind
from ui.widgets.text import ElidedLabel, Role, label

if TYPE_CHECKING:
    from ui.pages.orders import numbering
else:
    numbering = later("ui.pages.orders.numbering")

_ICON = 16
_DOT = "\u00a0· "
"""Between facts that may need two lines: a line may end with the dot, and never begins with it."""


def fields(detail: OrderDetail, is_revealed: bool, clock: Clock) -> Iterator[tuple[str, str, str]]:
    """(title, text, what stands beside it) of all facts about the order."""
    order, contact, now = detail.order, detail.contact, clock.now()
    if contact is None:
        yield tr("Receiver"), tr("Removed: the time for which the shop keeps it is over"), ""
    elif is_revealed:
        yield tr("Receiver"), f"{contact.name}\n{contact.phone}", "reveal"
        if contact.address:  # who collects it has given none
            yield tr("Address"), contact.address, ""
    else:
        yield tr("Receiver"), f"{mask_name(contact.name)}\u3000{mask_phone(contact.phone)}", "reveal"
        if contact.address:
            yield tr("Address"), mask_address(contact.address, contact.name), ""
    way = wording.delivery_word(order.delivery_kind)
    yield tr("Channel"), f"{wording.channel_word(order.channel)}{_DOT}{way}", ""
    yield from _way(detail)
    yield tr("Placed"), wording.full_moment(order.placed_at), ""
    if order.paid_at is not None:
        tender = next((p.tender for p in detail.payments if p.paid_at is not None), "")
        at = wording.moment(order.paid_at, now)
        yield tr("Payment"), f"{wording.tender_word(tender)}{_DOT}{at}" if tender else at, ""
    if order.buyer_remark:
        yield tr("Buyer's note"), order.buyer_remark, ""
    yield tr("Remark"), order.staff_remark or "—", "note"


def number_words(detail: OrderDetail) -> tuple[str, NoticeKind]:
    """How the last number stands that a carrier was asked for; nothing once there is nothing to do about it."""
    last = detail.last_waybill
    if last is not None and last.state is WaybillState.ASKED:
        return numbering.waiting_words(last), "info"
    if last is not None and last.state is WaybillState.WITHDRAWN and last.is_unanswered:
        return numbering.refusal_words(last)[0], "info"
    if last is None or last.state is not WaybillState.REFUSED or detail.order.state not in SHIPPABLE:
        return "", "info"
    return "\n".join(part for part in numbering.refusal_words(last) if part), "warn"


def _way(detail: OrderDetail) -> Iterator[tuple[str, str, str]]:
    """How it gets to its buyer without a carrier."""
    pickup, delivery = detail.pickup, detail.delivery
    if pickup is not None:
        stands = tr("stands at {shelf}", shelf=pickup.shelf) if pickup.shelf else ""
        parts = (detail.place_name, pickup.slot, wording.way_word(pickup.state), stands)
        yield tr("Pickup point"), _DOT.join(part for part in parts if part), ""
    if delivery is not None:
        courier = detail.staff_names.get(delivery.courier_id, "")
        state = wording.way_word(delivery.state)
        told = (detail.place_name, delivery.slot, state, courier, delivery.reason)
        yield tr("Brought to"), _DOT.join(part for part in told if part), ""


def line_rows(detail: OrderDetail, pictures: PictureShelf | None) -> list[QWidget]:
    def tile(line: OrderLine) -> GoodsTile:
        """The picture as it was when it was sold; of older orders, which have none, the product's present one."""
        return GoodsTile(pictures, line.title, line.sha256 or detail.pictures.get(line.product_id, ""))

    return [_line_row(line, detail.order.state, tile(line)) for line in detail.lines]


def _line_row(line: OrderLine, state: OrderState, tile: GoodsTile) -> QWidget:
    parts = [line.spec_text, f"{format_fen(line.unit_fen)} ×{line.qty}"]
    if state is OrderState.PARTLY_SHIPPED:
        parts.append(tr("{shipped}/{count} shipped", shipped=line.shipped_qty, count=line.qty))
    if line.cancelled_qty and state is not OrderState.CANCELLED:
        parts.append(tr("{count} taken out", count=line.cancelled_qty))
    row, lines = QWidget(), QVBoxLayout()
    lines.setSpacing(2)
    lines.addWidget(ElidedLabel(line.title, "strong"))
    lines.addWidget(ElidedLabel("\u3000".join(part for part in parts if part), "note"))
    across = _across(row)
    across.addWidget(tile)
    across.addLayout(lines, 1)
    return row


def sum_rows(detail: OrderDetail) -> list[QWidget]:
    """What adds up to the amount that the list shows too."""
    order = detail.order
    rows = [_sum_row(tr("Goods total"), format_fen(order.goods_fen))]
    if order.discount_fen:
        rows.append(_sum_row(tr("Discount"), format_fen(-order.discount_fen)))
    rows.append(_sum_row(tr("Freight"), format_fen(order.freight_fen) if order.freight_fen else tr("Free")))
    total = tr("Total paid") if order.paid_at is not None else tr("To pay")
    rows.append(_sum_row(total, format_fen(order.total_fen), "emphasis"))
    if order.refunded_fen:
        rows.append(_sum_row(tr("Refunded"), format_fen(-order.refunded_fen)))
    return rows


def _sum_row(title: str, amount: str, role: Role = "body") -> QWidget:
    row = QWidget()
    across = _across(row)
    across.addWidget(label(title, "strong" if role == "emphasis" else "muted"))
    across.addStretch(1)
    figure = MoneyLabel(None, role)
    figure.setText(amount)
    across.addWidget(figure)
    return row


def parcel_row(detail: OrderDetail, parcel: Parcel, on_label: Callable[[], None]) -> QWidget:
    """A parcel with its number; where there are several, each offers its own label."""
    row, lines = QWidget(), QVBoxLayout()
    lines.setSpacing(2)
    pieces = sum(line.qty for line in detail.parcel_lines if line.parcel_id == parcel.id)
    lines.addWidget(ElidedLabel(parcel.waybill_no, "strong"))
    lines.addWidget(ElidedLabel(f"{wording.carrier_word(parcel.carrier)} · {wording.parcel_pieces(pieces)}", "note"))
    across = _across(row)
    across.addWidget(IconLabel("shipping", "text2", 20))
    across.addLayout(lines, 1)
    if parcel.id in detail.syncing_parcels:
        across.addWidget(Chip(tr("Not synced"), "amber", has_dot=False))
    if len(detail.parcels) > 1 and detail.contact is not None:
        button = Button(tr("Label"), "link")
        button.set_height(metrics.BUTTON_SMALL - 4)
        button.setAccessibleName(tr("Label of {parcel}", parcel=wording.parcel_name(parcel)))
        button.setProperty("parcel_id", parcel.id)
        button.clicked.connect(on_label)
        across.addWidget(button)
    return row


def event_rows(detail: OrderDetail, clock: Clock) -> Sequence[QWidget]:
    """What happened, and hollow what is expected next."""
    now = clock.now()
    rows = []
    for event in detail.events:
        who = detail.staff_names.get(event.actor, "")
        at = wording.moment(event.happened_at, now)
        rows.append(_event_row("done", "accent", wording.event_word(event), f"{who} · {at}" if who else at))
    order = detail.order
    if order.state is OrderState.UNPAID:
        until = tr("until {time}", time=wording.moment(order.expires_at, now)) if order.expires_at else ""
        rows.append(_event_row("wait", "text3", tr("Buyer pays"), until))
    elif order.state in SHIPPABLE:
        rows.append(_event_row("wait", "text3", _next_word(detail), ""))
    return rows


def _next_word(detail: OrderDetail) -> str:
    if detail.delivery is not None:
        return tr("Bring it")
    is_begun = detail.order.state is OrderState.PARTLY_SHIPPED
    if detail.pickup is not None:
        return tr("Buyer collects the rest") if is_begun else tr("Buyer collects it")
    return tr("Ship the rest") if is_begun else tr("Ship")


def _event_row(icon: str, token: str, text: str, fact: str) -> QWidget:
    row = QWidget()
    across = _across(row)
    across.addWidget(IconLabel(icon, token, _ICON))
    across.addWidget(ElidedLabel(text, "body" if icon == "done" else "muted"), 1)
    across.addWidget(label(fact, "note"))
    return row


def _across(row: QWidget) -> QHBoxLayout:
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(metrics.SPACE_S + 2)
    return across
