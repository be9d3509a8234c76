"""The words of the products page, without Qt."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeAlias

from app.desk.goods import LOW_QTY, ProductSummary
from app.domain.catalog.barcode import check_digit, is_valid_barcode
from app.domain.money import money_text
from app.kernel.i18n import tr
from app.kernel.zone import local

Tone: TypeAlias = Literal["green", "amber", "red", "blue", "violet", "teal", "grey"]

STATES = ("on_sale", "off_sale", "draft")
_TONES: dict[str, Tone] = {"on_sale": "green", "off_sale": "grey", "draft": "blue"}
_FIELDS: dict[str, Callable[[], str]] = {
    "title": lambda: tr("Title"),
    "subtitle": lambda: tr("Subtitle"),
    "category_id": lambda: tr("Category"),
    "description": lambda: tr("Description"),
    "list_fen": lambda: tr("Price"),
    "barcode": lambda: tr("Barcode"),
    "code": lambda: tr("Code"),
    "shelf": lambda: tr("Shelf"),
    "weight_g": lambda: tr("Weight (g)"),
}


def state_word(state: str) -> str:
    """A product's state on screen; that of a newer service is named as it is."""
    words = {"on_sale": tr("On sale"), "off_sale": tr("Off sale"), "draft": tr("Draft")}
    return words.get(state, state)


def state_tone(state: str) -> Tone:
    return _TONES.get(state, "grey")


def field_word(field: str) -> str:
    return _FIELDS[field]() if field in _FIELDS else field


def reason_word(reason: str) -> str:
    words = {
        "received": tr("Received"),
        "counted": tr("Counted"),
        "damaged": tr("Damaged"),
        "lost": tr("Lost"),
        "found": tr("Found"),
        "gift": tr("Given away"),
        "shipped": tr("Shipped"),
        "collected": tr("Collected"),
        "came_back": tr("Came back"),
    }
    return words.get(reason, reason)


def spec_word(spec_key: str) -> str:
    """An article by its values; the only one of a product has none."""
    return spec_key.replace("/", " / ") or tr("Only article")


def count_word(sku_count: int) -> str:
    return tr("1 article") if sku_count == 1 else tr("{count} articles", count=sku_count)


def price_range(least_fen: int, most_fen: int) -> str:
    least, most = money_text(least_fen), money_text(most_fen)
    return least if least_fen == most_fen else f"{least} – {most}"


def stock_word(row: ProductSummary) -> str:
    """What is wrong with the stock of a row, the worst of it; empty while nothing is."""
    if row.sku_count and row.empty_skus == row.sku_count:
        return tr("Sold out")
    if row.empty_skus:
        return tr("{count} out", count=row.empty_skus)
    return tr("{count} low", count=row.low_skus) if row.low_skus else ""


def level_word(available_qty: int) -> str:
    """The same for one article."""
    if available_qty <= 0:
        return tr("Out of stock")
    return tr("Low") if available_qty <= LOW_QTY else ""


def barcode_hint(text: str) -> str:
    """What a scanner's check digit makes of these figures; nothing while there is nothing to say."""
    if not text.isascii() or not text.isdigit() or is_valid_barcode(text) and len(text) in (8, 12, 13):
        return ""
    if len(text) in (7, 12):
        return tr("With its check digit: {barcode}", barcode=f"{text}{check_digit(text)}")
    if len(text) in (8, 13):
        return tr("The check digit should be {digit}.", digit=check_digit(text[:-1]))
    return ""


def signed(qty: int) -> str:
    """A movement with its sign, and a true minus."""
    return f"+{qty:,}" if qty > 0 else f"\u2212{-qty:,}" if qty < 0 else "±0"


def whole(qty: int) -> str:
    return f"\u2212{-qty:,}" if qty < 0 else f"{qty:,}"


def moment(at: datetime, now: datetime) -> str:
    """11-23 17:10 in this computer's zone; a year only when it is another one."""
    here, present = local(at), local(now)
    return here.strftime("%m-%d %H:%M" if here.year == present.year else "%Y-%m-%d")
