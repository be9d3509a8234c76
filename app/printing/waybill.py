"""What a waybill label tells, whole; the form decides what of it may be seen."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Party:
    """Sender or receiver, unmasked: kept out of every representation. A company's name is public, a person's is not."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    company: str = ""


@dataclass(frozen=True, slots=True)
class ParcelLine:
    title: str
    quantity: int
    spec: str = ""
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class WaybillData:
    """One parcel's label. ``printed_at`` is local text; sorting code and QR text are the carrier's, verbatim.

    ``has_sorting``: this carrier sorts by a code, so a missing one has to be seen.
    """

    carrier_name: str
    waybill_no: str
    receiver: Party
    sender: Party
    shop_name: str
    order_no: str
    printed_at: str
    service: str = ""
    sorting_code: str = ""
    has_sorting: bool = True
    bag_place: str = ""
    bag_mark: str = ""
    qr_text: str = field(default="", repr=False)
    lines: tuple[ParcelLine, ...] = ()
    piece_no: int = 1
    piece_count: int = 1
    weight_g: int | None = None
    handling: tuple[str, ...] = ()
    remark: str = field(default="", repr=False)
    batch_place: str = ""
    footer: str = ""
    copy_no: int = 1
    is_confirmed: bool = True
