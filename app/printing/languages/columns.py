"""Text on paper of fixed columns, as receipt printers set it: a sign takes as many columns as its code has bytes."""

from app.printing.document import Align
from app.printing.typeset import NOT_FIRST, WORD, printable

CODE_PAGE = "gb18030"
_WIDE = 2
_SAID_OTHERWISE = str.maketrans({"¥": "￥", "\u2212": "-"})
"""Signs that such a printer lacks, but whose twin it has."""


def plain(text: str) -> str:
    """The text in signs that most printers have; control signs, which would be commands to a printer, are spaces."""
    return printable(text, keeps_lines=True).translate(_SAID_OTHERWISE)


def can_say(text: str) -> bool:
    """Whether any printer for Chinese has all signs: those of one or two bytes, alike in all its code pages.

    The signs of four bytes, rare names among them, are in few printers' fonts and print as rubbish on the others.
    """
    try:
        return plain(text).encode("gbk") == plain(text).encode(CODE_PAGE)
    except UnicodeEncodeError:
        return False


def columns_of(text: str) -> int:
    return sum(min(_WIDE, len(sign.encode(CODE_PAGE))) for sign in text)


def padded(text: str, columns: int, align: Align) -> str:
    spare = max(0, columns - columns_of(text))
    if align is Align.RIGHT:
        return " " * spare + text
    if align is Align.CENTRE:
        return " " * (spare // 2) + text + " " * (spare - spare // 2)
    return text + " " * spare


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns, broken between words or Han signs; lines that the text has are kept."""
    return [line for paragraph in text.split("\n") for line in _broken(paragraph, columns)]


def _broken(paragraph: str, columns: int) -> list[str]:
    lines, line = [], ""
    for part in _parts(paragraph, columns):
        if line and columns_of(line + part) > columns:
            lines.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return [*lines, line.rstrip()]


def _parts(paragraph: str, columns: int) -> list[str]:
    """Words and single Han signs, each with the closing signs behind it; a word that fits no line falls apart."""
    parts: list[str] = []
    for part in WORD.findall(paragraph):
        pieces = [part] if columns_of(part) <= columns else list(part)
        for piece in pieces:
            if parts and piece in NOT_FIRST and columns_of(parts[-1] + piece) <= columns:
                parts[-1] += piece
            else:
                parts.append(piece)
    return parts
