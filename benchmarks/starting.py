"""How long a desktop takes from the start of its process: ``python -m benchmarks.starting FOLDER`` or ``… empty``.

``empty`` is a window of PySide6 with nothing in it, of the same size. The desktop is the real one, with the replica in
the folder and the orders page in front; its shop's service does not answer. Both tell milliseconds since the process
was begun, whose time the parent hands over.
"""

import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

BEGUN = "ZHANGGUI_BENCH_BEGUN"
SIZE = (1440, 900)


def _since() -> float:
    return (time.time() - float(os.environ[BEGUN])) * 1000


def _tell(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)


def empty() -> int:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            QTimer.singleShot(0, app.quit)

    app = QApplication([])
    window = Window()
    window.resize(*SIZE)
    window.show()
    app.exec()
    _tell({"painted": _since(), "cpu": time.process_time() * 1000})
    return 0


def _leave_at_orders(kept: Any) -> None:
    """As a clerk left it; only the first start waits for the disk to take that."""
    from dataclasses import replace

    if kept.read().last_page != "orders":
        kept.write_now(replace(kept.read(), last_page="orders"))


def desktop(folder: Path) -> int:
    """The first picture is the one with rows of the list in it; usable is when an order can be shipped from it."""
    from app.kernel import kept, kept_classes

    gc.disable()  # as main.py does, and so are the next lines
    kept.begin_start()
    kept_classes.begin()
    from app.desk.plan import Plan
    from app.desk.preferences import PreferenceStore
    from app.desk.secrets import FileSecrets
    from app.kernel.clock import SystemClock
    from ui import start
    from ui.desktop_window import DesktopWindow

    # isort: split
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Eye(QObject):
        """Watches the table being painted."""

        def __init__(self, opened: DesktopWindow) -> None:
            super().__init__()
            self._opened = opened
            page: Any = opened.window.page_widget("orders")
            page.table.viewport().installEventFilter(self)
            self.page = page
            self.told: dict[str, float] = {}
            self._timer = QTimer(self)
            self._timer.timeout.connect(self._look)
            self._timer.start(5)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.told.setdefault("window", _since())
                if self.page.model.row_at(0) is not None and "painted" not in self.told:
                    QTimer.singleShot(0, self._painted)
            return False

        def _painted(self) -> None:
            self.told.setdefault("painted", _since())
            self.told.setdefault("cpu", time.process_time() * 1000)
            self.told.setdefault("modules", len(sys.modules))
            self.told.setdefault("our_modules", sum(name.split(".")[0] in ("app", "ui") for name in sys.modules))

        def _look(self) -> None:
            """The open order can be acted on, and the oldest one is there when somebody goes to it."""
            if "painted" not in self.told:
                return
            page, bar = self.page, self.page.table.verticalScrollBar()
            bar.setValue(bar.maximum())
            is_far = page.model.rowCount() > 0 and page.model.row_at(page.model.rowCount() - 1) is not None
            if is_far:
                self.told.setdefault("far", _since())
            actions = page.presenter.actions()
            if is_far and (actions.ship or actions.note):
                self.told["usable"] = _since()
                self.told["usable_cpu"] = time.process_time() * 1000
                app.quit()

    app = start.application()
    _leave_at_orders(PreferenceStore(folder))
    plan = Plan(folder, "bench", None, "http://127.0.0.1:9")
    opened = DesktopWindow(app, plan, FileSecrets(folder / "secrets.json"), SystemClock())
    opened.window.resize(*SIZE)
    eye = Eye(opened)
    opened.show()
    gc.freeze()
    gc.enable()
    app.exec()
    _tell(eye.told)
    opened.close()
    return 0


if __name__ == "__main__":
    sys.exit(empty() if sys.argv[1] == "empty" else desktop(Path(sys.argv[1])))
