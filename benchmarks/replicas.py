"""Replicas of a counter with very many orders, made once and kept: a million take minutes.

``ZHANGGUI_BENCH_REPLICAS`` names the folder they are kept in; without it that is one among the system's temporary ones.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.domain.permission import Role
from app.domain.staff.model import Staff
from app.replica import meta, schema
from app.replica.database import ReplicaDatabase
from app.replica.search import cutting
from app.replica.search import index as search_index
from app.replica.search.remaking import Remaking
from app.replica.version import VERSION
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of
from benchmarks.measure import cpu_s
from tests.support import bulk

PLACE = "ZHANGGUI_BENCH_REPLICAS"
FEW, QUICK, MANY = 10_000, 20_000, 1_000_000
_PORTION = 200
_OF_ORDERS = {"orders": "id", "order_contacts": "order_id", "order_lines": "order_id", "parcels": "order_id"}


def place() -> Path:
    return Path(os.environ.get(PLACE) or Path(tempfile.gettempdir()) / "zhanggui-bench-replicas")


def kept(count: int) -> Path:
    """The folder of a counter with so many orders; nobody may write into it."""
    folder = place() / f"{count}-{VERSION}-{cutting.VERSION}"
    if not folder.exists():
        half = place() / f"half-{count}-{os.getpid()}"
        _make(half, count)
        half.rename(folder)
    return folder


def fed(count: int) -> Path:
    """The same orders at a counter that began without any: they came in small portions, as they do in a real shop."""
    made = kept(count)
    folder = made.with_name(f"fed-{made.name}")
    if not folder.exists():
        half = place() / f"half-fed-{count}-{os.getpid()}"
        _grow(half, made, count)
        half.rename(folder)
    return folder


def seconds_of_index(folder: Path) -> float:
    """How much of the processors' time its indices took, nearly all of it the text index."""
    return float((folder / "index-seconds").read_text())


@contextmanager
def copied(count: int) -> Iterator[Path]:
    """A copy that may be written into."""
    with tempfile.TemporaryDirectory(prefix="zhanggui-bench-") as name:
        folder = Path(name) / "counter"
        shutil.copytree(kept(count), folder)
        yield folder


def file_of(folder: Path) -> Path:
    return folder / "replica" / "replica-1.db"


def _grow(folder: Path, made: Path, count: int) -> None:
    print(f"  growing a replica of {count:,} orders, once …", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    database = ReplicaDatabase(file_of(folder))
    schema.create(database)
    database.execute("PRAGMA synchronous=OFF")
    database.execute("ATTACH ? AS made", (str(file_of(made)),))
    remaking = Remaking(database)
    with database.transaction():
        database.execute("UPDATE replica_meta SET bootstrap_state = 'complete'")
        for table in ("categories", "products", "skus"):
            database.execute(f"INSERT INTO {table} SELECT * FROM made.{table}")
    for start in range(1, count + 1, _PORTION):
        some = "SELECT id FROM made.orders WHERE rid BETWEEN ? AND ?"
        with database.transaction():
            for table, key in _OF_ORDERS.items():
                sql = f"INSERT INTO {table} SELECT * FROM made.{table} WHERE {key} IN ({some})"
                database.execute(sql, (start, start + _PORTION - 1))
        while search_index.feed(database) or remaking.step():
            pass
    database.execute("DETACH made")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _make(folder: Path, count: int) -> None:
    print(f"  making a replica of {count:,} orders, once …", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    database = ReplicaDatabase(file_of(folder))
    schema.create(database, with_indices=False)
    bulk.fill_goods(database)
    bulk.fill_orders(database, count)
    with database.transaction():
        owner = Staff("owner", "李敏", Role.OWNER)
        database.execute(statements_of(Staff, "?").upsert, mapper_of(Staff).record(owner, 1))
        meta.write(database, replace(meta.read(database), bootstrap_state="complete", feed_epoch="bench"))
    seconds = cpu_s(lambda: schema.create_indices(database))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    (folder / "index-seconds").write_text(f"{seconds:.1f}")
