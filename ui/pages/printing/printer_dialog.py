"""Setting up a printer of this computer, with a test sheet before it is relied upon."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desk.printers import PDF_FOLDER, SPEAKS, Language, PrinterSetup, Way
from app.desk.printing import DocumentKind, Printing
from app.desk.runner import Runner
from app.kernel.errors import KnownError
from app.kernel.i18n import language, render, tr
from app.printing.forms.label_form import LABEL_FORMS
from app.printing.forms.receipt import ROLL_FORMS
from app.printing.languages.escpos import Setting
from app.printing.printers.printer import Ending, Sent
from ui.pages.printing import wording
from ui.printing.queue import queue_names
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit
from ui.widgets.form import Form
from ui.widgets.notice import Notice
from ui.widgets.text import label

_WIDTH = 560
_DEFAULT_LANGUAGE = {Way.NETWORK: Language.TSPL}


class PrinterDialog(QDialog):
    """Attributes: `name_field`, `way_box`, `queue_box`, `address_field`, `folder_button`, `language_box`, `kind_boxes`,
    `form_box`, `roll_box`, `setting_box`, `knife_box`, `test_button`, `save_button`, `remove_button`, `notice`.

    Signals: `changed()` after it was saved or removed.
    """

    changed = Signal()

    def __init__(self, runner: Runner, printing: Printing, setup: PrinterSetup, parent: QWidget) -> None:
        super().__init__(parent)
        self._runner = runner
        self._printing = printing
        self._setup = setup
        self._is_files = setup.id == PDF_FOLDER
        self._is_new = printing.printers.printer(setup.id) is None
        self.setWindowTitle(tr("Add a printer") if self._is_new else tr("Set up {printer}", printer=setup.name))
        if self._is_files:
            self.setWindowTitle(tr("Set up {printer}", printer=tr("PDF files")))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self._make_fields()
        self._assemble()
        self._connect()
        self._fill(setup)
        self._follow_way()

    def setup(self) -> PrinterSetup:
        """What the fields say now."""
        way = Way(self.way_box.key())
        address = self.queue_box.key() if way is Way.QUEUE else self.address_field.text().strip()
        return replace(
            self._setup,
            name="" if self._is_files else self.name_field.text().strip() or address,
            way=way,
            language=Language(self.language_box.key()) if way is Way.NETWORK else Language.PDF,
            address=address,
            kinds=tuple(kind for kind, box in self.kind_boxes.items() if box.isChecked() and box.isEnabled()),
            label_form=self.form_box.key(),
            roll=self.roll_box.key(),
            has_knife=self.knife_box.isChecked(),
            setting=Setting(self.setting_box.key()),
        )

    # Building

    def _make_fields(self) -> None:
        self.name_field = QLineEdit(self)
        self.name_field.setMaxLength(40)
        ways = [
            (Way.NETWORK, tr("In the shop's network")),
            (Way.QUEUE, tr("A printer of this computer")),
            (Way.FOLDER, tr("PDF files in a folder")),
        ]
        self.way_box = ChoiceBox([(str(way), word) for way, word in ways], self)
        self.queue_box = ChoiceBox([(name, name) for name in queue_names()], self)
        self.address_field = QLineEdit(self)
        self.folder_button = Button(tr("Choose…"), parent=self)
        languages = [
            (Language.TSPL, tr("TSPL: most label printers")),
            (Language.ZPL, tr("ZPL: Zebra and its like")),
            (Language.ESCPOS, tr("ESC/POS: receipt printers")),
            (Language.PDF, tr("PDF: office printers that take it")),
        ]
        self.language_box = ChoiceBox([(str(each), word) for each, word in languages], self)
        self.kind_boxes = {kind: QCheckBox(wording.kind_word(kind), self) for kind in DocumentKind}
        self.form_box = ChoiceBox([(form, wording.form_word(form)) for form in LABEL_FORMS], self)
        self.roll_box = ChoiceBox([(form, wording.form_word(form)) for form in ROLL_FORMS], self)
        settings = [
            (Setting.PICTURE, tr("As previewed, dot for dot")),
            (Setting.LETTERS, tr("In the printer's own letters, quicker")),
        ]
        self.setting_box = ChoiceBox([(str(each), word) for each, word in settings], self)
        self.knife_box = QCheckBox(tr("It cuts the paper itself"), self)
        self.notice = Notice("info", self)
        self.test_button = Button(tr("Print a test sheet"), "plain", "printing", self)
        self.save_button = Button(tr("Save"), "primary", parent=self)
        self.remove_button = Button(tr("Remove printer"), "danger", parent=self)
        self._cancel_button = Button(tr("Cancel"), parent=self)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(self.windowTitle(), "emphasis"))
        form = Form(self)
        self._name_row = form.add_row(tr("Name"), self.name_field)
        self._way_row = form.add_row(tr("How it is reached"), self.way_box)
        self._queue_row = form.add_row(tr("Printer"), self.queue_box)
        place = QWidget(self)
        across = QHBoxLayout(place)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.address_field, 1)
        across.addWidget(self.folder_button)
        place.setFocusProxy(self.address_field)
        self._address_row = form.add_row("", place)
        self._language_row = form.add_row(tr("What it speaks"), self.language_box)
        kinds = QWidget(self)
        row = QHBoxLayout(kinds)
        row.setContentsMargins(0, metrics.SPACE_S, 0, metrics.SPACE_S)
        row.setSpacing(metrics.SPACE_XL)
        for box in self.kind_boxes.values():
            row.addWidget(box)
        row.addStretch(1)
        kinds.setFocusProxy(next(iter(self.kind_boxes.values())))
        self._kinds_row = form.add_row(tr("What it prints"), kinds)
        for kind, box in self.kind_boxes.items():
            box.setAccessibleName(wording.kind_word(kind))
        self._form_row = form.add_row(tr("Label paper"), self.form_box)
        self._roll_row = form.add_row(tr("Receipt roll"), self.roll_box)
        self._setting_row = form.add_row(tr("How receipts look"), self.setting_box)
        column.addWidget(form)
        column.addWidget(self.knife_box)
        self._kinds_note = label(tr("Each kind of paper comes out of one printer."), "note", wraps=True)
        column.addWidget(self._kinds_note)
        column.addWidget(self.notice)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(metrics.SPACE_S)
        foot.addWidget(self.test_button)
        foot.addWidget(self.remove_button)
        foot.addStretch(1)
        foot.addWidget(self._cancel_button)
        foot.addWidget(self.save_button)
        return foot

    def _connect(self) -> None:
        self.way_box.currentIndexChanged.connect(self._on_way_changed)
        self.language_box.currentIndexChanged.connect(self._follow_language)
        self.folder_button.clicked.connect(self._on_folder_clicked)
        self.test_button.clicked.connect(self._on_test_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self._cancel_button.clicked.connect(self.reject)
        for box in self.kind_boxes.values():
            box.toggled.connect(self._follow_language)

    def _fill(self, setup: PrinterSetup) -> None:
        self.name_field.setText(setup.name)
        self.way_box.choose(str(setup.way))
        self.queue_box.choose(setup.address)
        self.address_field.setText("" if setup.way is Way.QUEUE else setup.address)
        self.language_box.choose(str(setup.language))
        self.form_box.choose(setup.label_form)
        self.roll_box.choose(setup.roll)
        self.setting_box.choose(str(setup.setting))
        self.knife_box.setChecked(setup.has_knife)
        for kind, box in self.kind_boxes.items():
            box.setChecked(kind in setup.kinds)

    # What the fields say to one another

    def _follow_way(self) -> None:
        way = Way(self.way_box.key())
        self._name_row.setVisible(not self._is_files)
        self._way_row.setVisible(not self._is_files)
        self._queue_row.setVisible(way is Way.QUEUE)
        self._address_row.setVisible(way is not Way.QUEUE)
        self.folder_button.setVisible(way is Way.FOLDER)
        self._language_row.setVisible(way is Way.NETWORK)
        self._kinds_row.setVisible(not self._is_files)
        self._kinds_note.setText(
            tr("Papers that no other printer prints are saved here.")
            if self._is_files
            else tr("Each kind of paper comes out of one printer.")
        )
        title = tr("Folder") if way is Way.FOLDER else tr("Address")
        hint = "" if way is Way.FOLDER else tr("Such as 192.168.1.50; the port is 9100 unless you write another one.")
        self._address_row.set_texts(title, hint)
        self.remove_button.setVisible(not self._is_files and not self._is_new)
        nothing = way is Way.QUEUE and not queue_names()
        self.notice.say(
            tr("This computer knows no printer; add one in the system's settings first.") if nothing else ""
        )
        self._follow_language()

    def _follow_language(self) -> None:
        setup = self.setup()
        for kind, box in self.kind_boxes.items():
            box.setEnabled(setup.language in SPEAKS[kind])
        chosen = self.setup().kinds
        self._form_row.setVisible(DocumentKind.LABEL in chosen)
        self._roll_row.setVisible(DocumentKind.RECEIPT in chosen)
        is_receipt_printer = self.setup().language is Language.ESCPOS
        self._setting_row.setVisible(is_receipt_printer)
        self.knife_box.setVisible(is_receipt_printer)
        self.save_button.setEnabled(self.setup().fits())
        self.test_button.setEnabled(self.setup().fits())
        fit(self)

    def _say(self, text: str, kind: str) -> None:
        self.notice.say(text, kind)  # type: ignore[arg-type]
        fit(self)

    # Slots

    def _on_way_changed(self) -> None:
        way = Way(self.way_box.key())
        self.language_box.choose(str(_DEFAULT_LANGUAGE.get(way, Language.PDF)))
        if way is Way.FOLDER and not Path(self.address_field.text()).is_absolute():
            self.address_field.setText(self._printing.printers.all()[-1].address)
        elif way is not Way.FOLDER and Path(self.address_field.text()).is_absolute():
            self.address_field.clear()
        self._follow_way()

    def _on_folder_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for papers"), self.address_field.text())
        if chosen:
            self.address_field.setText(chosen)

    def _on_test_clicked(self) -> None:
        self.test_button.setEnabled(False)
        self._say(tr("The test sheet is on its way…"), "info")
        self._runner.when(self._printing.test(self.setup()), self._on_tested, self._on_test_failed)

    def _on_tested(self, sent: Sent) -> None:
        self.test_button.setEnabled(True)
        if sent.ending is Ending.DONE:
            edges = tr("Sent. Are all four edges there, and is the scale 30 mm long?")
            letters = tr("Sent. Is all of it readable, and do left and right stand at the edges?")
            self._say(letters if self.setup().sets_itself else edges, "accent")
        elif sent.ending is Ending.NOT_BEGUN:
            told, advice = wording.told_word(sent.state), wording.told_advice(sent.state, self.setup())
            self._say(tr("Nothing was printed: {trouble}. {advice}.", trouble=told, advice=advice), "danger")
        else:
            self._say(
                tr("It broke off: {trouble}. Look at the printer.", trouble=wording.told_word(sent.state)), "warn"
            )

    def _on_test_failed(self, error: KnownError) -> None:
        self.test_button.setEnabled(True)
        self._say(render(error.template, error.params, language()), "danger")

    def _on_save_clicked(self) -> None:
        setup = self.setup()
        if setup.fits():
            self._printing.printers.save(setup)
            self.changed.emit()
            self.accept()

    def _on_remove_clicked(self) -> None:
        self._printing.printers.remove(self._setup.id)
        self.changed.emit()
        self.accept()
