"""How high a dialog is."""

from PySide6.QtWidgets import QDialog, QLayout


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
