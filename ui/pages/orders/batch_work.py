"""The three acts that can be done to many orders: ship them, mark them as prepared, write a remark."""

from collections import Counter
from collections.abc import Sequence

from app.desk.queries import OrderDetail
from app.domain.command import Command
from app.domain.delivery import carriers
from app.domain.delivery.model import WaybillState
from app.domain.orders.commands import NoteOrder, ShipOrder, ShippedLine
from app.domain.orders.model import DeliveryKind
from app.domain.pickup.commands import MarkReady
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.orders import wording
from ui.pages.orders.actions import is_shippable, is_to_collect, is_to_prepare, remaining
from ui.pages.orders.batch import BatchRow

_SHELF_SIGNS = 20


class ShipWork:
    """Each order leaves whole, in a parcel of its own."""

    def __init__(self, ids: IdSource, carrier: str) -> None:
        self._ids = ids
        self._carrier = carrier or carriers.CARRIERS[0].code

    def left_out(self, detail: OrderDetail) -> str:
        if is_shippable(detail):
            last = detail.last_waybill
            return tr("a number is on its way") if last is not None and last.state is WaybillState.ASKED else ""
        if detail.order.delivery_kind is not DeliveryKind.EXPRESS:
            return wording.delivery_word(detail.order.delivery_kind)
        return wording.state_word(detail.order.state)

    def row(self, detail: OrderDetail) -> BatchRow:
        return BatchRow(detail, self._ids.new(), carrier=self._carrier)

    def settle(self, row: BatchRow) -> None:
        """A number that only one carrier has says who takes the parcel."""
        row.text = carriers.normal_waybill(row.text)
        named = [known.code for known in carriers.CARRIERS if carriers.looks_like(known.code, row.text)]
        named = [code for code in named if code != "other"]
        if len(named) == 1 and not carriers.looks_like(row.carrier, row.text):
            row.carrier = named[0]

    def is_filled(self, row: BatchRow) -> bool:
        return bool(row.text)

    def problems(self, rows: Sequence[BatchRow]) -> Sequence[str]:
        times = Counter((row.carrier, row.text) for row in rows if row.text)
        return [self._problem(row, times) for row in rows]

    @staticmethod
    def _problem(row: BatchRow, times: Counter[tuple[str, str]]) -> str:
        if not row.text:
            return ""
        if not carriers.looks_like(row.carrier, row.text):
            carrier = wording.carrier_word(row.carrier)
            return tr("{number} is not a number of {carrier}.", number=row.text, carrier=carrier)
        return tr("This number stands here twice.") if times[row.carrier, row.text] > 1 else ""

    def command(self, row: BatchRow) -> Command:
        lines = tuple(ShippedLine(line_id, qty) for line_id, qty in remaining(row.detail).items())
        return ShipOrder(row.detail.order.id, row.key, lines, row.carrier, row.text)


class ReadyWork:
    """Orders whose buyers may come; the place where their goods stand can be left empty."""

    def left_out(self, detail: OrderDetail) -> str:
        if is_to_prepare(detail):
            return ""
        if is_to_collect(detail):
            return tr("prepared already")
        is_pickup = detail.pickup is not None
        return (
            wording.state_word(detail.order.state) if is_pickup else wording.delivery_word(detail.order.delivery_kind)
        )

    def row(self, detail: OrderDetail) -> BatchRow:
        return BatchRow(detail, text=detail.pickup.shelf if detail.pickup is not None else "")

    def settle(self, row: BatchRow) -> None:
        row.text = row.text.strip()

    def is_filled(self, row: BatchRow) -> bool:
        return True

    def problems(self, rows: Sequence[BatchRow]) -> Sequence[str]:
        return [tr("A place has at most 20 signs.") if len(row.text) > _SHELF_SIGNS else "" for row in rows]

    def command(self, row: BatchRow) -> Command:
        return MarkReady(row.detail.order.id, row.text)


class NoteWork:
    """One remark for all; what stands there already stays above it."""

    def __init__(self) -> None:
        self.remark = ""

    def left_out(self, detail: OrderDetail) -> str:
        return ""

    def row(self, detail: OrderDetail) -> BatchRow:
        return BatchRow(detail, text=detail.order.staff_remark)

    def settle(self, row: BatchRow) -> None:
        """Nothing is typed for a single order."""

    def is_filled(self, row: BatchRow) -> bool:
        return bool(self.remark.strip())

    def problems(self, rows: Sequence[BatchRow]) -> Sequence[str]:
        return [""] * len(rows)

    def command(self, row: BatchRow) -> Command:
        before = row.detail.order.staff_remark.strip()
        return NoteOrder(row.detail.order.id, "\n".join(part for part in (before, self.remark.strip()) if part))
