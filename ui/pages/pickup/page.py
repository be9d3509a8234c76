"""The pickup page: the large card, the two lists, and the scanner that needs no focus."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk import pickup
from app.desk.pickup import AtCounter, Expected, PickupFile
from app.kernel.i18n import tr
from app.printing.masking import mask_phone
from ui.bridge.services import PageServices
from ui.pages.pickup import rows, telling
from ui.pages.pickup.dialogs import OverrideDialog, PartDialog, ShelfDialog
from ui.pages.pickup.entry import PickupEntry
from ui.pages.pickup.found_panel import FoundPanel
from ui.pages.pickup.keys import KEYS
from ui.pages.pickup.people_card import PeopleCard
from ui.pages.pickup.place import CounterPlace
from ui.pages.pickup.presenter import PickupPresenter, last_words
from ui.pages.pickup.verdict import Act, Kind, Verdict
from ui.pages.pickup.verdict_card import VerdictCard
from ui.pages.pickup.waiting_card import WaitingCard
from ui.theme import metrics
from ui.widgets.burst import plain_sign
from ui.widgets.keys import bind
from ui.widgets.paper_acts import PaperActs
from ui.widgets.scan_wedge import ScanWedge

_SIDE: Final = 320
_SIDE_LOW: Final = 304
_SECOND_MS: Final = 1000


class PickupPage(QWidget):
    """Attributes: `presenter`, `wedge`, `waiting_card`, `verdict_card`, `found_panel`, `expected_card`,
    `collected_card`, `dialog` (the open one).
    """

    def __init__(self, services: PageServices, place: CounterPlace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._place = place
        self._is_low: bool | None = None
        self._is_all_of_collected = False
        self.dialog: QDialog | None = None
        self.waiting_card = WaitingCard(self)
        self.verdict_card = VerdictCard(self)
        self.found_panel = FoundPanel(self)
        self.expected_card, self.collected_card = PeopleCard(self), PeopleCard(self)
        self._large = QStackedWidget(self)
        self.wedge = ScanWedge(self, pickup.looks_like_code)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        # What is typed while a verdict stands there begins the next customer.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._assemble()
        self.papers: PaperActs | None = None
        if services.printing is not None:
            self.papers = PaperActs(services.runner, services.printing, services.say, self)
        self.presenter = PickupPresenter(services.runner, self, place)
        place.watch(self.presenter.moved)
        self._connect()
        self._bind_keys()
        self.retranslate()
        self.presenter.reload()

    # What the presenter says

    def show_waiting(self, notice: str = "") -> None:
        self._second.stop()
        self.waiting_card.notice.say(notice)
        self.waiting_card.field.clear()
        self._show_facts()
        self._large.setCurrentWidget(self.waiting_card)
        if self.isVisible():
            self.waiting_card.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_verdict(self, verdict: Verdict) -> None:
        self.waiting_card.field.clear()
        self.found_panel.field.clear()
        self.verdict_card.show_verdict(self._with_receipt(verdict))
        self._large.setCurrentWidget(self.verdict_card)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._second.start()

    def show_lists(self, at: AtCounter, lit_order_id: str) -> None:
        lists = at.lists
        expected = [rows.of_expected(row, at.today) for row in lists.expected]
        collected = [rows.of_collected(row) for row in lists.collected]
        total = lists.ready_count + lists.preparing_count
        self.expected_card.set_texts(
            tr("Expected"),
            tr(
                "{count} in all · {ready} ready · {preparing} to prepare",
                count=total,
                ready=lists.ready_count,
                preparing=lists.preparing_count,
            ),
            tr("Nobody is to come. Paid orders for this point appear here by themselves."),
        )
        fact = tr("{count} so far", count=lists.collected_count)
        if lists.unsynced_count:
            fact = tr(
                "{count} so far · {unsynced} not synced", count=lists.collected_count, unsynced=lists.unsynced_count
            )
        self.collected_card.set_texts(tr("Collected today"), fact, tr("Nobody has been here yet today."))
        self.expected_card.show_people(expected, total, lit_order_id)
        self.collected_card.show_people(collected, lists.collected_count, lit_order_id)
        self._show_facts()
        self._services.recount()

    def show_found(self, found: tuple[Expected, ...], words: str) -> None:
        at = self.presenter.at
        today = at.today if at is not None else self._place.clock.now().date()
        title = tr("Find somebody") if not words else tr('Found for "{words}": {count}', words=words, count=len(found))
        people = [rows.of_expected(row, today, mask_phone(row.phone)) for row in found]
        self.found_panel.show_rows(title, people, tr("Nobody who is to come here has this name or number."))
        self._large.setCurrentWidget(self.found_panel)

    def show_points(self, at: AtCounter) -> None:
        names = [(point.id, point.name) for point in at.lists.points]
        field = self.waiting_card.field
        was_usable = field.isEnabled()
        self.waiting_card.show_points(names, self.presenter.point_id())
        if field.isEnabled() and not was_usable and self._large.currentWidget() is self.waiting_card:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_undo(self, text: str) -> None:
        self.verdict_card.say_undo(text)

    def ask_shelf(self, file: PickupFile) -> None:
        self._open(ShelfDialog(file, self.presenter.hand.mark_ready, self))

    def ask_part(self, file: PickupFile) -> None:
        self._open(PartDialog(file, self.presenter.hand.redeem, self))

    def ask_override(self, file: PickupFile | None) -> None:
        self._open(OverrideDialog(file, self.presenter.hand.hand_over, self))

    def copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._services.say(tr("The address is copied."))

    def open_order(self, order_id: str) -> None:
        self._services.go("orders", order_id)

    # What the shell says

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.waiting_card.retranslate()
        self.found_panel.retranslate()
        self.presenter.say_again()
        self._show_facts()

    def page_shown(self) -> None:
        self.wedge.set_listening(True)
        self.presenter.page_shown()
        if self._large.currentWidget() is self.waiting_card:
            self.waiting_card.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def page_hidden(self) -> None:
        self.wedge.set_listening(False)
        self.presenter.page_hidden()

    def open_row(self, row: object) -> None:
        """Show who this order's buyer is."""
        self.presenter.hand.open(str(row))

    # Building

    def _assemble(self) -> None:
        for card in (self.waiting_card, self.verdict_card, self.found_panel):
            self._large.addWidget(card)
        self._lists = QWidget(self)
        column = QVBoxLayout(self._lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.expected_card, 1)
        column.addWidget(self.collected_card, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._large, 1)
        row.addWidget(self._lists)

    def _connect(self) -> None:
        self.wedge.scanned.connect(self._on_wedge_scanned)
        self.wedge.garbled.connect(self.presenter.garbled)
        self.waiting_card.entered.connect(self._on_waiting_entered)
        self.waiting_card.point_chosen.connect(self._on_point_chosen)
        self.verdict_card.act_chosen.connect(self._on_act_chosen)
        self.found_panel.searched.connect(self._on_found_searched)
        self.found_panel.chosen.connect(self._on_person_chosen)
        self.found_panel.closed.connect(self._on_next)
        self.expected_card.chosen.connect(self._on_person_chosen)
        self.collected_card.chosen.connect(self._on_person_chosen)
        self.expected_card.all_wanted.connect(self._on_all_expected)
        self.collected_card.all_wanted.connect(self._on_all_collected)
        self._second.timeout.connect(self.presenter.tick)

    def _bind_keys(self) -> None:
        hand = self.presenter.hand
        acts = {
            "next": self._on_next,
            "find": self._on_find,
            "record": self.presenter.record,
            "undo": self.presenter.undo,
            "prepare": hand.prepare,
            "part": hand.part,
            "override": hand.override,
            "print": self._on_print,
            "redeem": self._on_redeem,
        }
        bind(self, KEYS, acts)

    def _show_facts(self) -> None:
        at, card = self.presenter.at, self.waiting_card
        card.last_fact.say(tr("Last scan"), last_words(self.presenter))
        may_offline = at is None or at.may_offline
        text = tr("works, goes up by itself") if may_offline else tr("needs the network")
        card.offline_fact.say(tr("Without the network"), text, "synced" if may_offline else "offline")
        is_heard = self._place.has_sounds()
        text = tr("on · four sounds") if is_heard else tr("off")
        card.sound_fact.say(tr("Sound signals"), text, "sound" if is_heard else "silent")

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    # Slots

    def _on_wedge_scanned(self, text: object) -> None:
        self.presenter.scan(str(text))

    def _on_waiting_entered(self, text: object) -> None:
        self.presenter.hand.enter(str(text))

    def _on_point_chosen(self, point_id: object) -> None:
        self.presenter.choose_point(str(point_id))

    def _on_act_chosen(self, act: object) -> None:
        acts = {
            Act.NEXT: self._on_next,
            Act.UNDO: self.presenter.undo,
            Act.RECORD: self.presenter.record,
            Act.COPY: self.presenter.copy_address,
            Act.PREPARE: self.presenter.hand.prepare,
            Act.REDEEM: self._on_redeem,
            Act.PART: self.presenter.hand.part,
            Act.OVERRIDE: self.presenter.hand.override,
            Act.PRINT: self._on_print,
        }
        acts[Act(str(act))]()

    def _on_next(self) -> None:
        self.presenter.next()

    def _with_receipt(self, verdict: Verdict) -> Verdict:
        """What was handed over can be put on paper, where this computer prints."""
        if self.papers is None or verdict.kind is not Kind.DONE:
            return verdict
        *before, last = verdict.offers
        return replace(verdict, offers=(*before, telling.offer(Act.PRINT), last))

    def _on_print(self) -> None:
        """The receipt of what was just handed over; unplugged it says so."""
        file, verdict = self.presenter.file, self.presenter.verdict
        if self.papers is not None and file is not None and verdict is not None and verdict.kind is Kind.DONE:
            self.papers.receipt(file.order.id)

    def _on_redeem(self) -> None:
        self.presenter.hand.redeem()

    def _on_find(self) -> None:
        self.show_found((), "")
        self.found_panel.begin()
        self.presenter.hand.search("")

    def _on_found_searched(self, words: object) -> None:
        if self._large.currentWidget() is self.found_panel:
            self.presenter.hand.search(str(words))

    def _on_person_chosen(self, order_id: object) -> None:
        self.presenter.hand.open(str(order_id))

    def _on_all_expected(self) -> None:
        self._on_find()

    def _on_all_collected(self) -> None:
        at = self.presenter.at
        if at is None:
            return
        people = [rows.of_collected(row) for row in at.lists.collected]
        self.found_panel.show_rows(tr("Collected today"), people, "")
        self._large.setCurrentWidget(self.found_panel)

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whoever types while a verdict stands there begins the next customer."""
        sign = "" if event.modifiers() & Qt.KeyboardModifier.ControlModifier else plain_sign(event.text())
        if sign and self._large.currentWidget() is self.verdict_card:
            self.presenter.next()
            self.waiting_card.field.setText(sign)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.presenter.copy_address()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = self.window().height()
        is_low = height < metrics.LOW_SCREEN
        if is_low == self._is_low:
            return
        self._is_low = is_low
        self._lists.setFixedWidth(_SIDE_LOW if is_low else _SIDE)
        gap = metrics.card_gap(height)
        for widget in (self, self._lists):
            layout = widget.layout()
            if layout is not None:
                layout.setSpacing(gap)
        for part in (self.waiting_card, self.verdict_card, self.expected_card, self.collected_card):
            part.set_low(is_low=is_low)


def make_page(services: PageServices, place: CounterPlace, parent: QWidget | None = None) -> QWidget:
    """The page's widget."""
    return PickupPage(services, place, parent)


def entry(services: PageServices) -> PickupEntry:
    """The page as the shell registers it."""
    return PickupEntry(services, make_page)
