"""What this computer remembers of orders that the service has lost, because it was put back to an older state."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.domain.adoption.commands import AdoptOrder
from app.domain.delivery.model import DeliveryArea, LocalDelivery, Parcel, ParcelLine
from app.domain.members.model import Buyer
from app.domain.orders.model import Order, OrderContact, OrderDiscount, OrderEvent, OrderLine, OrderPrice
from app.domain.payments.model import Payment, Refund, RefundLine
from app.domain.permission import Role
from app.domain.pickup.model import Pickup, PickupPoint, PickupRedemption
from app.domain.promotions.model import Coupon
from app.domain.row import Row, key_of, key_text
from app.domain.stock.model import Reservation
from app.kernel import codec
from app.kernel.derived import derived_id
from app.replica import meta
from app.replica.reader import Reading, open_reader
from app.tables.mapper import mapper_of
from app.tables.view import SqlView
from app.wire.messages import CommandMessage

R = TypeVar("R", bound=Row)
_SAME_SHOP = (
    "SELECT 1 FROM settings o JOIN fresh.settings f ON f.key = o.key AND f.value = o.value"
    " WHERE o.key = 'default_location_id'"
)


def lost_orders(old: Path, fresh: Path, at: datetime) -> tuple[CommandMessage, ...]:
    """The orders of which ``old`` knows more than ``fresh``, as commands that bring them back, oldest first.

    None when both are of one epoch, or of two shops. Their ids follow from what they say, so that computers that
    remember the same say it once. What waits in the outbox is left out: it is sent as itself.
    """
    with closing(open_reader(old)) as connection:
        connection.execute("ATTACH DATABASE ? AS fresh", (str(fresh),))
        connection.execute("BEGIN")
        (epoch_before,) = connection.execute("SELECT feed_epoch FROM replica_meta").fetchone()
        (epoch_now,) = connection.execute("SELECT feed_epoch FROM fresh.replica_meta").fetchone()
        is_same_shop = connection.execute(_SAME_SHOP).fetchone() is not None
        if epoch_before in ("", epoch_now) or not is_same_shop:
            return ()
        owner = connection.execute(
            "SELECT min(id) FROM fresh.staff WHERE role = ? AND archived_at IS NULL", (Role.OWNER,)
        ).fetchone()[0]
        base = _Base(connection)
        found = [base.told(order_id, epoch_before) for order_id in base.lost()]
    found.sort(key=lambda each: (each.order.placed_at, each.order.id))
    return tuple(_message(each, owner, at) for each in found)


class _Base:
    """The base of a replica that goes on being used: shown rows, but for those that waiting commands have touched."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        database = Reading(connection)
        self._view = SqlView(database, meta.read(database).audiences)
        records = connection.execute("SELECT table_name, pk, base_row FROM shadow").fetchall()
        self._images = {(table, pk): base for table, pk, base in records}

    def lost(self) -> set[str]:
        """The orders of which something has happened here that is not in the fresh replica."""
        rows: list[OrderEvent | PickupRedemption | None] = []
        rows += [self.get(OrderEvent, key) for key in _only_here(self._connection, OrderEvent.TABLE)]
        rows += [self.get(PickupRedemption, key) for key in _only_here(self._connection, PickupRedemption.TABLE)]
        return {row.order_id for row in rows if row is not None and row.order_id}

    def get(self, kind: type[R], *key: str) -> R | None:
        if (kind.TABLE, key_text(key)) in self._images:
            base = self._images[kind.TABLE, key_text(key)]
            return None if base is None else mapper_of(kind).row(codec.parse(base))
        return self._view.get(kind, *key)

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        rows = (self.get(kind, *key_of(row)) for row in self._view.children(kind, **by))
        return tuple(row for row in rows if row is not None)

    def told(self, order_id: str, epoch: str) -> AdoptOrder:
        order = self.get(Order, order_id)
        if order is None:
            raise LookupError(f"order {order_id} has events but no head")
        lines = self.children(OrderLine, order_id=order_id)
        held = [self.get(Reservation, line.id) for line in lines]
        refunds = self.children(Refund, order_id=order_id)
        parcels = self.children(Parcel, order_id=order_id)
        price = self.get(OrderPrice, order_id)
        pickup, delivery = self.get(Pickup, order_id), self.get(LocalDelivery, order_id)
        return AdoptOrder(
            epoch=epoch,
            order=order,
            lines=lines,
            reservations=tuple(each for each in held if each is not None),
            events=self.children(OrderEvent, order_id=order_id),
            contact=self.get(OrderContact, order_id),
            price=price,
            discounts=self.children(OrderDiscount, order_id=order_id),
            coupon=self.get(Coupon, price.coupon_id) if price is not None and price.coupon_id else None,
            payments=self.children(Payment, order_id=order_id),
            refunds=refunds,
            refund_lines=tuple(p for r in refunds for p in self.children(RefundLine, refund_id=r.id)),
            parcels=parcels,
            parcel_lines=tuple(p for each in parcels for p in self.children(ParcelLine, parcel_id=each.id)),
            pickup=pickup,
            redemptions=self.children(PickupRedemption, order_id=order_id),
            delivery=delivery,
            buyer=self.get(Buyer, order.buyer_id),
            point=None if pickup is None else self.get(PickupPoint, pickup.point_id),
            area=None if delivery is None else self.get(DeliveryArea, delivery.area_id),
        )


def _only_here(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    """The ids that the fresh replica lacks: both walk along their index, which a million orders need."""
    theirs = connection.execute(f"SELECT id FROM fresh.{table} ORDER BY id")
    other = next(theirs, None)
    for (here,) in connection.execute(f"SELECT id FROM main.{table} ORDER BY id"):
        while other is not None and other[0] < here:
            other = next(theirs, None)
        if other is None or other[0] != here:
            yield here


def _message(told: AdoptOrder, owner_id: str, at: datetime) -> CommandMessage:
    args = codec.plain(told)
    command_id = derived_id(AdoptOrder.NAME, codec.canonical(args))
    return CommandMessage(0, command_id, told.NAME, told.VERSION, told.KIND.value, owner_id, at, args)


def in_order(lost: tuple[CommandMessage, ...], again: list[CommandMessage]) -> list[CommandMessage]:
    """Each order behind this computer's commands of before it was placed, and ahead of those that need it."""
    found = list(again)
    for message in reversed(lost):
        found.insert(_place_of(message, found), message)
    return found


def _place_of(lost: CommandMessage, among: list[CommandMessage]) -> int:
    args = lost.args
    names = {str(args["order"]["id"]), *(str(line["id"]) for line in args["lines"])}
    names |= set() if args["pickup"] is None else {str(args["pickup"]["ref"])}
    placed_at = codec.parse_time(args["order"]["placed_at"])
    for index, message in enumerate(among):
        if message.name == AdoptOrder.NAME or message.issued_at >= placed_at:
            return index
        text = codec.canonical(message.args)
        if any(name in text for name in names):
            return index
    return len(among)
