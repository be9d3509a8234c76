"""The theme and the language of the running program."""

from typing import Any

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.desk.preferences import Preferences
from app.kernel import i18n
from ui.theme.apply import apply


def wear(app: QApplication, preferences: Preferences) -> None:
    """Show the chosen theme; a name that means none is the light one."""
    wanted: Any = preferences.theme if preferences.theme in ("light", "dark", "system") else "light"
    apply(app, wanted)


def speak(app: QApplication, language: str) -> None:
    """Our texts and those of Qt's own dialogs, in this language from now on."""
    i18n.set_language(language)
    translate_qt(app, language)


def translate_qt(app: QApplication, language: str) -> None:
    """The words of Qt's own buttons and dialogs."""
    old = app.property("qt_translator")
    if isinstance(old, QTranslator):
        app.removeTranslator(old)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language), "qtbase", "_", folder):
        app.installTranslator(translator)
    app.setProperty("qt_translator", translator)
