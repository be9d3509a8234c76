"""Small parts that the products page and its dialogs share."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLayout

from app.desk.goods import CategoryNode
from app.domain.catalog.model import MediaRole, ProductMedia
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.text import label


def category_choices(nodes: Sequence[CategoryNode]) -> list[tuple[str, str]]:
    """Categories for a box, those below others set in."""
    return [(node.category.id, "\u3000" * node.depth + node.category.name) for node in nodes]


def main_picture(media: Sequence[ProductMedia]) -> str:
    """The name of the first picture of a product; empty for none."""
    return next((each.sha256 for each in media if each.role is not MediaRole.VIDEO), "")


def button_row(note: str, *buttons: Button) -> QHBoxLayout:
    """What stands at the foot of a dialog."""
    row = QHBoxLayout()
    row.setSpacing(metrics.SPACE_S)
    row.addWidget(label(note, "note"), 1)
    for button in buttons:
        button.setAutoDefault(True)
        row.addWidget(button)
    return row


def empty_out(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while item := layout.takeAt(0):
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
