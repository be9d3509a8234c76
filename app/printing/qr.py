"""QR codes as runs of dark modules.

The tables of the standard are the library's; the drawing is ours, because a batch of labels has a code on every sheet:
what a version of the code looks like is worked out once, and a text only says which of its data modules are dark.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from app.kernel.later import later

if TYPE_CHECKING:
    import qrcode
    from qrcode import base, constants, util
else:
    qrcode, constants = later("qrcode"), later("qrcode.constants")
    base, util = later("qrcode.base"), later("qrcode.util")

# Any of the eight masks reads; trying all of them for the most even picture is nine tenths of the library's time.
_MASK = 3
_VERSIONS = range(1, 41)
# A run of one mode costs a head of its own, so only longer ones leave the mode of their neighbours.
_LEAST_OF_A_MODE = 20


class TooMuchError(ValueError):
    """A text that the largest QR code does not hold."""


@lru_cache(maxsize=512)
def dark_runs(data: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """The side in modules and, row by row, the runs ``(x, y, length)`` of dark modules.

    Raises TooMuchError for more than the largest code holds.
    """
    parts = tuple(util.optimal_data_chunks(data, minimum=_LEAST_OF_A_MODE))
    blank = _blank(_version(parts))
    modules = blank.filled(_codewords(parts, blank))
    side = blank.side
    runs = []
    for y in range(side):
        x = 0
        for run in modules[y * side : (y + 1) * side].split("0"):
            if run:
                runs.append((x, y, len(run)))
            x += len(run) + 1
    return side, tuple(runs)


@dataclass(frozen=True, slots=True)
class _Blank:
    """A version's code before anything is written into it.

    ``places`` picks, for every module from the top left, its sign out of the codewords' bits with a light and a dark
    module behind them; ``mask`` turns over those bits that the mask turns over.
    """

    version: int
    side: int
    blocks: tuple[Any, ...]
    bits: int
    mask: int
    places: "itemgetter[Any]"

    def filled(self, codewords: bytes) -> str:
        """Every module, row by row: 1 is dark."""
        rest = self.bits - 8 * len(codewords)
        word = (int.from_bytes(codewords, "big") << rest) ^ self.mask
        return "".join(self.places(f"{word:0{self.bits}b}01"))


@cache
def _blank(version: int) -> _Blank:
    blocks = tuple(base.rs_blocks(version, constants.ERROR_CORRECT_M))
    count = sum(block.total_count for block in blocks)
    light, dark = (_drawn(version, bytes([value]) * count) for value in (0x00, 0xFF))
    side = len(light)
    # What the content changes is data, and so are the few modules behind the last codeword: they have only the mask.
    order = [(y, x) for y, x in _path(side) if light[y][x] != dark[y][x]]
    mask = int("".join("01"[light[y][x]] for y, x in order), 2)
    place_of = {module: place for place, module in enumerate(order)}
    places = [place_of.get((y, x), len(order) + light[y][x]) for y in range(side) for x in range(side)]
    return _Blank(version, side, blocks, len(order), mask, itemgetter(*places))


def _drawn(version: int, codewords: bytes) -> list[list[bool]]:
    """The library's picture of these codewords."""
    code = qrcode.QRCode(version, constants.ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.data_cache = list(codewords)
    code.makeImpl(False, _MASK)
    return [[bool(module) for module in row] for row in code.modules]


def _path(side: int) -> list[tuple[int, int]]:
    """The modules (y, x) in the order of the bits: columns of two, up and down in turns, from the right."""
    columns = [x if x > 6 else x - 1 for x in range(side - 1, 0, -2)]  # the sixth is a ruler of its own
    path = []
    for number, right in enumerate(columns):
        rows = range(side) if number % 2 else range(side - 1, -1, -1)
        path += [(y, x) for y in rows for x in (right, right - 1)]
    return path


def _version(parts: tuple[Any, ...]) -> int:
    """The smallest that holds them."""
    body = sum(_body(part)[1] for part in parts)
    for version in _VERSIONS:
        heads = sum(4 + util.length_in_bits(part.mode, version) for part in parts)
        if heads + body <= util.BIT_LIMIT_TABLE[constants.ERROR_CORRECT_M][version]:
            return version
    raise TooMuchError


def _codewords(parts: tuple[Any, ...], blank: _Blank) -> bytes:
    """Data and check words as they stand in the code: the blocks' words in turns."""
    data = _data(parts, blank)
    heads, tails = [], []
    start = 0
    for block in blank.blocks:
        words = data[start : start + block.data_count]
        start += block.data_count
        heads.append(words)
        tails.append(_check_words(words, block.total_count - block.data_count))
    return _in_turns(heads) + _in_turns(tails)


def _in_turns(rows: list[bytes]) -> bytes:
    if len(rows) == 1:
        return rows[0]
    return bytes(row[place] for place in range(max(map(len, rows))) for row in rows if place < len(row))


def _data(parts: tuple[Any, ...], blank: _Blank) -> bytes:
    """The parts one behind the other, closed and filled up as the standard wants it."""
    bits, length = 0, 0
    for part in parts:
        count_bits = util.length_in_bits(part.mode, blank.version)
        body, body_bits = _body(part)
        bits = (((bits << 4 | part.mode) << count_bits | len(part.data)) << body_bits) | body
        length += 4 + count_bits + body_bits
    room: int = 8 * sum(block.data_count for block in blank.blocks)
    closing = 4 + -(length + 4) % 8  # what of it has no room any more is cut off
    words: bytes = (bits << closing).to_bytes((length + closing) // 8, "big")
    return (words + b"\xec\x11" * (room // 16 + 1))[: room // 8]


def _body(part: Any) -> tuple[int, int]:
    """A part's signs as bits, and how many."""
    data: bytes = part.data
    if part.mode == util.MODE_NUMBER:
        return _grouped(data, 3, (0, 4, 7, 10), int)
    if part.mode == util.MODE_ALPHA_NUM:
        return _grouped(data, 2, (0, 6, 11), _of_45)
    return int.from_bytes(data, "big"), 8 * len(data)


def _grouped(data: bytes, size: int, widths: tuple[int, ...], value: Any) -> tuple[int, int]:
    bits, length = 0, 0
    for start in range(0, len(data), size):
        group = data[start : start + size]
        width = widths[len(group)]
        bits = bits << width | value(group)
        length += width
    return bits, length


def _of_45(group: bytes) -> int:
    value = 0
    for sign in group:
        value = value * 45 + util.ALPHA_NUM.index(sign)
    return value


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """What each value of the leading word takes off the rest, for so many check words."""
    divisor = [1]
    for power in range(count):
        root = base.gexp(power)
        moved = [*divisor, 0]
        for place, factor in enumerate(divisor):
            moved[place + 1] ^= _product(factor, root)
        divisor = moved
    return tuple(int.from_bytes(bytes(_product(lead, factor) for factor in divisor[1:]), "big") for lead in range(256))


def _product(left: int, right: int) -> int:
    """Of two words in the field of 256."""
    return base.gexp(base.glog(left) + base.glog(right)) if left and right else 0


def _check_words(words: bytes, count: int) -> bytes:
    """The rest of a division of the words by the standard's divisor."""
    multiples = _multiples(count)
    top = 8 * (count - 1)
    below = (1 << top) - 1
    rest = 0
    for word in words:
        rest = ((rest & below) << 8) ^ multiples[(rest >> top) ^ word]
    return rest.to_bytes(count, "big")
