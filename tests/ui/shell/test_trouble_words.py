"""What the badge says when trying again alone does not help, and why something waits."""

from dataclasses import replace

import pytest

from app.desk.queries import SyncIssue, SyncOverview, WaitingCommand
from app.desk.status import Link, SyncStatus
from app.domain.incidents.model import Incident, shop_restored
from tests.ui.support import shop_window as sample
from ui.shell.issue_views import issue_views, keep_mine
from ui.shell.state import SyncPhase, SyncState
from ui.shell.sync_feed import state_of
from ui.shell.sync_words import badge_look, panel_note

NOW = sample.NOW
NOTHING = SyncOverview((), 0, (), (), {"s": "陈子墨"}, {}, {})
WAITING = WaitingCommand("c", "stock.receive", {"qty": 1}, "s", NOW, "queued", "ok", "")


@pytest.mark.parametrize(
    ("link", "trouble", "phase", "said"),
    [
        (Link.LOCKED, "device_revoked", SyncPhase.LOCKED, "这台电脑已不属于本店，请找店主。"),
        (Link.LOCKED, "device_cloned", SyncPhase.LOCKED, "这台电脑是另一台的副本"),
        (Link.OFFLINE, "unauthorised", SyncPhase.OFFLINE, "服务不认识这台电脑"),
        (Link.OFFLINE, "storage_unavailable", SyncPhase.OFFLINE, "请在服务所在的电脑上腾出空间"),
        (Link.OFFLINE, "replica.damaged", SyncPhase.OFFLINE, "本机数据已损坏"),
        (Link.OFFLINE, "replica.disk_full", SyncPhase.OFFLINE, "磁盘已满"),
        (Link.OFFLINE, "something_new", SyncPhase.OFFLINE, "something_new"),
    ],
)
def test_trouble_is_said_in_the_panel(link: Link, trouble: str, phase: SyncPhase, said: str) -> None:
    state = state_of(SyncStatus(link, NOW.replace(hour=1), trouble=trouble), NOTHING)
    assert state.phase is phase
    assert said in panel_note(state, NOW)


def test_a_locked_computer_does_not_say_that_it_works_as_usual() -> None:
    state = state_of(SyncStatus(Link.LOCKED, NOW, trouble="device_revoked"), NOTHING)
    look = badge_look(state, NOW)
    assert (look.title, look.card) == ("已被服务锁定", "danger")


@pytest.mark.parametrize(("held", "note"), [("queued", "陈子墨"), ("held", "等服务更新"), ("parked", "更新后入账")])
def test_what_waits_although_there_is_a_line_says_why(held: str, note: str) -> None:
    known = replace(NOTHING, waiting=(replace(WAITING, state=held),), waiting_count=1)
    state: SyncState = state_of(SyncStatus(Link.ONLINE, NOW), known)
    assert [item.note for item in state.waiting] == [note]


def test_deciding_for_ones_own_value_keeps_the_rest_of_the_edit() -> None:
    changes = {"title": {"from": "a", "to": "b"}, "barcode": {"from": "1", "to": "2"}}
    params = {"field": "barcode", "seen": "1", "current": "9", "wanted": "2"}
    args = {"product_id": "p1", "changes": changes}
    issue = SyncIssue("i", "product.edit", args, "s", NOW, "catalog.conflict", params, NOW, None, "")
    assert keep_mine(issue)["changes"] == {"title": {"from": "a", "to": "b"}, "barcode": {"from": "9", "to": "2"}}


def test_an_incident_says_each_thing_once_and_runs_on_as_its_language_does() -> None:
    restored = shop_restored("epoch", {}, NOW)
    short = Incident("s", "stock.short", {"sku_id": "milk", "missing_qty": 3}, NOW)
    nobodys = Incident("n", "payment.unknown_number", {}, NOW)
    views = issue_views(replace(NOTHING, incidents=(restored, short, nobodys), product_titles={"milk": "燕麦奶"}))
    told = {view.id: (view.headline, view.sentence) for view in views}
    assert told[restored.id] == (
        "服务恢复到了较早的状态；各电脑已补传它丢失的内容",
        "在店主核对之前，系统不会自动退款，也不会自动花出任何一笔钱。",
    )
    assert told["s"] == ("已答应给订单的货不够了", "还差 3 件。")
    assert told["n"] == ("收到一笔找不到订单的款", "")
    assert not any(" " in view.sentence.replace(" 3 ", "") for view in views)
