"""What nobody else takes: refusals, faults and bugs become messages over the window."""

from PySide6.QtCore import QObject

from app.desk.runner import NeedsNetwork, Rejected
from app.desk.wording import fault, refusal
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from ui.bridge.runner import QtRunner
from ui.shell.main_window import MainWindow
from ui.widgets.toast import Toast


class Troubles(QObject):
    """Between the runner and the window."""

    def __init__(self, runner: QtRunner, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        runner.refused.connect(self._on_runner_refused)
        runner.failed.connect(self.tell)
        runner.crashed.connect(self._on_runner_crashed)

    def tell(self, error: KnownError) -> None:
        """What in the environment was in the way."""
        self._window.notify(Toast(lambda: fault(error), tone="issue"))

    def _on_runner_refused(self, outcome: object) -> None:
        if isinstance(outcome, Rejected):
            self._window.notify(Toast(lambda: refusal(outcome), tone="warning"))
        elif isinstance(outcome, NeedsNetwork):
            self._window.notify(Toast(lambda: tr("This needs the network."), tone="warning"))

    def _on_runner_crashed(self, error: object) -> None:
        said = Toast(lambda: tr("Something went wrong inside the program. It is written in the log."), tone="issue")
        self._window.notify(said)
