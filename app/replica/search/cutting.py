"""Cuts texts into the words of the index, and what a person types into the words that have to be there.

Chinese is cut into all pairs and threes of neighbouring signs: two signs are a whole name, and the threes of a longer
text are rare where its pairs are not. The signs of a person's name are words by themselves too. Numbers and Latin words
are cut into every four signs in a row, so that a phone's last four digits, the tail of an order's number and a part of
a waybill's are found alike, and into every six, of which a million orders have few alike; for what is shorter their
beginnings are words, alone and with the Chinese signs beside them, and their ends with the sign after them. Such words
can stand apart from each other, so what is longer is looked for in the document as well.

The fours of the row's own number are words of their own. A year of orders has some of them in common with each other,
and what is typed of it would be found by pieces in phones and waybills all over the years; six signs in a row are not.

A document is lines, each with a tag before it that says how it is cut.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

VERSION: Final = 4
"""Grows whenever the same text would be cut into other words: then the index is made anew."""

MARKS, SIGNS, PLAIN, INITIALS, NUMBER = "=", "*", " ", "~", "#"
"""Tags: what the row is, as whole words; a text each of whose signs counts; a text; the initials of one; its number."""
HEAD = "^"
"""Stands before the beginning of a number or a Latin word."""
EVERYWHERE, ABSENT = "!", "!"
"""A word that every row has, and what stands before a common word where that one does not."""

_CHINESE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE_RUN: Final = re.compile(f"([{_CHINESE}]+)")
_LATIN_RUN: Final = re.compile(f"[^\\W_{_CHINESE}]+")
_SPACE_AT_CHINESE: Final = re.compile(f"(?<=[{_CHINESE}])\\s+|\\s+(?=[{_CHINESE}])")
_HYPHEN: Final = re.compile("(?<=[0-9a-z])[-_]+(?=[0-9a-z])")
_REMEMBERED: Final = 4_096
"""Goods are the same in many orders."""
_JUST_CUT: Final = 2
"""A row that changes is mostly cut twice into the same words."""
_FOUR, _SIX = 4, 6
_SHORT = 3
_LEAST_JOINED = 8
_LONG = 10


Choice = tuple[str, ...]
"""Words that are all there wherever a text stands that way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word as it was typed: it fits where all words of one of the ``choices`` are there, and ``text`` stands.

    ``is_exact`` says that the words alone prove it, ``is_sure`` that the text alone does.
    """

    text: str
    choices: tuple[Choice, ...]
    is_exact: bool
    is_sure: bool = False

    def fits(self, document: str, words: frozenset[str]) -> bool:
        return any(words.issuperset(choice) for choice in self.choices) and self.text in document


def normal(text: str) -> str:
    """The form in which texts are compared: one width, one case, no blanks beside Chinese, no hyphens in numbers."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = _SPACE_AT_CHINESE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_HYPHEN.sub("", folded).split())


@lru_cache(_REMEMBERED)
def line(tag: str, text: str) -> str:
    """A line of a document. Marks are in capitals, so that nothing typed is taken for one of them."""
    return tag + (text.upper() if tag == MARKS else normal(text))


def document(lines: Iterable[str]) -> str:
    """Lines that say nothing, and those that say a thing again, are left out."""
    return "\n".join(dict.fromkeys(made for made in lines if len(made) > 1))


@lru_cache(_JUST_CUT)
def words_of(text: str) -> frozenset[str]:
    """All words of a document."""
    return frozenset().union(*map(_words_of_line, text.split("\n")))


def wanted(typed: str, *, with_initials: bool = False) -> tuple[Wanted, ...] | None:
    """What was typed, word by word; None when there is something but nothing that could be looked up."""
    texts = [normal(text) for text in typed.split()]
    asked = tuple(found for text in texts if (found := _wanted(text, with_initials)) is not None)
    return None if texts and not asked else asked


def as_one(typed: str) -> tuple[Wanted, ...] | None:
    """What was typed as the one number that it may be, copied with blanks in it; None if it cannot be one.

    Groups of four are found by themselves, those that are shorter are not when they stand inside the number.
    """
    groups = [normal(text) for text in typed.split()]
    text = "".join(groups)
    is_number = text.isascii() and text.isalnum() and any(sign.isdecimal() for sign in text)
    if not is_number or len(text) < _LEAST_JOINED or len(text) == len(groups[0]) or min(map(len, groups)) > _SHORT:
        return None
    found = _wanted(text, with_initials=False)
    return None if found is None else (found,)


def expression(groups: Iterable[Sequence[Choice]], common: Collection[str] = ()) -> str:
    """What SQLite's text index is asked: of each group one of its choices.

    A ``common`` word is kept by where it does not stand, so a choice of such words alone says where it does not fit.
    """
    asked, refused = [], []
    for group in groups:
        real = [f"({' AND '.join(map(_quoted, choice))})" for choice in group if not _are(choice, common)]
        absent = [_either(_quoted(ABSENT + word) for word in choice) for choice in group if _are(choice, common)]
        if not absent:
            asked.append(_either(real))
            continue
        against = f"({' AND '.join(absent)})"
        refused.append(f"({against} NOT {_either(real)})" if real else against)
    found = " AND ".join(asked) or _quoted(EVERYWHERE)
    return f"({found}) NOT {_either(refused)}" if refused else found


def _are(choice: Choice, common: Collection[str]) -> bool:
    return all(word in common for word in choice)


def _either(parts: Iterable[str]) -> str:
    return "(" + " OR ".join(parts) + ")"


def _quoted(word: str) -> str:
    return f'"{word}"'


@lru_cache(_REMEMBERED)
def _words_of_line(made: str) -> frozenset[str]:
    tag, said = made[:1], made[1:]
    if tag == MARKS:
        return frozenset(tag + mark.lower() for mark in said.split())
    if tag == INITIALS:
        return frozenset(_initial_words(said))
    if tag == NUMBER and _LATIN_RUN.fullmatch(said):
        own = [NUMBER + gram for gram in _grams(said, _FOUR)]
        return frozenset([*own, *_grams(said, _SIX), *_heads(said)])
    found: list[str] = []
    pieces = _CHINESE_RUN.split(said)
    for place, piece in enumerate(pieces):
        if place % 2:
            found += _grams(piece, 2)
            found += _grams(piece, 3)
            if tag == SIGNS or len(piece) == 1:
                found += piece
            continue
        found += _words_between(pieces, place)
    return frozenset(found)


def _words_between(pieces: Sequence[str], place: int) -> list[str]:
    """The words of what stands between Chinese, and those that join it with its neighbours."""
    found: list[str] = []
    runs = _LATIN_RUN.findall(pieces[place])
    for run in runs:
        if len(run) >= _FOUR:
            found += _grams(run, _FOUR)
            found += _grams(run, _SIX)
        found += _heads(run)
    if runs and place and pieces[place][0].isalnum():
        for before in _ends(pieces[place - 1]):
            found += [before + runs[0][:size] for size in range(1, _SHORT + 1)]
    if runs and place + 1 < len(pieces) and pieces[place][-1].isalnum():
        found += [runs[-1][-size:] + pieces[place + 1][0] for size in range(1, _FOUR + 1)]
    return found


def _wanted(text: str, with_initials: bool) -> Wanted | None:
    pieces = _CHINESE_RUN.split(text)
    words: list[str] = []
    for place, piece in enumerate(pieces):
        if place % 2:
            words += _cover(piece, 3) or _grams(piece, 2)
            continue
        runs = _LATIN_RUN.findall(piece)
        for run in runs:
            words += _sixes(run) or _cover(run, _FOUR)
        if runs and place and piece[0].isalnum():
            words.append(_ends(pieces[place - 1])[-1] + runs[0][:_SHORT])
        if runs and place + 1 < len(pieces) and piece[-1].isalnum():
            words.append(runs[-1][-_FOUR:] + pieces[place + 1][0])
    is_sure = bool(words) and not with_initials
    if not words:  # less than the index has pairs or fours for
        words = [*pieces[1::2][:1], *(HEAD + run for run in _LATIN_RUN.findall(text))][:1]
    if not words:
        return None
    choices = [tuple(dict.fromkeys(words))]
    is_exact = len(words) == 1 and text in (words[0], words[0][1:])
    if _FOUR <= len(text) < _SIX and _LATIN_RUN.fullmatch(text):
        choices.append(tuple(NUMBER + gram for gram in _cover(text, _FOUR)))
    if with_initials and len(text) > 1 and text.isascii() and text.isalpha():
        choices.append(_initial_words(text))
        is_exact = False
    return Wanted(text, tuple(choices), is_exact, is_sure)


def _grams(run: str, size: int) -> list[str]:
    return [run[i : i + size] for i in range(len(run) - size + 1)]


def _cover(run: str, size: int) -> list[str]:
    """As few of them as have all signs of the run in them: what overlaps tells little more."""
    grams = _grams(run, size)
    return [*grams[:-1:size], *grams[-1:]]


def _sixes(run: str) -> list[str]:
    """Of what is long the last but one as well: in a number that begins with its day, the last alone is of any year."""
    return [*_cover(run, _SIX), *([run[-_SIX - 1 : -1]] if len(run) > _LONG else [])]


def _heads(run: str) -> tuple[str, str]:
    return HEAD + run[:2], HEAD + run[:3]


def _ends(piece: str) -> tuple[str, ...]:
    """The last sign of a Chinese piece, and its last two."""
    return (piece[-1], piece[-2:]) if len(piece) > 1 else (piece,)


def _initial_words(run: str) -> tuple[str, ...]:
    return tuple(INITIALS + pair for pair in _grams(run, 2))
