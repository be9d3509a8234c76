"""One authority, several desktops and a bad network, stepped one event at a time by whoever tests convergence."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from app.domain.adoption.commands import AdoptOrder
from app.domain.catalog.commands import ChangePrice, EditProduct
from app.domain.command import Command
from app.domain.money import Fen
from app.domain.orders.commands import NoteOrder, ShipOrder, ShippedLine
from app.domain.pickup.commands import HandedPieces, MarkReady, RecordRedeemed, RedeemPickup, UndoRedemption
from app.domain.registry import shop_registry
from app.domain.staff.commands import EnrolDevice
from app.domain.stock.commands import AdjustStock, CountStock, ReceiveStock
from app.domain.stock.model import MovementReason
from app.kernel import codec
from app.replica import local, outbox, rollups, shadow
from app.replica.apply import replay
from app.replica.holder import ReplicaHolder
from app.sync.identity import Identity
from app.sync.steps import Steps
from app.sync.transport import Refused, Unreachable
from app.tables.mapper import mapper_of
from app.tables.schema import SYNCED
from app.tables.statements import Database, statements_of
from services.authority import devices
from services.authority.head import read_head
from services.authority.restoring import Seen, ending, restored
from services.authority.trimming import trim
from services.db.engine import Store
from services.upkeep import books
from tests.support.clocks import FixedClock
from tests.support.line import DirectWriter, Line
from tests.support.shop import OWNER, PLACE, SERVICE, Shop
from tests.support.stores import copy_database

SKUS = ("p1-s", "p2-s")
Dump = dict[str, dict[str, Any]]


class Place(Protocol):
    """Where a desktop belongs to."""

    @property
    def shop(self) -> Shop: ...
    @property
    def clock(self) -> FixedClock: ...


class Desktop:
    """A replica with its steps; ``skew`` is how wrong its clock is."""

    def __init__(self, world: Place, number: int, folder: Path) -> None:
        self.device_id = f"device-{number}"
        self.line = Line(world.shop, self.device_id)
        self.clock = FixedClock(world.clock.now() + timedelta(minutes=17 * (number - 1)))
        self.folder = folder / self.device_id
        self.registry = shop_registry()
        self.issued: list[str] = []
        self.open()

    def open(self) -> None:
        self.holder = ReplicaHolder(self.folder, self.registry)
        self.steps = Steps(DirectWriter(self.holder), self.line, self.clock, lambda _: None)
        self.steps.snapshot_limit = 2

    def crash(self) -> None:
        """The process dies and starts again: only what was committed is left."""
        self.holder.close()
        self.open()

    def greet(self) -> None:
        identity = Identity(self.device_id, "key", "next", "test")
        greeting = self.steps.hello(identity)
        if greeting.needs_bootstrap:
            self.steps.bootstrap(self.device_id, greeting.reply)

    def give(self, command: Command, actor: str = "owner") -> str:
        """A clerk does something; answers "" or the code of the refusal."""
        command_id = f"{self.device_id}-{len(self.issued)}"
        issue = local.Issue(command_id, actor, self.clock.now())
        outcome = local.perform(self.holder.database, self.registry, command, issue)
        if isinstance(outcome, local.Done):
            self.issued.append(command_id)
            return ""
        return getattr(outcome, "code", "needs_network")

    def shown(self) -> Dump:
        return dump(self.holder.database)

    def shown_anew(self) -> Dump:
        """What is shown when all that waits is taken back and shown again, which changes nothing."""
        database = self.holder.database
        footprints = dict(database.footprints)
        database.begin()
        shadow.rewind(database)
        replay(database, self.registry)
        found = self.shown()
        database.rollback()
        database.footprints.update(footprints)
        return found

    def base(self) -> Dump:
        """The main tables with every shadow image restored."""
        state = self.shown()
        for table, pk, base in self.holder.database.execute("SELECT * FROM shadow").fetchall():
            if base is None:
                state[table].pop(pk)
            else:
                kind = next(k for k in SYNCED if table == k.TABLE)
                state[table][pk] = mapper_of(kind).image(codec.parse(base))
        return state


def dump(database: Database) -> Dump:
    """Every synced row by table and key, as the feed would carry it."""
    found: Dump = {}
    for kind in SYNCED:
        mapper = mapper_of(kind)
        records = database.execute(statements_of(kind, database.mark).select_all).fetchall()
        found[kind.TABLE] = {"/".join(mapper.key(r)): mapper.image(r) for r in records}
    return found


@dataclass
class Backup:
    url: str
    log: list[Any]
    ends: set[int]
    orders: int


class World:
    """Everything that can happen, as methods; ``check`` holds after each of them."""

    def __init__(self, url: str, folder: Path, desktops: int = 3) -> None:
        self.folder = folder
        self.clock = FixedClock()
        self.url = url
        self.shop = Shop(Store(url), self.clock).found()
        for product in ("p1", "p2"):
            self.shop.product(product, stock=8)
        self.shop.pickup_point()
        self.orders = 0
        self.log: list[Any] = []
        self.ends: set[int] = set()
        self.backup: Backup | None = None
        self.remembered: set[str] = set()
        for number in range(1, desktops + 1):
            enrol(self.shop, self.clock, f"device-{number}", number)
        self.desktops = [Desktop(self, number, folder) for number in range(1, desktops + 1)]
        for desktop in self.desktops:
            desktop.greet()
        self.read_log()

    def read_log(self) -> None:
        """Keep the feed's rows, trimmed or not, to know the authority's state at any cursor."""
        last = self.log[-1][0] if self.log else 0
        with self.shop.store.reading() as database:
            self.log += database.execute(
                "SELECT seq, commit_seq, table_name, pk, row FROM change_log"
                f" WHERE seq > {database.mark} AND table_name <> 'verdict' ORDER BY seq",
                (last,),
            ).fetchall()
            self.ends |= {seq for (seq,) in database.execute("SELECT DISTINCT commit_seq FROM change_log").fetchall()}

    def state_at(self, cursor: int) -> Dump:
        state: Dump = {kind.TABLE: {} for kind in SYNCED}
        for seq, _, table, pk, row in self.log:
            if seq > cursor:
                break
            if row is None:
                state[table].pop(pk, None)
            else:
                state[table][pk] = codec.parse(row)
        return state

    def check(self) -> None:
        """Each replica shows a committed state of the authority, plus its own pending commands."""
        self.read_log()
        with self.shop.store.reading() as database:
            epoch = database.execute("SELECT epoch FROM feed_head").fetchone()[0]
        for desktop in self.desktops:
            here = desktop.holder.meta()
            if here.feed_epoch == epoch:
                assert here.cursor in self.ends, f"{desktop.device_id} stands in the middle of a command"
                assert desktop.base() == self.state_at(here.cursor), desktop.device_id
            assert desktop.shown() == desktop.shown_anew(), desktop.device_id
            assert rollups.drift(desktop.holder.database) == (), desktop.device_id

    # What people do

    def buyer_orders(self, number: int) -> None:
        self.orders += 1
        sku = SKUS[number % 2]
        fen = int(self.shop.rows("skus", "id, list_fen")[number % 2][1])
        order_id = f"o{self.orders}"
        if self.shop.order(order_id, sku, qty=1 + number % 2, fen=fen).is_applied:
            self.shop.paid_order_now(order_id, fen * (1 + number % 2))

    def buyer_will_collect(self, number: int) -> None:
        self.orders += 1
        sku, fen = SKUS[number % 2], int(self.shop.rows("skus", "id, list_fen")[number % 2][1])
        if self.shop.pickup_order(f"o{self.orders}", sku, qty=2, fen=fen).is_applied:
            self.shop.paid_order_now(f"o{self.orders}", 2 * fen)

    def counter_acts(self, desktop: Desktop, number: int) -> None:
        """Somebody stands at the counter: prepare, hand over, unplugged too, in parts, or take it back."""
        if commands := list(self._collecting(desktop)):
            desktop.give(commands[number % len(commands)])

    @staticmethod
    def _collecting(desktop: Desktop) -> Iterable[Command]:
        shown, scan = desktop.shown(), f"{desktop.device_id}-scan-{len(desktop.issued)}"
        for order_id, pickup in shown["pickups"].items():
            yield MarkReady(order_id, f"A-{len(desktop.issued)}")
            yield RecordRedeemed(scan, pickup["ref"], "pp", desktop.device_id)
            yield RedeemPickup(scan, pickup["ref"], "pp", desktop.device_id)
            one = (HandedPieces(f"{order_id}-1", 1),)
            yield RecordRedeemed(scan, pickup["ref"], "pp", desktop.device_id, one)
            for redemption_id, row in shown["pickup_redemptions"].items():
                if row["order_id"] == order_id:
                    yield UndoRedemption(scan, redemption_id, "pp", desktop.device_id)

    def clerk_acts(self, desktop: Desktop, number: int) -> None:
        sku = SKUS[number % 2]
        level = desktop.shown()["stock_levels"][f"{sku}/{PLACE}"]
        commands: list[Command] = [
            AdjustStock(sku, PLACE, -1 - number % 3, MovementReason.DAMAGED),
            CountStock(sku, PLACE, level["on_hand_qty"], max(0, level["on_hand_qty"] - 3 + number % 5)),
            ReceiveStock(sku, PLACE, 1 + number % 4),
            self._price(desktop, sku, number),
            self._title(desktop, number),
            *self._shipping(desktop, number),
        ]
        desktop.give(commands[number % len(commands)])

    @staticmethod
    def _price(desktop: Desktop, sku: str, number: int) -> Command:
        seen = desktop.shown()["skus"][sku]["list_fen"]
        return ChangePrice(sku, Fen(seen), Fen(6000 + number))

    @staticmethod
    def _title(desktop: Desktop, number: int) -> Command:
        seen = desktop.shown()["products"]["p1"]["title"]
        return EditProduct("p1", {"title": {"from": seen, "to": f"咖啡豆 {number}"}})

    @staticmethod
    def _shipping(desktop: Desktop, number: int) -> Iterable[Command]:
        for order_id, order in desktop.shown()["orders"].items():
            lines = [r for r in desktop.shown()["order_lines"].values() if r["order_id"] == order_id]
            if order["state"] == "paid":
                waybill = f"SF{1_000_000_000_000 + number * 100 + int(desktop.device_id[-1])}"
                shipped = tuple(ShippedLine(line["id"], line["qty"]) for line in lines)
                yield ShipOrder(order_id, f"{desktop.device_id}-parcel-{len(desktop.issued)}", shipped, "sf", waybill)
            yield NoteOrder(order_id, f"remark {number}")

    # What networks and machines do

    def push(self, desktop: Desktop) -> None:
        _survive(desktop.steps.push)

    def push_and_lose_the_reply(self, desktop: Desktop) -> None:
        desktop.line.lose_reply = True
        _survive(desktop.steps.push)
        desktop.line.lose_reply = False

    def push_something_old_again(self, desktop: Desktop, number: int) -> None:
        if desktop.line.sent:
            _survive(lambda: desktop.line.push(desktop.line.sent[number % len(desktop.line.sent)]))

    def pull(self, desktop: Desktop, number: int) -> None:
        desktop.steps.pull_limit = 1 + number % 5
        _survive(desktop.steps.pull)

    def trim(self) -> None:
        self.read_log()
        self.clock.advance(days=31)
        self.shop.executor.chore(lambda db: trim(db, self.clock.now())).result(30)

    def forget_desktop_for_long(self, desktop: Desktop) -> None:
        """The service no longer keeps the log for this device, so its cursor expires."""
        self.read_log()
        self.shop.executor.chore(lambda db: db.execute("UPDATE device SET cursor = 1000000")).result(30)
        self.trim()
        self.shop.executor.chore(lambda db: db.execute("UPDATE device SET cursor = 0")).result(30)

    def bootstrap_under_load(self, desktop: Desktop, number: int) -> None:
        """The snapshot's pages are of different ages, because the shop goes on meanwhile."""
        count = [number % 7]

        def load() -> None:
            count[0] += 1
            if count[0] % 9 == 0:
                self.shop.do(ReceiveStock(SKUS[count[0] % 2], PLACE, 1), OWNER, f"load-{len(self.log)}-{count[0]}")

        desktop.line.between_pages = load
        try:
            greeting = desktop.steps.hello(Identity(desktop.device_id, "key", "next", "test"))
            desktop.steps.bootstrap(desktop.device_id, greeting.reply)
        except Unreachable:
            pass
        finally:
            desktop.line.between_pages = lambda: None

    def back_up(self) -> None:
        self.read_log()
        self.shop.close()
        self.shop.store.close()
        self.backup = Backup(copy_database(self.url, self.folder), list(self.log), set(self.ends), self.orders)
        self._reopen(self.url)

    def restore(self) -> None:
        """Yesterday's database under a new epoch: what came after it is known to the desktops alone."""
        if self.backup is None:
            return
        self.shop.close()
        self.shop.store.close()
        self._reopen(copy_database(self.backup.url, self.folder))
        self.remember()
        self.log = list(self.backup.log)
        self.ends = set(self.backup.ends)
        epoch = f"epoch-after-{len(self.log)}-{self.clock.now().isoformat()}"
        with self.shop.store.reading() as database:
            head = read_head(database)
        told = restored(Seen("", head.epoch, 0), head.last_seq, self.clock.now())
        self.shop.executor.submit(told, after_applied=ending(epoch)).result(30)
        self.shop.executor.chore(lambda db: db.execute("UPDATE device SET cursor = 0")).result(30)

    def remember(self) -> None:
        """What the desktops know of orders must not be lost with the machine."""
        for desktop in self.desktops:
            self.remembered |= desktop.base()["order_events"].keys()

    def _reopen(self, url: str) -> None:
        self.url = url
        self.shop = Shop(Store(url), self.clock)
        for desktop in self.desktops:
            desktop.line.shop = self.shop

    # The end

    def settle(self) -> None:
        """All cables in, everybody talks until nothing is left to say."""
        for _ in range(4):
            for desktop in self.desktops:
                desktop.line.is_cut = False
                desktop.steps.pull_limit = 2_000
                desktop.greet()
                while desktop.steps.push():
                    pass
                while desktop.steps.pull():
                    pass
        self.check()

    def check_settled(self) -> None:
        """Nothing lost, nothing doubled, everybody agrees, and the books add up."""
        with self.shop.store.reading() as database:
            truth = dump(database)
            assert books.findings(database) == []
            log = database.execute(
                "SELECT command_id, device_id, device_seq, name FROM command_log ORDER BY position"
            ).fetchall()
        for desktop in self.desktops:
            assert desktop.shown() == truth, f"{desktop.device_id} differs"
            assert outbox.pending(desktop.holder.database) == []
            mine = [(command_id, seq, name) for command_id, device, seq, name in log if device == desktop.device_id]
            given = [command_id for command_id, _, name in mine if name != AdoptOrder.NAME]
            assert given == desktop.issued, "each command once, in the order given"
            numbers = [seq for _, seq, _ in mine]
            assert numbers == sorted(set(numbers))
        for level in truth["stock_levels"].values():
            moved = [m["delta_qty"] for m in truth["stock_movements"].values() if m["sku_id"] == level["sku_id"]]
            held = [
                r["qty"] - truth["order_lines"][r["order_line_id"]]["shipped_qty"]
                for r in truth["reservations"].values()
                if r["sku_id"] == level["sku_id"] and r["state"] == "held"
            ]
            assert (sum(moved), sum(held)) == (level["on_hand_qty"], level["reserved_qty"])
        self._check_collected(truth)
        assert self.remembered <= truth["order_events"].keys(), "what a desktop knew of an order came back"

    @staticmethod
    def _check_collected(truth: Dump) -> None:
        """What a buyer has collected is what the redemptions that stand say, and each second one is an incident."""
        redemptions = truth["pickup_redemptions"]
        undone = {row["undoes"] for row in redemptions.values()}
        for order_id, pickup in truth["pickups"].items():
            standing = [
                sum(row["pieces"].values())
                for key, row in redemptions.items()
                if row["order_id"] == order_id and row["verdict"] in ("redeemed", "partly") and key not in undone
            ]
            line = truth["order_lines"][f"{order_id}-1"]
            assert sum(standing) == line["shipped_qty"], order_id
            assert (pickup["state"] == "collected") == (line["shipped_qty"] == line["qty"])
        told = {incident["refs"].get("redemption_id") for incident in truth["incidents"].values()}
        assert {key for key, row in redemptions.items() if row["verdict"] in ("twice", "ended")} <= told

    def close(self) -> None:
        for desktop in self.desktops:
            desktop.holder.close()
        self.shop.close()
        self.shop.store.close()


def enrol(shop: Shop, clock: FixedClock, device_id: str, number: int) -> None:
    """Make a computer one of the shop's without its asking."""
    shop.must(EnrolDevice(device_id, number, f"柜台 {number}", is_manager=1), SERVICE)
    device = devices.NewDevice(device_id, f"token-{device_id}", "key", is_manager=True)
    shop.executor.chore(lambda db: devices.insert_device(db, device, clock.now())).result(30)


def _survive(act: Any) -> None:
    """A step that the network or the service refuses is simply tried again later."""
    with contextlib.suppress(Unreachable, Refused):
        act()
