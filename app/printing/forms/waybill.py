"""The one-part waybill label: the carrier's zones above, the merchant's own below."""

import re
from dataclasses import dataclass
from typing import Any

from app.kernel.i18n import render
from app.printing import code128
from app.printing.document import (
    Align,
    Block,
    Box,
    Code128,
    Fit,
    Ink,
    Line,
    Page,
    PrintDocument,
    PrintWarning,
    Qr,
    Rect,
    Text,
    WarningCode,
    Weight,
)
from app.printing.forms.label_form import LABEL_76X130, LabelForm
from app.printing.masking import mask_address, mask_name, mask_phone, mask_remark
from app.printing.waybill import ParcelLine, Party, WaybillData


@dataclass(frozen=True, slots=True)
class _PartyStyle:
    badge: str
    badge_size: int
    name_size: int
    address_size: int
    space_above: int
    weight: Weight


# The courier looks for the receiver; the sender is small print.
_RECEIVER_STYLE = _PartyStyle("To", 42, 37, 31, 15, Weight.BOLD)
_SENDER_STYLE = _PartyStyle("From", 34, 27, 25, 11, Weight.REGULAR)

_GRID = re.compile(r"(\d+)")
_NUMBER_GROUPS = re.compile(r"^([A-Z]*)(\d+)$")


def waybill_label(data: WaybillData, form: LabelForm = LABEL_76X130, language: str = "zh_CN") -> PrintDocument:
    """Lay the label out; people are masked here, so nothing later can show them."""
    label = _Label(data, form, language)
    warnings = () if data.sorting_code or not data.has_sorting else (PrintWarning(WarningCode.SORTING_CODE_MISSING),)
    title = label.say("Waybill {number}", number=data.waybill_no)
    return PrintDocument(title, (Page(form.width_mm10, form.height_mm10, label.blocks()),), warnings)


class _Label:
    """Builds one label's blocks zone by zone."""

    def __init__(self, data: WaybillData, form: LabelForm, language: str) -> None:
        self._data = data
        self._form = form
        self._language = language
        self._blocks: list[Block] = []
        self._names = (data.receiver.name, data.sender.name)
        # What a carrier has no use for leaves its room to what stands beside it: the code's to the receiver, who is
        # looked for, and the bag's to the code.
        has_codes = bool(data.sorting_code) or data.has_sorting
        has_bag = bool(data.bag_place or data.bag_mark)
        self._people_top = form.bag_end if has_codes or has_bag else form.bars_end
        self._sorting_end = form.sorting_end if has_bag else self._people_top

    def say(self, template: str, **params: Any) -> str:
        return render(template, params, self._language)

    def blocks(self) -> tuple[Block, ...]:
        self._header()
        self._main_bars()
        if self._sorting_end > self._form.bars_end:
            self._sorting()
        if self._sorting_end < self._people_top:
            self._bag()
        self._people()
        self._signing()
        self._merchant()
        return tuple(self._blocks)

    def _scaled(self, length: int) -> int:
        return length * self._form.scale // 100

    def _text(self, box: Box, text: str, size: int, least: int = 20, **style: Any) -> None:
        """A text; ``size`` and ``least`` are the 76 mm label's and grow with the paper."""
        if text:
            self._blocks.append(Text(box, text, self._scaled(size), least_mm10=self._scaled(least), **style))

    def _rule(self, y: int, left: int | None = None, right: int | None = None) -> None:
        start = self._form.left if left is None else left
        self._blocks.append(Line(start, y, (self._form.right if right is None else right) - start))

    def _header(self) -> None:
        form, data = self._form, self._data
        edge, end = form.left + 10, form.right - 10
        upper, lower = form.header_end * 30 // 118, form.header_end * 76 // 118
        marks, clock = form.width_mm10 * 318 // 760, form.width_mm10 * 425 // 760
        bold: dict[str, Any] = {"weight": Weight.BOLD}
        self._text(_span(edge, 30, marks - 8, form.header_end - 42), data.carrier_name, 50, least=28, **bold)
        piece = f"{data.piece_no} / {data.piece_count}"
        service = f"{data.service} · {piece}" if data.service else piece
        first_copy = data.copy_no <= 1
        left = clock if first_copy else form.width_mm10 * 530 // 760
        self._text(_span(left, upper, end, self._scaled(40)), service, 29, align=Align.RIGHT, **bold)
        stamp = self.say("Printed {printed_at}", printed_at=data.printed_at)
        if first_copy:
            stamp += "\u3000" + self.say("copy 1")
        self._text(_span(clock, lower, end, self._scaled(30)), stamp, 22, align=Align.RIGHT, least=16)
        if not first_copy:
            copy = self.say("Reprint · copy {copy_no}", copy_no=data.copy_no)
            self._mark(Box(marks, upper - 8, left - 6 - marks, self._scaled(42)), copy, is_filled=True)
        if not data.is_confirmed:
            box = Box(marks, lower - 4, clock - 8 - marks, self._scaled(38))
            self._mark(box, self.say("Not synced"), is_filled=False)
        self._rule(form.header_end)

    def _mark(self, box: Box, text: str, is_filled: bool) -> None:
        self._blocks.append(Rect(box, is_filled=is_filled))
        inner = Box(box.x_mm10 + 6, box.y_mm10 + 4, box.width_mm10 - 12, box.height_mm10 - 8)
        ink = Ink.WHITE if is_filled else Ink.BLACK
        style = {"weight": Weight.BOLD, "align": Align.CENTRE, "ink": ink, "fit": Fit.WHOLE}
        self._blocks.append(Text(inner, text, self._scaled(28), **style))  # type: ignore[arg-type]

    def _main_bars(self) -> None:
        form, data = self._form, self._data
        top = form.header_end + 16
        height = form.bars_end - top - self._scaled(48)
        box = Box(form.left, top, form.right - form.left, height)
        self._blocks.append(Code128(box, data.waybill_no, form.main_module_um))
        shown = _grouped(data.waybill_no)
        style: dict[str, Any] = {"weight": Weight.BOLD, "align": Align.CENTRE, "fit": Fit.WHOLE}
        self._text(_span(form.left, top + height + 3, form.right, self._scaled(43)), shown, 35, **style)
        self._rule(form.bars_end)

    def _sorting(self) -> None:
        form, data = self._form, self._data
        top, height = form.bars_end, self._sorting_end - form.bars_end
        style: dict[str, Any] = {"weight": Weight.BOLD, "align": Align.CENTRE, "fit": Fit.WHOLE}
        if data.sorting_code:
            self._text(_span(form.left + 10, top + 6, form.right - 10, height - 8), data.sorting_code, 82, **style)
        else:
            width = self._scaled(420)
            left = (form.width_mm10 - width) // 2
            self._blocks.append(Rect(Box(left, top + 14, width, height - 25)))
            self._text(
                _span(left + 10, top + 16, left + width - 10, height - 29), self.say("No sorting code"), 52, **style
            )
        self._rule(self._sorting_end)

    def _bag(self) -> None:
        form, data = self._form, self._data
        top, height = form.sorting_end + 4, form.bag_end - form.sorting_end - 6
        middle = form.width_mm10 * 520 // 760
        if data.bag_place:
            place = self.say("Bag to {place}", place=data.bag_place)
            self._text(_span(form.left + 10, top, middle, height), place, 31)
        style: dict[str, Any] = {"weight": Weight.BOLD, "align": Align.RIGHT, "fit": Fit.WHOLE}
        self._text(_span(middle, top, form.right - 10, height), data.bag_mark, 47, **style)
        self._rule(form.bag_end)

    def _people(self) -> None:
        form, data = self._form, self._data
        wall = form.right - form.qr_width
        self._party(data.receiver, _RECEIVER_STYLE, self._people_top, form.receiver_end)
        self._rule(form.receiver_end, right=wall)
        self._party(data.sender, _SENDER_STYLE, form.receiver_end, form.sender_end)
        self._blocks.append(Line(wall, self._people_top, form.sender_end - self._people_top, is_vertical=True))
        side = form.qr_width - 26
        label_height = self._scaled(36)
        top = self._people_top + (form.sender_end - self._people_top - side - label_height) // 2
        self._blocks.append(Qr(Box(wall + 13, top, side, side), data.qr_text or data.waybill_no))
        style: dict[str, Any] = {"weight": Weight.BOLD, "align": Align.CENTRE}
        self._text(_span(wall + 6, top + side + 2, form.right - 3, label_height), self.say("Inspected"), 30, **style)
        self._rule(form.sender_end)

    def _party(self, party: Party, style: _PartyStyle, top: int, end: int) -> None:
        """Name and phone in one line, the masked address below in what room is left."""
        form = self._form
        wall = form.right - form.qr_width - 8
        indent = form.left + self._scaled(72)
        line = self._scaled(style.name_size * 5 // 4)
        head = top + self._scaled(style.space_above)
        badge = self.say(style.badge)
        self._text(
            _span(form.left + 7, head, indent - 8, line), badge, style.badge_size, weight=Weight.BOLD, fit=Fit.WHOLE
        )
        shown = (party.company or mask_name(party.name)) + "\u3000" + mask_phone(party.phone)
        self._text(_span(indent, head, wall, line), shown, style.name_size, weight=style.weight, fit=Fit.CUT, least=18)
        below = head + line + self._scaled(8)
        address = mask_address(party.address, *(name for name in self._names if name != party.company))
        size, weight = style.address_size, style.weight
        self._text(_span(indent, below, wall, end - 5 - below), address, size, weight=weight, fit=Fit.WRAP, least=18)

    def _signing(self) -> None:
        form, data = self._form, self._data
        top = form.sender_end + 14
        height = form.signing_end - top - self._scaled(38)
        wall = form.width_mm10 * 445 // 760
        bars = _bars_width(data.waybill_no, form.repeat_module_um)
        # A very long number has its bars once, above: the signature needs its place more than the repeat does.
        if bars <= form.right - self._scaled(190) - form.left:
            wall = max(wall, form.left + bars + 4)
            box = Box(form.left - 10, top, wall - form.left + 6, height)
            self._blocks.append(Code128(box, data.waybill_no, form.repeat_module_um, Align.LEFT))
        number = _span(form.left + 14, top + height + 3, wall - 6, self._scaled(30))
        self._text(number, data.waybill_no, 23, fit=Fit.WHOLE)
        signature = _span(wall, top, form.right - 10, self._scaled(36))
        self._text(signature, self.say("Signature / time"), 26, least=16)
        self._rule(form.signing_end)

    def _merchant(self) -> None:
        form, data = self._form, self._data
        edge, end = form.left + 10, form.right - 10
        top = form.signing_end + self._scaled(16)
        bold: dict[str, Any] = {"weight": Weight.BOLD}
        place = form.width_mm10 * 590 // 760
        self._text(_span(edge, top, place, self._scaled(36)), f"{data.shop_name}\u3000{data.order_no}", 28, **bold)
        self._text(_span(place, top, end, self._scaled(36)), data.batch_place, 28, align=Align.RIGHT, **bold)
        summary_height = self._scaled(126 if data.remark else 56)
        footer_top = form.height_mm10 - self._scaled(58 if data.footer else 22)
        bottom = self._lines(top + self._scaled(54), footer_top - summary_height)
        self._rule(bottom, edge - 1, end + 1)
        self._summary(bottom, footer_top)
        self._text(_span(edge, footer_top, end, self._scaled(34)), data.footer, 23, align=Align.CENTRE)

    def _lines(self, top: int, end: int) -> int:
        """The goods in the order of the shelves; returns where they end."""
        form, data = self._form, self._data
        left, right = form.left + 10, form.right - 10
        pitch = self._scaled(51)
        room = max(1, (end - top) // pitch)
        lines = sorted(data.lines, key=_shelf_order)
        shown = lines if len(lines) <= room else lines[: room - 1]
        has_shelf = any(line.shelf for line in lines)
        start = left + self._scaled(116) if has_shelf else left
        stop = right - self._scaled(90)
        height = self._scaled(42)
        for line in shown:
            self._text(_span(left, top, start - 8, height), line.shelf, 27, weight=Weight.BOLD, fit=Fit.WHOLE)
            goods = f"{line.title}\u3000{line.spec}" if line.spec else line.title
            self._text(_span(start, top, stop, height), goods, 28, least=22)
            self._text(_span(stop, top, right, height), f"×{line.quantity}", 28, weight=Weight.BOLD, align=Align.RIGHT)
            top += pitch
        if len(lines) > len(shown):
            more = self.say("and {count} more kinds, see the picking list", count=len(lines) - len(shown))
            self._text(_span(start, top, right, height), more, 26)
            top += pitch
        return top

    def _summary(self, top: int, end: int) -> None:
        form, data = self._form, self._data
        edge, right = form.left + 10, form.right - 10
        count = sum(line.quantity for line in data.lines)
        pieces = self.say("1 piece") if count == 1 else self.say("{count} pieces", count=count)
        parts = [pieces] if count else []
        if data.weight_g is not None:
            parts.append(_kilograms(data.weight_g))
        if data.handling:
            parts.append(" · ".join(data.handling))
        below = top + self._scaled(14)
        self._text(_span(edge, below, right, self._scaled(40)), "\u3000".join(parts), 29, weight=Weight.BOLD)
        if data.remark:
            remark = self.say("Buyer's note: {note}", note=mask_remark(data.remark, *self._names))
            note_top = below + self._scaled(50)
            self._text(_span(edge, note_top, right, end - note_top), remark, 27, fit=Fit.WRAP, least=20)


def _span(left: int, top: int, right: int, height: int) -> Box:
    return Box(left, top, right - left, height)


def _bars_width(number: str, module_um: int) -> int:
    """How wide the number's bars and quiet zones are."""
    if not code128.can_hold(number):
        return 0
    return (sum(code128.widths(number)) + 2 * code128.QUIET_MODULES) * module_um // 100 + 1


def _grouped(number: str) -> str:
    """「SF 1688 1243 06257」: groups are easier to read out; the barcode has the number alone."""
    match = _NUMBER_GROUPS.fullmatch(number)
    if not match:
        return number
    digits = match[2]
    groups = [digits[place : place + 4] for place in range(0, len(digits), 4)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = ["".join(groups[-2:])]
    return " ".join(filter(None, (match[1], *groups)))


def _shelf_order(line: ParcelLine) -> tuple[bool, list[tuple[int, str]]]:
    """A-2 before A-10, goods without a shelf last."""
    return not line.shelf, [(int(part), "") if part.isdigit() else (0, part) for part in _GRID.split(line.shelf)]


def _kilograms(grams: int) -> str:
    whole, rest = divmod(grams, 1000)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{whole}.{decimals} kg" if decimals else f"{whole} kg"
