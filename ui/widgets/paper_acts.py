"""Printing from any page: the paper goes into the queue, and only what came out before asks why it is needed again."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QWidget

from app.desk.printers import Way
from app.desk.printing import Answer, DocumentKind, InQueue, NeedsReason, NoPaper, PaperWish, Printing, Queued
from app.desk.runner import Runner
from app.kernel.i18n import tr
from ui.widgets.reprint_dialog import ReprintDialog


class PaperActs:
    """Attributes: `dialog`, the open question; `printing`."""

    def __init__(self, runner: Runner, printing: Printing, say: Callable[[str], None], page: QWidget) -> None:
        self._runner = runner
        self.printing = printing
        self._say = say
        self._page = page
        self.dialog: QDialog | None = None

    def label(self, order_id: str, parcel_id: str) -> None:
        self.print(self.printing.label(order_id, parcel_id))

    def receipt(self, order_id: str) -> None:
        self.print(self.printing.receipt(order_id))

    def picking_list(self, order_ids: Sequence[str]) -> None:
        self.print(self.printing.picking_list(order_ids))

    def print(self, wish: PaperWish, reason: str = "") -> None:
        """Print a paper, or ask why it is needed again."""
        self._runner.when(self.printing.print(wish, reason), self._on_answer)

    def print_all(self, wishes: Sequence[PaperWish]) -> None:
        """Print many; those that came out before are left, because each needs a reason of its own."""
        self._runner.when(self.printing.print_all(wishes), self._on_answers)

    def _on_answer(self, answer: Answer) -> None:
        match answer:
            case Queued():
                self._say(_queued(answer))
            case NeedsReason():
                self._ask(answer)
            case InQueue():
                self._say(tr("It stands in the queue already; see the print centre."))
            case NoPaper():
                self._say(tr("This paper can no longer be made: what it would say is gone."))

    def _on_answers(self, answers: tuple[Answer, ...]) -> None:
        queued = sum(isinstance(answer, Queued) for answer in answers)
        before = sum(isinstance(answer, NeedsReason | InQueue) for answer in answers)
        parts = [tr("On its way to the printer: {count}", count=queued)]
        if before:
            parts.append(tr("printed or in the queue before: {count}", count=before))
        if gone := len(answers) - queued - before:
            parts.append(tr("cannot be made: {count}", count=gone))
        self._say(" · ".join(parts))

    def _ask(self, answer: NeedsReason) -> None:
        wish = answer.wish
        words = {DocumentKind.LABEL: tr("Waybill label"), DocumentKind.RECEIPT: tr("Receipt")}
        title = words.get(wish.kind, tr("Picking list"))
        dialog = ReprintDialog(title, answer.copies, answer.last_at, self._page)
        self.dialog = dialog
        dialog.reason_given.connect(lambda reason: self.print(wish, str(reason)))
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _queued(answer: Queued) -> str:
    name = answer.printer.name or tr("PDF files")
    if answer.printer.way is Way.FOLDER:
        return tr("Is being saved as PDF in {folder}", folder=answer.printer.address)
    return tr("On its way to {printer}", printer=name)
