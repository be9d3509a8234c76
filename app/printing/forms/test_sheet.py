"""A sheet that shows whether a printer is set up right: its edges, a scale, bars, a code and rare signs."""

from typing import Any

from app.kernel.i18n import render
from app.printing.document import Align, Block, Box, Code128, Fit, Line, Page, PrintDocument, Qr, Rect, Text, Weight
from app.printing.forms.label_form import LABEL_FORMS
from app.printing.forms.receipt import ROLL_FORMS
from app.printing.slip import Strip

SAMPLE = "ZG0123456789"
RARE = "喆 堃 㛃 𠮷"
_ROLL_HEIGHT = 900
_A4 = (2100, 2970)


def test_sheet(form: str, language: str, printer: str, printed_at: str) -> PrintDocument:
    """The sheet for a paper: a label's form, a roll, or A4."""

    def say(template: str, **params: Any) -> str:
        return render(template, params, language)

    width, height = paper_of(form)
    edge = 20
    room = width - 4 * edge
    blocks: list[Block] = [
        Rect(Box(edge, edge, width - 2 * edge, height - 2 * edge)),
        Text(Box(2 * edge, 50, room, 70), say("Test sheet"), 56, Weight.BOLD, Align.CENTRE),
        Text(Box(2 * edge, 125, room, 44), printer, 32, align=Align.CENTRE),
        Text(Box(2 * edge, 170, room, 40), printed_at, 28, align=Align.CENTRE),
        Code128(Box(2 * edge, 230, room, 110), SAMPLE),
        Text(Box(2 * edge, 345, room, 44), SAMPLE, 32, align=Align.CENTRE, fit=Fit.WHOLE),
        Qr(Box((width - 220) // 2, 410, 220, 220), SAMPLE),
        Text(Box(2 * edge, 650, room, 50), RARE, 40, align=Align.CENTRE),
        Text(Box(2 * edge, 705, room, 36), say("The scale is {length} mm long", length=30), 26, align=Align.CENTRE),
        *_scale((width - 300) // 2, 760),
    ]
    return PrintDocument(say("Test sheet"), (Page(width, height, tuple(blocks)),))


def letters_sheet(form: str, language: str, printer: str, printed_at: str) -> PrintDocument:
    """The sheet for a receipt printer that sets its papers itself: its letters, its columns, and what is drawn."""

    def say(template: str, **params: Any) -> str:
        return render(template, params, language)

    roll = ROLL_FORMS[form]
    strip = Strip(roll.width_mm10)
    strip.line(say("Test sheet"), roll.title, Weight.BOLD, Align.CENTRE)
    strip.line(printer, roll.body, align=Align.CENTRE)
    strip.line(printed_at, roll.body, align=Align.CENTRE)
    strip.rule()
    strip.pair(say("Left edge"), say("Right edge"), roll.body)
    strip.line(RARE, roll.body, align=Align.CENTRE)
    strip.badge(say("White on black"), roll.body, is_filled=True)
    strip.gap(20)
    strip.qr(SAMPLE, 200)
    strip.gap(20)
    return PrintDocument(say("Test sheet"), (strip.page(),))


def paper_of(form: str) -> tuple[int, int]:
    """Width and height in tenths of a millimetre."""
    if form in LABEL_FORMS:
        return LABEL_FORMS[form].width_mm10, LABEL_FORMS[form].height_mm10
    return (ROLL_FORMS[form].width_mm10, _ROLL_HEIGHT) if form in ROLL_FORMS else _A4


def _scale(left: int, top: int) -> list[Block]:
    """Thirty millimetres, every fifth one long."""
    marks: list[Block] = [Line(left, top, 300)]
    for place in range(31):
        length = 50 if place % 10 == 0 else 35 if place % 5 == 0 else 20
        marks.append(Line(left + 10 * place, top, length, is_vertical=True, width_mm10=2))
    return marks
