"""One window per shop folder: a second start raises the first window and ends."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 1_000


class FirstInstance(QObject):
    """Listens for later starts. Signals: raise_wanted()."""

    raise_wanted = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        QLocalServer.removeServer(_name(folder))  # left behind by a start that was killed; the file lock is ours
        self._server.listen(_name(folder))
        self._server.newConnection.connect(self._on_server_new_connection)

    def close(self) -> None:
        self._server.close()

    def _on_server_new_connection(self) -> None:
        connection = self._server.nextPendingConnection()
        connection.disconnected.connect(connection.deleteLater)
        connection.disconnectFromServer()
        self.raise_wanted.emit()


def raise_first(folder: Path) -> bool:
    """Ask the window that has this folder open to come to the front; False when none answers."""
    socket = QLocalSocket()
    socket.connectToServer(_name(folder))
    is_heard = socket.waitForConnected(WAIT_MS)
    socket.abort()
    return is_heard


def _name(folder: Path) -> str:
    return "zhanggui-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]
