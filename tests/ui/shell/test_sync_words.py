"""The badge in every phase: what it says, when it says it, and that it does not flicker."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.kernel.i18n import set_language
from tests.ui.support import shop_window as sample
from ui.shell.issue_state import grouped
from ui.shell.main_window import MainWindow
from ui.shell.state import BUSY_AFTER, OFFLINE_AFTER, SyncPhase, SyncState, WaitingItem, next_look, visible_phase
from ui.shell.sync_badge import SyncBadge
from ui.shell.sync_words import badge_look, panel_note, waiting_title
from ui.theme import fonts, metrics
from ui.widgets.text import ElidedLabel

NOW = sample.NOW
SYNCED = SyncState(SyncPhase.SYNCED, NOW, synced_at=NOW)
SECOND = timedelta(seconds=1)


class HandClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> object:
        return self.now


def test_busy_shows_after_three_seconds_and_offline_after_ten() -> None:
    assert (BUSY_AFTER, OFFLINE_AFTER) == (3 * SECOND, 10 * SECOND)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("phase", list(SyncPhase))
@pytest.mark.parametrize("issue_count", [0, 1, 12])
def test_the_title_has_room_in_both_languages(
    window: MainWindow, language: str, phase: SyncPhase, issue_count: int
) -> None:
    set_language(language)
    window.set_sync(replace(sample.offline(), phase=phase, issue_count=issue_count))
    QApplication.processEvents()
    area = window.badge.title_area()
    measure = QFontMetricsF(fonts.font(metrics.BODY, fonts.STRONG))
    needed = measure.boundingRect(
        QRectF(0, 0, area.width(), 1000), int(Qt.TextFlag.TextWordWrap), window.badge.look().title
    )
    assert needed.height() <= area.height()
    assert needed.width() <= area.width()


@pytest.mark.parametrize(("phase", "delay"), [(SyncPhase.BUSY, BUSY_AFTER), (SyncPhase.OFFLINE, OFFLINE_AFTER)])
def test_short_trouble_is_not_shown(phase: SyncPhase, delay: timedelta) -> None:
    state = replace(SYNCED, phase=phase)
    assert visible_phase(state, NOW + delay - SECOND) == SyncPhase.SYNCED
    assert visible_phase(state, NOW + delay) == phase
    assert next_look(state, NOW + delay - SECOND) == SECOND
    assert next_look(state, NOW + delay) is None


@pytest.mark.parametrize(
    ("state", "title", "note", "card"),
    [
        (SYNCED, "已同步", "18:20 · 0 条待上传", "plain"),
        (
            replace(SYNCED, phase=SyncPhase.BUSY, since=NOW - 4 * SECOND, waiting_count=2, sent_count=1),
            "正在同步",
            "还剩 2 条 · 已传 1 条",
            "plain",
        ),
        (SyncState(SyncPhase.SYNCED, NOW), "正在连接", "店铺还没有回应", "plain"),
        (
            SyncState(SyncPhase.BUSY, NOW, detail="正在取回全部：订单，900 行"),
            "正在同步",
            "正在取回全部：订单，900 行",
            "plain",
        ),
        (sample.offline(), "离线，照常营业", "3 条待上传 · 自 17:31", "warn"),
        (replace(SYNCED, issue_count=3), "3 个问题要你定", "其余已同步 18:20", "danger"),
        (replace(SYNCED, phase=SyncPhase.UPDATE), "这台电脑要更新", "能看能传，先不改", "info"),
        (replace(SYNCED, phase=SyncPhase.LOCAL_ONLY, detail="7415 端口被占"), "只有本机能用", "7415 端口被占", "warn"),
    ],
)
def test_each_phase_has_its_words_and_ground(state: SyncState, title: str, note: str, card: str) -> None:
    look = badge_look(state, NOW)
    assert (look.title, look.note, look.card) == (title, note, card)


@pytest.mark.parametrize("phase", [SyncPhase.BUSY, SyncPhase.OFFLINE])
def test_nothing_is_called_synced_before_the_first_meeting_with_the_service(phase: SyncPhase) -> None:
    state = SyncState(phase, NOW)
    assert visible_phase(state, NOW) == SyncPhase.BUSY
    assert badge_look(state, NOW).icon != badge_look(SYNCED, NOW).icon
    assert visible_phase(state, NOW + OFFLINE_AFTER) == phase


def test_every_look_has_an_icon_of_its_own() -> None:
    states = [SYNCED, sample.offline(), replace(SYNCED, issue_count=1)]
    states += [replace(SYNCED, phase=phase, since=NOW - 60 * SECOND) for phase in SyncPhase]
    looks = {badge_look(state, NOW).title: badge_look(state, NOW).icon for state in states}
    assert len(set(looks.values())) == len(looks)


def test_one_issue_is_not_called_issues() -> None:
    set_language("en")
    assert badge_look(replace(SYNCED, issue_count=1), NOW).title == "1 issue needs your decision"


def test_offline_stays_amber_even_with_issues() -> None:
    assert badge_look(replace(sample.offline(), issue_count=2), NOW).card == "warn"


def test_the_panel_says_since_when_and_when_it_tries_again() -> None:
    assert panel_note(sample.offline(), NOW) == "17:31 起连不上服务 · 8 秒后再试"
    assert panel_note(sample.offline(), NOW + 60 * SECOND) == "17:31 起连不上服务 · 正在再试"


def test_the_panel_says_that_what_waits_is_safe() -> None:
    assert "关机也不丢" in waiting_title(sample.offline())
    assert waiting_title(SYNCED) == "没有等着上传的"


def test_the_badge_turns_amber_by_itself_when_offline_lasts(qtbot: QtBot) -> None:
    clock = HandClock()
    badge = SyncBadge(clock)  # type: ignore[arg-type]
    qtbot.addWidget(badge)
    badge.set_state(replace(SYNCED, phase=SyncPhase.OFFLINE, since=NOW + 1 * SECOND - OFFLINE_AFTER))
    assert badge.text() == "已同步"
    clock.now = NOW + 2 * SECOND
    qtbot.waitUntil(lambda: badge.text() == "离线，照常营业", timeout=3000)
    assert "离线" in badge.accessibleName()


def test_what_waits_is_listed_newest_first(window: MainWindow) -> None:
    window.set_sync(sample.offline())
    window.over.panel.open_above(window.badge)
    texts = [child.text() for child in window.over.panel.findChildren(ElidedLabel)]
    assert texts == ["核销 林晓雨", "核销 郭诗涵", "核销 马天宇"]


def test_more_than_fits_is_counted(window: MainWindow) -> None:
    many = tuple(WaitingItem(NOW + number * SECOND, f"改价 {number}") for number in range(20))
    window.set_sync(replace(sample.offline(), waiting=many, waiting_count=120))
    window.over.panel.open_above(window.badge)
    assert any(child.text() == "还有 112 条" for child in window.over.panel.findChildren(QLabel))


def test_issues_of_one_order_stand_together() -> None:
    first, second, _ = sample.issues()
    early = replace(first, id="i9", at=first.at - timedelta(hours=3))
    assert [issue.id for issue in grouped((early, second, first))] == ["i1", "i9", "i2"]
