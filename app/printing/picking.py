"""What a picking list tells: the goods of one or many orders, to be fetched in one walk along the shelves."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PickLine:
    title: str
    spec: str
    code: str
    shelf: str
    qty: int


@dataclass(frozen=True, slots=True)
class PickOrder:
    """One order of the list. ``receiver`` and ``phone`` are whole; the form masks them."""

    no: str
    delivery: str
    lines: tuple[PickLine, ...]
    receiver: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    remark: str = field(default="", repr=False)
    staff_remark: str = ""
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class PickingData:
    """All orders of one walk; ``printed_at`` is local text."""

    shop_name: str
    printed_at: str
    orders: tuple[PickOrder, ...]
    staff: str = ""
    copy_no: int = 1
