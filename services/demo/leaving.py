"""How the goods of a demo shop's orders leave it: with a carrier, over the counter, or with the shop's own courier."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.domain import opening
from app.domain.aftersales.commands import ConfirmReceipt
from app.domain.command import Actor
from app.domain.delivery.commands import AssignCourier, DispatchDelivery, RecordDelivered
from app.domain.delivery.model import DeliveryArea
from app.domain.orders.commands import Contact, PickupWish, ShipOrder, ShippedLine
from app.domain.orders.model import DeliveryKind, Order, OrderLine
from app.domain.orders.quote import Destination
from app.domain.pickup.commands import MarkReady, RedeemPickup
from app.domain.pickup.model import Pickup, PickupPoint
from app.kernel.derived import derived_id
from services.demo import people, season, waybills
from services.demo.making import Making
from services.demo.people import Person

SHELVES = 24


@dataclass(frozen=True, slots=True)
class Way:
    """How one order is to leave: what the buyer chose."""

    kind: DeliveryKind
    destination: Destination
    contact: Contact
    pickup: PickupWish | None = None
    slot: str = ""


class Leaving:
    """Chooses the way of each order and carries it out, as far as ``until`` allows."""

    def __init__(self, making: Making, staff: tuple[list[Actor], Actor], until: datetime, name: str) -> None:
        self._making = making
        self._clerks, self._courier = staff
        self._until = until
        self._random = Random(f"leaving {name}")
        self._name = name
        self._count = 0
        view = making.view
        self._points = view.children(PickupPoint)
        self._areas = view.children(DeliveryArea)

    def way(self, person: Person, at: datetime) -> Way:
        """Who lives near comes by, or has it brought; everybody else waits for a parcel."""
        self._count += 1
        contact = person.contact
        chance = self._random.random()
        if contact.region_code in people.NEAR and chance < 0.6:
            found = self._collected(contact, at) if chance < 0.36 else self._brought(contact, at)
            if found is not None:
                return found
        return Way(DeliveryKind.EXPRESS, Destination(DeliveryKind.EXPRESS, contact.region_code), contact)

    def leave(self, order: Order, way: Way, buyer: Actor, paid_at: datetime) -> datetime | None:
        """When the buyer had everything; None while that is still to come."""
        match way.kind:
            case DeliveryKind.PICKUP:
                return self._is_collected(order, way, paid_at)
            case DeliveryKind.LOCAL:
                return self._is_brought(order, way, paid_at)
            case _:
                return self._arrives(order, way, buyer, paid_at)

    def clerk(self) -> Actor:
        return self._random.choice(self._clerks)

    # What is chosen

    def _collected(self, contact: Contact, at: datetime) -> Way | None:
        point = self._random.choice(self._points)
        slot = self._slot(point.opening, at)
        if slot is None:
            return None
        human = f"{(self._count * 7_654_321 + 10_203_040) % 100_000_000:08d}"
        wish = PickupWish(point.id, derived_id(self._name, "ref", str(self._count)).replace("-", "")[:16], (human,))
        destination = Destination(DeliveryKind.PICKUP, point_id=point.id)
        return Way(DeliveryKind.PICKUP, destination, Contact(contact.name, contact.phone, "", ""), wish, slot.text)

    def _brought(self, contact: Contact, at: datetime) -> Way | None:
        area = next((a for a in self._areas if contact.region_code.startswith(a.regions)), None)
        slot = self._slot(area.opening, at) if area is not None else None
        if slot is None:
            return None
        destination = Destination(DeliveryKind.LOCAL, contact.region_code)
        return Way(DeliveryKind.LOCAL, destination, contact, slot=slot.text)

    def _slot(self, offered: opening.Opening, at: datetime) -> opening.Slot | None:
        """Most come at the first time that suits them; on the shop's days of rest nobody does."""
        found = opening.slots(offered, at, self._making.settings.time_zone)
        found = tuple(slot for slot in found if not season.is_rest(slot.from_at.astimezone(season.CHINA).date()))
        found = tuple(slot for slot in found if slot.until_at > self._until) or found
        return found[min(self._random.choice((0, 0, 1, 1, 2, 3, 5)), len(found) - 1)] if found else None

    # How it goes

    def _is_collected(self, order: Order, way: Way, paid_at: datetime) -> datetime | None:
        zone = self._making.settings.time_zone
        begins, ends = opening.start_of(way.slot, zone), opening.end_of(way.slot, zone)
        pickup = self._making.view.get(Pickup, order.id)
        if pickup is None or begins is None or ends is None:
            return None
        packed_at = season.shop_hour(paid_at + timedelta(minutes=self._random.randint(4, 60)), self._random)
        ready_at = max(paid_at + timedelta(minutes=4), min(packed_at, begins))
        if ready_at >= self._until:
            return None
        shelf = f"{self._random.choice('ABC')}-{self._random.randint(1, SHELVES):02d}"
        self._making.do(MarkReady(order.id, shelf), self.clerk(), ready_at)
        comes_at = max(ready_at, begins) + timedelta(minutes=self._random.randint(1, 50))
        if self._random.random() < 0.12:
            comes_at += timedelta(days=self._random.randint(1, 4))
        if comes_at >= self._until:
            return None
        scan = derived_id(self._name, "scan", order.id)
        redeemed = RedeemPickup(scan, pickup.ref, pickup.point_id, "", was_typed=self._random.random() < 0.1)
        self._making.do(redeemed, self.clerk(), comes_at)
        return comes_at

    def _is_brought(self, order: Order, way: Way, paid_at: datetime) -> datetime | None:
        begins = opening.start_of(way.slot, self._making.settings.time_zone)
        if begins is None:
            return None
        given_at = paid_at + timedelta(minutes=self._random.randint(3, 20))
        if given_at < self._until:
            self._making.do(AssignCourier(order.id, self._courier.id), self.clerk(), given_at)
        leaves_at = max(given_at, begins) + timedelta(minutes=self._random.randint(2, 40))
        arrives_at = leaves_at + timedelta(minutes=self._random.randint(12, 45))
        if leaves_at < self._until:
            self._making.do(DispatchDelivery(order.id, self._courier.id), self._courier, leaves_at)
        if arrives_at >= self._until:
            return None
        self._making.do(RecordDelivered(order.id), self._courier, arrives_at)
        return arrives_at

    def _arrives(self, order: Order, way: Way, buyer: Actor, paid_at: datetime) -> datetime | None:
        gone_at = self._ships(order, paid_at)
        if gone_at is None:
            return None
        hours = self._random.randint(40, 110) + 48 * people.is_far(way.contact.region_code)
        received_at = gone_at + timedelta(hours=hours, minutes=self._random.randint(0, 59))
        if received_at >= self._until:
            return None
        self._making.do(ConfirmReceipt(order.id), buyer, received_at)
        return received_at

    def _ships(self, order: Order, paid_at: datetime) -> datetime | None:
        """When the last piece left; None while something is still here."""
        packed_at = season.shop_hour(paid_at + timedelta(hours=self._random.choice((1, 2, 3, 5, 8))), self._random)
        lines = self._making.view.children(OrderLine, order_id=order.id)
        parts = [lines]
        if len(lines) > 1 and self._random.random() < 0.04:
            parts = [lines[:1], lines[1:]]
        gone_at = None
        for number, part in enumerate(parts):
            if packed_at >= self._until:
                return None
            carrier, waybill_no = waybills.next_number(2 * self._count + number, self._random)
            shipped = tuple(ShippedLine(line.id, line.qty) for line in part)
            parcel_id = derived_id(self._name, "parcel", order.id, str(number))
            self._making.do(ShipOrder(order.id, parcel_id, shipped, carrier, waybill_no), self.clerk(), packed_at)
            gone_at = packed_at
            packed_at = season.shop_hour(packed_at + timedelta(hours=25), self._random)
        return gone_at
