"""Printing from any page: the paper goes into the queue, and only what came out before asks why it is needed again."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from app.desk.runner import Runner
from app.kernel.i18n import tr
from app.kernel.later import later

if TYPE_CHECKING:
    from app.desk import printers
    from app.desk import printing as paper
    from app.desk.printing import Answer, PaperWish, Printing
    from ui.widgets import reprint_dialog
else:
    printers, paper = later("app.desk.printers"), later("app.desk.printing")
    reprint_dialog = later("ui.widgets.reprint_dialog")


class PaperActs:
    """Attributes: `dialog`, the open question. ``printing`` is asked for with the first paper."""

    def __init__(
        self, runner: Runner, printing: "Callable[[], Printing]", say: Callable[[str], None], page: QWidget
    ) -> None:
        self._runner = runner
        self._printing = printing
        self._say = say
        self._page = page
        self.dialog: QDialog | None = None

    def label(self, order_id: str, parcel_id: str) -> None:
        self.print(self._printing().label(order_id, parcel_id))

    def receipt(self, order_id: str) -> None:
        self.print(self._printing().receipt(order_id))

    def picking_list(self, order_ids: Sequence[str]) -> None:
        self.print(self._printing().picking_list(order_ids))

    def print(self, wish: "PaperWish", reason: str = "") -> None:
        """Print a paper, or ask why it is needed again."""
        self._runner.when(self._printing().print(wish, reason), self._on_answer)

    def print_all(self, wishes: "Sequence[PaperWish]") -> None:
        """Print many; those that came out before are left, because each needs a reason of its own."""
        self._runner.when(self._printing().print_all(wishes), self._on_answers)

    def _on_answer(self, answer: "Answer") -> None:
        match answer:
            case paper.Queued():
                self._say(_queued(answer))
            case paper.NeedsReason():
                self._ask(answer)
            case paper.InQueue():
                self._say(tr("It stands in the queue already; see the print centre."))
            case paper.NoPaper():
                self._say(tr("This paper can no longer be made: what it would say is gone."))

    def _on_answers(self, answers: "tuple[Answer, ...]") -> None:
        queued = sum(isinstance(answer, paper.Queued) for answer in answers)
        before = sum(isinstance(answer, paper.NeedsReason | paper.InQueue) for answer in answers)
        parts = [tr("On its way to the printer: {count}", count=queued)]
        if before:
            parts.append(tr("printed or in the queue before: {count}", count=before))
        if gone := len(answers) - queued - before:
            parts.append(tr("cannot be made: {count}", count=gone))
        self._say(" · ".join(parts))

    def _ask(self, answer: "paper.NeedsReason") -> None:
        wish = answer.wish
        words = {paper.DocumentKind.LABEL: tr("Waybill label"), paper.DocumentKind.RECEIPT: tr("Receipt")}
        title = words.get(wish.kind, tr("Picking list"))
        dialog = reprint_dialog.ReprintDialog(title, answer.copies, answer.last_at, self._page)
        self.dialog = dialog
        dialog.reason_given.connect(lambda reason: self.print(wish, str(reason)))
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _queued(answer: "paper.Queued") -> str:
    name = answer.printer.name or tr("PDF files")
    if answer.printer.way is printers.Way.FOLDER:
        return tr("Is being saved as PDF in {folder}", folder=answer.printer.address)
    return tr("On its way to {printer}", printer=name)
