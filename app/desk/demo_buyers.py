"""The demo shop's buyers: they come by themselves through the same door as everybody, and one at the press of a button.

They know the service's address and the pretended WeChat's door, and nothing else of the shop.
"""

import itertools
import json
import logging
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.buyer.answers import Contact, Day, Order, Product, Quote
from app.buyer.client import BY_CARRIER, ShopClient, Way
from app.buyer.phone import Phone
from app.buyer.refusals import NoAnswer, NotLoggedIn, PriceChanged, Refusal
from app.kernel import resources
from app.kernel.clock import Clock
from app.kernel.ids import uuid7

PACE = timedelta(seconds=30)
LOOK_S = 0.5
DOOR = "pretended-wechat-door.json"
PATIENCE = timedelta(minutes=10)
"""So long after it left a parcel is in the buyer's hands: in a demo nobody waits for days."""
REASONS = ("拍错了，想换个规格", "买重复了", "不想要了", "地址填错了")
COLLECTED = 25
BROUGHT = 40
"""In percent: of all buyers, and of those who live where the shop's couriers go."""
LOOKS = 20
Rest = Callable[[float], bool]
"""Waits so many seconds; True when it is time to go."""
log = logging.getLogger("desk")


@dataclass(frozen=True, slots=True)
class Habits:
    """``leaves`` and ``gives_up`` say how often, in percent, a buyer does not pay, or pays and then cancels.

    ``people`` is how many buyers there are: the same ones come again and again.
    """

    pace: timedelta = PACE
    people: int = 60
    leaves: int = 6
    gives_up: int = 5
    seed: str | None = None


USUAL = Habits()
RESOLVED = Habits(leaves=0, gives_up=0)
"""Whoever was called by the button pays, or there would be nothing to see."""


class WentAway(Exception):
    """There was nothing to buy."""


class DemoBuyers:
    """Owns one thread, one phone at a time. What the shop refuses stands in the log; only who pressed is told."""

    def __init__(self, url: Callable[[], str], door: Path, clock: Clock, habits: Habits = USUAL) -> None:
        self._url = url
        self._door = door
        self._clock = clock
        self._habits = habits
        self._random = random.Random(habits.seed)
        self._due = clock.now()
        self._tokens: dict[str, str] = {}
        self._wanted = threading.Event()
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo-buyers", daemon=True)
        self.on_ordered: Callable[[], None] = lambda: None
        self.on_failed: Callable[[str], None] = lambda _: None

    @property
    def is_here(self) -> bool:
        """Whether this is the computer on which the demo's service runs, and it does."""
        return bool(self._url()) and self._door.exists()

    @property
    def due_at(self) -> datetime:
        """When the next one comes by themselves."""
        return self._due

    def start(self) -> None:
        self._due = self._clock.now() + self._habits.pace / 3
        self._thread.start()

    def order_now(self) -> None:
        """Somebody wants to see an order come: at once, and paid."""
        self._wanted.set()
        self._wake.set()

    def close(self) -> None:
        """Ends after the question in hand."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        """However long this computer slept, one buyer comes when it wakes, not all that would have come."""
        while not self._stop.is_set():
            self._wake.clear()
            if self._wanted.is_set():
                self._wanted.clear()
                self._come(RESOLVED, is_asked_for=True)
            elif self._clock.now() >= self._due and self.is_here:
                self._due = self._clock.now() + self._habits.pace
                self._come(self._habits, is_asked_for=False)
            if not self._wanted.is_set():
                self._wake.wait(LOOK_S)

    def _come(self, habits: Habits, *, is_asked_for: bool) -> None:
        try:
            self._visit(habits)
        except (NoAnswer, Refusal, WentAway, OSError) as fault:
            log.info("a demo buyer went away: %s", fault)
            if is_asked_for:
                self.on_failed(str(fault))
        except Exception as fault:  # thread entry: one buyer's stumbling must not keep the others away
            log.error("a demo buyer met a fault", exc_info=fault)
            if is_asked_for:
                self.on_failed(type(fault).__name__)
        else:
            if is_asked_for:
                self.on_ordered()

    def _visit(self, habits: Habits) -> None:
        person = f"demo-{self._random.randrange(self._habits.people):02d}"
        phone = Phone(self._door, person)
        try:
            with ShopClient(self._url(), self._tokens.get(person, "")) as shop:
                chance = random.Random(f"{person} {self._random.random()}")
                visit = Visit((shop, phone), chance, self._clock, self._stop.wait)
                visit.log_in(is_new=person not in self._tokens)
                self._tokens[person] = shop.token
                visit.look_after_old_orders()
                visit.buy(contact_of(person), habits)
        finally:
            phone.close()


class Visit:
    """One use of the mini-program, from the first page to the paid order."""

    def __init__(self, talk: tuple[ShopClient, Phone], chance: random.Random, clock: Clock, rest: Rest) -> None:
        self._shop, self._phone = talk
        self._rest = rest
        self._chance = chance
        self._clock = clock
        self._session = uuid7()

    def log_in(self, *, is_new: bool) -> None:
        if not is_new:
            try:
                self._shop.orders(limit=1)
                return
            except NotLoggedIn:
                self._shop.token = ""
        self._shop.login(self._phone.login_code())

    def look_after_old_orders(self) -> None:
        """What has arrived is confirmed, one at a time."""
        for order in self._shop.orders(limit=10).items:
            if order.state == "shipped" and self._has_arrived(self._shop.order(order.id)):
                self._shop.confirm_receipt(order.id, f"receipt-{order.id}")
                return

    def buy(self, contact: Contact, habits: Habits) -> None:
        """Raises WentAway when nothing that can be bought is there."""
        way = self._way(contact)
        quote = self._quoted(contact, way)
        who = replace(contact, address="", region_code="") if way.kind == "pickup" else contact
        order = self._placed(quote, who, way)
        if self._chance.randrange(100) < habits.leaves:
            return
        if order.state == "unpaid":
            payment = self._shop.pay(order.id)
            self._phone.confirm(payment.wx_payment)
        if self._chance.randrange(100) < habits.gives_up and self._is_paid(order.id):
            self._shop.cancel(order.id, f"cancel-{order.id}", self._chance.choice(REASONS))

    def _way(self, contact: Contact) -> Way:
        """Some come by, some who live near have it brought, all others wait for a parcel."""
        facts, chance = self._shop.shop(), self._chance.randrange(100)
        if chance < COLLECTED and facts.pickup_points:
            point = self._chance.choice(facts.pickup_points)
            slot = self._slot(point.days)
            return Way("pickup", point.id, slot) if slot or not point.has_slots else BY_CARRIER
        area = next((each for each in facts.delivery_areas if contact.region_code.startswith(each.prefixes)), None)
        if area is not None and chance < COLLECTED + BROUGHT:
            slot = self._slot(area.days)
            return Way("local", slot=slot) if slot or not area.has_slots else BY_CARRIER
        return BY_CARRIER

    def _slot(self, days: Sequence[Day]) -> str:
        """One of the next times; "" when there is none."""
        offered = [slot.text for day in days for slot in day.slots][:4]
        return self._chance.choice(offered) if offered else ""

    def _is_paid(self, order_id: str) -> bool:
        """Whether the shop has heard of the payment; WeChat needs a moment to tell it."""
        for _ in range(LOOKS):
            if self._shop.order(order_id).state == "paid":
                return True
            if self._rest(LOOK_S):
                break
        return False

    def _quoted(self, contact: Contact, way: Way) -> Quote:
        wanted: dict[str, int] = {}
        self._tell("view", "/home")
        for product in itertools.islice(self._products(), self._chance.choice((1, 1, 1, 2, 2, 3))):
            there = [each.sku_id for each in product.stock if each.available_qty >= max(1, product.min_qty)]
            wanted[self._chance.choice(there)] = max(1, product.min_qty)
            self._tell("add_to_cart", "/product", product.id)
        if not wanted:
            raise WentAway("nothing that can be bought is there")
        self._shop.put_cart(wanted.items())
        self._tell("checkout", "/checkout")
        return self._shop.quote(wanted.items(), contact.region_code, way)

    def _products(self) -> Iterator[Product]:
        """Products that can be bought, as somebody comes upon them who looks around."""
        category = self._chance.choice(("", *(each.id for each in self._shop.categories())))
        sort = self._chance.choice(("newest", "price_up", "price_down"))
        cards = list(self._shop.products(category, sort=sort, limit=50).items) or list(self._shop.products().items)
        self._chance.shuffle(cards)
        for card in cards[:8]:
            product = self._shop.product(card.id)
            self._tell("view", "/product", product.id)
            if any(each.available_qty >= max(1, product.min_qty) for each in product.stock):
                yield product

    def _placed(self, quote: Quote, contact: Contact, way: Way) -> Order:
        """A price that has just changed is looked at once more."""
        try:
            return self._shop.place_order(quote, contact, f"order-{self._session}", way=way)
        except PriceChanged as changed:
            if changed.quote is None:
                raise
            return self._shop.place_order(changed.quote, contact, f"order-{self._session}-2", way=way)

    def _has_arrived(self, order: Order) -> bool:
        last: datetime = max((parcel.shipped_at for parcel in order.parcels), default=order.placed_at)
        return self._clock.now() - last > PATIENCE

    def _tell(self, kind: str, page: str, product_id: str = "") -> None:
        event = {"id": uuid7(), "kind": kind, "page": page, "product_id": product_id}
        self._shop.record(self._session, self._session, [event])


def contact_of(person: str) -> Contact:
    """The same buyer lives at the same address; nobody has the number with its four noughts."""
    chance = random.Random(person)
    words = json.loads(resources.path("demo/people.json").read_text(encoding="utf-8"))
    code, city, district, _ = chance.choices(words["towns"], [weight for *_, weight in words["towns"]])[0]
    name = chance.choice(words["surnames"]) + chance.choice(words["given"].split())
    street, estate = chance.choice(words["streets"].split()), chance.choice(words["estates"].split())
    address = f"{city}{district}{street} {chance.randint(1, 400)} 号{estate} {chance.randint(1, 20)} 幢 302 室"
    return Contact(name, f"139{chance.randint(0, 9)}0000{chance.randint(100, 999)}", address, code)
