"""The initials of Chinese words as people type them: 野生蜂蜜 is ysfm.

The old national standard orders its 3,755 most frequent signs by their sound, so the place of a sign tells its initial
without a table. Rarer signs are left out, and a sign with two readings has its most frequent one.
"""

from bisect import bisect_right
from typing import Final

_FIRST: Final = (
    *(0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8),
    *(0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1),
)
"""Where the signs of each initial begin."""
_INITIALS: Final = "abcdefghjklmnopqrstwxyz"
_END: Final = 0xD7FA


def initials(text: str) -> str:
    """One letter for each sign that has one; Latin letters and digits stand for themselves."""
    return "".join(_initial(sign) for sign in text)


def _initial(sign: str) -> str:
    if sign.isascii():
        return sign.lower() if sign.isalnum() else ""
    code = int.from_bytes(sign.encode("gb2312", "ignore"), "big")
    return _INITIALS[bisect_right(_FIRST, code) - 1] if _FIRST[0] <= code < _END else ""
