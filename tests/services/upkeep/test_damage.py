"""A damaged database of the service is noticed, whatever is hit, and told with what to do."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from app.tables.schema import KINDS
from services.authority.commandlog import broken_link
from services.authority.head import read_head
from services.db.address import read_address
from services.db.engine import Store
from services.settings import Place
from services.upkeep.doctor import Grade, examine
from tests.support.clocks import FixedClock
from tests.support.shop import Shop
from tests.support.stores import new_url

NOISE = b"\xa5"
FLIPS = 25


def sold(folder: Path) -> Path:
    """A shop at rest that has sold something."""
    store = Store(new_url("sqlite", folder))
    shop = Shop(store, FixedClock()).found()
    shop.product()
    for number in range(3):
        shop.paid_order(f"o{number}", "p1-s")
    shop.close()
    store.close()
    return store.file


def pages(file: Path) -> tuple[dict[str, int], int]:
    """Where each table and index begins that holds rows, and how large a page is."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("SELECT name, tbl_name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall()
        filled = {name for name in KINDS if database.execute(f"SELECT 1 FROM {name}").fetchone()}
        filled |= {"command_log", "change_log", "feed_head"}
        return (
            {name: page for name, table, page in found if table in filled},
            int(database.execute("PRAGMA page_size").fetchone()[0]),
        )


def told(file: Path, folder: Path) -> list[str]:
    """What the doctor finds wrong, as it says it."""
    place = Place(folder, read_address(f"sqlite:///{file}"))
    found = examine(place, FixedClock().now(), is_deep=True, reach=lambda url: "")
    return [each.told() for each in found if each.grade is Grade.TROUBLE and each.advised()]


def test_noise_in_any_table_or_index_is_noticed_with_what_to_do(tmp_path: Path) -> None:
    file = sold(tmp_path)
    assert told(file, tmp_path) == []
    begins, size = pages(file)
    unnoticed = []
    for name, page in begins.items():
        hurt = tmp_path / "hurt.db"
        shutil.copy(file, hurt)
        with hurt.open("r+b") as raw:
            raw.seek((page - 1) * size + (100 if page == 1 else 0))
            raw.write(NOISE * (size - 100))
        if not told(hurt, tmp_path):
            unnoticed.append(name)
        hurt.unlink()
    print(f"damaged database: tables and indices hit {len(begins)}, noticed {len(begins) - len(unnoticed)}")
    assert unnoticed == []


def test_a_figure_that_was_changed_in_place_is_noticed(tmp_path: Path) -> None:
    """The file is well-formed, and wrong: only the books and the chain of the log know."""
    file = sold(tmp_path)
    changes = (
        "UPDATE orders SET paid_fen = paid_fen + 1, total_fen = total_fen + 1, goods_fen = goods_fen + 1",
        "UPDATE stock_levels SET on_hand_qty = on_hand_qty + 1",
        "UPDATE command_log SET verdict = 'rejected' WHERE position = 5",
        "UPDATE payments SET amount_fen = amount_fen - 1",
    )
    for change in changes:
        hurt = tmp_path / "changed.db"
        shutil.copy(file, hurt)
        with closing(sqlite3.connect(hurt)) as database:
            database.execute(change)
            database.commit()
        assert told(hurt, tmp_path), change
        hurt.unlink()
    print(f"figures changed in place: {len(changes)}, noticed {len(changes)}")


def test_a_flipped_bit_in_the_log_of_writes_costs_the_end_and_never_the_whole(tmp_path: Path) -> None:
    """What cannot be read any more is missing as if it had never been: counters that know more tell of it later."""
    store = Store(new_url("sqlite", tmp_path))
    shop = Shop(store, FixedClock()).found()
    shop.product()
    for number in range(3):
        shop.paid_order(f"o{number}", "p1-s")
    log = store.file.with_name(store.file.name + "-wal")
    chance, torn = random.Random(7), 0
    for number in range(FLIPS):
        hurt = tmp_path / str(number) / "shop.db"
        hurt.parent.mkdir()
        shutil.copy(store.file, hurt)
        content = bytearray(log.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        hurt.with_name("shop.db-wal").write_bytes(content)
        left = positions(hurt)
        assert told(hurt, tmp_path) in ([], ["There is no shop yet."]), left
        torn += left < positions(store.file)
    shop.close()
    store.close()
    print(f"flipped bit in the log of writes: {FLIPS}, ends lost {torn}, files broken 0")
    assert torn > 0, "this test hurts something that counts"


def positions(file: Path) -> int:
    """How many commands are in the log; an unbroken chain is asked for on the way."""
    with closing(Store(f"sqlite:///{file}")) as store, store.reading() as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'command_log'").fetchone():
            return 0
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert broken_link(database) is None
        return read_head(database).last_position
