"""The past of a demo shop: one order after the other, from the buyer's tap to its end or to the present moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import TypeVar

from app.domain.aftersales.commands import (
    BeginClose,
    CancelOrder,
    FinishClose,
    RecordRefund,
    RefundedPieces,
    RequestRefund,
)
from app.domain.command import Actor
from app.domain.members.commands import RegisterBuyer
from app.domain.orders import fulfilment
from app.domain.orders.commands import PlaceOrder, WantedLine
from app.domain.orders.model import Order, OrderLine, OrderState
from app.domain.orders.placing import place_as_quoted
from app.domain.orders.quote import quote_order
from app.domain.outcome import Accepted, Rejected
from app.domain.payments.commands import ConfirmPayment, RecordPrepay, StartPayment
from app.domain.payments.model import Refund, RefundOutcome
from app.domain.permission import Role
from app.domain.promotions.commands import GiveCoupon, SetBuyerLevel
from app.domain.row import Row
from app.domain.stock.commands import AdjustStock, ReceiveStock
from app.domain.stock.model import MovementReason
from app.domain.stock.rules import level_of
from app.kernel.derived import derived_id
from services.demo import people, season
from services.demo.leaving import Leaving, Way
from services.demo.making import Making, Refused
from services.demo.people import Person

R = TypeVar("R", bound=Row)
SERVICE = Actor("service", Role.SERVICE)
LIVELY = timedelta(hours=20)
"""Towards the end many live near, so that somebody is to be handed something when the shop is opened."""
REMARKS = (
    "麻烦尽快发货，谢谢",
    "请帮忙磨粉，手冲用",
    "到了放门口",
    "送人的，不要放价签",
    "工作日送货",
    "多放一张手提袋",
)
REASONS = ("拍错了，想换个规格", "买重复了", "不想要了", "地址填错了")
COMPLAINTS = ("杯口有磕碰", "少发了一件", "包装破损", "口味不合适，协商退款")


@dataclass(frozen=True, slots=True)
class ForSale:
    """An article as the demo's buyers see it; ``weight`` says how much it is liked."""

    sku_id: str
    weight: int
    lot: int
    """How many pieces are bought in at once."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works in the shop, where the goods are, what buyers may be given, and what is sold."""

    manager: Actor
    clerks: list[Actor]
    courier: Actor
    location_id: str
    levels: Sequence[tuple[str, int]]
    """Member levels with the number of orders that make somebody one."""
    coupon_kind: str
    articles: Sequence[ForSale]


class History:
    """Plays orders in the sequence of their times; nothing happens after ``until``."""

    def __init__(self, making: Making, cast: Cast, until: datetime, seed: int) -> None:
        self._making = making
        self._cast = cast
        self._until = until
        self._seed = str(seed)
        self._random = Random(f"history {seed}")
        self._leaving = Leaving(making, (cast.clerks, cast.courier), until, f"demo {seed}")
        self._people: list[Person] = []
        self._liked = list(accumulate(each.weight for each in cast.articles))
        self._count = 0
        self._day = ""
        self._of_day = 0

    def order(self, at: datetime) -> None:
        """One order, with everything that came of it."""
        self._count += 1
        person = self._buyer(at)
        if self._random.random() < 0.012:
            self._something_breaks(at)
        way = self._leaving.way(person, at)
        self._goes_on(self._placed(person, way, at), person, way)
        self._making.conclude()

    # Who buys, and what

    def _buyer(self, at: datetime) -> Person:
        """Somebody new, or one of those who came before; whoever came often comes again."""
        is_lively = self._until - at < LIVELY and self._random.random() < 0.55
        if self._people and not is_lively and self._random.random() > 0.38:
            few = [self._random.choice(self._people) for _ in range(3)]
            return max(few, key=lambda each: each.orders)
        person = Person(self._id("buyer"), people.contact(self._random, is_near=is_lively))
        openid = f"demo-{derived_id(self._seed, person.buyer_id)}"
        self._making.do(RegisterBuyer(person.buyer_id, openid), SERVICE, at)
        if self._random.random() < 0.2:
            ends = at + timedelta(days=30)
            code = f"XR{self._count:08d}"
            coupon = GiveCoupon(self._id("coupon"), self._cast.coupon_kind, person.buyer_id, (code,), ends)
            self._making.do(coupon, self._cast.manager, at)
        self._people.append(person)
        return person

    def _basket(self, at: datetime) -> dict[str, int]:
        """Articles and pieces. What has run out is bought in; towards the end some of it is left alone."""
        basket: dict[str, int] = {}
        wanted = self._random.choices((1, 2, 3, 4, 6), (52, 27, 12, 6, 3))[0]
        for turn in range(wanted):
            article = self._random.choices(self._cast.articles, cum_weights=self._liked)[0]
            qty = self._random.choices((1, 2, 3), (82, 14, 4))[0]
            level = level_of(self._making.view, article.sku_id, self._cast.location_id)
            if level.available_qty < qty + basket.get(article.sku_id, 0):
                is_last_chance = turn == wanted - 1 and not basket
                if self._until - at < timedelta(days=3) and self._random.random() < 0.7 and not is_last_chance:
                    continue
                came = ReceiveStock(article.sku_id, self._cast.location_id, article.lot + qty)
                self._making.do(came, self._leaving.clerk(), at - timedelta(minutes=self._random.randint(20, 200)))
            basket[article.sku_id] = basket.get(article.sku_id, 0) + qty
        return basket

    def _something_breaks(self, at: datetime) -> None:
        article = self._random.choice(self._cast.articles)
        level = level_of(self._making.view, article.sku_id, self._cast.location_id)
        if level.available_qty > 0:
            reason = self._random.choice((MovementReason.DAMAGED, MovementReason.LOST, MovementReason.GIFT))
            lost = AdjustStock(article.sku_id, self._cast.location_id, -1, reason)
            self._making.do(lost, self._leaving.clerk(), at - timedelta(minutes=5))

    # From the tap to the end

    def _placed(self, person: Person, way: Way, at: datetime) -> Order:
        buyer = Actor(person.buyer_id, Role.BUYER)
        basket = self._basket(at).items()
        lines = tuple(WantedLine(self._id("line", sku_id), sku_id, qty) for sku_id, qty in basket)
        context = self._making.context(buyer, at)
        quote = quote_order(lines, way.destination, self._making.view, context)
        if isinstance(quote, Rejected):
            raise Refused(f"a basket of {at}: {quote}")
        order_id = self._id("order")
        command = PlaceOrder(
            order_id=order_id,
            no_candidates=(self._number(at),),
            lines=lines,
            delivery_kind=way.kind,
            contact=way.contact,
            expected_total_fen=quote.price.total_fen,
            buyer_remark=self._random.choice(REMARKS) if self._random.random() < 0.08 else "",
            pickup=way.pickup,
            slot=way.slot,
        )
        chosen = fulfilment.chosen(command, self._making.view, context)
        if isinstance(chosen, Rejected):
            raise Refused(f"a way of {at}: {chosen}")
        decision = place_as_quoted(command, chosen, quote, self._making.view, context)
        if not isinstance(decision, Accepted):
            raise Refused(f"an order of {at}: {decision}")
        self._making.accept(command, decision, buyer, at)
        return self._now(Order, order_id)

    def _goes_on(self, order: Order, person: Person, way: Way) -> None:
        buyer = Actor(person.buyer_id, Role.BUYER)
        chance = self._random.random()
        paid_at = order.placed_at + timedelta(seconds=self._random.randint(12, 240))
        if order.state is OrderState.UNPAID:
            if chance < 0.07 or paid_at >= self._until:
                self._stays_unpaid(order, buyer)
                return
            self._pays(order, buyer, paid_at)
        else:
            paid_at = order.placed_at
        cancelled_at = paid_at + timedelta(minutes=self._random.randint(3, 200))
        if 0.07 <= chance < 0.095 and cancelled_at + timedelta(minutes=5) < self._until:
            self._cancels(order, buyer, cancelled_at)
            return
        person.orders += 1
        self._rises(person, paid_at)
        received_at = self._leaving.leave(order, way, buyer, paid_at)
        if received_at is not None and chance > 0.985:
            self._complains(order, received_at + timedelta(hours=self._random.randint(2, 40)))

    def _stays_unpaid(self, order: Order, buyer: Actor) -> None:
        """Half of them open the payment sheet and leave it; some say so, all others are closed by the clock."""
        ends = order.expires_at
        if ends is None or ends + timedelta(minutes=1) >= self._until:
            return
        has_tried = self._random.random() < 0.5
        if has_tried:
            self._tries_to_pay(order, buyer, order.placed_at + timedelta(seconds=15))
        if self._random.random() < 0.3:
            end: CancelOrder | BeginClose = CancelOrder(order.id, self._random.choice(REASONS))
            self._making.do(end, buyer, order.placed_at + timedelta(minutes=4))
            ends = order.placed_at + timedelta(minutes=4)
        else:
            self._making.do(BeginClose(order.id), SERVICE, ends)
        if has_tried:
            self._making.do(FinishClose(order.id), SERVICE, ends + timedelta(seconds=2))

    def _tries_to_pay(self, order: Order, buyer: Actor, at: datetime) -> str:
        number = f"{order.no}-1"
        payment_id = self._id("payment")
        self._making.do(StartPayment(order.id, payment_id, number), buyer, at)
        self._making.do(RecordPrepay(payment_id, f"wx{self._id('prepay').replace('-', '')}"), SERVICE, at)
        return number

    def _pays(self, order: Order, buyer: Actor, paid_at: datetime) -> None:
        number = self._tries_to_pay(order, buyer, paid_at - timedelta(seconds=9))
        transaction = f"4200002601{paid_at:%Y%m%d}{self._count:010d}"
        total = order.total_fen
        self._making.do(ConfirmPayment(number, transaction, total, total, "CNY", paid_at), SERVICE, paid_at)

    def _cancels(self, order: Order, buyer: Actor, at: datetime) -> None:
        self._making.do(CancelOrder(order.id, self._random.choice(REASONS)), buyer, at)
        self._refunds_end(order.id, at + timedelta(minutes=2))

    def _refunds_end(self, order_id: str, at: datetime) -> None:
        for refund in self._making.view.children(Refund, order_id=order_id):
            ended = RecordRefund(
                refund.out_refund_no, RefundOutcome.SUCCESS, refund.amount_fen, f"503000026{self._count:019d}", at
            )
            self._making.do(ended, SERVICE, at)

    def _complains(self, order: Order, at: datetime) -> None:
        """One piece of an order that arrived is paid back."""
        line = self._making.view.children(OrderLine, order_id=order.id)[0]
        if line.paid_fen < line.qty or at + timedelta(minutes=5) >= self._until:
            return
        reason, pieces = self._random.choice(COMPLAINTS), (RefundedPieces(line.id, 1),)
        self._making.do(RequestRefund(order.id, self._id("refund"), reason, pieces), self._cast.manager, at)
        self._refunds_end(order.id, at + timedelta(minutes=3))

    def _rises(self, person: Person, at: datetime) -> None:
        """Enough orders make a member of the next level."""
        if person.level < len(self._cast.levels) and person.orders >= self._cast.levels[person.level][1]:
            self._making.do(SetBuyerLevel(person.buyer_id, self._cast.levels[person.level][0]), self._cast.manager, at)
            person.level += 1

    # Small things

    def _id(self, *words: str) -> str:
        return derived_id("demo", self._seed, str(self._count), *words)

    def _number(self, at: datetime) -> str:
        """Order numbers look random and are never the same: steps of a number that shares no factor with the range."""
        day = f"{at.astimezone(season.CHINA):%Y%m%d}"
        self._of_day = self._of_day + 1 if day == self._day else 0
        self._day = day
        return f"WX{day}{(self._of_day * 613_189 + int(day) * 7) % 1_000_000:06d}"

    def _now(self, kind: type[R], key: str) -> R:
        found = self._making.view.get(kind, key)
        if found is None:
            raise Refused(f"{kind.TABLE} {key} is not there")
        return found
