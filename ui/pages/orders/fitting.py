"""How high a dialog is."""

from PySide6.QtWidgets import QDialog


def fit(dialog: QDialog) -> None:
    """Make a dialog of fixed width as high as what it says now."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        width = dialog.width()
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else dialog.sizeHint().height()
        dialog.resize(width, height)
