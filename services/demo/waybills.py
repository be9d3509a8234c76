"""Waybill numbers that look like each carrier's own and belong to no parcel."""

from random import Random

_CARRIERS = (("sf", 40), ("zto", 24), ("yto", 16), ("jt", 8), ("yunda", 6), ("ems", 6))
_CODES = tuple(code for code, _ in _CARRIERS)
_SHARES = tuple(share for _, share in _CARRIERS)
_SHAPES = {
    "sf": "SF10{:011d}",
    "zto": "780{:011d}",
    "yto": "YT80{:011d}",
    "jt": "JT30{:011d}",
    "yunda": "4600{:011d}",
    "ems": "10{:011d}",
}


def next_number(place: int, random: Random) -> tuple[str, str]:
    """A carrier and its number for the parcel at this place: no two places give the same one."""
    code = random.choices(_CODES, _SHARES)[0]
    return code, _SHAPES[code].format(place * 7_919 % 100_000_000_000)
