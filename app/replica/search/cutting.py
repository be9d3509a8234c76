"""Cuts texts into the words of the index, and what a person types into the words that have to be there.

Chinese is cut into all pairs and threes of neighbouring signs: two signs are a whole name, and the threes of a longer
text are rare where its pairs are not. The signs of a person's name are words by themselves too. Numbers and Latin words
are cut into every four signs in a row, so that a phone's last four digits, the tail of an order's number and a part of
a waybill's are found alike; for what is shorter their beginnings are words, alone and with the Chinese sign before
them. Such words can stand apart from each other, so what is longer is looked for in the document as well.

A document is lines, each with a tag before it that says how it is cut.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

VERSION: Final = 2
"""Grows whenever the same text would be cut into other words: then the index is made anew."""

MARKS, SIGNS, PLAIN, INITIALS = "=", "*", " ", "~"
"""Tags: what the row is, as whole words; a text each of whose signs counts; a text; the initials of one."""

_CHINESE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE_RUN: Final = re.compile(f"([{_CHINESE}]+)")
_LATIN_RUN: Final = re.compile(f"[^\\W_{_CHINESE}]+")
_SPACE_AT_CHINESE: Final = re.compile(f"(?<=[{_CHINESE}])\\s+|\\s+(?=[{_CHINESE}])")
_HYPHEN: Final = re.compile("(?<=[0-9a-z])[-_]+(?=[0-9a-z])")
_REMEMBERED: Final = 4_096
"""Goods are the same in many orders."""
_FOUR = 4
_MORE_ASKED = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word as it was typed: it fits where all of ``words`` are there, or all ``initials``, and ``text`` stands.

    ``is_exact`` says that the words alone prove it.
    """

    text: str
    words: tuple[str, ...]
    initials: tuple[str, ...]
    is_exact: bool

    def fits(self, document: str, words: frozenset[str]) -> bool:
        has_words = words.issuperset(self.words) or (bool(self.initials) and words.issuperset(self.initials))
        return has_words and self.text in document


def normal(text: str) -> str:
    """The form in which texts are compared: one width, one case, no blanks beside Chinese, no hyphens in numbers."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = _SPACE_AT_CHINESE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_HYPHEN.sub("", folded).split())


@lru_cache(_REMEMBERED)
def line(tag: str, text: str) -> str:
    """A line of a document."""
    return tag + normal(text)


def document(lines: Iterable[str]) -> str:
    """Lines that say nothing, and those that say a thing again, are left out."""
    return "\n".join(dict.fromkeys(made for made in lines if len(made) > 1))


def words_of(text: str) -> frozenset[str]:
    """All words of a document."""
    return frozenset().union(*map(_words_of_line, text.split("\n")))


def wanted(typed: str, *, with_initials: bool = False) -> tuple[Wanted, ...] | None:
    """What was typed, word by word; None when there is something but nothing that could be looked up."""
    texts = [normal(text) for text in typed.split()]
    asked = tuple(found for text in texts if (found := _wanted(text, with_initials)) is not None)
    return None if texts and not asked else asked


def expression(asked: Sequence[Wanted], marks: Sequence[str] = ()) -> str:
    """What SQLite's text index is asked; of ``marks`` one is enough."""
    parts = [_any([MARKS + mark] for mark in marks)] if marks else []
    for one in asked:
        parts.append(_any([one.words, one.initials] if one.initials else [one.words]))
    return " AND ".join(parts)


def _any(choices: Iterable[Iterable[str]]) -> str:
    return "(" + " OR ".join("(" + " AND ".join(f'"{word}"' for word in words) + ")" for words in choices) + ")"


@lru_cache(_REMEMBERED)
def _words_of_line(made: str) -> frozenset[str]:
    tag, said = made[:1], made[1:]
    if tag == MARKS:
        return frozenset(tag + mark for mark in said.split())
    if tag == INITIALS:
        return frozenset(_initial_words(said))
    found: list[str] = []
    pieces = _CHINESE_RUN.split(said)
    for place, piece in enumerate(pieces):
        if place % 2:
            found += _grams(piece, 2)
            found += _grams(piece, 3)
            if tag == SIGNS or len(piece) == 1:
                found += piece
            continue
        runs = _LATIN_RUN.findall(piece)
        for run in runs:
            found += _grams(run, _FOUR)
            found += ("^" + run[:2], "^" + run[:3])
        if runs and place and piece[0].isalnum():
            sign, run = pieces[place - 1][-1], runs[0]
            found += (sign + run[0], sign + run[:2], sign + run[:3])
        if runs and place + 1 < len(pieces) and piece[-1].isalnum():
            found.append(runs[-1][-_FOUR:] + pieces[place + 1][0])
    return frozenset(found)


def _wanted(text: str, with_initials: bool) -> Wanted | None:
    pieces = _CHINESE_RUN.split(text)
    words: list[str] = []
    for place, piece in enumerate(pieces):
        if place % 2:
            words += _grams(piece, 3) or _grams(piece, 2)
            continue
        runs = _LATIN_RUN.findall(piece)
        for run in runs:
            words += _telling(_grams(run, _FOUR))
        if runs and place and piece[0].isalnum():
            words.append(pieces[place - 1][-1] + runs[0][:3])
        if runs and place + 1 < len(pieces) and piece[-1].isalnum():
            words.append(runs[-1][-_FOUR:] + pieces[place + 1][0])
    if not words:  # less than the index has pairs or fours for
        words = [*pieces[1::2][:1], *("^" + run for run in _LATIN_RUN.findall(text))][:1]
    if not words:
        return None
    is_exact = len(words) == 1 and text in (words[0], words[0][1:])
    is_latin = with_initials and len(text) > 1 and text.isascii() and text.isalpha()
    return Wanted(text, tuple(words), _initial_words(text) if is_latin else (), is_exact and not is_latin)


def _grams(run: str, size: int) -> list[str]:
    return [run[i : i + size] for i in range(len(run) - size + 1)]


def _telling(grams: list[str]) -> list[str]:
    """Those to ask for: numbers differ most at their ends, and the letters that they begin with are many numbers'.

    Two that overlap can both stand in the number of a much-bought article; others beside them hardly do.
    """
    apart = grams[-_FOUR - 1 :: -_FOUR] or grams[:-2]
    return grams[:-3:-1] + [gram for gram in apart[:_MORE_ASKED] if gram.isdecimal()]


def _initial_words(run: str) -> tuple[str, ...]:
    return tuple(INITIALS + pair for pair in _grams(run, 2))
