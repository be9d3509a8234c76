"""Checksums of tables, to find out whether a replica still is what the authority says it is."""

import hashlib
from collections.abc import Iterable
from typing import Any

from app.domain.row import Row
from app.kernel import codec
from app.tables.mapper import mapper_of
from app.tables.statements import Database, statements_of

_MODULUS = 2**64


def image_sum(image: Any) -> int:
    return int.from_bytes(hashlib.sha256(codec.canonical(image).encode()).digest()[:8], "big")


def table_sum(database: Database, kind: type[Row]) -> dict[str, Any]:
    """``{"count": rows, "checksum": hex}``: the sum does not depend on the order of the rows."""
    count, total = 0, 0
    image = mapper_of(kind).image
    for record in database.execute(statements_of(kind, database.mark).select_all).fetchall():
        count += 1
        total = (total + image_sum(image(record))) % _MODULUS
    return {"count": count, "checksum": f"{total:016x}"}


def sums(database: Database, kinds: Iterable[type[Row]]) -> dict[str, Any]:
    return {kind.TABLE: table_sum(database, kind) for kind in kinds}
