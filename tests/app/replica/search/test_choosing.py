"""The index is asked for the words that few rows have; what it is not asked for is proven by the text."""

import random
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from app.replica.search.choosing import MOST_ASKED, NEAR, Group, asked_and_proven, chosen, chosen_by, pages_of, possible
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


def test_what_is_known_to_be_frequent_is_asked_for_where_nothing_rarer_is() -> None:
    known = {"all": _frequent(COMMON), "half": _frequent(4_000), "some": _frequent(900)}
    assert chosen_by([(("all", "half", "some"),)], known) == [(("some", "half"),)]
    assert chosen_by([(("all", "some", "rare"),)], known) == [(("rare",),)]
    assert chosen_by([(("some", "rare", "rarer", "rar"),)], known) == [(("rarer", "rare"),)]
    assert chosen_by([(("all", "rare"), ("all",))], known) == [(("rare",), ("all",))]


def _frequent(share: int) -> Known:
    return Known(None, share, b"")


def test_what_is_frequent_is_left_to_the_text_beside_what_is_rare() -> None:
    known = {"some": _frequent(900), "sign": _frequent(200)}
    some, sign = Wanted("some", (("some",),), is_exact=True, is_sure=True), Wanted("sign", (("sign",),), is_exact=True)
    rare = Wanted("rarely", (("rare", "rarer"),), is_exact=False, is_sure=True)
    assert asked_and_proven([some, sign], [], known) == ([(("some",),), (("sign",),)], [])
    assert asked_and_proven([some, rare, sign], [], known) == ([(("rarer", "rare"),), (("sign",),)], ["some", "rarely"])
    assert asked_and_proven([some], [[("=paid",)]], known) == ([(("=paid",),), (("some",),)], [])


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
            groups = chosen_by(groups, dict.fromkeys(common, _frequent(COMMON)))
            found = connection.execute("SELECT rowid FROM w WHERE w MATCH ?", (expression(groups, common),)).fetchall()
            right = [n for n, row in enumerate(rows) if all(any(row.issuperset(c) for c in g) for g in groups)]
            assert [rowid for (rowid,) in found] == right, groups
