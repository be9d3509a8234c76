"""What the print centre shows and the print queue asks: this computer's jobs, and what the shop asks of stations."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.orders.model import OrderDiscount
from app.domain.paper.model import PaperState, PrintRequest, PrintStation
from app.domain.pickup.model import Pickup, PickupPoint
from app.domain.staff.model import Device
from app.kernel import codec
from app.replica.paper import OPEN, JobState
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

MOST_JOBS = 500
_OPEN = "({})".format(", ".join(f"'{state}'" for state in OPEN))
_JOB = (
    "id, key, copy_no, kind, title, file_name, form, order_ids, parcel_id, printer_id, reason, actor, is_confirmed,"
    " by_itself, state, told, attempts, queued_at, started_at, ended_at, batch, page_dots, first_sheet"
)


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One job as it stands; ``told`` is what the printer said last.

    Its sheets from ``first_sheet`` on (the first is 0) are still to come out, or did at last.
    """

    id: str
    key: str
    copy_no: int
    kind: str
    title: str
    file_name: str
    form: str
    order_ids: tuple[str, ...]
    parcel_id: str
    printer_id: str
    reason: str
    actor: str
    is_confirmed: bool
    by_itself: bool
    state: JobState
    told: str
    attempts: int
    queued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    batch: str
    sheets: int
    first_sheet: int


@dataclass(frozen=True, slots=True)
class JobPaper:
    """What a job prints; ``document`` is the layout of a paper that printers can set themselves, else ""."""

    data: bytes
    page_dots: tuple[tuple[int, int], ...]
    dpi10: int
    document: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Papers that were asked for together: how many have come out, of how many that are to."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """A paper that the shop asks for and nobody has printed: with the order's number, and whose station it is for."""

    request: PrintRequest
    order_no: str
    waybill_no: str
    device_name: str


@dataclass(frozen=True, slots=True)
class PaperBoard:
    """All that the print centre shows; ``batches`` are those of which something is still to come out."""

    jobs: tuple[PrintJob, ...]
    asked: tuple[AskedPaper, ...]
    stations: tuple[PrintStation, ...]
    devices: tuple[Device, ...]
    device_id: str
    printed_today: int
    staff_names: Mapping[str, str]
    batches: Mapping[str, Batch]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What of one paper has come out: how many copies, when the last, and the job that has not ended yet."""

    copies: int = 0
    last_at: datetime | None = None
    open_job: str = ""


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """What took off how much of an order, and what the rules are called."""

    discounts: tuple[OrderDiscount, ...]
    names: Mapping[str, str]
    pickup: Pickup | None
    place: str
    place_phone: str


def board(connection: sqlite3.Connection, since: datetime) -> PaperBoard:
    device_id = here(connection)
    stations = tuple(_all(connection, PrintStation))
    mine = {station.document_kind for station in stations if device_id in (station.device_id, station.fallback_id)}
    records = connection.execute(
        f"SELECT {_JOB} FROM print_job ORDER BY (state IN ('done', 'cancelled')), queued_at DESC, id LIMIT ?",
        (MOST_JOBS,),
    ).fetchall()
    today = connection.execute(
        "SELECT count(*) FROM print_job WHERE state = 'done' AND ended_at >= ?", (codec.time_text(since),)
    ).fetchone()[0]
    return PaperBoard(
        tuple(_job(record) for record in records),
        tuple(one for one in _asked(connection) if one.request.device_id == device_id or one.request.kind in mine),
        stations,
        tuple(sorted(_all(connection, Device), key=lambda device: device.no)),
        device_id,
        int(today),
        dict(connection.execute("SELECT id, name FROM staff").fetchall()),
        _batches(connection),
    )


def _batches(connection: sqlite3.Connection) -> dict[str, Batch]:
    records = connection.execute(
        "SELECT batch, sum(state = 'done'), sum(state <> 'cancelled') FROM print_job WHERE batch IN"
        f" (SELECT batch FROM print_job WHERE batch <> '' AND state IN {_OPEN}) GROUP BY batch"
    ).fetchall()
    return {str(batch): Batch(int(done), int(total)) for batch, done, total in records}


def needs_a_person(connection: sqlite3.Connection) -> int:
    """Jobs and requests that go on only when somebody does something."""
    device_id = here(connection)
    jobs = connection.execute(
        "SELECT count(*) FROM print_job WHERE state IN ('doubtful', 'waiting', 'failed')"
    ).fetchone()[0]
    asked = connection.execute(
        "SELECT count(*) FROM print_requests r WHERE state = 'asked' AND (device_id = ? OR EXISTS (SELECT 1 FROM"
        " print_stations s WHERE s.document_kind = r.kind AND ? IN (s.device_id, s.fallback_id)))"
        " AND NOT EXISTS (SELECT 1 FROM print_job j WHERE j.key = r.key AND j.state <> 'cancelled')",
        (device_id, device_id),
    ).fetchone()[0]
    return int(jobs) + int(asked)


def here(connection: sqlite3.Connection) -> str:
    """This computer's id in the shop."""
    return str(connection.execute("SELECT device_id FROM replica_meta").fetchone()[0])


def queued(connection: sqlite3.Connection) -> tuple[PrintJob, ...]:
    """What waits to be printed, the oldest first, with what waits for its printer."""
    sql = f"SELECT {_JOB} FROM print_job WHERE state IN ('queued', 'waiting') ORDER BY queued_at, rowid"
    return tuple(_job(record) for record in connection.execute(sql).fetchall())


def unmarked(connection: sqlite3.Connection) -> tuple[PrintJob, ...]:
    """What came out and the shop does not know of."""
    sql = f"SELECT {_JOB} FROM print_job INDEXED BY ix_print_job_unmarked"
    sql += " WHERE state = 'done' AND is_marked = 0 ORDER BY ended_at"
    return tuple(_job(record) for record in connection.execute(sql).fetchall())


def job(connection: sqlite3.Connection, job_id: str) -> PrintJob | None:
    record = connection.execute(f"SELECT {_JOB} FROM print_job WHERE id = ?", (job_id,)).fetchone()
    return None if record is None else _job(record)


def job_paper(connection: sqlite3.Connection, job_id: str) -> JobPaper | None:
    record = connection.execute(
        "SELECT pdf, page_dots, dpi10, document FROM print_job WHERE id = ?", (job_id,)
    ).fetchone()
    if record is None:
        return None
    dots = tuple((int(width), int(height)) for width, height in codec.parse(record[1]))
    return JobPaper(bytes(record[0]), dots, int(record[2]), str(record[3]))


def earlier(connection: sqlite3.Connection, key: str) -> Earlier:
    """At any counter of the shop, as far as it is known here."""
    jobs = connection.execute(
        "SELECT copy_no, state, ended_at, id FROM print_job WHERE key = ? AND state <> 'cancelled'", (key,)
    ).fetchall()
    papers = connection.execute("SELECT copy_no, happened_at FROM printed_papers WHERE key = ?", (key,)).fetchall()
    is_open = next((row[3] for row in jobs if row[1] != JobState.DONE), "")
    done = [(row[0], row[2]) for row in jobs if row[1] == JobState.DONE] + [(row[0], row[1]) for row in papers]
    last = max((at for _, at in done if at), default=None)
    return Earlier(max((no for no, _ in done), default=0), codec.parse_time(last) if last else None, is_open)


def requests(
    connection: sqlite3.Connection, keys: Collection[str]
) -> tuple[tuple[PrintRequest, PrintStation | None], ...]:
    """Requests with the station that their kind has now, in the order in which they were asked for."""
    stations = {station.document_kind: station for station in _all(connection, PrintStation)}
    found = [connection.execute(statements_of(PrintRequest, "?").select, (key,)).fetchone() for key in sorted(keys)]
    rows = [mapper_of(PrintRequest).row(record) for record in found if record is not None]
    rows.sort(key=lambda row: row.requested_at)
    return tuple((row, stations.get(row.kind)) for row in rows)


def parcels_of(connection: sqlite3.Connection, rowids: Sequence[int]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Orders by their place in lists, each with its parcels."""
    found = []
    for rowid in rowids:
        order = connection.execute("SELECT id FROM orders WHERE rid = ?", (rowid,)).fetchone()
        if order is not None:
            parcels = connection.execute(
                "SELECT id FROM parcels WHERE order_id = ? ORDER BY shipped_at, id", (order[0],)
            ).fetchall()
            found.append((str(order[0]), tuple(str(row[0]) for row in parcels)))
    return tuple(found)


def price_facts(connection: sqlite3.Connection, order_id: str) -> PriceFacts:
    discounts = connection.execute(statements_of(OrderDiscount, "?").children(("order_id",)), (order_id,)).fetchall()
    rows = tuple(mapper_of(OrderDiscount).row(record) for record in discounts)
    record = connection.execute(statements_of(Pickup, "?").select, (order_id,)).fetchone()
    pickup = mapper_of(Pickup).row(record) if record is not None else None
    point = None
    if pickup is not None:
        found = connection.execute(statements_of(PickupPoint, "?").select, (pickup.point_id,)).fetchone()
        point = mapper_of(PickupPoint).row(found) if found is not None else None
    names = dict(connection.execute("SELECT id, name FROM promotions").fetchall())
    return PriceFacts(rows, names, pickup, point.name if point else "", point.phone if point else "")


def _asked(connection: sqlite3.Connection) -> list[AskedPaper]:
    sql = statements_of(PrintRequest, "?").children(("state",))
    rows = [mapper_of(PrintRequest).row(r) for r in connection.execute(sql, (str(PaperState.ASKED),)).fetchall()]
    names = dict(connection.execute("SELECT id, name FROM devices").fetchall())
    busy = {row[0] for row in connection.execute("SELECT key FROM print_job WHERE state <> 'cancelled'").fetchall()}
    return [
        AskedPaper(
            row,
            _text(connection, "SELECT no FROM orders WHERE id = ?", row.order_id),
            _text(connection, "SELECT waybill_no FROM parcels WHERE id = ?", row.parcel_id),
            names.get(row.device_id, ""),
        )
        for row in sorted(rows, key=lambda row: row.requested_at)
        if row.key not in busy
    ]


def _text(connection: sqlite3.Connection, sql: str, key: str) -> str:
    found = connection.execute(sql, (key,)).fetchone()
    return "" if found is None else str(found[0])


def _job(record: tuple[Any, ...]) -> PrintJob:
    (job_id, key, copy_no, kind, title, file_name, form, orders, *rest) = record
    (parcel, printer, reason, actor, confirmed, itself, state, told, attempts, queued_at, *more) = rest
    (started, ended, batch, page_dots, first_sheet) = more
    return PrintJob(
        *(job_id, key, copy_no, kind, title, file_name, form, tuple(codec.parse(orders)), parcel, printer, reason),
        *(actor, bool(confirmed), bool(itself), JobState(state), told, attempts, codec.parse_time(queued_at)),
        *(codec.parse_time(started) if started else None, codec.parse_time(ended) if ended else None),
        str(batch),
        sheets=len(codec.parse(page_dots)),
        first_sheet=int(first_sheet),
    )


def _all(connection: sqlite3.Connection, kind: Any) -> list[Any]:
    return [mapper_of(kind).row(record) for record in connection.execute(statements_of(kind, "?").select_all)]
