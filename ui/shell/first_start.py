"""What the first start is doing and how far it is: pictures, the orders of the past, and the way to this computer."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from app.desk.founding import Founding
from app.desk.status import Link, SyncStatus
from app.kernel.i18n import tr
from ui.shell.loading_words import loading_text
from ui.shell.main_window import MainWindow
from ui.theme import metrics
from ui.widgets.card import Card
from ui.widgets.text import label

_WIDTH: Final = 460
_ON_THE_WAY: Final = (Link.CONNECTING, Link.LOADING)


class FirstStartView(QWidget):
    """Lies over the empty pages until the shop is here."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = label("", "headline")
        self.what_label: QLabel = label("", "strong")
        self.fact_label: QLabel = label("", "note")
        self._note: QLabel = label("", "muted", wraps=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        card = Card(kind="popup", padding=metrics.SPACE_XL, parent=self)
        card.setFixedWidth(_WIDTH)
        for widget in (self._title, self.what_label, self.bar, self.fact_label, self._note):
            card.body.addWidget(widget)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.note: Callable[[], str] = lambda: tr(
            "A demo shop with a past is being made on this computer, just this once."
        )
        self.hide()

    def show_step(self, what: str, fact: str, done: int, total: int) -> None:
        """Say what is being done; a total of 0 means that it is not known."""
        self._title.setText(tr("Your first start"))
        self._note.setText(self.note())
        self.what_label.setText(what)
        self.fact_label.setText(fact)
        self.bar.setRange(0, total)
        self.bar.setValue(min(done, total))
        self.bar.setAccessibleName(what)
        self.setAccessibleName(f"{what} {fact}")
        if self.isHidden():
            self.place()
            self.show()
            self.raise_()

    def place(self) -> None:
        """Over the page, beside the side bar and below the top bar."""
        around = self.parentWidget()
        if around is not None:
            left, top = metrics.SIDE_WIDTH, metrics.TOP_HEIGHT
            self.setGeometry(left, top, around.width() - left, around.height() - top)


class Founder(Protocol):
    """Whoever starts the service; tells on a thread of its own how far a new demo shop is."""

    on_founding: Callable[[Founding], None]


class FirstStart(QObject):
    """Between the desktop's starting and what is shown of it."""

    _founding_came = Signal(object)

    def __init__(self, desktop: Founder, window: MainWindow) -> None:
        super().__init__(window)
        self.view = FirstStartView(window)
        self._window = window
        self._is_joining = False
        self._founding_came.connect(self._on_founding_came)
        desktop.on_founding = self._founding_came.emit
        window.installEventFilter(self)

    def begin(self, *, is_demo: bool) -> None:
        """The shop's own service starts here for the first time: nothing of the shop can be here yet."""
        if not is_demo:
            self.view.note = lambda: tr("The shop is being made on this computer, just this once.")
        self.view.show_step(tr("Starting the shop's service"), "", 0, 0)

    def join(self, status: SyncStatus) -> None:
        """This counter has never had the shop: its pages are not empty, they are not here yet."""
        self._is_joining = True
        self.view.note = lambda: tr(
            "This computer fetches the shop once; after that it also works without the network."
        )
        self.show_status(status)

    def give_up(self) -> None:
        """Something went wrong, and is told elsewhere."""
        self.view.hide()

    def _on_founding_came(self, founding: Founding) -> None:
        done, total = f"{founding.done:,}", f"{founding.total:,}"
        is_pictures = founding.what == "pictures"
        what = tr("Drawing the pictures of the goods") if is_pictures else tr("Making orders of the past")
        self.view.show_step(what, tr("{done} of {total}", done=done, total=total), founding.done, founding.total)

    def show_status(self, status: SyncStatus) -> None:
        """The shop is made; its rows still have to come here."""
        if self.view.isHidden() and not self._is_joining:
            return
        if status.link not in _ON_THE_WAY:
            self._is_joining = False
            self.view.hide()
            return
        place, places = status.part
        self.view.show_step(tr("Bringing the shop to this counter"), loading_text(status), place, places)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.view.place()
        return super().eventFilter(watched, event)
