"""What the sync badge and the issue centre show."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.incidents.model import Incident
from app.domain.settings import ShopSettings, fits
from app.kernel import codec, typed
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of


@dataclass(frozen=True, slots=True)
class WaitingCommand:
    """A command that the service has not acknowledged yet."""

    command_id: str
    name: str
    args: Mapping[str, Any]
    actor: str
    issued_at: datetime
    state: str
    forecast: str
    forecast_code: str


@dataclass(frozen=True, slots=True)
class SyncIssue:
    """A command that was shown as done here and refused by the service."""

    id: str
    name: str
    args: Mapping[str, Any]
    actor: str
    issued_at: datetime
    code: str
    params: Mapping[str, Any]
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class SyncOverview:
    """Waiting commands newest first, open and lately resolved issues, and open incidents, with names to show."""

    waiting: tuple[WaitingCommand, ...]
    waiting_count: int
    issues: tuple[SyncIssue, ...]
    incidents: tuple[Incident, ...]
    staff_names: Mapping[str, str]
    order_nos: Mapping[str, str]
    product_titles: Mapping[str, str]


def overview(connection: sqlite3.Connection, limit: int = 50) -> SyncOverview:
    waiting = connection.execute(
        "SELECT command_id, name, args, actor, issued_at, state, forecast, forecast_code FROM outbox"
        " ORDER BY device_seq DESC LIMIT ?",
        (limit,),
    ).fetchall()
    (count,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
    issues = connection.execute(
        "SELECT id, name, args, actor, issued_at, code, params, created_at, resolved_at, coalesce(resolved_by, '')"
        " FROM sync_issue ORDER BY resolved_at IS NOT NULL, created_at DESC LIMIT 200"
    ).fetchall()
    incident_columns = statements_of(Incident, "?").columns
    incidents = connection.execute(
        f"SELECT {incident_columns} FROM incidents WHERE state = 'open' ORDER BY opened_at DESC LIMIT 200"
    ).fetchall()
    return SyncOverview(
        waiting=tuple(_waiting(record) for record in waiting),
        waiting_count=count,
        issues=tuple(_issue(record) for record in issues),
        incidents=tuple(mapper_of(Incident).row(record) for record in incidents),
        staff_names=dict(connection.execute("SELECT id, name FROM staff").fetchall()),
        order_nos=_named(connection, "orders", "no", waiting, issues),
        product_titles=_product_titles(connection, waiting, issues),
    )


def _waiting(record: Any) -> WaitingCommand:
    command_id, name, args, actor, issued_at, state, forecast, code = record
    return WaitingCommand(
        command_id, name, codec.parse(args), actor, codec.parse_time(issued_at), state, forecast, code
    )


def _issue(record: Any) -> SyncIssue:
    issue_id, name, args, actor, issued_at, code, params, created_at, resolved_at, resolved_by = record
    return SyncIssue(
        issue_id,
        name,
        codec.parse(args),
        actor,
        codec.parse_time(issued_at),
        code,
        codec.parse(params),
        codec.parse_time(created_at),
        None if resolved_at is None else codec.parse_time(resolved_at),
        resolved_by,
    )


def _named(connection: sqlite3.Connection, table: str, column: str, *lists: list[Any]) -> dict[str, str]:
    args = [codec.parse(record[2]) for records in lists for record in records]
    wanted = list({a["order_id"] for a in args if "order_id" in a})
    marks = ", ".join("?" * len(wanted))
    return dict(connection.execute(f"SELECT id, {column} FROM {table} WHERE id IN ({marks})", wanted).fetchall())


def _product_titles(connection: sqlite3.Connection, *lists: list[Any]) -> dict[str, str]:
    """Titles by product id and by article id, for what the commands are about."""
    args = [codec.parse(record[2]) for records in lists for record in records]
    skus = list({a["sku_id"] for a in args if isinstance(a.get("sku_id"), str)})
    products = list({a["product_id"] for a in args if "product_id" in a})
    found = dict(
        connection.execute(
            f"SELECT id, title FROM products WHERE id IN ({', '.join('?' * len(products))})", products
        ).fetchall()
    )
    found |= dict(
        connection.execute(
            "SELECT k.id, p.title || CASE WHEN k.spec_key = '' THEN '' ELSE ' · ' || k.spec_key END"
            f" FROM skus k JOIN products p ON p.id = k.product_id WHERE k.id IN ({', '.join('?' * len(skus))})",
            skus,
        ).fetchall()
    )
    return found


def on_duty(connection: sqlite3.Connection) -> tuple[tuple[str, str, str], ...]:
    """(id, name, role) of everybody on the staff."""
    records = connection.execute("SELECT id, name, role FROM staff WHERE archived_at IS NULL ORDER BY id").fetchall()
    return tuple(tuple(record) for record in records)


def shop_settings(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT key, value FROM settings").fetchall())


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """The shop's name, the name of its main place, its zone, and whether it is a demo; empty before it is known."""

    name: str
    place: str
    is_demo: bool
    time_zone: str = ""


def shop_facts(connection: sqlite3.Connection) -> ShopFacts:
    stored = shop_settings(connection)
    if not stored:
        return ShopFacts("", "", is_demo=False)
    settings = known_settings(stored)
    place = connection.execute("SELECT name FROM locations WHERE id = ?", (settings.default_location_id,)).fetchone()
    return ShopFacts(settings.shop_name, place[0] if place else "", settings.is_demo, settings.time_zone)


def known_settings(stored: Mapping[str, str]) -> ShopSettings:
    """The settings that this program knows; a value that no longer fits falls back to its default."""
    return typed.build(ShopSettings, {key: codec.parse(value) for key, value in stored.items() if fits(key, value)})
