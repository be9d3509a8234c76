"""Backup, restore and move of a real shop, on both databases: what comes back is what was there, or nothing happens."""

import errno
import hashlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from app.kernel.errors import KnownError
from app.tables.schema import KINDS
from app.tables.sums import sums
from services.authority import pictures
from services.authority.commandlog import broken_link
from services.authority.head import Head, read_head
from services.db.address import read_address
from services.db.engine import Store
from services.opening import Founding, opened
from services.settings import Place
from services.upkeep.backup import check_backup, make_backup
from services.upkeep.move import move_shop
from services.upkeep.restore import restore_backup
from tests.support.clocks import FixedClock
from tests.support.shop import Shop
from tests.support.stores import DATABASES, new_url

PASSWORD = "三杯拿铁 2026"
NOW = FixedClock().now()
EITHER = pytest.mark.parametrize("database", DATABASES)
BOTH_WAYS = pytest.mark.parametrize(("old", "new"), [DATABASES, DATABASES[::-1]], ids=["to-postgresql", "to-sqlite"])


def place(folder: Path, database: str) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder / "data", read_address(new_url(database, folder)))


def live(found: Place) -> str:
    """A shop that sold something and has a picture; answers the picture's name."""
    store = Store(found.database)
    shop = Shop(store, FixedClock()).found()
    sku = shop.product(stock=10)
    shop.order("o1", sku, 2)
    shop.paid_order_now("o1", 13_600)
    shop.executor.close()
    store.close()
    picture = found.data / "one.png"
    picture.parent.mkdir(parents=True)
    Image.new("RGB", (8, 8), "teal").save(picture)
    name = hashlib.sha256(picture.read_bytes()).hexdigest()
    spot = pictures.place(found.media, name)
    spot.parent.mkdir(parents=True)
    picture.replace(spot)
    return name


def state(found: Place) -> tuple[dict[str, object], Head]:
    store = Store(found.database)
    try:
        with store.reading() as database:
            assert broken_link(database) is None
            return sums(database, KINDS.values()), read_head(database)
    finally:
        store.close()


def test_a_backup_restores_to_the_same_shop_in_a_new_epoch(tmp_path: Path) -> None:
    for number, (old, new) in enumerate((a, b) for a in DATABASES for b in DATABASES):
        folder = tmp_path / str(number)
        source, target = place(folder / "old", old), place(folder / "new", new)
        name = live(source)
        file = folder / "备份" / "shop.zgb"
        contents = make_backup(source, file, PASSWORD, NOW)
        assert (contents.shop_name, contents.media_count) == ("山野咖啡", 1)
        restore_backup(target, file, PASSWORD, NOW)
        (rows, head), (rows_before, head_before) = state(target), state(source)
        assert rows.pop("incidents") != rows_before.pop("incidents"), "that it was put back is written down"
        assert rows == rows_before
        assert head.last_seq == head_before.last_seq + 1 and head.epoch != head_before.epoch
        assert pictures.place(target.media, name).exists()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("kept")
    source = place(folder, "sqlite")
    live(source)
    make_backup(source, folder / "shop.zgb", PASSWORD, NOW)
    yield folder / "shop.zgb"


def test_a_backup_gives_nothing_away(kept: Path) -> None:
    data = kept.read_bytes()
    assert not any(word.encode() in data for word in ("山野咖啡", "SQLite", "orders", "openid"))
    assert kept.stat().st_mode & 0o077 == 0 or not hasattr(kept, "owner")


def refused(found: Place, file: Path, password: str, code: str) -> None:
    before = sorted(p.name for p in found.data.glob("*")) if found.data.exists() else []
    with pytest.raises(KnownError) as seen:
        restore_backup(found, file, password, NOW)
    assert seen.value.code == code
    names = str(file) in str(seen.value)
    assert names or not code.startswith("backup."), "whoever has three of them learns which one it was"
    after = [p.name for p in found.data.glob("*") if p.suffix != ".lock"]
    assert sorted(after) == before


def test_every_way_a_backup_can_be_wrong_is_refused_and_changes_nothing(kept: Path, tmp_path: Path) -> None:
    target = place(tmp_path, "sqlite")
    data = kept.read_bytes()
    bad = tmp_path / "bad.zgb"
    refused(target, kept, PASSWORD + "!", "backup.wrong_password")
    refused(target, tmp_path / "nothing.zgb", PASSWORD, "restore.no_file")
    for at in (len(data) // 2, len(data) - 1):
        flipped = bytearray(data)
        flipped[at] ^= 1
        bad.write_bytes(flipped)
        refused(target, bad, PASSWORD, "backup.damaged")
    for cut in (0, 5, 20, 30, len(data) // 2, len(data) - 1):
        bad.write_bytes(data[:cut])
        refused(target, bad, PASSWORD, "backup.not_one" if cut < 9 else "backup.damaged")
    bad.write_bytes(data + b"x")
    refused(target, bad, PASSWORD, "backup.damaged")


def test_restoring_over_a_shop_keeps_what_was_there(kept: Path, tmp_path: Path) -> None:
    target = place(tmp_path, "sqlite")
    live(target)
    before, _ = state(target)
    at = datetime(2026, 11, 23, 23, 4, 5, tzinfo=UTC)
    aside = restore_backup(target, kept, PASSWORD, at).aside
    file = Path(target.database.database or "")
    assert aside == file.with_name(f"{file.name}.before-20261124-070405"), "the morning of the shop, not of Greenwich"
    kept_place = Place(target.data, read_address(f"sqlite:///{aside}"))
    assert state(kept_place)[0] == before


def test_nothing_is_restored_into_a_postgresql_that_holds_a_shop(kept: Path, tmp_path: Path) -> None:
    target = place(tmp_path, "postgresql")
    live(target)
    before = state(target)
    with pytest.raises(KnownError, match="holds a shop already"):
        restore_backup(target, kept, PASSWORD, NOW)
    assert state(target) == before


def test_a_refusal_leaves_no_folder_behind(kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "掌柜" / "service"
    nowhere = Place(folder, read_address(f"sqlite:///{folder / 'shop.db'}"))
    apart = Place(folder, read_address(f"sqlite:///{tmp_path / 'apart' / 'db' / 'shop.db'}"))
    for missing in (nowhere, apart):
        refused(missing, kept, PASSWORD + "!", "backup.wrong_password")
        assert list(tmp_path.iterdir()) == []
    folder.mkdir(parents=True)
    refused(nowhere, kept, PASSWORD + "!", "backup.wrong_password")
    assert folder.exists(), "what somebody else made stays"


@EITHER
def test_a_running_shop_is_not_replaced_under_its_feet(database: str, kept: Path, tmp_path: Path) -> None:
    target = place(tmp_path, database)
    holder = Store(target.database)
    holder.claim()
    with pytest.raises(KnownError) as seen:
        restore_backup(target, kept, PASSWORD, NOW)
    holder.close()
    assert seen.value.code == "store.in_use"


def test_a_place_that_cannot_be_written_is_told_and_leaves_the_shop_as_it_was(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = place(tmp_path / "here", "sqlite")
    shop = Shop(Store(target.database), FixedClock()).found()
    shop.close()
    shop.store.close()
    before = state(target)
    target.data.mkdir(exist_ok=True)
    target.media.write_bytes(b"where the pictures should go")
    refused(target, kept, PASSWORD, "restore.no_room")
    refused(target, kept.parent, PASSWORD, "restore.no_file")
    assert state(target) == before

    monkeypatch.setattr(tempfile, "tempdir", str(target.media))
    with pytest.raises(KnownError) as unwritten:
        make_backup(target, tmp_path / "shop.zgb", PASSWORD, NOW)
    assert unwritten.value.code == "backup.not_written" and not (tmp_path / "shop.zgb").exists()


def test_a_backup_is_made_while_the_shop_sells(tmp_path: Path) -> None:
    source = place(tmp_path, "sqlite")
    live(source)
    store = Store(source.database)
    store.claim()
    shop = Shop(store, FixedClock())
    make_backup(source, tmp_path / "a.zgb", PASSWORD, NOW)
    shop.order("o2", "p1-s")
    shop.executor.close()
    store.close()
    assert check_backup(tmp_path / "a.zgb", PASSWORD).last_seq < state(source)[1].last_seq


def test_a_short_password_and_a_place_without_a_shop_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="at least 8"):
        make_backup(place(tmp_path, "sqlite"), tmp_path / "a", "1234567", NOW)
    nowhere = Place(tmp_path, read_address(f"sqlite:///{tmp_path / 'none.db'}"))
    with pytest.raises(KnownError) as seen:
        make_backup(nowhere, tmp_path / "a", PASSWORD, NOW)
    assert seen.value.code == "shop.none" and not (tmp_path / "a").exists()


@BOTH_WAYS
def test_a_shop_moves_with_its_epoch_and_cursor(old: str, new: str, tmp_path: Path) -> None:
    source, target = place(tmp_path / "old", old), place(tmp_path / "new", new)
    name = live(source)
    before, head = state(source)
    moved = move_shop(source.database, target.database, (source.media, target.media))
    assert moved > 20 and state(target) == (before, head)
    assert pictures.place(target.media, name).exists()
    assert state(source)[1].moved_to == target.database.shown
    with pytest.raises(KnownError) as left, opened(source, Founding()):
        pass
    new_place = target.database.shown
    assert (left.value.code, left.value.params["place"]) == ("store.moved", new_place)
    with opened(target, Founding()) as service:
        assert service.store.url == target.database
    with pytest.raises(KnownError) as seen:
        third = place(tmp_path / "third", old)
        move_shop(source.database, third.database, (source.media, third.media))
    assert seen.value.code == "move.moved_already"


def test_the_way_back_leads_to_the_file_that_the_shop_had_left(tmp_path: Path) -> None:
    here, there = place(tmp_path / "here", "sqlite"), place(tmp_path / "there", "postgresql")
    live(here)
    before = state(here)
    move_shop(here.database, there.database, (here.media, there.media))
    move_shop(there.database, here.database, (there.media, here.media))
    assert state(here) == before
    file = Path(here.database.database or "")
    (kept,) = (each for each in file.parent.glob(f"{file.name}.before-*") if not each.name.endswith(("-wal", "-shm")))
    left = Place(here.data, read_address(f"sqlite:///{kept}"))
    assert state(left)[1].moved_to == there.database.shown, "what had been left is kept"
    with opened(here, Founding()):
        pass


@BOTH_WAYS
def test_a_move_that_breaks_leaves_the_old_shop_as_it_was(old: str, new: str, tmp_path: Path) -> None:
    source, target = place(tmp_path / "old", old), place(tmp_path / "new", new)
    live(source)
    before = state(source)

    def fill_the_disk(table: str, rows: int, total: int) -> None:
        if table == "orders":
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(KnownError) as full:
        move_shop(source.database, target.database, (source.media, target.media), fill_the_disk)
    assert full.value.code == "move.no_room"
    assert state(source) == before
    move_shop(source.database, target.database, (source.media, target.media))
    assert state(target) == before


def test_a_shop_does_not_move_into_another(tmp_path: Path) -> None:
    source, target = place(tmp_path / "old", "sqlite"), place(tmp_path / "new", "sqlite")
    live(source)
    live(target)
    with pytest.raises(KnownError, match="holds a shop already"):
        move_shop(source.database, target.database, (source.media, target.media))
    assert state(source)[1].moved_to == ""
