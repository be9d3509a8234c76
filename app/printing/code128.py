"""Code 128: a text as bar and space widths, in the fewest symbols that sets B and C allow."""

from functools import lru_cache
from itertools import chain

# Bars and spaces of the 106 symbols and the stop, in modules.
_SYMBOL_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
_WIDTHS = _SYMBOL_WIDTHS.split()
_CODE_C, _CODE_B, _START_B, _START_C, _STOP = 99, 100, 104, 105, 106
_CHECK_MODULUS = 103

QUIET_MODULES = 10


def can_hold(data: str) -> bool:
    return bool(data) and all(" " <= sign <= "~" for sign in data)


def symbols(data: str) -> tuple[int, ...]:
    """Symbol values with start, check and stop; raises ValueError for signs outside printable ASCII."""
    if not can_hold(data):
        raise ValueError("a Code 128 barcode holds printable ASCII, at least one sign")
    body = min(_from(data, "B"), _from(data, "C"), key=len)
    check = (body[0] + sum(place * value for place, value in enumerate(body[1:], 1))) % _CHECK_MODULUS
    return (*body, check, _STOP)


@lru_cache(maxsize=512)
def widths(data: str) -> tuple[int, ...]:
    """Bar, space, bar … in modules, from the first bar to the last."""
    return tuple(map(int, chain.from_iterable(_WIDTHS[value] for value in symbols(data))))


def _from(data: str, start: str) -> tuple[int, ...]:
    """The shortest symbols when beginning in a set: best endings are built from the back, one per set and place."""
    in_b: list[tuple[int, ...]] = [()] * (len(data) + 1)
    in_c: list[tuple[int, ...] | None] = [()] * (len(data) + 1)
    for place in range(len(data) - 1, -1, -1):
        pair = data[place : place + 2]
        stay_b = (ord(data[place]) - 32, *in_b[place + 1])
        after_pair = in_c[place + 2] if len(pair) == 2 and pair.isdigit() else None
        stay_c = (int(pair), *after_pair) if after_pair is not None else None
        in_b[place] = min(stay_b, (_CODE_C, *stay_c), key=len) if stay_c is not None else stay_b
        in_c[place] = min(stay_c, (_CODE_B, *stay_b), key=len) if stay_c is not None else (_CODE_B, *stay_b)
    if start == "B":
        return (_START_B, *in_b[0])
    return (_START_C, *(in_c[0] or ()))
