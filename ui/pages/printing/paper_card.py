"""The chosen paper: the very dots that are printed, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk.printing import JobPage, JobState
from app.kernel.i18n import tr
from ui.pages.printing import wording
from ui.pages.printing.rows import Row
from ui.printing.preview import PaperPreview
from ui.theme import metrics
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.text import ElidedLabel, label


class PaperCard(Card):
    """Attributes: `preview`, `back_button`, `forth_button`, `order_button`, and the acts' buttons by key in `buttons`.

    Signals: `act_wanted(object)` carries a key of `ACTS`; `turned(object)` by how many sheets.
    """

    ACTS = ("came_out", "not_out", "from_sheet", "print", "retry", "elsewhere", "cancel", "stop", "order", "reprint")
    act_wanted = Signal(object)
    turned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=14, parent=parent)
        self.preview = PaperPreview("", self)
        self._title = ElidedLabel("", "strong")
        self._chip = Chip(parent=self)
        self._size = label("", "note")
        self._question = label("", "body", "warn", wraps=True)
        self.back_button = IconButton("back", "", 32, self)
        self.forth_button = IconButton("right", "", 32, self)
        kinds = {"came_out": "primary", "print": "primary"}
        icons = {"reprint": "busy", "print": "printing", "order": "orders"}
        self.buttons = {key: Button("", kinds.get(key, "plain"), icons.get(key, ""), self) for key in self.ACTS}  # type: ignore[arg-type]
        self._page: JobPage | None = None
        self._remark = ""
        self._assemble()
        for key, button in self.buttons.items():
            button.setProperty("act", key)
            button.set_height(metrics.BUTTON_SMALL)
            button.clicked.connect(self._on_button_clicked)
        self.back_button.clicked.connect(self._on_back_clicked)
        self.forth_button.clicked.connect(self._on_forth_clicked)
        self.show_row(None, frozenset())

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(metrics.SPACE_S)
        head.addWidget(self._title, 1)
        head.addWidget(self._chip)
        head.addWidget(self.back_button)
        head.addWidget(self.forth_button)
        self.body.addLayout(head)
        self.body.addWidget(self.preview, 1)
        self.body.addWidget(self._question)
        foot = QVBoxLayout()
        foot.setSpacing(metrics.SPACE_S)
        foot.addWidget(self._size)
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_S)
        row.addStretch(1)
        for button in self.buttons.values():
            row.addWidget(button)
        foot.addLayout(row)
        self.body.addLayout(foot)

    def show_row(self, row: Row | None, offers: frozenset[str], remark: str = "") -> None:
        """Say what is chosen and offer what can be done with it; ``remark`` stands beside the size."""
        self._remark = remark
        job = row.job if row is not None else None
        self._title.setText(row.title if row is not None else tr("No paper chosen"))
        self._chip.setVisible(row is not None)
        if row is not None:
            self._chip.set_state(row.state, row.tone)
        state = job.state if job is not None else None
        self._question.setText(_question(by_sheets="from_sheet" in offers))
        self._question.setVisible(state is JobState.DOUBTFUL)
        for key, text in _texts().items():
            self.buttons[key].setText(text)
            self.buttons[key].setVisible(key in offers)
        self.buttons["reprint"].setToolTip("Ctrl+P")
        self._say_page()

    def show_page(self, page: JobPage | None, waiting: str = "") -> None:
        self._page = page
        self.preview.show_bitmap(page.picture if page is not None else None, waiting)
        self._say_page()

    def size_text(self) -> str:
        """What it says below the paper."""
        return self._size.text()

    def retranslate(self) -> None:
        self.preview.setAccessibleName(tr("Preview of the paper"))
        self.back_button.set_name(tr("The sheet before"))
        self.forth_button.set_name(tr("The next sheet"))

    def _say_page(self) -> None:
        page = self._page
        several = page is not None and page.count > 1
        self.back_button.setVisible(several)
        self.forth_button.setVisible(several)
        if page is None:
            self._size.setText("")
            return
        width, height = (wording.millimetres(length) for length in page.size_mm10)
        parts = [tr("{width} × {height} mm · 203 dpi", width=width, height=height)]
        if several:
            self.back_button.setEnabled(page.number > 0)
            self.forth_button.setEnabled(page.number + 1 < page.count)
            parts.append(tr("Sheet {number} of {count}", number=page.number + 1, count=page.count))
        self._size.setText(" · ".join(part for part in (*parts, self._remark) if part))

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            self.act_wanted.emit(button.property("act"))

    def _on_back_clicked(self) -> None:
        self.turned.emit(-1)

    def _on_forth_clicked(self) -> None:
        self.turned.emit(1)


def _question(*, by_sheets: bool) -> str:
    if by_sheets:
        return tr("Something went wrong while this was printed. Turn to the first sheet that is missing or spoilt.")
    return tr("Something went wrong while this was printed. Look at the printer: did it come out whole?")


def _texts() -> dict[str, str]:
    return {
        "came_out": tr("It came out"),
        "not_out": tr("No, print it again"),
        "from_sheet": tr("Go on from this sheet"),
        "print": tr("Print it here"),
        "retry": tr("Try again"),
        "elsewhere": tr("Save as PDF instead"),
        "cancel": tr("Do not print"),
        "stop": tr("Stop behind this sheet"),
        "order": tr("See the order"),
        "reprint": tr("Print again…"),
    }
