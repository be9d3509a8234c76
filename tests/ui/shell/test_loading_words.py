"""What the sync box says while this counter gets the shop: words instead of tables' names, and how far it is."""

from datetime import UTC, datetime

import pytest

from app.desk.queries import SyncOverview
from app.desk.status import Link, SyncStatus
from app.kernel.i18n import set_language
from app.tables.schema import SYNCED
from ui.shell.loading_words import table_word
from ui.shell.sync_feed import state_of
from ui.shell.sync_words import badge_look, panel_note

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
NOTHING = SyncOverview((), 0, (), (), {}, {}, {})


@pytest.mark.parametrize(
    ("language", "table", "said"),
    [
        ("zh_CN", "order_lines", "正在取订单 25/46，12,345 行"),
        ("zh_CN", "parcels", "正在取包裹 25/46，12,345 行"),
        ("zh_CN", "stock_levels", "正在取库存 25/46，12,345 行"),
        ("en", "order_lines", "Fetching orders 25/46, 12,345 rows"),
        ("en", "a_table_of_tomorrow", "Fetching everything else 25/46, 12,345 rows"),
    ],
)
def test_badge_and_panel_say_in_words_what_is_fetched_and_how_far_it_is(language: str, table: str, said: str) -> None:
    set_language(language)
    state = state_of(SyncStatus(Link.LOADING, NOW, progress=(table, 12_345), part=(25, 46)), NOTHING)
    assert (badge_look(state, NOW).note, panel_note(state, NOW)) == (said, said)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_table_that_travels_has_a_word_of_its_own_kind(language: str) -> None:
    set_language(language)
    unsaid = [kind.TABLE for kind in SYNCED if table_word(kind.TABLE) == table_word("")]
    assert unsaid == []
