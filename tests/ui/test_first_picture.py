"""What a clerk sees first is painted before anything is imported that it can do without."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.desk.preferences import Preferences, PreferenceStore
from app.replica import meta, schema
from app.replica.database import ReplicaDatabase
from tests.app.kernel.test_later import HEAVY, PAGES, ROOT
from tests.support.bulk import fill_orders

ELSEWHERE = tuple(name for name in PAGES if name != "ui.pages.orders.page")
BEHIND = ("asyncio", "ssl", "subprocess", "app.desk.behind", "app.desk.printing", "app.replica.database")
ASIDE = (
    *("app.domain.orders.model", "app.domain.command", "app.desk.sounds", "app.desk.identity", "app.desk.duty"),
    *("app.replica.queries.orders", "app.replica.queries.sync", "app.desk.notifications", "app.desk.pictures"),
    *("ui.pages.orders.detail", "ui.pages.orders.bulk", "ui.pages.orders.actions", "ui.pages.orders.papers"),
    "ui.pages.orders.open_order",
    *("ui.shell.issue_centre", "ui.shell.sync_panel", "ui.shell.key_sheet", "ui.shell.lock_screen"),
    *("ui.shell.keys", "ui.shell.over", "ui.shell.notices", "ui.widgets.notice", "app.kernel.splices"),
    *("ui.pages.catalog.keys", "ui.pages.pickup.keys", "ui.pages.printing.keys"),
    *("ui.shell.between", "ui.shell.sync_feed", "ui.shell.first_start", "ui.shell.names", "ui.widgets.toast"),
    "logging.handlers",
)
SERVANTS = ("app.sync.loop", "app.tables.schema", "app.wire.messages", "app.domain.orders.handlers", "app.buyer.client")

LOOK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.desk.plan import Plan
from app.desk.secrets import FileSecrets
from app.kernel import zone
from app.kernel.clock import SystemClock
from ui import start
from ui.desktop_window import DesktopWindow
from PySide6.QtCore import QEvent, QObject

class Eye(QObject):
    seen = None
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.seen is None:
            self.seen = page.model.loaded_count()
        return False

folder, unwanted = Path(sys.argv[1]), sys.argv[2:]
app = start.application()
plan = Plan(folder, "test", None, "http://127.0.0.1:9")
opened = DesktopWindow(app, plan, FileSecrets(folder / "secrets.json"), SystemClock())

page, eye = opened.window.page_widget("orders"), Eye()
page.table.viewport().installEventFilter(eye)

def look():
    found = [name for name in unwanted if name in sys.modules]
    noon = f"{zone.local(datetime(2026, 11, 23, 12, tzinfo=UTC)):%d %H:%M}"
    print(noon, opened.window.current_page(), page.model.loaded_count(), eye.seen, found)
    app.quit()

opened.first_picture.painted.connect(look)
opened.show()
app.exec()
opened.close()
"""


@pytest.mark.parametrize("count", [3, 0], ids=["rows", "an empty shop"])
def test_the_first_picture_waits_for_nothing_but_its_rows_and_tells_the_shops_time(tmp_path: Path, count: int) -> None:
    """And nobody sees the list without them."""
    folder = tmp_path / "掌柜"
    with closing(ReplicaDatabase(folder / "replica" / "replica-1.db")) as database:
        schema.create(database)
        fill_orders(database, count)
        with database.transaction():
            meta.write(database, replace(meta.read(database), bootstrap_state="complete", feed_epoch="e"))
    PreferenceStore(folder).write_now(Preferences(last_page="orders", time_zone="Pacific/Auckland"))
    command = [sys.executable, "-c", LOOK, str(folder), *HEAVY, *ELSEWHERE, *BEHIND, *ASIDE, *SERVANTS]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert told.stdout.strip() == f"24 01:00 orders {count} {count or None} []", told.stderr[-2_000:]


def test_the_open_order_waits_for_nothing_that_only_acts_on_it_need() -> None:
    unwanted = ("app.desk.labels", "app.printing.pdf", "ui.pages.orders.dialogs", "ui.pages.orders.place")
    code = "import sys, ui.pages.orders.open_order; print([name for name in sys.argv[1:] if name in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", code, *unwanted], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert told.stdout.strip() == "[]", told.stderr[-2_000:]
