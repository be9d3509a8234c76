"""Ready bytes: never older than the last change, never more than there is room for."""

from datetime import timedelta

from services.authority.batch import Committed
from services.http.shop.catalog_cache import MAX_ENTRIES, CatalogCache, Entry, Shelf
from tests.support.clocks import FixedClock


def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    shelf = Shelf(FixedClock())

    def overtaken() -> Entry:
        shelf.clear()  # a commit arrives while the old state is being read
        return Entry(b"old")

    assert shelf.get("p", overtaken) == b"old"
    assert shelf.get("p", lambda: Entry(b"new")) == b"new"
    assert shelf.get("p", lambda: Entry(b"never read")) == b"new"


def test_time_alone_ends_an_answer() -> None:
    clock = FixedClock()
    shelf = Shelf(clock)
    shelf.get("p", lambda: Entry(b"1", clock.now() + timedelta(minutes=1)))
    assert shelf.get("p", lambda: Entry(b"2")) == b"1"
    clock.advance(minutes=1)
    assert shelf.get("p", lambda: Entry(b"2")) == b"2"


def test_the_least_used_answer_makes_room() -> None:
    shelf = Shelf(FixedClock())
    shelf.get("first", lambda: Entry(b"1"))
    for n in range(MAX_ENTRIES - 1):
        shelf.get(str(n), lambda: Entry(b"n"))
    shelf.get("first", lambda: Entry(b"not read"))
    shelf.get("one more", lambda: Entry(b"n"))
    assert shelf.get("first", lambda: Entry(b"2")) == b"1"
    assert shelf.get("0", lambda: Entry(b"2")) == b"2"


def test_an_order_renews_the_stock_and_leaves_the_pages() -> None:
    cache = CatalogCache(FixedClock())
    for shelf in (cache.pages, cache.stock):
        shelf.get("p", lambda: Entry(b"1"))
    cache.on_commit(Committed(1, frozenset({"orders", "stock_levels"})))
    assert [shelf.get("p", lambda: Entry(b"2")) for shelf in (cache.pages, cache.stock)] == [b"1", b"2"]
    cache.on_commit(Committed(2, frozenset({"products"})))
    assert cache.pages.get("p", lambda: Entry(b"3")) == b"3"
