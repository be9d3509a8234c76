"""What has had its time is let go once a day: sessions that nobody can open any more, and visits of long ago."""

from datetime import timedelta

from app.kernel import codec
from services.db.engine import Store
from services.http.shop import events, session
from services.jobs.upkeep import forgetting
from services.jobs.worker import Worker
from tests.support.clocks import FixedClock
from tests.support.shop import Shop


def visit(shop: Shop, name: str, days: int) -> None:
    at = codec.time_text(shop.clock.now() - timedelta(days=days))
    columns = "id, happened_at, visitor, buyer_id, session, kind, page, element, x_bp, y_bp, product_id, scene, source"
    values = (name, at, "v", "", "s", "page", "home", "", 0, 0, "", "", "", "", "")

    def write(database: object) -> None:
        marks = ", ".join([database.mark] * len(values))  # type: ignore[attr-defined]
        database.execute(  # type: ignore[attr-defined]
            f"INSERT INTO visit_events ({columns}, campaign_id, variant) VALUES ({marks})", values
        )

    shop.executor.chore(write).result(20)


def test_ended_sessions_and_old_visits_go_and_nothing_else(store: Store) -> None:
    clock = FixedClock()
    shop = Shop(store, clock).found()
    old, new = session.new_session("buyer", clock.now() - timedelta(days=31)), session.new_session("buyer", clock.now())
    for opened in (old, new):
        shop.executor.chore(opened.store).result(20)
    visit(shop, "last year", 400)
    visit(shop, "last month", 30)
    timers = [
        forgetting(shop.executor, clock, session.forget_ended, "ended sessions"),
        forgetting(shop.executor, clock, events.forget_old, "old visits"),
    ]
    worker = Worker(store, shop.executor, clock, [], timers)
    worker.ring()
    assert shop.rows("buyer_sessions", "token_hash") == [(session.token_hash(new.token),)]
    assert shop.rows("visit_events", "id") == [("last month",)]
    clock.advance(days=31)
    worker.ring()
    assert shop.rows("buyer_sessions", "token_hash") == []
    shop.close()
