"""What the overview shows: the figures of today, what needs somebody now, and what came last.

Everything is of one instant and cheap however many orders there are: sums are read from the rollups, and rows are
only counted where few can stand.
"""

import sqlite3
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain import opening
from app.domain.insight import rules
from app.domain.insight.model import Month, ShopCalendar, SoldQuarter, Week, quarter_at, start_of
from app.domain.orders.model import SHIPPABLE, DeliveryKind
from app.kernel import codec
from app.replica.queries.catalog import LOW_QTY
from app.replica.queries.pickup import at_point
from app.replica.queries.sync import known_settings, shop_settings

NEWEST = 6
EXPIRES_SOON = timedelta(days=1)
"""A parcel on the shelf is spoken of when its buyer has no more than this left."""
_SHIPPABLE = ", ".join(f"'{state}'" for state in SHIPPABLE)


class TaskKind(StrEnum):
    """What may need somebody, in the order in which tasks without a time limit stand."""

    ISSUES = "issues"
    DISPATCH = "dispatch"
    SHIP = "ship"
    PREPARE = "prepare"
    EXPIRING = "expiring"
    UNPAID = "unpaid"
    LOW_STOCK = "low_stock"


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of work that waits.

    due_at     when the first of it is too late; None where the shop has no time limit
    since_at   since when the oldest of it has been waiting
    closes_at  when the first of it ends by itself, whatever the shop does
    subject    what it is about, where one thing can be named, and ``qty`` how many pieces of it are left
    """

    kind: TaskKind
    count: int
    due_at: datetime | None = None
    since_at: datetime | None = None
    closes_at: datetime | None = None
    subject: str = ""
    qty: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """What came in today, and on the same weekday of last week until the same time on the clock.

    ``course_fen`` is what it had come to at the end of each hour; ``by_delivery`` adds up to ``order_count``.
    """

    on: date
    sold_fen: int
    order_count: int
    by_delivery: Mapping[str, int]
    course_fen: tuple[int, ...]
    before_fen: int

    @property
    def change_per_mille(self) -> int | None:
        return rules.change_per_mille(self.sold_fen, self.before_fen)


@dataclass(frozen=True, slots=True)
class NewOrder:
    """One of the orders that came last; the receiver is shown masked by whoever paints it."""

    order_id: str
    no: str
    state: str
    delivery_kind: str
    total_fen: int
    placed_at: datetime
    title: str
    line_count: int
    piece_count: int
    receiver: str
    sha256: str
    """The first article's picture as it was when it was sold; empty for none."""


@dataclass(frozen=True, slots=True)
class ShopOverview:
    """All that the overview shows, of one instant.

    ``is_here`` is false while this computer has never had the whole shop: then not even that there is nothing is known.
    ``to_ship`` and ``to_collect`` are counts by way of delivery and by state of the pickup; each adds up to its figure.
    """

    is_here: bool
    calendar: ShopCalendar
    today: Today
    month: Month
    week: Week
    to_ship: Mapping[str, int]
    to_collect: Mapping[str, int]
    tasks: tuple[Task, ...]
    newest: tuple[NewOrder, ...]
    on_sale_count: int


def shop_overview(connection: sqlite3.Connection, now: datetime, point_id: str = "") -> ShopOverview:
    """``point_id`` is where this counter hands goods over: what is to be collected elsewhere is not its work."""
    settings = known_settings(shop_settings(connection))
    calendar = ShopCalendar(zoneinfo.ZoneInfo(settings.time_zone))
    today = calendar.day_of(now)
    quarters = _quarters(connection, calendar.start_of(rules.first_day_needed(today)))
    first = connection.execute("SELECT min(quarter) FROM sales_quarters WHERE order_count > 0").fetchone()[0]
    first_on = None if first is None else calendar.local(first).date()
    sold = rules.hours(quarters, calendar)
    month = rules.month(sold, today, first_on)
    before = calendar.a_week_before(now)
    (state,) = connection.execute("SELECT bootstrap_state FROM replica_meta").fetchone()
    return ShopOverview(
        is_here=state != "empty",
        calendar=calendar,
        today=Today(
            on=today,
            sold_fen=month.days[-1].net_fen,
            order_count=month.days[-1].order_count,
            by_delivery=rules.by_delivery(sold, today),
            course_fen=rules.by_hour(sold, today, now.astimezone(calendar.zone).hour),
            before_fen=_sold(connection, quarters, calendar.start_of(calendar.day_of(before)), before),
        ),
        month=month,
        week=rules.week(sold, today),
        to_ship=_to_ship(connection),
        to_collect=_to_collect(connection, point_id),
        tasks=_tasks(connection, settings.time_zone, now, point_id),
        newest=_newest(connection),
        on_sale_count=connection.execute(
            "SELECT count(*) FROM products WHERE archived_at IS NULL AND state = 'on_sale'"
        ).fetchone()[0],
    )


# Sales


def _quarters(connection: sqlite3.Connection, since: datetime) -> list[SoldQuarter]:
    found = connection.execute(
        "SELECT quarter, delivery_kind, order_count, paid_fen, refunded_fen FROM sales_quarters WHERE quarter >= ?",
        (quarter_at(since),),
    )
    return [SoldQuarter(*record) for record in found]


def _sold(connection: sqlite3.Connection, quarters: list[SoldQuarter], since: datetime, until: datetime) -> int:
    """What came in between two moments, less what went back: whole quarters from the sums, the rest by row."""
    first, last = quarter_at(since), quarter_at(until)
    whole = sum(q.paid_fen - q.refunded_fen for q in quarters if first <= q.quarter < last)
    rest = (codec.time_text(start_of(last)), codec.time_text(until))
    (paid,) = connection.execute(
        "SELECT coalesce(sum(paid_fen), 0) FROM orders WHERE paid_at >= ? AND paid_at < ?", rest
    ).fetchone()
    (back,) = connection.execute(
        "SELECT coalesce(sum(fen), 0) FROM transfers"
        " WHERE debit = 'sales' AND credit <> 'sales' AND happened_at >= ? AND happened_at < ?",
        rest,
    ).fetchone()
    return int(whole + paid - back)


# What waits


def _to_ship(connection: sqlite3.Connection) -> dict[str, int]:
    found = connection.execute(
        f"SELECT delivery_kind, sum(order_count) AS held FROM order_counts WHERE state IN ({_SHIPPABLE})"
        " AND delivery_kind <> ? GROUP BY delivery_kind HAVING held",
        (DeliveryKind.PICKUP,),
    )
    return dict(found.fetchall())


def _to_collect(connection: sqlite3.Connection, point_id: str) -> dict[str, int]:
    where, params = at_point("p", point_id)
    sql = f"SELECT state, count(*) FROM pickups p WHERE state IN ('preparing', 'ready') AND {where} GROUP BY state"
    return dict(connection.execute(sql, params).fetchall())


def _tasks(connection: sqlite3.Connection, zone: str, now: datetime, point_id: str) -> tuple[Task, ...]:
    """By the time that is left; what has no limit comes last, in the order of the kinds."""
    found = (
        _issues(connection),
        _dispatch(connection, zone),
        _ship(connection),
        _prepare(connection, zone, point_id),
        _expiring(connection, now, point_id),
        _unpaid(connection, now),
        _low_stock(connection),
    )
    kinds = list(TaskKind)
    tasks = [task for task in found if task is not None and task.count]
    return tuple(sorted(tasks, key=lambda t: (t.due_at is None, t.due_at or now, kinds.index(t.kind))))


def _issues(connection: sqlite3.Connection) -> Task:
    (issues,) = connection.execute("SELECT count(*) FROM sync_issue WHERE resolved_at IS NULL").fetchone()
    (incidents,) = connection.execute("SELECT count(*) FROM incidents WHERE state = 'open'").fetchone()
    (kind,) = connection.execute("SELECT max(kind) FROM incidents WHERE state = 'open'").fetchone()
    return Task(TaskKind.ISSUES, issues + incidents, subject=kind or "")


def _ship(connection: sqlite3.Connection) -> Task:
    count, since = connection.execute(
        f"SELECT count(*), min(paid_at) FROM orders WHERE state IN ({_SHIPPABLE}) AND delivery_kind = ?",
        (DeliveryKind.EXPRESS,),
    ).fetchone()
    return Task(TaskKind.SHIP, count, since_at=_time(since))


def _dispatch(connection: sqlite3.Connection, zone: str) -> Task:
    count, slot, since = connection.execute(
        "SELECT count(*), min(nullif(d.slot, '')), min(o.paid_at) FROM local_deliveries d"
        " JOIN orders o ON o.id = d.order_id WHERE d.state IN ('preparing', 'back')"
    ).fetchone()
    return Task(TaskKind.DISPATCH, count, opening.end_of(slot or "", zone), _time(since))


def _prepare(connection: sqlite3.Connection, zone: str, point_id: str) -> Task:
    where, params = at_point("p", point_id)
    count, slot, since = connection.execute(
        "SELECT count(*), min(nullif(p.slot, '')), min(o.paid_at) FROM pickups p"
        f" JOIN orders o ON o.id = p.order_id WHERE p.state = 'preparing' AND {where}",
        params,
    ).fetchone()
    return Task(TaskKind.PREPARE, count, opening.start_of(slot or "", zone), _time(since))


def _expiring(connection: sqlite3.Connection, now: datetime, point_id: str) -> Task:
    where, params = at_point("p", point_id)
    count, due = connection.execute(
        f"SELECT count(*), min(expires_at) FROM pickups p WHERE state = 'ready' AND expires_at < ? AND {where}",
        [codec.time_text(now + EXPIRES_SOON), *params],
    ).fetchone()
    return Task(TaskKind.EXPIRING, count, _time(due))


def _unpaid(connection: sqlite3.Connection, now: datetime) -> Task:
    """All that are unpaid, as under their tab; those whose time is over are closed by the service any moment."""
    count, due = connection.execute(
        "SELECT count(*), min(CASE WHEN expires_at >= ? THEN expires_at END) FROM orders WHERE state = 'unpaid'",
        (codec.time_text(now),),
    ).fetchone()
    return Task(TaskKind.UNPAID, count, closes_at=_time(due))


def _low_stock(connection: sqlite3.Connection) -> Task:
    found = connection.execute(
        "SELECT p.title, coalesce(sum(l.on_hand_qty - l.reserved_qty), 0) AS free FROM products p"
        " JOIN skus k ON k.product_id = p.id AND k.archived_at IS NULL LEFT JOIN stock_levels l ON l.sku_id = k.id"
        " WHERE p.state = 'on_sale' AND p.archived_at IS NULL GROUP BY k.id HAVING free <= ? ORDER BY free, k.id",
        (LOW_QTY,),
    ).fetchall()
    title, free = found[0] if found else ("", 0)
    return Task(TaskKind.LOW_STOCK, len(found), subject=title, qty=free)


# What came last


def _newest(connection: sqlite3.Connection) -> tuple[NewOrder, ...]:
    records = connection.execute(
        "SELECT o.id, o.no, o.state, o.delivery_kind, o.total_fen, o.placed_at,"
        " coalesce((SELECT title FROM order_lines l WHERE l.order_id = o.id ORDER BY line_no LIMIT 1), ''),"
        " (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id),"
        " coalesce((SELECT sum(qty) FROM order_lines l WHERE l.order_id = o.id), 0), coalesce(c.name, ''),"
        " coalesce((SELECT sha256 FROM order_lines l WHERE l.order_id = o.id ORDER BY line_no LIMIT 1), '')"
        " FROM orders o LEFT JOIN order_contacts c ON c.order_id = o.id"
        " ORDER BY o.placed_at DESC, o.id DESC LIMIT ?",
        (NEWEST,),
    ).fetchall()
    return tuple(_new_order(record) for record in records)


def _new_order(record: Any) -> NewOrder:
    order_id, no, state, delivery_kind, total_fen, placed_at, *rest = record
    return NewOrder(order_id, no, state, delivery_kind, total_fen, codec.parse_time(placed_at), *rest)


def _time(text: str | None) -> datetime | None:
    return None if text is None else codec.parse_time(text)
