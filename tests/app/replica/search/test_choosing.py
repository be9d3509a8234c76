"""The index is asked for the words that few rows have; what it is not asked for is proven by the text."""

import sqlite3
from contextlib import closing
from dataclasses import replace

from app.replica.search.choosing import MOST_ASKED, NEAR, chosen, pages_of
from app.replica.search.cutting import Wanted
from app.replica.search.subject import ORDERS

SOME = replace(ORDERS, name="some")
ONE = Wanted("学院路530", (("often", "rare7", "half"), ("alone",)), is_exact=False)


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
    assert chosen([ONE], pages) == ((("rare7", "half"), ("alone",)),)
    assert chosen([ONE], {}) == (ONE.choices,)
    assert chosen([ONE], pages | {"half": 999, "often": 9_999}) == ((("rare7", "half"), ("alone",)),)
    long = Wanted("", (tuple("abcdefgh"),), is_exact=False)
    assert chosen([long], dict(zip("abcdefgh", range(8, 0, -1), strict=True))) == ((tuple("hgfedcba"[:MOST_ASKED]),),)
