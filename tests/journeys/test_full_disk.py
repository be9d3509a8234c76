"""The disk of the service is full: nothing is acknowledged that is not stored, the counter says what to do, and when
there is room again everything goes on.

A process that may write no file beyond a size meets the same walls as on a full disk; what sets that bound while it
runs is there on Linux alone, so elsewhere the same is shown by the database's own bound (``test_lost_batch``).
"""

import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from app.buyer.answers import Contact
from app.buyer.client import ShopClient
from app.buyer.phone import Phone
from app.buyer.refusals import Refusal, TooOften, Unavailable
from app.desk.plan import Plan
from app.domain.stock.commands import ReceiveStock
from app.kernel.ids import uuid7
from services.db.engine import Store
from services.demo.outside import DOOR_FILE
from services.upkeep import books
from tests.journeys.counters import Counter
from tests.journeys.several import ServiceProcess
from tests.support.waiting import until

HOME = Contact("林晓雨", "13812348888", "浙江省杭州市西湖区文三路 90 号 2 幢 301 室", "330106")
ROOM = 60_000
"""What the files may still grow by: some orders, and then no more."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    with closing(ServiceProcess(tmp_path / "service", is_demo=True)) as found:
        yield found


if sys.platform == "linux":
    import resource

    def bound(service: ServiceProcess, size: int | None) -> None:
        """The service may write no file beyond this size; None gives all the room there is."""
        _, hard = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def test_a_full_disk_stops_the_shop_cleanly_and_loses_nothing(service: ServiceProcess, tmp_path: Path) -> None:
        plan = Plan(tmp_path / "counter", "柜台一", None, service.url, service.code())
        with closing(Counter(plan)) as counter, closing(ShopClient(service.url)) as buyer:
            counter.comes_online()
            with closing(Phone(tmp_path / "service" / DOOR_FILE, "林晓雨")) as phone:
                buyer.login(phone.login_code())
            article = counter.product("冷萃咖啡液").skus[0]
            quote = buyer.quote([(article.sku.id, 1)])
            files = [tmp_path / "service" / name for name in ("shop.db", "shop.db-wal")]
            bound(service, max(file.stat().st_size for file in files) + ROOM)
            acknowledged, refused_key, code = _order_until_refused(buyer, quote)
            bound(service, 0)  # a log that begins anew finds room at its beginning; a disk that stays full has none
            command_id = counter.do(ReceiveStock(article.sku.id, article.levels[0].location_id, 1))
            counter.desktop.sync_now()
            until(lambda: counter.desktop.status.trouble == "storage_unavailable", "the counter says why", 60)
            waiting = counter.waiting()
            bound(service, None)
            again = buyer.place_order(quote, HOME, refused_key)
            counter.desktop.sync_now()
            until(lambda: counter.waiting() == 0, "what waited is booked", 60)
            assert counter.differing() == ()
        assert service.close() == 0
        with closing(Store(f"sqlite:///{tmp_path / 'service' / 'shop.db'}")) as store, store.reading() as database:
            stored = {row[0] for row in database.execute("SELECT id FROM orders").fetchall()}
            verdict = database.execute("SELECT verdict FROM command_log WHERE command_id = ?", (command_id,)).fetchone()
            unexplained = books.findings(database)
        lost = len({*acknowledged, again.id} - stored)
        doubled = len(stored) - len({*acknowledged, again.id})
        print(
            f"full disk: orders acknowledged {len(acknowledged)} and then {code}, the counter kept {waiting},"
            f" lost {lost}, doubled {doubled}, goes on when there is room"
        )
        assert (code, waiting, lost, doubled, tuple(verdict)) == ("storage_unavailable", 1, 0, 0, ("applied",))
        assert unexplained == []


def _order_until_refused(buyer: ShopClient, quote: object) -> tuple[list[str], str, str]:
    """The ids of the orders that were taken, and the key and the problem of the one that was not."""
    done: list[str] = []
    while len(done) < 200:
        key = uuid7()
        try:
            done.append(buyer.place_order(quote, HOME, key).id)  # type: ignore[arg-type]
        except TooOften:
            with suppress(Refusal):
                buyer.cart()
        except Unavailable as refused:
            return done, key, refused.code
    raise AssertionError("the disk was never full")
