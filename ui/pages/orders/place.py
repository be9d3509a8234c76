"""Where this counter's labels go: remembered with the counter's own preferences."""

from dataclasses import replace
from pathlib import Path

from app.desk import labels
from app.desk.preferences import PreferenceStore


class LabelPlace:
    """The paper and the folder used last.

    Attributes: `form`, `folder`.
    """

    def __init__(self, store: PreferenceStore | None) -> None:
        self._store = store
        self.form = labels.FORMS[0]
        self.folder = labels.default_folder()
        if store is not None:
            kept = store.read()
            self.form = kept.label_form if kept.label_form in labels.FORMS else self.form
            self.folder = Path(kept.label_folder) if kept.label_folder else self.folder

    def remember(self, form: str, folder: Path) -> None:
        """Use these from now on, after a restart too."""
        if (form, folder) == (self.form, self.folder):
            return
        self.form, self.folder = form, folder
        if self._store is not None:
            kept = replace(self._store.read(), label_form=form, label_folder=str(folder))
            self._store.write(kept)
