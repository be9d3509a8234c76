"""Building a strip of paper from the top: a roll is as long as what stands on it."""

from app.printing.document import Align, Block, Box, Code128, Fit, Ink, Line, Page, Qr, Rect, Text, Weight
from app.printing.typeset import wrapped_height

LINE_PERCENT = 135


class Strip:
    """Blocks one below the other on a strip of ``width_mm10``; sizes and gaps are in tenths of a millimetre."""

    def __init__(self, width_mm10: int, margin_mm10: int = 0) -> None:
        self.width = width_mm10
        self._margin = margin_mm10
        self._blocks: list[Block] = []
        self.y = margin_mm10

    @property
    def left(self) -> int:
        return self._margin

    @property
    def room(self) -> int:
        return self.width - 2 * self._margin

    def gap(self, height: int) -> None:
        self.y += height

    def line(self, text: str, size: int, weight: Weight = Weight.REGULAR, align: Align = Align.LEFT) -> None:
        """One line that is never longer than the strip."""
        if text:
            box = Box(self.left, self.y, self.room, _pitch(size))
            self._blocks.append(Text(box, text, size, weight, align, Fit.CUT, least_mm10=size * 3 // 4))
            self.y += _pitch(size)

    def whole(self, text: str, size: int, weight: Weight = Weight.BOLD, align: Align = Align.CENTRE) -> None:
        """One line of which no sign may be lost: a number."""
        if text:
            self._blocks.append(
                Text(Box(self.left, self.y, self.room, _pitch(size)), text, size, weight, align, Fit.WHOLE)
            )
            self.y += _pitch(size)

    def paragraph(self, text: str, size: int, weight: Weight = Weight.REGULAR, align: Align = Align.LEFT) -> None:
        """As many lines as the text needs."""
        if text:
            height = wrapped_height(text, size, self.room, weight)
            box = Box(self.left, self.y, self.room, height)
            self._blocks.append(Text(box, text, size, weight, align, Fit.WRAP, least_mm10=size))
            self.y += height + size * (LINE_PERCENT - 100) // 100

    def pair(self, left: str, right: str, size: int, weight: Weight = Weight.REGULAR) -> None:
        """Words at the left, their amount at the right; the amount is never cut."""
        amount = min(self.room * 6 // 10, max(_pitch(size) * 2, _figure_width(right, size)))
        height = _pitch(size)
        words = Box(self.left, self.y, self.room - amount - 10, height)
        figure = Box(self.left + self.room - amount, self.y, amount, height)
        self._blocks.append(Text(words, left, size, weight, least_mm10=size * 3 // 4))
        self._blocks.append(Text(figure, right, size, weight, Align.RIGHT, Fit.WHOLE))
        self.y += height

    def rule(self, above: int = 10, below: int = 14) -> None:
        self.y += above
        self._blocks.append(Line(self.left, self.y, self.room))
        self.y += below

    def badge(self, text: str, size: int, *, is_filled: bool) -> None:
        """A framed or black line across the strip."""
        height = _pitch(size) + 12
        box = Box(self.left, self.y, self.room, height)
        self._blocks.append(Rect(box, is_filled=is_filled))
        inner = Box(self.left + 10, self.y + 6, self.room - 20, height - 12)
        ink = Ink.WHITE if is_filled else Ink.BLACK
        self._blocks.append(Text(inner, text, size, Weight.BOLD, Align.CENTRE, Fit.CUT, size * 3 // 4, ink))
        self.y += height + 10

    def qr(self, text: str, side: int) -> None:
        """A QR code in the middle; the strip's own white is its quiet zone."""
        self._blocks.append(Qr(Box((self.width - side) // 2, self.y, side, side), text))
        self.y += side

    def bars(self, text: str, height: int, module_um: int = 250) -> None:
        self._blocks.append(Code128(Box(0, self.y, self.width, height), text, module_um))
        self.y += height

    def page(self) -> Page:
        """The strip cut off below its last block."""
        return Page(self.width, self.y + self._margin, tuple(self._blocks))


def _pitch(size: int) -> int:
    return size * LINE_PERCENT // 100


def _figure_width(text: str, size: int) -> int:
    """Room for figures and signs: six tenths of an em each, Han signs a whole one."""
    return sum(size if ord(sign) > 0x2E7F else size * 6 // 10 for sign in text) + size // 4
