"""Pictures of the demo shop's goods, drawn here: one shape for each kind of goods, in a few colours each."""

import hashlib
import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from services.authority import pictures

SIDE = 500
_SCALE = 2
_GRID = 320
"""Shapes are given on a grid of so many steps, so that they do not depend on the picture's size."""
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
Progress = Callable[[str, int, int], None]

_PALETTES: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (
    ((243, 236, 224), (226, 208, 182), (92, 58, 38), (214, 142, 84)),
    ((226, 238, 232), (190, 214, 202), (38, 84, 70), (226, 176, 92)),
    ((236, 231, 244), (208, 198, 228), (74, 62, 120), (232, 138, 120)),
    ((250, 230, 220), (240, 196, 176), (158, 66, 48), (250, 214, 140)),
    ((224, 234, 246), (186, 206, 232), (40, 70, 116), (240, 190, 120)),
)
"""Ground at the top and at the bottom, the thing itself, and what is bright on it."""


class _Sheet:
    """A picture in the making."""

    def __init__(self, palette: tuple[Colour, Colour, Colour, Colour]) -> None:
        top, bottom, self.dark, self.bright = palette
        self.pale = _mixed(top, (255, 255, 255), 60)
        self._image = _ground(top, bottom).copy()
        self._draw = ImageDraw.Draw(self._image)
        self._ground = bottom

    def shadow(self, left: float, right: float, y: float = 268) -> None:
        width, margin = round(right - left), 12
        small = Image.new("L", (width + 2 * margin, 18 + 2 * margin), 0)
        ImageDraw.Draw(small).ellipse((margin, margin, margin + width, margin + 18), fill=120)
        box = self._scaled((left - margin, y - 9 - margin, left + width + margin, y + 9 + margin))
        x1, y1, x2, y2 = (round(each) for each in box)
        soft = small.filter(ImageFilter.GaussianBlur(5)).resize((x2 - x1, y2 - y1))
        self._image.paste(_mixed(self._ground, (40, 30, 30), 55), (x1, y1, x2, y2), soft)

    def block(self, box: Box, colour: Colour, radius: float = 10) -> None:
        self._draw.rounded_rectangle(self._scaled(box), radius * SIDE * _SCALE / _GRID, colour)

    def disc(self, box: Box, colour: Colour) -> None:
        self._draw.ellipse(self._scaled(box), colour)

    def shape(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        step = SIDE * _SCALE / _GRID
        self._draw.polygon([(x * step, y * step) for x, y in points], colour)

    def ring(self, box: Box, colour: Colour, width: float) -> None:
        self._draw.ellipse(self._scaled(box), outline=colour, width=round(width * SIDE * _SCALE / _GRID))

    def stroke(self, points: Sequence[tuple[float, float]], colour: Colour, width: float) -> None:
        step = SIDE * _SCALE / _GRID
        self._draw.line([(x * step, y * step) for x, y in points], colour, round(width * step), "curve")

    def steam(self, x: float, y: float) -> None:
        for shift in (-22, 0, 22):
            bend = [(x + shift + (7 if n % 2 else -7), y - 12 * n) for n in range(4)]
            self.stroke(bend, _mixed(self._ground, (255, 255, 255), 70), 5)

    def content(self) -> bytes:
        file = io.BytesIO()
        self._image.reduce(_SCALE).save(file, "JPEG", quality=84)
        return file.getvalue()

    def _scaled(self, box: Box) -> Box:
        step = SIDE * _SCALE / _GRID
        left, top, right, bottom = box
        return left * step, top * step, right * step, bottom * step


@cache
def _ground(top: Colour, bottom: Colour) -> Image.Image:
    """From one colour to the other, with a pale disc behind the thing."""
    side = SIDE * _SCALE
    slope = Image.linear_gradient("L").resize((side, side))
    image = Image.composite(Image.new("RGB", (side, side), bottom), Image.new("RGB", (side, side), top), slope)
    step = side / _GRID
    ImageDraw.Draw(image).ellipse((48 * step, 36 * step, 272 * step, 260 * step), _mixed(top, (255, 255, 255), 45))
    return image


def _mixed(one: Colour, other: Colour, percent: int) -> Colour:
    red, green, blue = ((a * (100 - percent) + b * percent) // 100 for a, b in zip(one, other, strict=True))
    return red, green, blue


def _lighter(colour: Colour, percent: int = 18) -> Colour:
    return _mixed(colour, (255, 255, 255), percent)


def _bean(sheet: _Sheet) -> None:
    """A bag of coffee with its valve, and three beans in front of it."""
    sheet.shadow(84, 250)
    sheet.shape([(104, 74), (216, 74), (228, 266), (92, 266)], sheet.dark)
    sheet.block((100, 58, 220, 84), _lighter(sheet.dark), 4)
    sheet.shape([(112, 130), (208, 130), (214, 220), (106, 220)], sheet.pale)
    sheet.block((126, 148, 194, 158), sheet.bright, 5)
    sheet.block((126, 168, 180, 174), _lighter(sheet.dark, 45), 3)
    sheet.block((126, 182, 186, 188), _lighter(sheet.dark, 45), 3)
    sheet.disc((152, 98, 168, 114), _lighter(sheet.dark, 35))
    for x, y in ((222, 240), (250, 256), (206, 262)):
        sheet.disc((x - 15, y - 11, x + 15, y + 11), _mixed(sheet.dark, (20, 10, 6), 35))
        sheet.stroke([(x - 11, y + 3), (x - 3, y - 2), (x + 4, y + 2), (x + 11, y - 3)], sheet.bright, 2.4)


def _dripbag(sheet: _Sheet) -> None:
    """A bag hung over a cup."""
    sheet.steam(160, 84)
    sheet.shadow(82, 246)
    sheet.ring((204, 168, 258, 224), sheet.dark, 11)
    sheet.shape([(88, 156), (222, 156), (206, 266), (104, 266)], sheet.dark)
    sheet.shape([(112, 96), (198, 96), (190, 196), (120, 196)], sheet.pale)
    sheet.shape([(112, 96), (198, 96), (196, 120), (114, 120)], sheet.bright)
    sheet.stroke([(112, 100), (84, 158)], _lighter(sheet.bright, 30), 6)
    sheet.stroke([(198, 100), (226, 158)], _lighter(sheet.bright, 30), 6)


def _instant(sheet: _Sheet) -> None:
    """Little cups of freeze-dried coffee."""
    sheet.shadow(60, 262)
    for x, y, colour in ((88, 196, sheet.bright), (160, 196, sheet.dark), (124, 128, _lighter(sheet.dark, 30))):
        sheet.block((x - 4, y, x + 68, y + 12), _lighter(colour), 6)
        sheet.shape([(x, y + 10), (x + 64, y + 10), (x + 54, y + 70), (x + 10, y + 70)], colour)
        sheet.block((x + 16, y + 28, x + 48, y + 46), sheet.pale, 4)


def _bottle(sheet: _Sheet) -> None:
    """A bottle of cold brew and a glass with ice."""
    sheet.shadow(76, 262)
    sheet.block((120, 44, 152, 68), sheet.bright, 5)
    sheet.shape([(124, 64), (148, 64), (172, 116), (100, 116)], sheet.dark)
    sheet.block((98, 106, 174, 268), sheet.dark, 14)
    sheet.block((98, 156, 174, 216), sheet.pale, 2)
    sheet.block((114, 172, 158, 182), sheet.bright, 4)
    sheet.block((114, 192, 146, 198), _lighter(sheet.dark, 45), 3)
    sheet.shape([(194, 176), (252, 176), (244, 268), (202, 268)], _lighter(sheet.pale, 40))
    sheet.shape([(197, 200), (249, 200), (243, 264), (203, 264)], _lighter(sheet.dark, 22))
    sheet.block((206, 194, 226, 214), _lighter(sheet.pale, 70), 5)
    sheet.block((224, 206, 242, 224), _lighter(sheet.pale, 70), 5)


def _tea(sheet: _Sheet) -> None:
    """A caddy, a small cup, two leaves."""
    sheet.shadow(70, 262)
    sheet.block((92, 88, 180, 268), sheet.dark, 16)
    sheet.block((86, 70, 186, 112), _lighter(sheet.dark), 14)
    sheet.block((92, 146, 180, 222), sheet.pale, 2)
    sheet.disc((118, 160, 154, 208), sheet.bright)
    sheet.stroke([(136, 166), (136, 204)], sheet.pale, 3)
    sheet.shape([(194, 222), (262, 222), (248, 266), (208, 266)], _lighter(sheet.pale, 50))
    sheet.disc((194, 214, 262, 232), sheet.bright)
    sheet.disc((200, 120, 232, 162), _mixed(sheet.dark, (96, 150, 84), 60))
    sheet.disc((222, 146, 254, 182), _mixed(sheet.dark, (120, 170, 96), 60))


def _cookie(sheet: _Sheet) -> None:
    """Three cookies, one on the other and one leaning."""
    sheet.shadow(66, 262)
    dough = _mixed(sheet.bright, (214, 160, 96), 50)
    for y in (238, 208, 178):
        sheet.block((76, y, 204, y + 30), _mixed(dough, (120, 80, 40), 14), 15)
        sheet.block((76, y - 4, 204, y + 20), dough, 15)
    sheet.disc((168, 126, 266, 264), _mixed(dough, (120, 80, 40), 14))
    sheet.disc((164, 122, 260, 260), dough)
    for x, y in (
        (188, 160),
        (222, 150),
        (204, 192),
        (236, 194),
        (190, 224),
        (222, 230),
        (100, 176),
        (140, 208),
        (172, 182),
    ):
        sheet.disc((x - 8, y - 7, x + 8, y + 7), sheet.dark)


def _jar(sheet: _Sheet) -> None:
    """A glass jar full of nuts."""
    sheet.shadow(84, 240)
    sheet.block((94, 92, 226, 268), _lighter(sheet.pale, 50), 24)
    nut = _mixed(sheet.bright, (190, 130, 70), 50)
    for row, y in enumerate((142, 168, 194, 220, 244)):
        for column in range(4):
            x = 116 + 30 * column + (8 if row % 2 else 0)
            sheet.disc((x - 15, y - 12, x + 15, y + 12), _mixed(nut, sheet.dark, 22 * ((row + column) % 3)))
    sheet.block((90, 66, 230, 104), sheet.dark, 10)
    sheet.block((122, 172, 198, 220), sheet.pale, 6)
    sheet.block((134, 186, 186, 194), sheet.bright, 4)
    sheet.block((134, 202, 172, 207), _lighter(sheet.dark, 45), 3)


def _choc(sheet: _Sheet) -> None:
    """A bar half out of its paper."""
    sheet.shadow(74, 250)
    brown = _mixed(sheet.dark, (70, 38, 24), 70)
    sheet.block((98, 56, 222, 230), brown, 8)
    for y in (66, 106, 146, 186):
        for x in (106, 146, 186):
            sheet.block((x, y, x + 30, y + 32), _lighter(brown, 12), 5)
    sheet.shape([(90, 156), (230, 142), (230, 268), (90, 268)], sheet.bright)
    sheet.shape([(90, 156), (230, 142), (230, 152), (90, 166)], _lighter(sheet.bright, 45))
    sheet.block((114, 192, 206, 240), sheet.pale, 5)
    sheet.block((128, 204, 192, 213), sheet.dark, 4)
    sheet.block((128, 222, 170, 228), _lighter(sheet.dark, 45), 3)


def _dripper(sheet: _Sheet) -> None:
    """A cone over a server."""
    sheet.steam(160, 78)
    sheet.shadow(84, 240)
    sheet.ring((192, 184, 250, 244), sheet.dark, 10)
    sheet.shape([(112, 168), (208, 168), (226, 250), (216, 268), (104, 268), (94, 250)], _lighter(sheet.pale, 40))
    sheet.shape([(101, 218), (219, 218), (226, 250), (216, 266), (104, 266), (94, 250)], _lighter(sheet.dark, 20))
    sheet.shape([(96, 90), (224, 90), (178, 158), (142, 158)], sheet.bright)
    sheet.block((90, 82, 230, 98), _lighter(sheet.bright, 30), 8)
    sheet.block((112, 154, 208, 168), sheet.dark, 6)


def _kettle(sheet: _Sheet) -> None:
    """A kettle with its long neck."""
    sheet.shadow(84, 246)
    sheet.stroke([(122, 232), (84, 210), (92, 150), (60, 122)], sheet.dark, 13)
    sheet.stroke([(206, 138), (262, 134), (268, 200), (232, 226)], sheet.bright, 13)
    sheet.shape([(118, 128), (210, 128), (232, 268), (98, 268)], sheet.dark)
    sheet.block((112, 114, 216, 134), _lighter(sheet.dark), 10)
    sheet.disc((150, 92, 178, 118), sheet.bright)
    sheet.shape([(132, 150), (146, 150), (136, 254), (118, 254)], _lighter(sheet.dark, 26))


def _paper(sheet: _Sheet) -> None:
    """A box of filter papers."""
    sheet.shadow(70, 252)
    for shift in (0, 8, 16):
        top = 76 + shift // 2
        cone = ((110 + shift, top), (230 + shift, top), (196 + shift, 176), (144 + shift, 176))
        sheet.shape(cone, _lighter(sheet.pale, 30 + 2 * shift))
    sheet.block((82, 150, 238, 268), sheet.dark, 8)
    sheet.block((82, 150, 238, 170), _lighter(sheet.dark), 8)
    sheet.block((104, 190, 216, 246), sheet.pale, 5)
    sheet.shape([(124, 200), (156, 200), (146, 236), (134, 236)], sheet.bright)
    sheet.block((168, 204, 204, 211), sheet.dark, 3)
    sheet.block((168, 220, 194, 226), _lighter(sheet.dark, 45), 3)


def _grinder(sheet: _Sheet) -> None:
    """A hand grinder with its crank."""
    sheet.shadow(104, 236)
    sheet.stroke([(160, 70), (236, 62)], sheet.dark, 9)
    sheet.disc((224, 40, 250, 74), sheet.bright)
    sheet.block((152, 60, 168, 96), _lighter(sheet.dark, 30), 4)
    sheet.block((120, 90, 200, 116), sheet.bright, 10)
    sheet.block((124, 108, 196, 268), sheet.dark, 14)
    sheet.block((124, 186, 196, 196), _lighter(sheet.dark, 35), 2)
    sheet.block((134, 124, 144, 256), _lighter(sheet.dark, 22), 5)
    for y in (212, 226, 240):
        sheet.block((152, y, 186, y + 5), _lighter(sheet.dark, 30), 2)


def _mug(sheet: _Sheet) -> None:
    """A mug that steams."""
    sheet.steam(150, 100)
    sheet.shadow(76, 248)
    sheet.ring((190, 138, 264, 226), sheet.dark, 15)
    sheet.block((84, 116, 216, 268), sheet.dark, 22)
    sheet.block((84, 116, 216, 160), sheet.dark, 4)
    sheet.block((84, 196, 216, 214), sheet.bright, 1)
    sheet.disc((84, 104, 216, 132), _lighter(sheet.dark, 35))
    sheet.disc((94, 108, 206, 129), _mixed(sheet.dark, (60, 30, 18), 70))


def _glass(sheet: _Sheet) -> None:
    """Two glasses."""
    sheet.shadow(62, 262)
    for left, top, fill in ((72, 132, sheet.bright), (172, 96, _lighter(sheet.dark, 18))):
        right = left + 84
        sheet.shape([(left, top), (right, top), (right - 10, 268), (left + 10, 268)], _lighter(sheet.pale, 55))
        level = top + (268 - top) * 2 / 5
        sheet.shape([(left + 7, level), (right - 7, level), (right - 14, 260), (left + 14, 260)], fill)
        sheet.shape([(left + 14, top + 8), (left + 22, top + 8), (left + 28, 256), (left + 21, 256)], (255, 255, 255))


def _tumbler(sheet: _Sheet) -> None:
    """A cup for the road."""
    sheet.shadow(104, 224)
    sheet.block((112, 58, 208, 92), _lighter(sheet.dark, 40), 12)
    sheet.block((146, 44, 178, 66), sheet.bright, 7)
    sheet.shape([(110, 90), (210, 90), (200, 268), (120, 268)], sheet.dark)
    sheet.shape([(114, 160), (206, 160), (203, 208), (117, 208)], sheet.bright)
    sheet.shape([(122, 98), (134, 98), (140, 260), (130, 260)], _lighter(sheet.dark, 22))


def _bag(sheet: _Sheet) -> None:
    """A cotton bag with the shop's hills on it."""
    sheet.shadow(76, 250)
    sheet.ring((122, 40, 198, 150), sheet.dark, 9)
    sheet.shape([(86, 104), (234, 104), (246, 268), (74, 268)], _lighter(sheet.pale, 40))
    sheet.shape([(112, 226), (150, 160), (176, 206), (196, 178), (220, 226)], sheet.dark)
    sheet.disc((186, 140, 210, 164), sheet.bright)


def _gift(sheet: _Sheet) -> None:
    """A box with a ribbon."""
    sheet.shadow(70, 254)
    sheet.ring((104, 66, 162, 122), sheet.bright, 12)
    sheet.ring((158, 66, 216, 122), sheet.bright, 12)
    sheet.block((80, 144, 240, 268), sheet.dark, 8)
    sheet.block((70, 112, 250, 156), _lighter(sheet.dark), 8)
    sheet.block((146, 112, 174, 268), sheet.bright, 1)
    sheet.block((96, 184, 132, 226), _lighter(sheet.dark, 30), 5)


SHAPES: dict[str, Callable[[_Sheet], None]] = {
    "bag": _bag,
    "bean": _bean,
    "bottle": _bottle,
    "choc": _choc,
    "cookie": _cookie,
    "dripbag": _dripbag,
    "dripper": _dripper,
    "gift": _gift,
    "glass": _glass,
    "grinder": _grinder,
    "instant": _instant,
    "jar": _jar,
    "kettle": _kettle,
    "mug": _mug,
    "paper": _paper,
    "tea": _tea,
    "tumbler": _tumbler,
}


def drawn(kind: str, palette: int) -> bytes:
    """The JPEG of a kind of goods in one of its colours."""
    sheet = _Sheet(_PALETTES[palette])
    SHAPES[kind](sheet)
    return sheet.content()


class Gallery:
    """Draws what is needed once and keeps it where the service keeps all pictures."""

    def __init__(self, folder: Path, tell: Progress) -> None:
        self._folder = folder
        self._tell = tell

    def hang(self, wanted: Sequence[tuple[str, str]]) -> dict[str, tuple[str, int, int]]:
        """For each product, given with the kind of its picture: the picture's name, its side and its size in bytes."""
        place: dict[str, int] = {}
        chosen = []
        for product_id, kind in wanted:
            turn = place[kind] = place.get(kind, -1) + 1
            chosen.append((product_id, (kind, turn % len(_PALETTES))))
        needed = sorted({picture for _, picture in chosen})
        made: dict[tuple[str, int], tuple[str, int, int]] = {}
        for count, picture in enumerate(needed, 1):
            content = drawn(*picture)
            name = hashlib.sha256(content).hexdigest()
            pictures.keep(self._folder, name, content)
            made[picture] = (name, SIDE, len(content))
            self._tell("pictures", count, len(needed))
        return {product_id: made[picture] for product_id, picture in chosen}
