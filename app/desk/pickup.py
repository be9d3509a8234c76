"""The counter's question: may these goods be handed over? Asked with a code or for an order, answered by the domain.

Nothing is written here: the answer names the command that does it, if anything may be done.
"""

import re
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from app.desk.threads import Query
from app.domain.command import Actor, Command, Context
from app.domain.handover.collecting import may_honour_unknown
from app.domain.handover.refusal import EXPIRED
from app.domain.outcome import Accepted, Deferred, Rejected
from app.domain.permission import Role
from app.domain.pickup import code
from app.domain.pickup.code import PickupKeys
from app.domain.pickup.commands import (
    HandedPieces,
    HandOverPickup,
    RecordRedeemed,
    RecordUnknownRedeemed,
    RedeemPickup,
    UndoRedemption,
)
from app.domain.registry import shop_registry
from app.domain.row import Audience
from app.domain.settings import ShopSettings, read_settings
from app.replica import local
from app.replica.queries import pickup
from app.replica.queries.pickup import Collected, Expected, PickupBoard, PickupFile
from app.replica.reader import Reading
from app.tables.view import SqlView

__all__ = [
    "Collected",
    "Expected",
    "PickupBoard",
    "PickupFile",
]

_CODES = re.compile(r"P[1-9][A-Z2-7]{36}")


class Problem(StrEnum):
    """Why a text leads to no order.

    UNREADABLE: no code at all, or half of one. NO_KEY: this computer cannot tell ours from others. FOREIGN: it looks
    like one of ours and is none. NOT_HERE: it is one of ours, and this computer does not hold the order.
    """

    UNREADABLE = "unreadable"
    NO_KEY = "no_key"
    FOREIGN = "foreign"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """From where it is asked: by whom, at which point, when, with which ids, and whether the line stands."""

    point_id: str
    staff_id: str
    at: datetime
    redemption_id: str
    is_online: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer.

    problem        no order was found, and why
    file           the order that it is about
    command        does it; None when it may not be done
    refusal        why the domain says no
    needs_network  only the service can tell, or the shop wants it asked
    is_offline     ``command`` records what nobody else can be asked about
    override       hands over all the same, if a manager says so
    """

    problem: Problem | None = None
    file: PickupFile | None = None
    command: Command | None = None
    refusal: Rejected | None = None
    needs_network: bool = False
    is_offline: bool = False
    override: HandOverPickup | RecordUnknownRedeemed | None = None
    device_id: str = ""


@dataclass(frozen=True, slots=True)
class AtCounter:
    """What stands beside a verdict.

    lists         who is to come to this point, and who has been today
    undo_s        seconds in which a redemption can be taken back
    may_offline   whether the shop redeems without the network
    today         the shop's own day
    """

    lists: PickupBoard
    undo_s: int
    may_offline: bool
    today: date


def codes_in(text: str) -> tuple[str, ...]:
    """The codes within what a scanner typed, whatever it puts around them or leaves out between two of them."""
    return tuple(_CODES.findall(code.normal(text)))


def looks_like_code(text: str) -> bool:
    return bool(codes_in(text))


def human_code(text: str) -> str:
    """The eight digits of a code that is read out, or "" when it is none."""
    return code.human_code(text)


def judge_code(text: str, keys: PickupKeys | None, here: Standpoint) -> Query[Judged]:
    """What to do for a scanned code."""
    return partial(_judge_code, text=text, keys=keys, here=here)


def judge_digits(digits: str, here: Standpoint) -> Query[Judged]:
    """What could be done for the digits that a buyer read out."""
    return partial(_judge_digits, digits=digits, here=here)


def judge_order(order_id: str, here: Standpoint, pieces: tuple[HandedPieces, ...] = ()) -> Query[Judged]:
    """What could be done for an order that was looked up, for all that is left of it or for some pieces."""
    return partial(_judge_order, order_id=order_id, here=here, pieces=pieces)


def at_counter(point_id: str, now: datetime) -> Query[AtCounter]:
    """Both lists of a point, and what the shop has settled for it."""
    return partial(_at_counter, point_id=point_id, now=now)


def aftermath(order_id: str, point_id: str, now: datetime) -> Query[tuple[PickupFile | None, AtCounter]]:
    """An order and both lists of one instant, after something was done about it."""

    def ask(connection: sqlite3.Connection) -> tuple[PickupFile | None, AtCounter]:
        return pickup.by_order(connection, order_id), _at_counter(connection, point_id, now)

    return ask


def search(words: str, point_id: str) -> Query[tuple[Expected, ...]]:
    return partial(pickup.search, words=words, point_id=point_id)


def ready_count(point_id: str) -> Query[int]:
    return partial(pickup.ready_count, point_id=point_id)


def undoing(undone_id: str, here: Standpoint, device_id: str) -> UndoRedemption:
    """The command that takes a redemption back."""
    return UndoRedemption(here.redemption_id, undone_id, here.point_id, device_id)


def _judge_code(connection: sqlite3.Connection, text: str, keys: PickupKeys | None, here: Standpoint) -> Judged:
    if not code.looks_like_code(text):
        return Judged(Problem.UNREADABLE)
    if keys is None:
        return Judged(Problem.NO_KEY)
    said = code.read(keys, text)
    if said is None:
        return Judged(Problem.FOREIGN)
    file = pickup.by_ref(connection, said.ref)
    if file is None:
        return Judged(Problem.NOT_HERE, override=_honouring(connection, said.ref, here))
    return _judge(connection, file, here)


def _judge_digits(connection: sqlite3.Connection, digits: str, here: Standpoint) -> Judged:
    file = pickup.by_human_code(connection, digits)
    return Judged(Problem.NOT_HERE) if file is None else _judge(connection, file, here, was_typed=True)


def _judge_order(
    connection: sqlite3.Connection, order_id: str, here: Standpoint, pieces: tuple[HandedPieces, ...]
) -> Judged:
    file = pickup.by_order(connection, order_id)
    return Judged(Problem.NOT_HERE) if file is None else _judge(connection, file, here, pieces, was_typed=True)


def _judge(
    connection: sqlite3.Connection,
    file: PickupFile,
    here: Standpoint,
    pieces: tuple[HandedPieces, ...] = (),
    *,
    was_typed: bool = False,
) -> Judged:
    device_id = pickup.device_id(connection)
    ref = file.pickup.ref
    request = RedeemPickup(here.redemption_id, ref, here.point_id, device_id, pieces, was_typed)
    issue = local.Issue(here.redemption_id, here.staff_id, here.at)
    decision = local.forecast(connection, shop_registry(), request, issue)
    if isinstance(decision, Rejected):
        override = None
        if decision.reason == EXPIRED:
            override = HandOverPickup(here.redemption_id, file.order.id, here.point_id, device_id, "")
        return Judged(file=file, refusal=decision, override=override, device_id=device_id)
    if here.is_online:
        return Judged(file=file, command=request, device_id=device_id)
    may_offline = isinstance(decision, Accepted) and _settings(connection).pickup_offline_allowed
    if not may_offline or isinstance(decision, Deferred):
        return Judged(file=file, needs_network=True, device_id=device_id)
    fact = RecordRedeemed(here.redemption_id, ref, here.point_id, device_id, pieces)
    return Judged(file=file, command=fact, is_offline=True, device_id=device_id)


def _honouring(connection: sqlite3.Connection, ref: str, here: Standpoint) -> RecordUnknownRedeemed | None:
    """For a code of ours whose order is not here: only unplugged, and only as often as the shop allows."""
    if here.is_online:
        return None
    actor = Actor(here.staff_id, Role.MANAGER)
    context = Context(here.redemption_id, here.at, here.at, actor, _settings(connection))
    if not may_honour_unknown(_view(connection), context):
        return None
    return RecordUnknownRedeemed(here.redemption_id, ref, here.point_id, pickup.device_id(connection))


def _at_counter(connection: sqlite3.Connection, point_id: str, now: datetime) -> AtCounter:
    settings = _settings(connection)
    today = settings.business_day(now)
    lists = pickup.board(connection, point_id, today)
    return AtCounter(lists, settings.pickup_undo_seconds, settings.pickup_offline_allowed, today)


def _settings(connection: sqlite3.Connection) -> ShopSettings:
    return read_settings(_view(connection))


def _view(connection: sqlite3.Connection) -> SqlView:
    return SqlView(Reading(connection), (Audience.ALL,))
