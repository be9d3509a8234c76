"""What a scrolled widget shows its content in, made here.

Asked for one that Qt has made, the binding goes through every kind of widget there is to find out which it is: seven
milliseconds of the first picture.
"""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def own_viewport(area: QAbstractScrollArea, *, is_clear: bool = False) -> QWidget:
    """The new viewport of ``area``, with the ground of a field or, where it is clear, with what lies beneath."""
    made = QWidget()
    made.setBackgroundRole(QPalette.ColorRole.NoRole if is_clear else QPalette.ColorRole.Base)
    made.setAutoFillBackground(not is_clear)
    area.setViewport(made)
    return made
