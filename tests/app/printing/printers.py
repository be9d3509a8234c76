"""Printers as their makers describe them, for tests: each takes bytes and answers what would stand on the paper."""

import base64
import re
import zlib
from dataclasses import dataclass, field

from PIL import Image


@dataclass
class Sheet:
    """What came out: the picture of a label, or the text and pictures of a strip, and whether it was cut off.

    ``widest`` is the widest line of text in columns, as large as it was set; ``reversed`` lines are white on black.
    """

    size_mm: tuple[str, str] = ("", "")
    gap_mm: str = ""
    copies: int = 0
    picture: Image.Image | None = None
    lines: list[str] = field(default_factory=list)
    widest: int = 0
    reversed: list[str] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    is_cut: bool = False


def read_tspl(job: bytes) -> Sheet:
    """A label printer: commands end in CR LF, but the picture's bytes are counted, since they may hold anything."""
    sheet, at = Sheet(), 0
    canvas: Image.Image | None = None
    while at < len(job):
        if job.startswith(b"BITMAP ", at):
            found = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),(\d+),").match(job, at)
            assert found is not None
            x, y, width, height, mode = (int(part) for part in found.groups())
            assert mode == 0
            end = found.end() + width * height
            assert canvas is not None, "the paper has no size yet"
            canvas.paste(Image.frombytes("1", (width * 8, height), job[found.end() : end]), (x, y))
            assert job[end : end + 2] == b"\r\n"
            at = end + 2
            continue
        stop = job.index(b"\r\n", at)
        word, _, rest = job[at:stop].decode("ascii").partition(" ")
        at = stop + 2
        if word == "SIZE":
            width_text, height_text = (part.removesuffix(" mm") for part in rest.split(","))
            sheet.size_mm = (width_text, height_text)
            dots = tuple(round(float(part) * 8) for part in sheet.size_mm)
            canvas = Image.new("1", (dots[0], dots[1]), 1)
        elif word == "GAP":
            sheet.gap_mm = rest.split(" mm")[0]
        elif word == "PRINT":
            sets, copies = rest.split(",")
            sheet.copies, sheet.picture = int(sets) * int(copies), canvas
        else:
            assert word in ("DIRECTION", "REFERENCE", "CLS"), word
    return sheet


def read_zpl(job: bytes) -> Sheet:
    """A label printer that checks the sum of the packed picture before it burns it."""
    text = job.decode("ascii")
    assert text.startswith("^XA") and text.rstrip().endswith("^XZ")
    width, height = (int(re.search(rf"\^{name}(\d+)", text)[1]) for name in ("PW", "LL"))  # type: ignore[index]
    found = re.search(r"\^GFA,(\d+),(\d+),(\d+),:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})\^FS", text)
    assert found is not None
    total, _, row, packed, check = found.groups()
    assert _crc(packed.encode()) == int(check, 16)
    data = zlib.decompress(base64.b64decode(packed))
    assert len(data) == int(total)
    ink = Image.frombytes("1", (int(row) * 8, len(data) // int(row)), bytes(byte ^ 255 for byte in data))
    copies = int(re.search(r"\^PQ(\d+)", text)[1])  # type: ignore[index]
    return Sheet(picture=ink.crop((0, 0, width, height)), copies=copies)


def _crc(data: bytes) -> int:
    """CRC-16 with the polynomial 0x1021, beginning at 0."""
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


class _Receipt:
    """A receipt printer of the common kind: two bytes a sign in its Chinese mode, signs of four bytes it has none."""

    def __init__(self, job: bytes) -> None:
        self._job = job
        self._at = 0
        self._line = bytearray()
        self._is_chinese = False
        self._size = 1
        self._is_reversed = False
        self.sheet = Sheet()

    def read(self) -> Sheet:
        while self._at < len(self._job):
            lead = self._job[self._at]
            if lead == 0x1B:
                self._escape()
            elif lead == 0x1D:
                self._group()
            elif lead == 0x1C:
                self._is_chinese = self._job[self._at + 1 : self._at + 2] == b"&"
                self._at += 2
            elif lead == 0x0A:
                self._feed()
                self._at += 1
            else:
                self._line.append(lead)
                self._at += 1
        return self.sheet

    def _feed(self) -> None:
        text, at, columns = "", 0, 0
        while at < len(self._line):
            wide = self._is_chinese and self._line[at] > 0x80
            sign = bytes(self._line[at : at + (2 if wide else 1)])
            text += sign.decode("gbk" if wide else "ascii")
            columns += len(sign)
            at += len(sign)
        assert all(ord(sign) >= 0x20 for sign in text), "a command hides in the text"
        self.sheet.lines.append(text)
        self.sheet.widest = max(self.sheet.widest, columns * self._size)
        if self._is_reversed:
            self.sheet.reversed.append(text.strip())
        self._line.clear()

    def _escape(self) -> None:
        name = self._job[self._at + 1 : self._at + 2]
        assert name in (b"@", b"a", b"E"), name
        self._at += 2 if name == b"@" else 3

    def _group(self) -> None:
        job, at = self._job, self._at
        name = job[at + 1 : at + 2]
        if name == b"v":
            assert job[at + 2 : at + 4] == b"0\x00" and not self._line
            width = int.from_bytes(job[at + 4 : at + 6], "little")
            rows = int.from_bytes(job[at + 6 : at + 8], "little")
            data = job[at + 8 : at + 8 + width * rows]
            self.sheet.pictures.append(Image.frombytes("1", (width * 8, rows), bytes(byte ^ 255 for byte in data)))
            self._at = at + 8 + width * rows
        elif name == b"V":
            self.sheet.is_cut = True
            self._at = at + 4
        else:
            assert name in (b"!", b"B"), name
            if name == b"!":
                self._size = (job[at + 2] >> 4) + 1
                assert job[at + 2] & 0x0F == job[at + 2] >> 4
            else:
                self._is_reversed = bool(job[at + 2] & 1)
            self._at = at + 3


def read_escpos(job: bytes) -> Sheet:
    return _Receipt(job).read()


def stacked(pictures: list[Image.Image]) -> Image.Image:
    """The bands of a strip in one picture."""
    whole = Image.new("1", (pictures[0].width, sum(picture.height for picture in pictures)), 1)
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    return whole
