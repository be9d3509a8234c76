"""Orders as the palette shows them."""

from typing import TYPE_CHECKING

from app.desk.queries import OrderList, OrderSummary
from app.kernel.i18n import tr
from app.printing.masking import mask_name, mask_phone
from ui.bridge.finds import Found, Hit
from ui.bridge.services import PageServices
from ui.pages.orders import wording
from ui.widgets.money import format_fen

if TYPE_CHECKING:
    from datetime import datetime


def found(listed: OrderList, services: PageServices) -> Found:
    now = services.desk.clock.now()
    shown = [listed.shown[rowid] for rowid in listed.rowids[: len(listed.shown)]]
    return Found(tuple(_hit(row, now) for row in shown), listed.counts.get("", 0) if listed.is_whole else None)


def _hit(row: OrderSummary, now: "datetime") -> Hit:
    title = row.title
    if row.line_count > 1:
        title = tr("{title} +{count}", title=row.title, count=row.line_count - 1)
    receiver = f"{mask_name(row.receiver)} {mask_phone(row.phone)}".strip()
    note = " · ".join(part for part in (row.no, receiver, wording.moment(row.placed_at, now)) if part)
    mark = (wording.state_word(row.state), wording.state_tone(row.state))
    return Hit(f"{title} · {format_fen(row.total_fen)}", note, row.order_id, mark)
