"""Looks at a parcel's label and saves it as PDF."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QDialog, QFileDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.desk import labels
from app.desk.labels import Label, SavedLabel
from app.desk.runner import Runner
from app.kernel.clock import Clock
from app.kernel.i18n import language, tr
from ui.pages.orders.shipping import LabelPresenter
from ui.printing.preview import PaperPreview
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.notice import Notice
from ui.widgets.text import ElidedLabel, label

_SIZE = (760, 640)
_SIDE = 300


class LabelDialog(QDialog):
    """The preview at the left is, dot for dot, what the file holds.

    Attributes: `preview`, `form_buttons` by form, `print_button`, `save_button`, `open_button`, `folder`, `saved_path`,
    `unsynced_notice`, `warning_notice`, `result_notice`.
    Signals: `place_chosen(object, object)`: the form and the folder to be remembered, after a label was saved;
    `print_wanted(object, object)`: the order and the parcel whose label is to be printed.
    """

    place_chosen = Signal(object, object)
    print_wanted = Signal(object, object)

    def __init__(
        self, runner: Runner, ids: tuple[str, str], clock: Clock, place: tuple[str, Path], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._presenter = LabelPresenter(runner, self, ids, clock)
        self._ids = ids
        self._printer_form = ""
        self._form, self.folder = place
        if self._form not in labels.FORMS:
            self._form = labels.FORMS[0]
        self.saved_path: Path | None = None
        self.setWindowTitle(tr("Waybill label"))
        self.setModal(True)
        self.resize(*_SIZE)
        self.preview = PaperPreview(tr("Preview of the label"), self)
        self.form_buttons: dict[str, QRadioButton] = {}
        self._forms = QButtonGroup(self)
        self.unsynced_notice = Notice("warn", self)
        self.warning_notice = Notice("info", self)
        self.result_notice = Notice("accent", self)
        self._folder_label = ElidedLabel(str(self.folder), "note")
        self._folder_button = Button(tr("Change folder…"), parent=self)
        self.save_button = Button(tr("Save PDF"), "primary", "printing", self)
        self.open_button = Button(tr("Open it"), parent=self)
        self.print_button = Button(tr("Print"), "primary", "printing", self)
        self._close_button = Button(tr("Close"), parent=self)
        self._assemble()
        self._connect()
        self._leads = True  # the first label that comes gives the keyboard to what the dialog is for
        self._make(self._form)

    # What the presenter says

    def show_label(self, made: Label | None) -> None:
        self.preview.show_bitmap(made.picture if made else None, tr("There is no label: the receiver is gone."))
        self.save_button.setEnabled(made is not None)
        self.print_button.setEnabled(made is not None and self._form == self._printer_form)
        self.print_button.setToolTip(tr("The printer holds {size} mm", size=self._printer_form.replace("x", " × ")))
        is_unsynced = made is not None and not made.is_confirmed
        unsynced = tr('The service has not confirmed this parcel yet; the label says "Not synced".')
        self.unsynced_notice.say(unsynced if is_unsynced else "")
        warnings = [warning.text(language()) for warning in made.warnings] if made else []
        self.warning_notice.say("\n".join(warnings))
        if made is not None and self._leads:
            self._leads = False
            can_print = not self.print_button.isHidden() and self.print_button.isEnabled()
            (self.print_button if can_print else self.save_button).setFocus()

    def show_saved(self, saved: SavedLabel) -> None:
        if saved.problem:
            self.result_notice.say(tr("Not saved: {reason}. Choose another folder.", reason=saved.problem), "danger")
            return
        self.saved_path = saved.path
        # A name without blanks must be allowed to break somewhere.
        name = saved.path.name.replace("_", "_\u200b")
        self.result_notice.say(tr("Saved as {name}", name=name), "accent")
        self.open_button.show()
        self.open_button.setFocus()
        self.place_chosen.emit(self._form, self.folder)

    # Building

    def _assemble(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        row.setSpacing(metrics.SPACE_XL)
        row.addWidget(self.preview, 1)
        side = QWidget(self)
        side.setFixedWidth(_SIDE)
        row.addWidget(side)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("Waybill label"), "emphasis"))
        column.addWidget(label(tr("Paper"), "label"))
        for form in labels.FORMS:
            button = QRadioButton(tr("{size} mm", size=form.replace("x", " × ")), side)
            button.setProperty("form", form)
            button.setChecked(form == self._form)
            self._forms.addButton(button)
            self.form_buttons[form] = button
            column.addWidget(button)
        column.addWidget(label(tr("Folder"), "label"))
        column.addWidget(self._folder_label)
        column.addWidget(self._folder_button, 0, Qt.AlignmentFlag.AlignLeft)
        for notice in (self.unsynced_notice, self.warning_notice, self.result_notice):
            column.addWidget(notice)
        column.addStretch(1)
        column.addWidget(self.print_button)
        column.addWidget(self.save_button)
        column.addWidget(self.open_button)
        column.addWidget(self._close_button)
        self.open_button.hide()
        self.print_button.hide()
        for pressed in (self.print_button, self.save_button, self.open_button, self._close_button, self._folder_button):
            pressed.setAutoDefault(True)

    def _connect(self) -> None:
        self._forms.buttonClicked.connect(self._on_form_clicked)
        self._folder_button.clicked.connect(self._on_folder_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.print_button.clicked.connect(self._on_print_clicked)
        self.open_button.clicked.connect(self._on_open_clicked)
        self._close_button.clicked.connect(self.accept)
        self.finished.connect(self._on_finished)

    def offer_print(self, form: str) -> None:
        """This computer prints, on this paper: that is what the dialog is for, and the file is beside it."""
        self._printer_form = form
        self.save_button.set_kind("plain")
        self.print_button.show()
        self.print_button.setFocus()

    def use_folder(self, folder: Path) -> None:
        """Save here from now on."""
        self.folder = folder
        self._folder_label.setText(str(folder))
        self._folder_label.update()

    def _make(self, form: str) -> None:
        self._form = form
        self.save_button.setEnabled(False)
        self.preview.show_bitmap(None, tr("Drawing the label…"))
        self._presenter.make(form)

    def _on_form_clicked(self, button: QRadioButton) -> None:
        self.result_notice.say("")
        self.open_button.hide()
        self._make(str(button.property("form")))

    def _on_folder_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for labels"), str(self.folder))
        if chosen:
            self.use_folder(Path(chosen))

    def _on_print_clicked(self) -> None:
        self.print_wanted.emit(*self._ids)
        self.accept()

    def _on_save_clicked(self) -> None:
        self._presenter.save(self.folder)

    def _on_open_clicked(self) -> None:
        if self.saved_path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.saved_path)))

    def _on_finished(self) -> None:
        self._presenter.close()
