"""A shop begins without orders; grown great, it is searched as one whose index was made of all of them."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.registry import shop_registry
from app.replica import schema
from app.replica.database import ReplicaDatabase
from app.replica.holder import ReplicaHolder
from app.replica.queries.order_list import OrderFilter, order_list
from app.replica.reader import open_reader
from app.replica.search import growth, index
from app.replica.search.frequent import LEAST_ROWS, frequent, known
from app.replica.search.remaking import Remaking
from app.replica.search.subject import ORDERS
from tests.support.bulk import CONTACT, END, ORDER, fill_goods, fill_orders

ALL = LEAST_ROWS + 60
"""So many that all of them are looked at, and counting them twice finds the same."""
_EVERY_WORD = f"SELECT word, number, share, met FROM {ORDERS.frequent} ORDER BY word"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[ReplicaDatabase]:
    found = ReplicaDatabase(tmp_path / "副本" / "replica-1.db")
    schema.create(found)
    fill_goods(found)
    yield found
    found.close()


def rest(database: ReplicaDatabase) -> Remaking:
    """Until there is nothing left to do."""
    remaking = Remaking(database)
    while index.feed(database) or remaking.step():
        pass
    return remaking


def order(database: ReplicaDatabase, numbers: Iterable[int], name: str, phone: str = "1390000{:04}") -> None:
    """Orders of one person, a minute apart."""
    with database.transaction():
        for number in numbers:
            at = (END + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")
            database.execute(ORDER.insert, ORDER.record(id=f"o{number}", no=f"WX{number:013}", placed_at=at))
            address = f"浙江省杭州市西湖区{'文三路' if number % 2 else '翠苑街道'} 398 号"
            record = CONTACT.record(order_id=f"o{number}", name=name, phone=phone.format(number), address=address)
            database.execute(CONTACT.insert, record)


def leave(database: ReplicaDatabase, name: str) -> None:
    with database.transaction():
        database.execute("DELETE FROM order_contacts WHERE name = ?", (name,))


def found(database: ReplicaDatabase, words: str) -> int:
    with closing(open_reader(database.path)) as reader:
        reader.execute("BEGIN")
        return len(order_list(reader, OrderFilter(words=words)).rowids)


def pages_with(database: ReplicaDatabase, word: str) -> int:
    """In how many pages of an index a word stands, of the one that is asked and of the one that is made."""
    tables = [ORDERS.words, *([ORDERS.beside.words] if growth.filled(database, ORDERS) is not None else [])]
    pages = [block for table in tables for (block,) in database.execute(f"SELECT block FROM {table}_data").fetchall()]
    return sum(word.encode() in block for block in pages)


def rows_of(database: ReplicaDatabase, word: str) -> int:
    """So long is the list that the index has of a word."""
    sql = f"SELECT count(*) FROM {ORDERS.words} WHERE {ORDERS.words} MATCH ?"
    return int(database.execute(sql, (f'"{word}"',)).fetchone()[0])


def half_made(database: ReplicaDatabase) -> Remaking:
    """An index is made beside the one that is asked, and has some of the rows."""
    while index.feed(database):
        pass
    remaking = Remaking(database)
    while not growth.filled(database, ORDERS):
        assert remaking.step()
    return remaking


def test_a_shop_that_grew_knows_of_its_words_what_a_made_one_knows(database: ReplicaDatabase) -> None:
    fill_orders(database, ALL)
    rest(database)
    grown = database.execute(_EVERY_WORD).fetchall()
    assert frequent(database, ORDERS).common >= {"号", "幢", "^wx", "=express"}
    assert found(database, "长安街 学院路") == 0 and found(database, "号") == ALL
    streets = known(database, ORDERS, ("长安街", "学院路", "文三路"))[0]
    assert not streets["长安街"].may_meet(streets["学院路"])
    assert index.drift(database) == ()
    index.make(database)
    assert grown == database.execute(_EVERY_WORD).fetchall()


def test_a_young_or_a_counted_shop_is_left_alone(database: ReplicaDatabase) -> None:
    fill_orders(database, LEAST_ROWS - 1)
    while index.feed(database):
        pass
    assert not Remaking(database).step()
    order(database, range(30), "周若溪")
    rest(database)
    told = database.execute(_EVERY_WORD).fetchall()
    order(database, range(30, 400), "林晓")
    rest(database)
    assert told and database.execute("SELECT word FROM order_frequent").fetchall() == [(word,) for word, *_ in told]


def test_what_everybody_had_once_is_kept_as_it_is_when_few_have_it(database: ReplicaDatabase) -> None:
    order(database, range(600), "周若溪")
    rest(database)
    assert "周若溪" in frequent(database, ORDERS).common and rows_of(database, "周若溪") == 0
    order(database, range(600, 1_300), "林晓")
    while index.feed(database):
        assert (found(database, "周若溪"), found(database, "林晓")) == (600, 700)
    assert rows_of(database, "!周若溪") == 700
    remaking = Remaking(database)
    while remaking.step() or index.feed(database):
        assert (found(database, "周若溪"), found(database, "林晓")) == (600, 700)
    assert "周若溪" not in frequent(database, ORDERS).common and "林晓" in frequent(database, ORDERS).common
    assert (rows_of(database, "!周若溪"), rows_of(database, "周若溪")) == (0, 600)
    assert rows_of(database, "林晓") == 0, "of seven in thirteen it is kept where it is not"
    assert index.drift(database) == ()


class Photographed(ReplicaDatabase):
    """Keeps what is on the disk every so many statements: what a program leaves that is killed there."""

    def __init__(self, path: Path, album: Path) -> None:
        super().__init__(path)
        self.album, self.number, self.is_taken = album, 0, False

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        self._take(sql)
        return super().execute(sql, params)

    def execute_many(self, sql: str, params: Iterable[Sequence[Any]]) -> None:
        self._take(sql)
        super().execute_many(sql, params)

    def _take(self, sql: str) -> None:
        self.number += 1
        if self.is_taken and (
            "RENAME" in sql or ("SET filled" in sql and self.number % 3 == 0) or self.number % 223 == 0
        ):
            folder = self.album / str(self.number)
            folder.mkdir(parents=True)
            for file in self.path.parent.glob(f"{self.path.name}*"):
                if not file.name.endswith("-shm"):
                    shutil.copy(file, folder)


def test_wherever_it_is_killed_all_is_found_and_the_next_start_goes_on(tmp_path: Path) -> None:
    with closing(Photographed(tmp_path / "replica" / "replica-1.db", tmp_path / "album")) as living:
        schema.create(living)
        order(living, range(LEAST_ROWS), "周若溪")
        rest(living)
        order(living, range(LEAST_ROWS, 2 * LEAST_ROWS + 20), "林晓")
        living.is_taken = True
        rest(living)
        living.is_taken = False
    pictures = sorted(living.album.iterdir(), key=lambda folder: int(folder.name))
    assert len(pictures) > 9
    with_half = 0
    for folder in pictures:
        holder = ReplicaHolder(folder, shop_registry())
        database = holder.database
        with_half += growth.filled(database, ORDERS) is not None
        assert (found(database, "周若溪"), found(database, "林晓")) == (LEAST_ROWS, LEAST_ROWS + 20), folder.name
        assert index.drift(database) == (), folder.name
        while holder.tend(is_idle=True):
            pass
        assert (found(database, "周若溪"), found(database, "林晓")) == (LEAST_ROWS, LEAST_ROWS + 20), folder.name
        assert index.drift(database) == () and "林晓" in frequent(database, ORDERS).common, folder.name
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master").fetchall()}
        assert not tables & {ORDERS.beside.words, ORDERS.beside.frequent, ORDERS.words_before}
        holder.close()
    assert with_half > 3


def test_who_leaves_meanwhile_leaves_the_index_that_is_made_too(database: ReplicaDatabase) -> None:
    order(database, range(80), "周若溪", phone="13812342046")
    order(database, range(80, 600), "林晓")
    remaking = half_made(database)
    assert known(database, ORDERS.beside, ("8123",))[0]
    leave(database, "周若溪")
    while index.feed(database):
        pass
    assert index.drift(database) == () and not known(database, ORDERS.beside, ("8123", "周若溪"))[0]
    while remaking.step() or index.feed(database):
        pass
    assert not pages_with(database, "8123") and not pages_with(database, "周若溪")
    assert found(database, "周若溪") == found(database, "8123") == 0 and found(database, "林晓") == 520
    assert not known(database, ORDERS, ("8123", "周若溪"))[0] and index.drift(database) == ()


def test_an_index_that_would_say_everywhere_who_is_gone_is_begun_again(database: ReplicaDatabase) -> None:
    order(database, range(420), "周若溪", phone="13812342046")
    order(database, range(420, 600), "林晓")
    remaking = half_made(database)
    assert known(database, ORDERS.beside, ("周若溪",))[0]["周若溪"].is_common
    leave(database, "周若溪")
    while index.feed(database):
        pass
    assert growth.filled(database, ORDERS) is None and index.drift(database) == ()
    while remaking.step() or index.feed(database):
        pass
    assert not pages_with(database, "8123") and not pages_with(database, "周若溪")
    assert frequent(database, ORDERS).common and found(database, "林晓") == 180 and index.drift(database) == ()


def test_only_who_is_idle_makes_an_index_anew(tmp_path: Path) -> None:
    with closing(ReplicaHolder(tmp_path / "replica", shop_registry())) as holder:
        fill_orders(holder.database, ALL)
        while index.feed(holder.database):
            pass
        for _ in range(20):
            assert holder.tend(is_idle=False), "there is something to do when nobody wants anything"
        assert growth.counted(holder.database, ORDERS) == 0 and growth.filled(holder.database, ORDERS) is None
        while holder.tend(is_idle=True):
            pass
        assert growth.counted(holder.database, ORDERS) == ALL


def test_a_file_that_does_not_say_when_it_was_counted_is_taken_to_be(database: ReplicaDatabase) -> None:
    fill_orders(database, ALL)
    index.make(database)
    before = database.execute(_EVERY_WORD).fetchall()
    database.execute("DROP TABLE search_growth")
    assert rest(database) and database.execute(_EVERY_WORD).fetchall() == before
    order(database, range(ALL), "周若溪")
    rest(database)
    assert growth.counted(database, ORDERS) == 2 * ALL and "周若溪" in dict.fromkeys(
        word for word, *_ in database.execute(_EVERY_WORD).fetchall()
    )
    assert index.drift(database) == ()
