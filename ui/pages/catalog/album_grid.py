"""A product's pictures as squares that can be chosen, dragged, dropped into and moved by keys."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.desk.picture_file import ENDINGS
from app.kernel.i18n import tr
from ui.bridge.pictures import CARD_SIDE, PictureShelf
from ui.pages.catalog.album import Album, Item
from ui.pages.catalog.parts import empty_out
from ui.theme import fonts, icons, metrics, tokens
from ui.widgets.button import Button
from ui.widgets.text import label, set_tone
from ui.widgets.tile import paint_tile

SIDE = 96
_A_ROW = 8
_DRAGGED = "application/x-zhanggui-picture"


class PictureButton(QAbstractButton):
    """One picture or video. ←→ choose the next, Ctrl+←→ move it, Delete takes it out, Home makes it the main one.

    Signals: `moved(object)` carries -1 or 1, `first_wanted()`, `removal_wanted()`, `stepped(object)`.
    """

    moved = Signal(object)
    first_wanted = Signal()
    removal_wanted = Signal()
    stepped = Signal(object)

    def __init__(self, item: Item, image: QImage | None, *, is_main: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self._image = image
        self._is_main = is_main
        self._pressed_at = QPoint()
        self.setCheckable(True)
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self._spoken())
        self.setToolTip(item.video_url)

    def _spoken(self) -> str:
        name = tr("Video") if self.item.video_url else tr("Picture")
        if self._is_main:
            name = tr("Main picture")
        state = tr("will be removed") if self.item.is_removed else tr("Not saved") if self.item.is_new else ""
        return f"{name}, {state}" if state else name

    def set_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_moving = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps:
            (self.moved if is_moving else self.stepped).emit(steps[key])
        elif key == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        elif key == Qt.Key.Key_Home:
            self.first_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if not event.buttons() & Qt.MouseButton.LeftButton or far < QApplication.startDragDistance():
            return
        self.setDown(False)
        mime = QMimeData()
        mime.setData(_DRAGGED, self.item.media_id.encode())
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.setPixmap(self.grab())
        drag.exec(Qt.DropAction.MoveAction)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setOpacity(0.3 if self.item.is_removed else 1.0)
        if self.item.video_url:
            painter.setPen(QPen(tokens.color("border2"), 1))
            painter.setBrush(tokens.color("surface2"))
            painter.drawRoundedRect(square, 8, 8)
            middle = self.rect().center() - QPoint(14, 14)
            icons.paint(
                painter, self.rect().adjusted(middle.x(), middle.y(), -middle.x(), -middle.y()), "video", "text2"
            )
        else:
            paint_tile(painter, square, "…" if self._image is None else "", self._image)
        painter.setOpacity(1.0)
        if self._is_main:
            self._paint_badge(painter, square)
        self._paint_edge(painter, square)

    def _paint_badge(self, painter: QPainter, square: QRectF) -> None:
        ground = QRectF(square.left() + 6, square.bottom() - 26, square.width() - 12, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("bar"))
        painter.setOpacity(0.85)
        painter.drawRoundedRect(ground, 5, 5)
        painter.setOpacity(1.0)
        painter.setPen(tokens.color("on_bar"))
        painter.setFont(fonts.font(metrics.NOTE, fonts.STRONG))
        painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), tr("Main"))

    def _paint_edge(self, painter: QPainter, square: QRectF) -> None:
        if self.hasFocus() or self.isChecked() or self.item.is_new:
            token = "accent" if self.hasFocus() or self.isChecked() else "accent_edge"
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.color(token), 3 if self.hasFocus() else 2))
            painter.drawRoundedRect(square, 8, 8)


class AlbumGrid(QWidget):
    """Attributes: `buttons` by media id, `add_button`, `first_button`, `left_button`, `right_button`, `remove_button`,
    `video_field`, `video_button`, `note`, `file_dialog` (the open one).

    Signals: `edited()`.
    """

    edited = Signal()

    def __init__(self, album: Album, shelf: PictureShelf | None, *, can_edit: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._album = album
        self._shelf = shelf
        self._can_edit = can_edit
        self._chosen = ""
        self.buttons: dict[str, PictureButton] = {}
        self.file_dialog: QFileDialog | None = None
        self.setAcceptDrops(can_edit)
        self._group = QButtonGroup(self)
        self.add_button = Button(tr("Add pictures…"), "plain", "add", self)
        self.first_button = Button(tr("Make main"), "link", parent=self)
        self.left_button = Button(tr("To the left"), "link", parent=self)
        self.right_button = Button(tr("To the right"), "link", parent=self)
        self.remove_button = Button("", "link", parent=self)
        self.video_field = QLineEdit(self)
        self.video_button = Button(tr("Add video"), parent=self)
        self.note = label("", "note", wraps=True)
        self._assemble()
        self._connect()
        album.changed, album.tell = self._on_album_changed, self._on_album_tell
        if shelf is not None:
            shelf.arrived.connect(self._on_shelf_arrived)
        self._say_how()
        self._show()

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics.SPACE_S)
        self._grid = QGridLayout()
        self._grid.setSpacing(metrics.SPACE_XS)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._grid)
        acts = QHBoxLayout()
        acts.setSpacing(metrics.SPACE_S)
        acts.addWidget(self.add_button)
        for button in (self.first_button, self.left_button, self.right_button, self.remove_button):
            button.set_height(metrics.BUTTON_SMALL)
            acts.addWidget(button)
        acts.addStretch(1)
        column.addLayout(acts)
        video = QHBoxLayout()
        video.setSpacing(metrics.SPACE_S)
        self.video_field.setPlaceholderText("https://")
        self.video_field.setAccessibleName(tr("Link of a video"))
        video.addWidget(self.video_field, 1)
        video.addWidget(self.video_button)
        column.addLayout(video)
        column.addWidget(self.note)
        for control in (self.add_button, self.video_field, self.video_button):
            control.setVisible(self._can_edit)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.choose_files)
        self.first_button.clicked.connect(self._on_first_clicked)
        self.left_button.clicked.connect(lambda: self._move(-1))
        self.right_button.clicked.connect(lambda: self._move(1))
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self.video_button.clicked.connect(self._on_video_clicked)
        self.video_field.returnPressed.connect(self._on_video_clicked)

    def choose_files(self) -> None:
        """Offer this computer's files; what is chosen is read in the background."""
        patterns = " ".join(f"*{ending}" for ending in ENDINGS)
        dialog = QFileDialog(self, tr("Choose pictures"), "", f"{tr('Pictures')} ({patterns})")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._on_files_selected)
        dialog.finished.connect(dialog.deleteLater)
        self.file_dialog = dialog
        dialog.open()

    # Showing

    def _show(self) -> None:
        had_focus = any(button.hasFocus() for button in self.buttons.values())
        empty_out(self._grid)
        self.buttons = {}
        for place, item in enumerate(self._album.items):
            button = self._button(item)
            self._grid.addWidget(button, place // _A_ROW, place % _A_ROW)
        if self._chosen not in self.buttons:
            self._chosen = next(iter(self.buttons), "")
        chosen = self.buttons.get(self._chosen)
        if chosen is not None:
            chosen.setChecked(True)
            if had_focus:
                chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_acts()

    def _button(self, item: Item) -> PictureButton:
        is_main = item.media_id == self._album.main_id()
        button = PictureButton(item, self._image_of(item), is_main=is_main, parent=self)
        button.setEnabled(self._can_edit)
        self._group.addButton(button)
        button.clicked.connect(self._on_picture_clicked)
        button.moved.connect(self._move)
        button.first_wanted.connect(self._on_first_clicked)
        button.removal_wanted.connect(self._on_remove_clicked)
        button.stepped.connect(self._on_picture_stepped)
        self.buttons[item.media_id] = button
        return button

    def _image_of(self, item: Item) -> QImage | None:
        if item.prepared is not None:
            return QImage.fromData(item.prepared.content).scaled(
                CARD_SIDE, CARD_SIDE, Qt.AspectRatioMode.KeepAspectRatioByExpanding
            )
        return self._shelf.image(item.sha256, CARD_SIDE) if self._shelf is not None else None

    def _show_acts(self) -> None:
        item = next((each for each in self._album.items if each.media_id == self._chosen), None)
        is_kept = item is not None and not item.is_removed and self._can_edit
        ids = [each.media_id for each in self._album.items]
        self.first_button.setVisible(is_kept and bool(item and item.sha256) and self._chosen != self._album.main_id())
        self.left_button.setVisible(is_kept and ids.index(self._chosen) > 0)
        self.right_button.setVisible(is_kept and ids.index(self._chosen) < len(ids) - 1)
        self.remove_button.setVisible(item is not None and self._can_edit)
        self.remove_button.setText(tr("Take back") if item is not None and item.is_removed else tr("Take out"))
        self.add_button.setEnabled(self._album.can_add)
        self.add_button.setText(tr("Reading…") if self._album.reading else tr("Add pictures…"))

    # Slots

    def _on_album_changed(self) -> None:
        self._say_how()
        self._show()
        self.edited.emit()

    def _say_how(self) -> None:
        self.note.setText(tr("Drop files here, drag to order. Works unplugged too."))
        self.note.setVisible(self._can_edit)
        set_tone(self.note, "")

    def _on_album_tell(self, text: str) -> None:
        self.note.setText(text)
        set_tone(self.note, "danger")

    def _on_shelf_arrived(self, sha256: object) -> None:
        for button in self.buttons.values():
            if button.item.sha256 == sha256 and button.item.prepared is None:
                button.set_image(self._image_of(button.item))

    def _on_files_selected(self, names: list[str]) -> None:
        self._album.add_files([Path(name) for name in names])

    def _on_picture_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, PictureButton):
            self._chosen = button.item.media_id
            self._show_acts()

    def _on_picture_stepped(self, step: object) -> None:
        ids = list(self.buttons)
        if isinstance(step, int) and self._chosen in ids:
            self._chosen = ids[(ids.index(self._chosen) + step) % len(ids)]
            self.buttons[self._chosen].setChecked(True)
            self.buttons[self._chosen].setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_acts()

    def _move(self, step: object) -> None:
        if isinstance(step, int):
            self._album.move(self._chosen, step)

    def _on_first_clicked(self) -> None:
        self._album.place(self._chosen, 0)

    def _on_remove_clicked(self) -> None:
        item = next((each for each in self._album.items if each.media_id == self._chosen), None)
        if item is not None:
            (self._album.restore if item.is_removed else self._album.remove)(item.media_id)

    def _on_video_clicked(self) -> None:
        if self._album.add_video(self.video_field.text()):
            self.video_field.clear()

    # Qt's side

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(_DRAGGED) or self._files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = self._files(event.mimeData())
        if files:
            self._album.add_files(files)
        elif event.mimeData().hasFormat(_DRAGGED):
            dragged = bytes(event.mimeData().data(_DRAGGED).data()).decode()
            self._album.place(dragged, self._place_at(event.position().toPoint()))
        event.acceptProposedAction()

    @staticmethod
    def _files(mime: QMimeData) -> list[Path]:
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        return [path for path in paths if path.suffix.lower() in ENDINGS]

    def _place_at(self, point: QPoint) -> int:
        """Where among the pictures something was dropped."""
        over = next((n for n, b in enumerate(self.buttons.values()) if b.geometry().contains(point)), None)
        return len(self.buttons) if over is None else over
