"""What this program is, where its files are, and whose work is in it."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.kernel import resources
from app.kernel.i18n import tr
from ui.pages.settings.parts import fact_row, ruled, scrolled
from ui.pages.settings.presenter import SettingsPresenter
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.text import label

_LICENCES = (
    ("Noto Sans SC", "SIL Open Font License 1.1", "fonts/OFL.txt"),
    ("Zhanggui Rare Han (Hanazono)", "Hanazono Font License", "fonts/HANAZONO.txt"),
    ("Lucide", "ISC", "icons/LICENSE"),
)
_TEXT_HEIGHT = 180


class AboutSection(QWidget):
    """Attributes: `licence_box`, `licence_text`, `folder_button`."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.licence_box = ChoiceBox([(file, f"{name} · {kind}") for name, kind, file in _LICENCES], self)
        self.licence_text = QPlainTextEdit(self)
        self.folder_button = Button(tr("Open the folder"), "plain", "folder", self)
        self._assemble()
        self.licence_box.currentIndexChanged.connect(self._show_licence)
        self.folder_button.clicked.connect(self._on_folder_clicked)
        self._show_licence()

    def refresh(self) -> None:
        """Nothing here changes while the program runs."""

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(tr("About"), self)
        column.addWidget(area)
        counter = self._presenter.counter
        if counter is not None:
            facts = counter.facts()
            card = Card(tr("Zhanggui"), parent=self)
            where = tr("brought along by this program") if facts.is_own_service else tr("elsewhere")
            ruled(
                card.body,
                fact_row(tr("Version"), facts.version),
                fact_row(tr("Service"), f"{facts.service_url or '—'} · {where}"),
                fact_row(tr("Folder of this computer"), str(facts.folder)),
                fact_row(tr("Logs"), str(facts.logs)),
            )
            foot = QHBoxLayout()
            foot.addStretch(1)
            foot.addWidget(self.folder_button)
            card.body.addLayout(foot)
            cards.addWidget(card)
        self.folder_button.setVisible(counter is not None)
        cards.addWidget(self._licences())
        cards.addStretch(1)

    def _licences(self) -> Card:
        card = Card(tr("Licences"), parent=self)
        card.body.addWidget(label(tr("Fonts and icons in this program come from others."), "note"))
        self.licence_box.setAccessibleName(tr("Licence of"))
        self.licence_text.setReadOnly(True)
        self.licence_text.setTabChangesFocus(True)
        self.licence_text.setFixedHeight(_TEXT_HEIGHT)
        self.licence_text.setAccessibleName(tr("Text of the licence"))
        card.body.setSpacing(metrics.SPACE_S)
        card.body.addWidget(self.licence_box)
        card.body.addWidget(self.licence_text)
        return card

    def _show_licence(self) -> None:
        self.licence_text.setPlainText(resources.path(self.licence_box.key()).read_text(encoding="utf-8"))

    def _on_folder_clicked(self) -> None:
        counter = self._presenter.counter
        if counter is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(counter.facts().folder)))
