"""A move and whoever works in the old shop: none of them can write between the copy and the end of the old one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.kernel.errors import KnownError
from services.authority.head import read_head
from services.db.address import Address, read_address
from services.db.engine import WRITER_LOCK_KEY, Store
from services.settings import Place
from services.upkeep.move import move_shop
from tests.services.upkeep.test_keeping import BOTH_WAYS, live, place, state
from tests.support.stores import new_url


def may_write(url: Address) -> bool:
    """Whether somebody who asks for the writer's turn would get it now."""
    if url.is_sqlite:
        with closing(sqlite3.connect(url.database or "", timeout=0, isolation_level=None)) as line:
            try:
                line.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True
    with closing(Store(url)) as store, store.connect() as line:
        return bool(line.execute(f"SELECT pg_try_advisory_lock({WRITER_LOCK_KEY})").fetchone()[0])


def moved_to(found: Place) -> str:
    return state(found)[1].moved_to


def refusal(source: Place, target: Place) -> KnownError:
    with pytest.raises(KnownError) as seen:
        move_shop(source.database, target.database, (source.media, target.media))
    return seen.value


@BOTH_WAYS
def test_nobody_gets_the_writers_turn_from_the_copy_to_the_end_of_the_old_shop(
    old: str, new: str, tmp_path: Path
) -> None:
    source, target = place(tmp_path / "old", old), place(tmp_path / "new", new)
    live(source)
    assert may_write(source.database)
    turns: list[bool] = []

    def tell(table: str, rows: int, total: int) -> None:
        turns.append(may_write(source.database))

    move_shop(source.database, target.database, (source.media, target.media), tell)
    assert len(turns) > 5 and not any(turns)
    assert may_write(source.database) and moved_to(source)


@BOTH_WAYS
def test_a_move_that_breaks_gives_the_turn_back(old: str, new: str, tmp_path: Path) -> None:
    source, target = place(tmp_path / "old", old), place(tmp_path / "new", new)
    live(source)

    def give_up(table: str, rows: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_shop(source.database, target.database, (source.media, target.media), give_up)
    assert may_write(source.database) and moved_to(source) == ""


@BOTH_WAYS
def test_a_shop_does_not_move_while_a_service_works_in_it(old: str, new: str, tmp_path: Path) -> None:
    source, target = place(tmp_path / "old", old), place(tmp_path / "new", new)
    live(source)
    with closing(Store(source.database)) as service:
        service.claim()
        assert refusal(source, target).code == "store.in_use"
    assert moved_to(source) == ""
    move_shop(source.database, target.database, (source.media, target.media))
    assert moved_to(source)


def test_two_services_share_a_database_and_none_starts_while_the_shop_moves(tmp_path: Path) -> None:
    source, target = place(tmp_path / "old", "postgresql"), place(tmp_path / "new", "sqlite")
    live(source)
    with closing(Store(source.database)) as one, closing(Store(source.database)) as other:
        one.claim()
        other.claim()
    codes: list[str] = []

    def tell(table: str, rows: int, total: int) -> None:
        with closing(Store(source.database)) as late:
            try:
                late.claim()
            except KnownError as error:
                codes.append(error.code)

    move_shop(source.database, target.database, (source.media, target.media), tell)
    assert len(codes) > 5 and set(codes) == {"store.in_use"}


def test_a_shop_is_not_moved_to_where_it_is(tmp_path: Path) -> None:
    url = read_address(new_url("sqlite", tmp_path))
    with pytest.raises(KnownError) as refused:
        move_shop(url, url, (tmp_path / "media", tmp_path / "media"))
    assert refused.value.code == "move.same"


def test_where_no_shop_is_none_is_moved_and_nothing_is_made(tmp_path: Path) -> None:
    target = place(tmp_path / "new", "sqlite")
    nowhere = Place(tmp_path / "none", read_address(f"sqlite:///{tmp_path / '没有' / 'shop.db'}"))
    assert refusal(nowhere, target).code == "move.no_shop"
    assert not (tmp_path / "没有").exists()
    for number, content in enumerate((b"", b"a letter to the owner, and no database at all" * 50)):
        file = tmp_path / f"{number}.db"
        file.write_bytes(content)
        other = Place(tmp_path / "none", read_address(f"sqlite:///{file}"))
        assert refusal(other, target).code == "move.no_shop"
        assert file.read_bytes() == content
    for empty in (place(tmp_path / "a", "sqlite"), place(tmp_path / "b", "postgresql")):
        assert refusal(empty, target).code == "move.no_shop", "nobody has founded it yet"
    assert state(target)[1].last_seq == 0


def test_a_server_without_our_tables_or_without_that_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    target = place(tmp_path / "new", "sqlite")
    server = read_address(new_url("postgresql", tmp_path))
    bare = Place(tmp_path / "bare", server.at("postgres"))
    assert refusal(bare, target).code == "move.no_shop"
    missing = Place(tmp_path / "missing", server.at("nirgends"))
    told = refusal(missing, target)
    assert told.code == "store.unreachable" and "nirgends" in str(told)
    live(target)
    assert refusal(target, missing).code == "store.unreachable"
    with closing(Store(target.database)) as store, store.reading() as database:
        assert read_head(database).moved_to == ""
