"""How many changes wait to be saved, in words, without Qt."""

from app.kernel.i18n import tr


def unsaved_word(count: int) -> str:
    return tr("1 unsaved change") if count == 1 else tr("{count} unsaved changes", count=count)


def save_word(count: int) -> str:
    """What the button says that saves so many."""
    if count == 0:
        return tr("Save")
    return tr("Save 1 change") if count == 1 else tr("Save {count} changes", count=count)
