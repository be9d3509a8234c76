"""The receipt on a roll of 58 or 80 mm."""

from dataclasses import dataclass
from typing import Any

from app.domain.money import money_text
from app.kernel.i18n import render
from app.printing.document import Align, PrintDocument, Weight
from app.printing.masking import mask_name, mask_phone, mask_remark
from app.printing.receipt import ReceiptData, ReceiptKind
from app.printing.slip import Strip


@dataclass(frozen=True, slots=True)
class RollForm:
    """A roll: ``width_mm10`` is what the head can print of it."""

    name: str
    paper_mm: int
    width_mm10: int
    small: int
    body: int
    large: int
    title: int
    qr_side: int
    bars: int


ROLL_58 = RollForm("58", 58, 480, small=24, body=30, large=40, title=46, qr_side=260, bars=80)
ROLL_80 = RollForm("80", 80, 720, small=26, body=34, large=48, title=56, qr_side=320, bars=90)
ROLL_FORMS = {form.name: form for form in (ROLL_58, ROLL_80)}
_KINDS = {ReceiptKind.CUSTOMER: "Customer copy", ReceiptKind.SHOP: "Shop copy"}


def receipt(data: ReceiptData, form: RollForm = ROLL_58, language: str = "zh_CN") -> PrintDocument:
    """Lay the receipt out; the buyer is masked here, so nothing later can show more."""
    slip = _Receipt(data, form, language)
    return PrintDocument(slip.say("Receipt {number}", number=data.order_no), (slip.page(),))


class _Receipt:
    def __init__(self, data: ReceiptData, form: RollForm, language: str) -> None:
        self._data = data
        self._form = form
        self._language = language
        self._strip = Strip(form.width_mm10)

    def say(self, template: str, **params: Any) -> str:
        return render(template, params, self._language)

    def page(self) -> Any:
        self._head()
        self._order()
        self._goods()
        self._sums()
        self._buyer()
        self._foot()
        return self._strip.page()

    def _head(self) -> None:
        data, form, strip = self._data, self._form, self._strip
        strip.gap(20)
        strip.line(data.shop_name, form.title, Weight.BOLD, Align.CENTRE)
        strip.line(data.place, form.small, align=Align.CENTRE)
        strip.line(data.phone, form.small, align=Align.CENTRE)
        strip.gap(8)
        if not data.is_confirmed:
            strip.badge(self.say("Not synced"), form.body, is_filled=False)
        if data.copy_no > 1:
            strip.badge(self.say("Reprint · copy {copy_no}", copy_no=data.copy_no), form.body, is_filled=True)
        strip.line(self.say(_KINDS[data.kind]), form.body, Weight.BOLD, Align.CENTRE)
        strip.rule()

    def _order(self) -> None:
        data, form, strip = self._data, self._form, self._strip
        strip.pair(self.say("Order"), data.order_no, form.small)
        strip.pair(self.say("Placed"), data.placed_at, form.small)
        who = " · ".join(part for part in (data.counter, data.staff) if part)
        if who:
            strip.pair(self.say("Counter"), who, form.small)
        if data.delivery:
            strip.gap(8)
            strip.line(data.delivery, form.large, Weight.BOLD)
            strip.line(data.slot, form.body, Weight.BOLD)
        if data.shelf:
            strip.whole(data.shelf, form.title * 2, align=Align.LEFT)
        strip.rule()

    def _goods(self) -> None:
        data, form, strip = self._data, self._form, self._strip
        for line in data.lines:
            strip.paragraph(f"{line.title}\u3000{line.spec}" if line.spec else line.title, form.body, Weight.BOLD)
            strip.pair(f"{money_text(line.unit_fen)} × {line.qty}", money_text(line.total_fen), form.body)
            strip.gap(14)
        pieces = self.say("{count} pieces", count=sum(line.qty for line in data.lines))
        strip.rule(4)
        strip.pair(self.say("Goods, {pieces}", pieces=pieces), money_text(data.goods_fen), form.body)

    def _sums(self) -> None:
        data, form, strip = self._data, self._form, self._strip
        for step in data.steps:
            strip.pair(step.text, money_text(step.fen), form.body)
        strip.gap(6)
        is_paid = data.paid_fen > 0 or data.total_fen == 0
        words = self.say("Amount paid") if is_paid else self.say("To pay")
        strip.pair(words, money_text(data.paid_fen if is_paid else data.total_fen), form.large, Weight.BOLD)
        if data.tender and is_paid:
            tail = self.say("ending {tail}", tail=data.transaction_tail) if data.transaction_tail else ""
            strip.pair(data.tender, tail, form.small)
        if data.refunded_fen:
            strip.pair(self.say("Refunded"), money_text(-data.refunded_fen), form.body)
        strip.rule()

    def _buyer(self) -> None:
        data, form, strip = self._data, self._form, self._strip
        if data.buyer_name or data.buyer_phone:
            strip.pair(mask_name(data.buyer_name), mask_phone(data.buyer_phone), form.body)
        if data.remark:
            note = mask_remark(data.remark, data.buyer_name)
            strip.paragraph(self.say("Buyer's note: {note}", note=note), form.body)
        if data.qr_text:
            strip.gap(30)
            strip.qr(data.qr_text, form.qr_side)
            strip.gap(20)
            strip.whole(data.human_code, form.large)

    def _foot(self) -> None:
        data, form, strip = self._data, self._form, self._strip
        strip.gap(14)
        strip.bars(data.order_no, form.bars)
        strip.gap(14)
        strip.paragraph(data.footer, form.small, align=Align.CENTRE)
        strip.line(self.say("Printed {printed_at}", printed_at=data.printed_at), form.small, align=Align.CENTRE)
        strip.line(self.say("This slip is not an invoice"), form.small, align=Align.CENTRE)
        strip.gap(30)
