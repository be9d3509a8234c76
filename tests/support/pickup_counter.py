"""A counter where buyers collect: two points, people who are to come, and codes that a scanner would read."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.domain.money import Fen
from app.domain.orders.commands import Contact, PickupWish, PlaceOrder, WantedLine
from app.domain.orders.model import DeliveryKind
from app.domain.pickup import code
from app.domain.pickup.code import PickupKeys
from app.domain.pickup.commands import ArchivePickupPoint, MarkReady, RedeemPickup, SavePickupPoint
from app.domain.staff.commands import EnrolDevice
from tests.support.counter import GOODS, Counter
from tests.support.shop import BUYER, CLERK, OWNER, SERVICE

HERE, THERE = "wensan", "binjiang"
HOURS = {str(day): ["09:00-21:30"] for day in range(1, 8)}
KEYS = PickupKeys("shop", "1", {"1": "ab" * code.KEY_BYTES})
OTHER_KEYS = PickupKeys("shop", "1", {"1": "cd" * code.KEY_BYTES})
OTHER_COUNTER = "device-2"
EXPIRES = datetime(2026, 12, 24, tzinfo=UTC)


@dataclass(frozen=True)
class Buyer:
    """Who is to come for what: (goods, pieces) pairs; ``shelf`` None is not prepared yet."""

    name: str
    phone: str
    goods: tuple[tuple[str, int], ...]
    shelf: str | None = "A-12"
    point: str = HERE
    slot: str = ""


LIN = Buyer("林晓雨", "13612348888", (("cold", 2), ("milk", 1)))
ZHAO = Buyer("赵一鸣", "13712349593", (("bean", 3),), None)
SONG = Buyer("宋知夏", "13812340457", (("cold", 1),), "C-03", THERE)


@dataclass
class PickupCounter:
    """``orders`` by buyer's name; ``counter`` is the desktop with its replica, ``codes`` what a scanner reads."""

    folder: Path
    buyers: tuple[Buyer, ...] = (LIN, ZHAO, SONG)
    slot_minutes: int = 0
    orders: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counter = Counter(self.folder, ())
        self.shop = self.counter.shop
        self.shop.must(EnrolDevice(OTHER_COUNTER, 2, "二号柜台", 0), SERVICE)
        for (point_id,) in self.shop.rows("pickup_points", "id"):
            self.shop.must(ArchivePickupPoint(point_id))
        points = (
            (HERE, "文三路店", "杭州市西湖区文三路 398 号 1 层", "0571-8806 6288"),
            (THERE, "滨江星光店", "杭州市滨江区江南大道 228 号星光大道 1 楼", "0571-8666 0228"),
        )
        for point_id, name, address, phone in points:
            self.shop.must(SavePickupPoint(point_id, name, address, phone, HOURS, self.slot_minutes, 0, 3), OWNER)
        for buyer in self.buyers:
            self.buy(buyer)
        self.counter.pull()

    def buy(self, buyer: Buyer) -> str:
        """Ordered, paid, and prepared if it has a shelf; with ``counter.pull`` it is known here."""
        number = len(self.orders) + 1
        order_id = f"o{number}"
        prices = {key: fen for key, _, _, fen in GOODS}
        total = sum(prices[key] * qty for key, qty in buyer.goods)
        order = PlaceOrder(
            order_id=order_id,
            no_candidates=(f"WX2026112204{number:04}",),
            lines=tuple(WantedLine(f"{order_id}-{n}", f"{k}-s", q) for n, (k, q) in enumerate(buyer.goods, 1)),
            delivery_kind=DeliveryKind.PICKUP,
            contact=Contact(buyer.name, buyer.phone, "", ""),
            expected_total_fen=Fen(total),
            pickup=PickupWish(buyer.point, self.ref(number), (self.digits(number),)),
            slot=buyer.slot,
        )
        self.shop.must(order, BUYER)
        self.shop.paid_order_now(order_id, total)
        if buyer.shelf is not None:
            self.shop.must(MarkReady(order_id, buyer.shelf), CLERK)
        self.orders[buyer.name] = order_id
        return order_id

    @staticmethod
    def ref(number: int) -> str:
        return f"{number:016x}"

    @staticmethod
    def digits(number: int) -> str:
        return f"{48210000 + number}"

    def number(self, buyer: Buyer) -> int:
        return int(self.orders[buyer.name].removeprefix("o"))

    def code(self, buyer: Buyer, keys: PickupKeys = KEYS) -> str:
        """What the buyer's phone shows."""
        return code.mint(keys, self.ref(self.number(buyer)), EXPIRES)

    def redeem_elsewhere(self, buyer: Buyer) -> None:
        """Counter 2 hands it over; here that is known after a pull."""
        ref = self.ref(self.number(buyer))
        self.shop.must(RedeemPickup(f"other-{ref}", ref, buyer.point, OTHER_COUNTER), CLERK)

    def close(self) -> None:
        self.counter.close()
