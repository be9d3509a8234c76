"""Starts the windows: the program as a person opens it, until its last window is closed."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.desk.assembly import AlreadyRunning
from app.kernel import i18n, resources
from app.kernel.errors import KnownError
from app.kernel.later import later
from ui.bridge import binding  # noqa: F401 - before all else of Qt's

# isort: split
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from ui.desktop_window import DesktopWindow

if TYPE_CHECKING:
    import hashlib

    from app.desk import planning, secrets
    from app.desk.plan import Plan
    from app.desk.planning import Wishes
    from app.desk.secrets import SecretStore
    from app.kernel import clock as clocks
    from app.kernel import logs
    from ui.shell import instance, interrupt
else:
    hashlib, secrets = later("hashlib"), later("app.desk.secrets")
    planning, instance = later("app.desk.planning"), later("ui.shell.instance")
    clocks, logs = later("app.kernel.clock"), later("app.kernel.logs")
    interrupt = later("ui.shell.interrupt")


def application() -> QApplication:
    """The one application object, with our name and icon."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of application is running")
    app.setApplicationName("Zhanggui")
    app.setWindowIcon(QIcon(str(resources.path("icons/store.svg"))))
    return app


def desktop(main: Path, wishes: "Wishes") -> int:
    """The program as a person starts it; answers the exit code."""
    folder = planning.home(wishes.data)
    fallback = secrets.FileSecrets(folder / "secrets.json")
    try:
        fallback.require_whole()
        plan = planning.plan_of(main, folder, wishes)
    except KnownError as error:
        print(i18n.render(error.template, error.params, i18n.language()), file=sys.stderr)
        return 5
    profile = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return run(plan, secrets.KeyringSecrets(profile, fallback))


def run(plan: "Plan", secret_store: "SecretStore") -> int:
    """Run the desktop; answers the exit code."""
    logs.set_up(plan.folder / "logs", "desktop")
    app = application()
    opened = DesktopWindow(app, plan, secret_store, clocks.SystemClock())
    try:
        opened.show()
    except AlreadyRunning:
        opened.runner.close()
        opened.window.deleteLater()
        return 0 if instance.raise_first(plan.folder) else 4
    gc.freeze()  # what is here by now stays to the end
    gc.enable()
    opened.behind(opened.listen_for_another)
    opened.after_picture(lambda: interrupt.stop_on_signals(app))
    try:
        return app.exec()
    finally:
        opened.close()
