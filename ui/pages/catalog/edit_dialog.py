"""The editor of a product: its texts, its articles, what is unsaved, and what somebody else changed meanwhile."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.desk.goods import CategoryNode, ProductDetail
from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.catalog import wording
from ui.pages.catalog.album import Album
from ui.pages.catalog.album_grid import AlbumGrid
from ui.pages.catalog.article_dialog import ArticleDialog
from ui.pages.catalog.articles import ArticleGrid, show_changed
from ui.pages.catalog.editing import PRICE, Conflict, EditPresenter, Key
from ui.pages.catalog.parts import button_row, category_choices, empty_out
from ui.theme import metrics
from ui.widgets.ask import Question, ask
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit_column
from ui.widgets.form import Form, FormRow
from ui.widgets.notice import Notice
from ui.widgets.scroll_column import ScrollColumn
from ui.widgets.text import ElidedLabel, label
from ui.widgets.unsaved import save_word, unsaved_word

_WIDTH = 900
_MARGIN = 72
_DESCRIPTION_HEIGHT = 84
_FILL_WIDTH = 112


class EditDialog(QDialog):
    """Attributes: `title_field`, `subtitle_field`, `category_box`, `description_edit`, `pictures`, `articles`,
    `save_button`, `banner` (hidden without conflicts), `choice_buttons` by ("theirs" | "mine", key), `refusal_notice`.

    Signals: `saved(object)` carries how many fields were saved.
    """

    saved = Signal(object)

    def __init__(
        self,
        services: PageServices,
        detail: ProductDetail,
        categories: Sequence[CategoryNode],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        shelf, desk = services.pictures, services.desk
        self.presenter = EditPresenter(services.runner, self, detail, desk.on_duty)
        self.album = Album(services.runner, desk.ids, shelf.door if shelf else None, detail.product.id)
        self.album.follow(detail)
        self.presenter.album = self.album
        self.presenter.name_categories({node.category.id: node.category.name for node in categories})
        self.setWindowTitle(tr("Edit {title}", title=detail.product.title))
        self.setModal(True)
        product_id = detail.product.id
        self._product_id = product_id
        self._services = services
        self.article_dialog: ArticleDialog | None = None
        self._is_filling = False
        self._most = QSize(_WIDTH, parent.window().height() - _MARGIN)
        self.title_field = QLineEdit(self)
        self.subtitle_field = QLineEdit(self)
        self.category_box = ChoiceBox(category_choices(categories), self)
        self.description_edit = QPlainTextEdit(self)
        self.articles = ArticleGrid(detail, can_price=self.presenter.may_price, can_edit=self.presenter.may_edit)
        self.pictures = AlbumGrid(self.album, shelf, can_edit=self.presenter.may_edit, parent=self)
        self.banner = Card(kind="info", padding=metrics.SPACE_M, parent=self)
        self.choice_buttons: dict[tuple[str, Key], Button] = {}
        self.refusal_notice = Notice("danger", self)
        self.save_button = Button("", "primary", parent=self)
        self._discard_button = Button(tr("Discard changes"), parent=self)
        self._unsaved = Chip("", "amber", parent=self)
        self._fields: dict[Key, QWidget] = {
            (product_id, "title"): self.title_field,
            (product_id, "subtitle"): self.subtitle_field,
            (product_id, "category_id"): self.category_box,
            (product_id, "description"): self.description_edit,
        }
        self._assemble(detail)
        for key in self._fields:
            self.show_value(key, self.presenter.seen(key))
        self._connect()
        self.show_marks(frozenset())
        self.show_conflicts(())
        self.title_field.setFocus()

    # What the presenter says

    def show_marks(self, changed: frozenset[Key]) -> None:
        for key, field in self._fields.items():
            show_changed(field, key in changed)
        self.articles.show_marks(changed)
        self._show_unsaved()

    def _show_unsaved(self) -> None:
        count = self.presenter.unsaved
        self._unsaved.set_state(unsaved_word(count), "amber")
        self._unsaved.setVisible(bool(count))
        self._discard_button.setText(tr("Discard changes") if count else tr("Close"))
        self._show_save()

    def show_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        empty_out(self._choices)
        self.choice_buttons = {}
        for conflict in conflicts:
            self._choices.addWidget(self._choice(conflict))
        self.banner.setVisible(bool(conflicts))
        self.articles.show_articles(self.presenter.detail)
        self.articles.show_conflicts(frozenset(conflict.key for conflict in conflicts))
        self._show_save()
        self._fit()

    def show_value(self, key: Key, value: Any) -> None:
        self._is_filling = True
        if key[1] == "category_id":
            self.category_box.choose(str(value))
        elif key[1] == "description":
            self.description_edit.setPlainText(str(value))
        elif key in self._fields:
            self._line(key).setText(str(value))
        else:
            self.articles.show_value(key, value)
        self._is_filling = False

    def show_problem(self, key: Key, text: str) -> None:
        if key in self._rows:
            self._rows[key].set_problem(text)
        else:
            self.articles.show_problem(key, text)
        self._fit()

    def _on_articles_problem_shown(self, words: object) -> None:
        """Below the field is out of sight when it is the last that is shown."""
        if isinstance(words, QWidget):
            self._fit()
            self._scroll.content.adjustSize()
            self._scroll.ensureWidgetVisible(words, 0, metrics.SPACE_S)

    def show_refusal(self, text: str) -> None:
        self.refusal_notice.say(text)
        self._fit()

    def finish(self, count: int) -> None:
        self.saved.emit(count)
        self.accept()

    # Building

    def _assemble(self, detail: ProductDetail) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        head = QHBoxLayout()
        head.setSpacing(metrics.SPACE_S)
        head.addWidget(ElidedLabel(tr("Edit {title}", title=detail.product.title), "emphasis"), 1)
        head.addWidget(self._unsaved)
        state = detail.product.state
        head.addWidget(Chip(wording.state_word(state), wording.state_tone(state)))
        column.addLayout(head)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(metrics.SPACE_S)
        self.banner.body.addLayout(self._choices)
        column.addWidget(self.banner)
        column.addWidget(self._scrolled(detail), 1)
        column.addWidget(self.refusal_notice)
        note = tr("Works unplugged too.")
        column.addLayout(button_row(note, self._discard_button, self.save_button))

    def _article_acts(self, detail: ProductDetail) -> QHBoxLayout:
        """One value for a whole column, and one more article."""
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_S)
        can_fill = [
            (PRICE, self.presenter.may_price),
            ("weight_g", self.presenter.may_edit),
            ("shelf", self.presenter.may_edit),
        ]
        self.fill_box = ChoiceBox([(key, wording.field_word(key)) for key, may in can_fill if may], self)
        self.fill_box.setAccessibleName(tr("Column to fill"))
        self.fill_box.setFixedWidth(_FILL_WIDTH)
        self.fill_field = QLineEdit(self)
        self.fill_field.setAccessibleName(tr("Value for the whole column"))
        self.fill_field.setPlaceholderText(tr("Value"))
        self.fill_field.setFixedWidth(_FILL_WIDTH)
        self.fill_button = Button(tr("Fill all"), parent=self)
        self.empty_button = Button(tr("Fill empty ones"), parent=self)
        self.add_button = Button(tr("Add article…"), "plain", "add", self)
        fillers = (self.fill_box, self.fill_field, self.fill_button, self.empty_button)
        for widget in fillers:
            widget.setVisible(len(detail.skus) > 1 and any(may for _, may in can_fill))
            across.addWidget(widget)
        across.addStretch(1)
        across.addWidget(self.add_button)
        self.add_button.setVisible(bool(detail.axes) and self.presenter.may_edit)
        return across

    def _scrolled(self, detail: ProductDetail) -> ScrollColumn:
        self._scroll = scroll = ScrollColumn(tr("Product and articles"), metrics.SPACE_L, metrics.SPACE_M, self)
        column = scroll.column
        form = Form(scroll.content)
        self._rows: dict[Key, FormRow] = {}
        for key, field in self._fields.items():
            field.setEnabled(self.presenter.may_edit)
            self._rows[key] = form.add_row(wording.field_word(key[1]), field)
        self.description_edit.setTabChangesFocus(True)
        self.description_edit.setFixedHeight(_DESCRIPTION_HEIGHT)
        column.addWidget(form)
        column.addWidget(label(tr("Pictures and videos"), "card_title"))
        column.addWidget(self.pictures)
        column.addWidget(label(tr("Articles"), "card_title"))
        column.addWidget(self.articles)
        column.addLayout(self._article_acts(detail))
        column.addStretch(1)
        return scroll

    def _fit(self) -> None:
        """As high as what is said, and no higher than the window behind; the rest scrolls."""
        fit_column(self, self._scroll, self._most)

    def _choice(self, conflict: Conflict) -> QWidget:
        """One field that two people changed, with both values on the buttons."""
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(metrics.SPACE_S)
        if conflict.who:
            text = tr("{who} changed this meanwhile: {field}", who=conflict.who, field=conflict.name)
        else:
            text = tr("{field} was changed meanwhile.", field=conflict.name)
        across.addWidget(ElidedLabel(text, "strong"), 1)
        for side, words in (
            ("theirs", tr("Take {value}", value=_short(conflict.theirs))),
            ("mine", tr("Keep {value}", value=_short(conflict.mine))),
        ):
            button = Button(words)
            button.set_height(metrics.BUTTON_SMALL)
            button.setToolTip(conflict.theirs if side == "theirs" else conflict.mine)
            button.setProperty("choice", (side, conflict.key))
            button.clicked.connect(self._on_choice_clicked)
            self.choice_buttons[(side, conflict.key)] = button
            across.addWidget(button)
        return row

    def _connect(self) -> None:
        self.articles.problem_shown.connect(self._on_articles_problem_shown)
        self.title_field.textEdited.connect(self._on_title_edited)
        self.subtitle_field.textEdited.connect(self._on_subtitle_edited)
        self.category_box.currentIndexChanged.connect(self._on_category_changed)
        self.description_edit.textChanged.connect(self._on_description_changed)
        self.articles.value_typed.connect(self._on_article_typed)
        self.pictures.edited.connect(self._on_pictures_edited)
        self.fill_button.clicked.connect(lambda: self._fill_column(only_empty=False))
        self.empty_button.clicked.connect(lambda: self._fill_column(only_empty=True))
        self.add_button.clicked.connect(self.add_article)
        self.save_button.clicked.connect(self._on_save_clicked)
        self._discard_button.clicked.connect(self.reject)
        QShortcut(QKeySequence.StandardKey.Save, self).activated.connect(self._on_save_clicked)
        self.finished.connect(self._on_finished)

    def _line(self, key: Key) -> QLineEdit:
        field = self._fields[key]
        if not isinstance(field, QLineEdit):
            raise TypeError(field)
        return field

    def _show_save(self) -> None:
        count = len(self.presenter.conflicts)
        if count:
            word = tr("Resolve 1 conflict") if count == 1 else tr("Resolve {count} conflicts", count=count)
        else:
            word = save_word(self.presenter.unsaved)
        self.save_button.setText(word)
        self.save_button.setToolTip("Ctrl+S")

    def add_article(self) -> None:
        """One more article of this product; it stands by itself, whatever is unsaved here."""
        self.article_dialog = ArticleDialog(self._services, self.presenter.detail, self)
        self.article_dialog.added.connect(self._on_article_added)
        self.article_dialog.open()

    def _fill_column(self, *, only_empty: bool) -> None:
        text = self.fill_field.text().strip()
        if text:
            self.articles.fill(self.fill_box.key(), text, only_empty=only_empty)

    # Slots

    def _on_article_added(self) -> None:
        self.presenter.look_again()

    def _set(self, field: str, value: str) -> None:
        if not self._is_filling:
            self.presenter.set_value((self._product_id, field), value)

    def _on_title_edited(self, text: str) -> None:
        self._set("title", text)

    def _on_subtitle_edited(self, text: str) -> None:
        self._set("subtitle", text)

    def _on_category_changed(self) -> None:
        self._set("category_id", self.category_box.key())

    def _on_description_changed(self) -> None:
        self._set("description", self.description_edit.toPlainText())

    def _on_article_typed(self, key: object, value: object) -> None:
        if isinstance(key, tuple):
            self.presenter.set_value((str(key[0]), str(key[1])), value)

    def _on_pictures_edited(self) -> None:
        self._show_unsaved()
        self._fit()

    def _on_choice_clicked(self) -> None:
        button = self.sender()
        if button is None:
            return
        side, key = button.property("choice")
        act = self.presenter.take_theirs if side == "theirs" else self.presenter.keep_mine
        act((str(key[0]), str(key[1])))

    def _on_save_clicked(self) -> None:
        if self.presenter.conflicts:
            first = next(iter(self.choice_buttons.values()), None)
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.presenter.save()

    def _on_finished(self) -> None:
        self.presenter.close()

    # Qt's side

    def reject(self) -> None:
        """Esc and the button: what is unsaved goes only when a person says so."""
        if self.presenter.is_busy:
            return
        count = self.presenter.unsaved
        question = Question(
            tr("Discard the changes?"),
            unsaved_word(count),
            tr("Discard changes"),
            tr("Go on editing"),
            is_dangerous=True,
        )
        if count == 0 or ask(self, question):
            super().reject()


def _short(value: str) -> str:
    """Enough of a value to know it by, on a button."""
    first = value.splitlines()[0] if value else value
    return first if len(first) <= 16 and first == value else f"{first[:15]}…"
