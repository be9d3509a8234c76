"""How high a dialog is."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QLayout

from ui.theme import metrics
from ui.widgets.scroll_column import ScrollColumn


def fit(dialog: QDialog) -> None:
    """Make a dialog of fixed width as high as what it says now."""
    layout = dialog.layout()
    if layout is None:
        return
    for part in dialog.findChildren(QLayout):
        # Until it is shown, a dialog still counts the rows that were hidden within its parts.
        part.invalidate()
        holder = part.parentWidget()
        if holder is not None:
            holder.updateGeometry()
    layout.activate()
    width = dialog.width()
    height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else dialog.sizeHint().height()
    dialog.resize(width, height)


def fit_column(dialog: QDialog, scroll: ScrollColumn, most: QSize) -> None:
    """Make a dialog as wide as ``most`` and as high as what it says, but no higher; the rest of the column scrolls."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        wanted = layout.sizeHint().height() - scroll.sizeHint().height()
        wanted += scroll.content.sizeHint().height() + metrics.SPACE_S
        dialog.setFixedSize(most.width(), min(most.height(), wanted))
