"""The window: side bar and top bar around the shown page.

The pages themselves are `page_stack`, what lies over them is `over`, the keys that work on each of them are `keys`.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStyle, QVBoxLayout, QWidget

from app.kernel.i18n import language, tr
from app.kernel.later import later
from app.kernel.once import once
from ui.shell.moment import Clock, utc_now
from ui.shell.page import Addressed, Page, Searchable
from ui.shell.page_stack import PageStack
from ui.shell.side_bar import SideBar
from ui.shell.state import ShopIdentity
from ui.shell.sync_badge import SyncBadge
from ui.shell.top_bar import TopBar
from ui.theme import metrics, tokens

if TYPE_CHECKING:
    from ui.shell import issue_centre, keys, notices, over
    from ui.shell.issue_state import IssueView
    from ui.shell.palette import commands
    from ui.shell.state import Person, SyncState
    from ui.widgets.toast import Toast, Words
else:
    issue_centre, keys = later("ui.shell.issue_centre"), later("ui.shell.keys")
    notices, over = later("ui.shell.notices"), later("ui.shell.over")
    commands = later("ui.shell.palette.commands")

ISSUES: Final = "issues"
LEAST_WIDTH: Final = 1180
LEAST_HEIGHT: Final = 680
_WISHED: Final = QSize(1440, 900)


def first_size(available: QSize) -> QSize:
    """As large as wished where the screen has the room, else whole on the screen, but never smaller than it may be."""
    if available.width() < LEAST_WIDTH or available.height() < LEAST_HEIGHT:
        return _WISHED
    return _WISHED.boundedTo(available)


class MainWindow(QMainWindow):
    """The shell around the pages. It shows what it is told and says what a person wants.

    Signals:
        retry_requested(): try the service now.
        issue_decided(object): an `IssueChoice`.
        theme_chosen(object): "light" or "dark"; apply it, then call `retranslate`.
        language_chosen(object): "zh_CN" or "en"; set it, then call `retranslate` and give the texts anew.
        person_requested(): somebody else wants to sign in.
        toast_action_chosen(object): the `action_key` of a toast.
        page_opened(object): a page's key.
        closing(): the window was told to close.
    """

    retry_requested = Signal()
    issue_decided = Signal(object)
    theme_chosen = Signal(object)
    language_chosen = Signal(object)
    person_requested = Signal()
    toast_action_chosen = Signal(object)
    page_opened = Signal(object)
    closing = Signal()

    def __init__(
        self,
        pages: Sequence[Page],
        identity: ShopIdentity,
        clock: Clock = utc_now,
        first: str = "",
        after_picture: Callable[[Callable[[], None]], None] = lambda act: act(),
    ) -> None:
        """``first`` is the page it opens with; the first of the side bar where that is not one of them.

        ``after_picture`` does what the first picture need not wait for.
        """
        super().__init__()
        self._identity = identity
        self._clock = clock
        self._issues: tuple[IssueView, ...] = ()
        self.badge = SyncBadge(clock, self)
        self._stack = PageStack(pages, self)
        self._pages = self._stack.pages
        self.side_bar = SideBar(tuple(self._pages.values()), self.badge, self)
        self.top_bar = TopBar(self)
        self._assemble()
        self._connect()
        after_picture(self._bind_keys)
        self._order_tabs()
        self.set_identity(identity)
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        frame = self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
        self.resize(first_size(self.screen().availableSize() - QSize(0, frame)))
        if self._pages:
            self.go(first if first in self._pages else next(iter(self._pages)))

    def _assemble(self) -> None:
        self._body = QVBoxLayout()
        self._body.setSpacing(metrics.SPACE_M)
        self._body.addWidget(self._stack)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top_bar)
        right.addLayout(self._body, 1)
        ground = QWidget(self)
        ground.setProperty("ground", "page")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side_bar)
        row.addLayout(right, 1)
        # Takes the keyboard at the start, so that no control looks chosen before a person chose one.
        ground.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        ground.setFocus()
        self.setCentralWidget(ground)

    # What lies over the pages or behind them, made when it is needed first

    @once
    def issue_centre(self) -> "issue_centre.IssueCentre":
        made = issue_centre.IssueCentre(self)
        self._stack.addWidget(made)
        made.decided.connect(self.issue_decided)
        made.set_issues(self._issues)
        return made

    @once
    def over(self) -> "over.Over":
        pages = tuple(self._pages.values())
        made = over.Over(self, self.badge, self._clock, pages)
        made.lead_with(self.go, lambda: commands.of(self, pages))
        made.retry_requested.connect(self.retry_requested)
        made.toast_action_chosen.connect(self.toast_action_chosen)
        return made

    @once
    def notices(self) -> "notices.Notices":
        return notices.Notices(self._body, self)

    def _is_made(self, part: str) -> bool:
        return part in vars(self)

    def _connect(self) -> None:
        self.side_bar.page_chosen.connect(self.go)
        self.badge.panel_wanted.connect(self._on_badge_panel_wanted)
        self.badge.issues_wanted.connect(self.open_issues)
        self.top_bar.searched.connect(self._on_top_bar_searched)
        self.top_bar.bell_pressed.connect(self.open_issues)
        self.top_bar.theme_pressed.connect(self._on_top_bar_theme_pressed)
        self.top_bar.language_pressed.connect(self._on_top_bar_language_pressed)
        self.top_bar.keys_pressed.connect(self._on_sheet_wanted)
        self.top_bar.person_pressed.connect(self.person_requested)

    def _bind_keys(self) -> None:
        acts = {
            keys.SHEET.act: self._on_sheet_wanted,
            keys.SEARCH.act: self._on_palette_wanted,
            keys.PERSON.act: self.person_requested.emit,
        }
        keys.bind_everywhere(self, tuple(self._pages.values()), self._on_page_shortcut_activated, acts)

    def _order_tabs(self) -> None:
        """Tab goes down the side bar, along the top, through the page, and ends at the badge."""
        top = self.top_bar
        chain = [*self.side_bar.entries(), top.search_field, top.demo_button, top.bell_button, top.theme_button]
        chain += [top.language_button, top.keys_button, top.person_button, self._stack, self.badge]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    # What is shown

    def go(self, key: object, row: object = None) -> None:
        """Show a page, and in it a row if one is named. Raises KeyError for a page that is not registered."""
        name = str(key)
        widget: QWidget = self.issue_centre if name == ISSUES else self._stack.page_widget(name)
        if self._is_made("over"):
            self.over.leave_page()
        if name != self._stack.current_key:
            self._stack.turn_to(name, widget)
            self.side_bar.set_current(name)
            self._show_place()
            self.page_opened.emit(name)
        if row is not None and isinstance(widget, Addressed):
            widget.open_row(row)

    def open_issues(self) -> None:
        """Show the issue centre."""
        self.go(ISSUES)

    def current_page(self) -> str:
        """The key of the shown page."""
        return self._stack.current_key

    def page_widget(self, key: str) -> QWidget:
        """A page's widget, made now if it was not shown yet."""
        return self._stack.page_widget(key)

    def set_sync(self, state: "SyncState") -> None:
        """Show how the link to the service is."""
        self.badge.set_state(state)
        self.over.set_sync(state)

    def set_issues(self, issues: "tuple[IssueView, ...]") -> None:
        """Show what must be decided and what was settled today."""
        self._issues = issues
        if self._is_made("issue_centre"):
            self.issue_centre.set_issues(issues)
        self.top_bar.set_waiting_issues(sum(issue.closed_at is None for issue in issues))
        self._show_place()

    def set_person(self, person: "Person | None") -> None:
        """Show who is on duty."""
        self.top_bar.set_person(person)
        self._stack.person_changed()

    def set_identity(self, identity: ShopIdentity) -> None:
        """Show whose shop and which counter this is."""
        self._identity = identity
        self.side_bar.set_identity(identity)
        self.setWindowTitle(tr("{shop} · Zhanggui", shop=identity.name))

    def refresh_counts(self) -> None:
        """Ask the pages again for their counts and facts."""
        self.side_bar.retranslate()
        self._show_place()

    def set_notice(self, key: str, words: "Words | None") -> None:
        """Say something above every page until it is taken back with None: what must not pass by like a toast."""
        if words is not None or self._is_made("notices"):
            self.notices.say(key, words)

    def notify(self, message: "Toast") -> None:
        """Show a short message when its turn comes."""
        self.over.toasts.show_toast(message)

    def retranslate(self) -> None:
        """Say everything again after a change of language or theme."""
        self.side_bar.retranslate()
        self.top_bar.retranslate()
        self.badge.refresh()
        for part in ("notices", "over", "issue_centre"):
            if self._is_made(part):
                getattr(self, part).retranslate()
        self._stack.retranslate()
        self.set_identity(self._identity)
        self._show_place()

    def _show_place(self) -> None:
        page = self._pages.get(self.current_page())
        if self.current_page() == ISSUES:
            self.top_bar.set_place(self.issue_centre.title(), self.issue_centre.fact())
        elif page is not None:
            self.top_bar.set_place(page.title(), page.fact())
        widget = self._stack.currentWidget()
        if isinstance(widget, Searchable):
            self.top_bar.set_search(widget.search_name(), keys.search_of(page))
        else:
            self.top_bar.set_search("")

    def _on_palette_wanted(self) -> None:
        self.over.toggle_palette()

    def _on_page_shortcut_activated(self) -> None:
        shortcut = self.sender()
        if shortcut is not None:
            self.go(shortcut.property(keys.PAGE_KEY))

    def _on_sheet_wanted(self) -> None:
        self.over.toggle_sheet()

    def _on_top_bar_searched(self, text: object) -> None:
        widget: object = self._stack.currentWidget()
        if isinstance(widget, Searchable):
            widget.search(str(text))

    def _on_badge_panel_wanted(self) -> None:
        self.over.toggle_panel()

    def _on_top_bar_theme_pressed(self) -> None:
        self.theme_chosen.emit("light" if tokens.current() == "dark" else "dark")

    def _on_top_bar_language_pressed(self) -> None:
        self.language_chosen.emit("en" if language() == "zh_CN" else "zh_CN")

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._body.setContentsMargins(*metrics.page_margins(self.height()))
        self.top_bar.set_window_width(self.width())
        if self._is_made("over"):
            self.over.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whoever closes the window is asked what is to become of the unsaved; the program's own end is not held up."""
        if event.spontaneous() and not self._may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def _may_close(self) -> bool:
        for key, page in self._stack.unsaved():
            self.go(key)
            if not page.may_close():
                return False
        return True
