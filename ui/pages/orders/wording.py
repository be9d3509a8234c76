"""The words of the orders page, without Qt."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.desk.queries import OrderFilter
from app.kernel.i18n import tr
from app.kernel.later import later
from app.kernel.zone import local

if TYPE_CHECKING:
    from app.desk import wording as desk_wording
    from app.domain.delivery import carriers
    from app.domain.delivery.model import Parcel
    from app.domain.orders.model import OrderEvent
else:
    desk_wording, carriers = later("app.desk.wording"), later("app.domain.delivery.carriers")

Tone: TypeAlias = Literal["green", "amber", "red", "blue", "violet", "teal", "grey"]

TABS: dict[str, tuple[str, ...]] = {
    "unpaid": ("unpaid",),
    "paid": ("paid", "partly_shipped"),
    "to_collect": ("to_collect",),
    "shipped": ("shipped",),
    "completed": ("completed",),
    "cancelled": ("cancelled", "closed", "closing"),
}
"""The tabs beside "all", each with the states that it gathers: together they are all orders."""
STATES = tuple(state for states in TABS.values() for state in states)
_STATE_WORDS: dict[str, Callable[[], str]] = {
    "unpaid": lambda: tr("Unpaid"),
    "paid": lambda: tr("To ship"),
    "partly_shipped": lambda: tr("Partly shipped"),
    "to_collect": lambda: tr("To collect"),
    "shipped": lambda: tr("Shipped"),
    "completed": lambda: tr("Completed"),
    "cancelled": lambda: tr("Cancelled"),
    "closed": lambda: tr("Closed unpaid"),
}
_TONES: dict[str, Tone] = {
    "unpaid": "amber",
    "paid": "blue",
    "partly_shipped": "teal",
    "to_collect": "teal",
    "shipped": "violet",
    "completed": "green",
}


def state_word(state: str) -> str:
    """An order's state on screen; that of a newer service is named as it is."""
    said = _STATE_WORDS.get(state)
    return said() if said is not None else desk_wording.word(state)


def state_tone(state: str) -> Tone:
    return _TONES.get(state, "grey")


def channel_word(channel: str) -> str:
    return {"mini_program": tr("Mini-program")}.get(channel, channel)


def delivery_word(kind: str) -> str:
    return {"express": tr("Express"), "pickup": tr("Pickup"), "local": tr("Local delivery")}.get(kind, kind)


def way_word(state: str) -> str:
    """How collecting or our own delivery stands; nothing is said while the order itself is not paid."""
    return "" if state in ("ordered", "closed") else desk_wording.word(state)


def tender_word(tender: str) -> str:
    return {"wechat": tr("WeChat Pay")}.get(tender, tender)


def carrier_word(code: str) -> str:
    """A carrier's own name; ours only for those without one."""
    if code == "other":
        return tr("Another carrier")
    known = carriers.carrier(code)
    return known.name if known else code


def event_word(event: "OrderEvent") -> str:
    """What happened, in the past tense of the timeline."""
    if event.kind == "shipped":
        return tr("Shipped: {carrier}", carrier=carrier_word(str(event.params.get("carrier", ""))))
    words = {"placed": tr("Buyer placed the order"), "paid": tr("Paid")}
    return words.get(event.kind) or desk_wording.word(event.kind, "event")


def filter_parts(wanted: OrderFilter) -> tuple[tuple[str, str], ...]:
    """(field of the filter, its words) of all that narrows the list beside its tab and the words typed."""
    parts = [("delivery_kind", delivery_word(wanted.delivery_kind))] if wanted.delivery_kind else []
    if wanted.paid:
        parts.append(("paid", _paid_words(wanted.paid)))
    return tuple(parts)


def _paid_words(spans: Sequence[tuple[datetime, datetime]]) -> str:
    (begin, end), last = spans[0], spans[-1]
    if len(spans) > 1:
        hours = f"{begin:%H:%M}–{end:%H:%M}"
        first_day, last_day = f"{begin:%m-%d}", f"{last[0]:%m-%d}"
        return tr(
            "Paid {hours}, {count} days from {first} to {last}",
            hours=hours,
            count=len(spans),
            first=first_day,
            last=last_day,
        )
    if end - begin > timedelta(hours=20):
        return tr("Paid on {day}", day=f"{begin:%m-%d}")
    return tr("Paid on {day}", day=f"{begin:%m-%d %H:%M}–{end:%H:%M}")


def order_count(count: int) -> str:
    return tr("1 order") if count == 1 else tr("{count} orders", count=f"{count:,}")


def parcel_pieces(qty: int) -> str:
    return tr("1 piece") if qty == 1 else tr("{count} pieces", count=qty)


def parcel_name(parcel: "Parcel") -> str:
    """What a person calls a parcel: its carrier and number."""
    return f"{carrier_word(parcel.carrier)} {parcel.waybill_no}"


def moment(at: datetime, now: datetime) -> str:
    """11-23 17:10 in this computer's zone; a year only when it is another one."""
    here, present = local(at), local(now)
    # Every row of the list says one of these; strftime takes longer than the rest of the row's words.
    day = f"{here.month:02}-{here.day:02}"
    return f"{day} {here.hour:02}:{here.minute:02}" if here.year == present.year else f"{here.year:04}-{day}"


def full_moment(at: datetime) -> str:
    return local(at).strftime("%Y-%m-%d %H:%M")
