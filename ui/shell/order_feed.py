"""Tells of newly paid orders: a message over the window that leads to the order."""

from PySide6.QtCore import QObject, Signal

from app.desk.notifications import NewOrders, Notifications
from app.kernel.i18n import tr
from ui.shell.main_window import MainWindow
from ui.widgets.money import format_fen
from ui.widgets.toast import Toast

ORDERS = "orders"
_OPEN = "order:"


class OrderFeed(QObject):
    """Between the desktop's notifications and the window."""

    _orders_came = Signal(object)

    def __init__(self, notifications: Notifications, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last: tuple[NewOrders, Toast] | None = None
        self._orders_came.connect(self._on_orders_came)
        notifications.on_new_orders = self._orders_came.emit
        window.toast_action_chosen.connect(self._on_window_toast_action_chosen)
        window.badge.offline_shown.connect(notifications.went_offline)

    def _on_orders_came(self, came: NewOrders) -> None:
        """What has not been told yet is told together: twenty messages one by one would last for minutes."""
        if self._last is not None and self._window.over.toasts.take_back(self._last[1]):
            came = together(self._last[0], came)
        toast = Toast(lambda: new_orders_text(came), "info", lambda: tr("View"), _OPEN + came.newest_id)
        self._last = (came, toast)
        self._window.notify(toast)

    def _on_window_toast_action_chosen(self, action_key: object) -> None:
        key = str(action_key)
        if key.startswith(_OPEN):
            self._window.go(ORDERS, key.removeprefix(_OPEN))


def together(first: NewOrders, then: NewOrders) -> NewOrders:
    """Both as one."""
    pieces = first.piece_count + then.piece_count
    return NewOrders(first.count + then.count, first.total_fen + then.total_fen, pieces, then.newest_id)


def new_orders_text(came: NewOrders) -> str:
    """新订单 ¥198.00 · 共 2 件; several at once are told together."""
    total = format_fen(came.total_fen)
    if came.count > 1:
        return tr(
            "{count} new orders {total} · {pieces} pieces", count=came.count, total=total, pieces=came.piece_count
        )
    if came.piece_count == 1:
        return tr("New order {total} · 1 piece", total=total)
    return tr("New order {total} · {pieces} pieces", total=total, pieces=came.piece_count)
