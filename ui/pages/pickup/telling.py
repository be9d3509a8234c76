"""Puts an answer of the domain into the words of a verdict, without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.desk.pickup import Judged, PickupFile, Problem
from app.desk.wording import refusal
from app.domain.money import money_text
from app.domain.opening import hours_on
from app.domain.orders.model import OrderLine, OrderState
from app.domain.outcome import Rejected
from app.domain.payments.model import RefundState
from app.domain.pickup.commands import HandOverPickup, RecordRedeemed, RedeemPickup
from app.domain.pickup.model import PickupState
from app.kernel.i18n import tr
from app.kernel.zone import local
from app.printing.masking import mask_phone
from ui.pages.pickup import wording
from ui.pages.pickup.verdict import Act, Goods, Kind, Offer, Strip, Verdict

ALREADY = "pickup.already_redeemed"
ELSEWHERE = "pickup.wrong_point"
NOT_READY = "pickup.not_ready"
EXPIRED = "pickup.expired"


@dataclass(frozen=True, slots=True)
class Now:
    """When and at which counter a verdict is told, and the shop's own day."""

    at: datetime
    counter_no: int
    today: date

    def stamp(self) -> str:
        return local(self.at).strftime("%H:%M:%S")


def offer(act: Act, text: str = "") -> Offer:
    words: Mapping[Act, tuple[str, str]] = {
        Act.NEXT: (tr("Next"), "Esc"),
        Act.UNDO: (tr("Not handed over, undo"), "Ctrl+Z"),
        Act.RECORD: (tr("Open the order"), "Ctrl+O"),
        Act.COPY: (tr("Copy the address"), "Ctrl+C"),
        Act.PREPARE: (tr("Mark as prepared"), "Ctrl+B"),
        Act.REDEEM: (tr("Redeem now"), "Ctrl+Enter"),
        Act.PART: (tr("A part only…"), "Ctrl+D"),
        Act.OVERRIDE: (tr("Hand over anyway…"), "Ctrl+M"),
        Act.PRINT: (tr("Receipt"), "Ctrl+P"),
    }
    said, keys = words[act]
    return Offer(act, text or said, keys)


def undo_words(seconds: int) -> str:
    """The button that takes back, with the time that is left for it."""
    return f"{tr('Not handed over, undo ({seconds} s)', seconds=seconds)}    Ctrl+Z"


def not_synced(waiting_count: int) -> Strip:
    """The strip over what was redeemed unplugged."""
    text = tr("Safe to hand over. Kept on this computer, goes up by itself (no. {count})", count=waiting_count)
    return Strip(tr("Not synced"), text)


# One verdict for each answer


def redeemed(file: PickupFile, handed: Mapping[str, int], now: Now, *, strip: Strip | None, undo_s: int) -> Verdict:
    """Done: ``handed`` are the pieces that go out now, by order line. Unplugged there is no undo."""
    left = sum(line.open_qty for line in file.lines)
    count = sum(handed.values())
    offers = [offer(Act.NEXT)]
    if strip is None and undo_s > 0:
        offers.insert(0, offer(Act.UNDO, tr("Not handed over, undo ({seconds} s)", seconds=undo_s)))
    heading = tr("{count} items in all, count them as you hand over", count=count)
    if count == 1:
        heading = tr("1 item, hand it over")
    if left:
        heading = tr("{count} items now, {left} still to come", count=count, left=left)
    return replace(
        _blank(Kind.DONE, tr("Redeemed. Hand it over"), now),
        slot=file.pickup.shelf,
        big=name_of(file),
        lead=_phone(file),
        note=tr("Paid {amount}, nothing more to pay", amount=money_text(file.order.paid_fen)),
        heading=heading,
        numbers=_numbers(file),
        goods=tuple(_handed(line, handed) for line in file.lines if handed.get(line.id) or line.open_qty),
        strip=strip,
        hint=_missing(file) if left else "",
        offers=tuple(offers),
    )


def found(file: PickupFile, now: Now, *, may_redeem: bool, undone: bool = False) -> Verdict:
    """Somebody was looked up by hand: who it is, before anything is redeemed."""
    offers = [offer(Act.NEXT)]
    left = sum(line.open_qty for line in file.lines)
    if may_redeem:
        part = [offer(Act.PART)] if left > 1 else []
        offers = [offer(Act.REDEEM), *part, *offers]
    title = tr("Undone. Nothing is redeemed") if undone else tr("Found. Check, then redeem")
    return replace(
        _blank(Kind.FOUND, title, now),
        slot=file.pickup.shelf,
        big=name_of(file),
        lead=_phone(file),
        note=tr("Paid {amount}, nothing more to pay", amount=money_text(file.order.paid_fen)),
        heading=tr("Goods of this order"),
        numbers=_numbers(file),
        goods=tuple(_waiting(line) for line in file.lines if line.open_qty),
        offers=tuple(offers),
    )


def honoured(now: Now) -> Verdict:
    """A manager hands over for a code of ours whose order is not here."""
    return replace(
        _blank(Kind.DONE, tr("Noted. Hand it over"), now),
        big=tr("As the customer's phone shows"),
        lead=tr("This computer does not hold the order"),
        note=tr("It is booked when the order is found, and stands in the issue centre until then"),
    )


def refused(judged: Judged, now: Now, *, may_override: bool = False) -> Verdict:
    """Why nothing may be handed over, and what to do instead; a manager may have the last word."""
    verdict = _refused(judged, now)
    if not may_override or judged.override is None:
        return verdict
    return replace(verdict, offers=(offer(Act.OVERRIDE), *verdict.offers))


def _refused(judged: Judged, now: Now) -> Verdict:
    if judged.problem is not None or judged.file is None:
        return _unknown(judged.problem, now)
    if judged.needs_network:
        return _offline(judged.file, now)
    if judged.refusal is None:
        raise ValueError("nothing was refused")
    return declined(judged.file, judged.refusal, now)


def declined(file: PickupFile, why: Rejected, now: Now) -> Verdict:
    """What the domain says no to."""
    tell = {ALREADY: _already, ELSEWHERE: _elsewhere, NOT_READY: _not_ready}.get(why.code)
    return tell(file, now) if tell is not None else _ended(file, why, now)


def _already(file: PickupFile, now: Now) -> Verdict:
    last = file.standing()
    when = wording.moment(last.happened_at, now.at) if last else tr("already")
    place = wording.counter(file.counter_nos.get(last.device_id, 0)) if last else ""
    person = file.staff_names.get(last.staff_id, "") if last else ""
    by = tr("redeemed by {name}", name=person) if person else ""
    hint = tr("The customer says it was not handed over? Open the order, compare time and counter, ask the manager.")
    if file.pickup.shelf:
        hint = tr(
            "The customer says it was not handed over? Open the order, compare time, counter and {shelf},"
            " ask the manager.",
            shelf=file.pickup.shelf,
        )
    return replace(
        _blank(Kind.ALREADY, tr("Already collected. Do not hand over again"), now),
        big=when[:1].upper() + when[1:],
        lead=" · ".join(part for part in (place, by) if part),
        note=_person(file),
        heading=tr("Goods of this order"),
        numbers=(file.order.no,),
        goods=tuple(Goods(title_of(line), line.qty) for line in file.lines),
        hint=hint,
        offers=(offer(Act.RECORD, tr("Open the pickup record")), offer(Act.NEXT)),
    )


def _elsewhere(file: PickupFile, now: Now) -> Verdict:
    point = file.point
    if point is None:
        return replace(_blank(Kind.ELSEWHERE, tr("Not at this point"), now), big=name_of(file))
    open_today = tr("Open today {hours}", hours=wording.hours(hours_on(point.hours, now.today)))
    phone = tr("Phone {phone}", phone=point.phone) if point.phone else ""
    is_ready = file.pickup.state is PickupState.READY
    where = file.pickup.shelf if is_ready else ""
    heading = tr("{name}'s goods stand ready there", name=name_of(file))
    if where:
        heading = tr("{name}'s goods stand ready there, at {shelf}", name=name_of(file), shelf=where)
    if not is_ready:
        heading = tr("{name}'s goods are not prepared there yet", name=name_of(file))
    return replace(
        _blank(Kind.ELSEWHERE, tr("Not at this point"), now),
        before=tr("Please go to"),
        big=point.name,
        lead=point.address,
        note="  ·  ".join(part for part in (open_today, phone) if part),
        heading=heading,
        numbers=(file.order.no,),
        goods=tuple(Goods(title_of(line), line.qty) for line in file.lines),
        offers=(offer(Act.COPY), offer(Act.NEXT)),
    )


def _not_ready(file: PickupFile, now: Now) -> Verdict:
    return replace(
        _blank(Kind.NOT_READY, tr("The goods are not prepared yet"), now),
        big=name_of(file),
        lead=_phone(file),
        note=tr("Comes: {slot}", slot=wording.slot(file.pickup.slot, now.today)),
        heading=tr("Fetch it from the shelf, then mark it as prepared"),
        numbers=_numbers(file),
        goods=tuple(
            replace(_waiting(line), place=file.shelves.get(line.sku_id, "")) for line in file.lines if line.open_qty
        ),
        offers=(offer(Act.PREPARE), offer(Act.NEXT)),
    )


def _ended(file: PickupFile, why: Rejected, now: Now) -> Verdict:
    """Refunded, cancelled, expired, or something that this program cannot name better than the domain."""
    title, big, lead = _why(file, why, now)
    shelf = file.pickup.shelf
    heading = tr("The goods still stand at {shelf}, put them back", shelf=shelf) if shelf else tr("Goods of this order")
    if why.code == EXPIRED:
        heading = tr("Goods of this order")
    record = tr("Open the refund") if file.refunds else ""
    return replace(
        _blank(Kind.REFUSED, title, now),
        big=big,
        lead=lead,
        note=_person(file),
        heading=heading,
        numbers=(file.order.no,),
        goods=tuple(Goods(title_of(line), line.qty) for line in file.lines),
        offers=(offer(Act.RECORD, record), offer(Act.NEXT)),
    )


def _why(file: PickupFile, why: Rejected, now: Now) -> tuple[str, str, str]:
    """Band, large line and the line below it."""
    refund = next((r for r in reversed(file.refunds) if r.state is not RefundState.FAILED), None)
    if file.order.state is OrderState.CANCELLED and refund is not None:
        returned = sum(r.amount_fen for r in file.refunds if r.state is not RefundState.FAILED)
        at = refund.ended_at or refund.requested_at
        is_back = refund.state is RefundState.SUCCEEDED
        lead = tr("Paid back {moment}", moment=wording.moment(at, now.at))
        if not is_back:
            lead = tr("On its way back since {moment}", moment=wording.moment(at, now.at))
        title = tr("Cannot collect: refunded in full")
        return title, tr("Refund {amount}", amount=money_text(returned)), lead
    if file.order.state in (OrderState.CANCELLED, OrderState.CLOSING, OrderState.CLOSED):
        return tr("Cannot collect: cancelled"), name_of(file), tr("Nobody has to pay, and nothing is handed over")
    if file.order.state is OrderState.UNPAID:
        return tr("Cannot collect: not paid"), name_of(file), tr("It is ready to be prepared as soon as it is paid")
    if why.code == EXPIRED and file.pickup.expires_at is not None:
        big = tr("Until {moment}", moment=wording.moment(file.pickup.expires_at, now.at))
        return tr("Cannot collect: the code has expired"), big, tr("The manager decides: hand over, or refund")
    return tr("Cannot collect"), name_of(file), refusal(why)


def _offline(file: PickupFile, now: Now) -> Verdict:
    return replace(
        _blank(Kind.REFUSED, tr("Cannot collect: no network"), now),
        big=name_of(file),
        lead=tr("This shop redeems with the network only"),
        note=tr("Try again when the counter is online, or ask the manager"),
        heading=tr("Goods of this order"),
        numbers=_numbers(file),
        goods=tuple(_waiting(line) for line in file.lines),
        offers=(offer(Act.NEXT),),
    )


def _unknown(problem: Problem | None, now: Now) -> Verdict:
    """No order belongs to what was scanned or typed."""
    words = {
        Problem.UNREADABLE: (
            tr("Cannot read this code"),
            tr("Scan it once more"),
            tr("It was cut off, or it is no pickup code"),
            "",
        ),
        Problem.NO_KEY: (
            tr("Cannot check this code"),
            tr("Type the 8 digits"),
            tr("What is needed for it comes with the next connection"),
            "",
        ),
        Problem.FOREIGN: (
            tr("Cannot collect: not a code of this shop"),
            tr("Ask for the order"),
            tr("The customer may show it in the mini-program"),
            "",
        ),
        Problem.NOT_HERE: (
            tr("This computer does not hold this order"),
            tr("Ask at another counter"),
            tr("It comes with the next connection"),
            tr("Nothing is wrong with the customer's code"),
        ),
    }
    title, big, lead, note = words[problem or Problem.NOT_HERE]
    return replace(_blank(Kind.REFUSED, title, now), big=big, lead=lead, note=note)


# Words for parts


def _blank(kind: Kind, title: str, now: Now) -> Verdict:
    return Verdict(kind, title, now.stamp(), wording.counter(now.counter_no), "", offers=(offer(Act.NEXT),))


def name_of(file: PickupFile) -> str:
    return file.contact.name if file.contact is not None and file.contact.name else file.order.no


def _phone(file: PickupFile) -> str:
    return mask_phone(file.contact.phone) if file.contact is not None else ""


def _person(file: PickupFile) -> str:
    code = tr("Pickup code {digits}", digits=wording.digits(file.pickup.human_code))
    return "  ·  ".join(part for part in (f"{name_of(file)}  {_phone(file)}".strip(), code) if part)


def _numbers(file: PickupFile) -> tuple[str, ...]:
    return tr("Pickup code {digits}", digits=wording.digits(file.pickup.human_code)), file.order.no


def title_of(line: OrderLine) -> str:
    return f"{line.title} {line.spec_text}".strip()


def _waiting(line: OrderLine) -> Goods:
    return Goods(title_of(line), line.open_qty)


def _handed(line: OrderLine, handed: Mapping[str, int]) -> Goods:
    now = handed.get(line.id, 0)
    return Goods(title_of(line), now) if now else Goods(title_of(line), line.open_qty, is_missing=True)


def _missing(file: PickupFile) -> str:
    names = [f"{title_of(line)} ×{line.open_qty}" for line in file.lines if line.open_qty]
    return tr("Still to come: {goods}. The same code is good for it.", goods=", ".join(names))


def handed_by(file: PickupFile, command: object) -> dict[str, int]:
    """The pieces that a command hands over, by order line."""
    pieces = command.pieces if isinstance(command, RedeemPickup | RecordRedeemed | HandOverPickup) else ()
    if pieces:
        return {piece.order_line_id: piece.qty for piece in pieces}
    return {line.id: line.open_qty for line in file.lines if line.open_qty}
