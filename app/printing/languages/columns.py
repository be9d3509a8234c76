"""Text on paper of fixed columns: a Han sign takes two of them, a Latin letter one."""

import unicodedata

from app.printing.document import Align


def columns_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def padded(text: str, columns: int, align: Align) -> str:
    spare = max(0, columns - columns_of(text))
    if align is Align.RIGHT:
        return " " * spare + text
    if align is Align.CENTRE:
        return " " * (spare // 2) + text + " " * (spare - spare // 2)
    return text + " " * spare


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; lines that the text has already are kept."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for sign in paragraph:
            if line and columns_of(line + sign) > columns:
                lines.append(line)
                line = ""
            line += sign
        lines.append(line)
    return lines
