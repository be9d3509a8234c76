"""The index is asked for the words that few rows have; what it is not asked for is proven by the text."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pytest

from app.replica.search.choosing import MOST_ASKED, NEAR, Group, asked_and_proven, chosen, pages_of, possible
from app.replica.search.cutting import Wanted, expression
from app.replica.search.frequent import COMMON, Frequent, Known
from app.replica.search.subject import ORDERS

SOME = replace(ORDERS, name="some")
ONE: Group = (("often", "rare7", "half"), ("alone",))


def test_the_index_itself_tells_which_words_are_frequent() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE {SOME.words} USING fts5(words, content='', detail=none)")
        assert pages_of(connection, SOME, [ONE]).get("often", 0) == 0
        for start in (0, 15_000):  # two pieces
            rows = ((n, f"often rare{n}{' half' if n % 2 else ''}") for n in range(start, start + 15_000))
            connection.executemany(f"INSERT INTO {SOME.words} (rowid, words) VALUES (?, ?)", rows)
            connection.commit()
        pages = pages_of(connection, SOME, [ONE])
    assert pages["often"] > pages["half"] > pages["rare7"] and "alone" not in pages


def test_rare_words_are_asked_for_and_two_at_least() -> None:
    pages = {"often": NEAR * 2 + 1, "rare7": 2, "half": NEAR * 2}
    assert chosen([ONE], pages) == [(("rare7", "half"), ("alone",))]
    assert chosen([ONE], {}) == [ONE]
    assert chosen([ONE], pages | {"half": 999, "often": 9_999}) == [(("rare7", "half"), ("alone",))]
    by_length = dict(zip("abcdefgh", range(8, 0, -1), strict=True))
    assert chosen([(tuple("abcdefgh"),)], by_length) == [(tuple("hgfedcba"[:MOST_ASKED]),)]


def _frequent(share: int) -> Known:
    return Known(None, share, b"")


def _asked(*wishes: Wanted, marks: Sequence[Group] = (), **shares: int) -> tuple[list[Group], list[str]] | None:
    return asked_and_proven(wishes, marks, {word: _frequent(share) for word, share in shares.items()})


def _part(*choices: tuple[str, ...]) -> Wanted:
    return Wanted("part", choices, is_exact=False, is_sure=True)


def test_the_rarest_words_are_asked_for_by_what_is_known() -> None:
    shares = {"all": COMMON, "half": 4_000, "some": 900}
    assert _asked(_part(("all", "half", "some")), **shares) == ([(("some", "half"),)], ["part"])
    assert _asked(_part(("all", "some", "rare")), **shares) == ([(("rare",),)], ["part"])
    assert _asked(_part(("some", "rare", "rarer", "rar")), **shares) == ([(("rarer", "rare"),)], ["part"])
    assert _asked(_part(("all", "rare"), ("all",)), **shares) == ([(("rare",), ("all",))], ["part"])
    assert _asked(_part(("half", "few", "fewer")), half=4_000, few=30, fewer=20) == ([(("fewer", "few"),)], ["part"])


def test_what_is_frequent_is_left_to_the_text_beside_what_is_rare() -> None:
    some, sign = Wanted("some", (("some",),), is_exact=True, is_sure=True), Wanted("sign", (("sign",),), is_exact=True)
    shares = {"some": 900, "sign": 2_000}
    assert _asked(some, sign, **shares) == ([(("some",),), (("sign",),)], [])
    assert _asked(some, _part(("rare", "rarer")), sign, **shares) == (
        [(("rarer", "rare"),), (("sign",),)],
        ["part", "some"],
    )
    assert _asked(some, _part(("rare",)), some=300) == ([(("rare",),), (("some",),)], ["part"])
    assert _asked(some, marks=[(("=paid",),)], **shares) == ([[("=paid",)], (("some",),)], [])


def test_words_that_never_met_are_not_sought_together() -> None:
    known = {"one": Known(0, 90, b"\3"), "two": Known(1, 80, b"\7"), "three": Known(2, 70, b"\6"), "few": _frequent(40)}
    met, strange, unknown = (("one", "two"),), (("one",), ("three",)), (("new",), ("few",))
    assert possible([met, strange, unknown], known) == [[*met], [*strange], [*unknown]]
    assert possible([(("one",),), (("three",),)], known) is None
    assert possible([(("one", "three"),)], known) is None
    assert possible([(("one", "three"), ("two",))], known) == [[("two",)]]
    everywhere = known | {"one": Known(0, COMMON, b"\0")}
    assert possible([(("one",),), (("three",),)], everywhere) is not None


@pytest.mark.parametrize("seed", range(20))
def test_a_common_word_is_asked_for_by_where_it_is_not(seed: int) -> None:
    """Whatever has to be there, the index finds what a look at every row finds."""
    chance, common = random.Random(seed), {"a", "b"}
    frequent = Frequent((word, Known(number, COMMON, bytes(64))) for number, word in enumerate(sorted(common)))
    rows = [frozenset(w for w in "abcdef" if chance.random() < (0.8 if w in common else 0.3)) for _ in range(200)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE w USING fts5(words, content='', detail=none, tokenize=\"ascii tokenchars '!'\")"
        )
        connection.executemany(
            "INSERT INTO w (rowid, words) VALUES (?, ?)",
            ((n, " ".join(frequent.put(row))) for n, row in enumerate(rows)),
        )
        for _ in range(40):
            groups: list[Group] = [
                [tuple(chance.sample("abcdef", chance.choice((1, 1, 2)))) for _ in range(chance.choice((1, 1, 2, 3)))]
                for _ in range(chance.choice((1, 1, 2, 3)))
            ]
            groups = [[tuple(w for w in c if w not in common) or c for c in g] for g in groups]
            found = connection.execute("SELECT rowid FROM w WHERE w MATCH ?", (expression(groups, common),)).fetchall()
            right = [n for n, row in enumerate(rows) if all(any(row.issuperset(c) for c in g) for g in groups)]
            assert [rowid for (rowid,) in found] == right, groups
