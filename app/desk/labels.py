"""Waybill labels of parcels: what stands on them, the finished PDF, and where it is kept."""

import logging
import re
import sqlite3
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import platformdirs

from app.desk.threads import Query
from app.domain.delivery import carriers
from app.domain.delivery.model import Parcel
from app.domain.settings import Setting, ShopSettings, read_settings
from app.domain.view import MemoryView
from app.kernel.files import replace_file
from app.printing.bitmap import Bitmap, rasterise
from app.printing.document import PrintWarning
from app.printing.forms.label_form import LABEL_FORMS
from app.printing.forms.waybill import waybill_label
from app.printing.pdf import Pdf, render_pdf
from app.printing.waybill import ParcelLine, Party, WaybillData
from app.replica.queries import orders, sync
from app.replica.queries.orders import OrderDetail

FORMS = tuple(LABEL_FORMS)
_FOLDER_NAME = "掌柜面单"
_UNFIT = re.compile(r"[^0-9A-Za-z-]+")
log = logging.getLogger("print")


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """Which parcel's label, on which paper; ``at`` is the time to print on it."""

    order_id: str
    parcel_id: str
    form: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Label:
    """A finished label: the file, the same dots to look at, and what a person should know before it is used."""

    pdf: Pdf
    picture: Bitmap
    file_name: str
    is_confirmed: bool
    warnings: tuple[PrintWarning, ...]


@dataclass(frozen=True, slots=True)
class SavedLabel:
    """Where the file lies now, or why it could not be written there."""

    path: Path
    problem: str = ""


def default_folder() -> Path:
    """Where labels go until somebody chooses another folder."""
    return platformdirs.user_documents_path() / _FOLDER_NAME


def label(request: LabelRequest) -> Query[Label | None]:
    """Make a label on a reading thread; None when the order, its parcel or its receiver is no longer here."""
    return partial(_label, request=request)


def saving(made: Label, folder: Path) -> Query[SavedLabel]:
    """Write a label into a folder; on a reading thread, because a slow or missing disk must not stop the windows."""
    return partial(_save, made=made, folder=folder)


def waybill_data(
    detail: OrderDetail, parcel: Parcel, shop: ShopSettings, at: datetime, copy_no: int = 1
) -> WaybillData | None:
    """All that the label may need of this parcel; None once the receiver's data have been removed."""
    contact = detail.contact
    if contact is None:
        return None
    carrier = carriers.carrier(parcel.carrier)
    lines = {line.id: line for line in detail.lines}
    packed = [(lines[p.order_line_id], p.qty) for p in detail.parcel_lines if p.parcel_id == parcel.id]
    packed.sort(key=lambda pair: pair[0].line_no)
    given = next((request for request in detail.waybills if request.parcel_id == parcel.id), None)
    weighs_all = bool(packed) and all(line.weight_g for line, _ in packed)
    return WaybillData(
        carrier_name=carrier.name if carrier else parcel.carrier,
        waybill_no=parcel.waybill_no,
        receiver=Party(contact.name, contact.phone, contact.address),
        sender=Party(shop.shop_name, shop.shop_phone, shop.shop_address, company=shop.shop_name),
        shop_name=shop.shop_name,
        order_no=detail.order.no,
        printed_at=_shop_time(at, shop),
        service=parcel.service,
        has_sorting=carrier is not None and carrier.has_sorting_codes,
        sorting_code=given.sorting_code if given is not None else "",
        bag_mark=given.bag_mark if given is not None else "",
        qr_text=given.qr_text if given is not None else "",
        lines=tuple(
            ParcelLine(line.title, qty, line.spec_text, detail.shelves.get(line.sku_id, "")) for line, qty in packed
        ),
        weight_g=sum(line.weight_g * qty for line, qty in packed) if weighs_all else None,
        remark=detail.order.buyer_remark,
        copy_no=copy_no,
        is_confirmed=parcel.id not in detail.syncing_parcels,
    )


def file_name(order_no: str, waybill_no: str, form: str) -> str:
    """Order, waybill and paper: nothing of a person, and fit for every file system."""
    parts = (_UNFIT.sub("-", part).strip("-") for part in (order_no, waybill_no, form))
    return "_".join(part for part in parts if part) + ".pdf"


def _label(connection: sqlite3.Connection, request: LabelRequest) -> Label | None:
    detail = orders.order_detail(connection, request.order_id)
    parcel = next((p for p in detail.parcels if p.id == request.parcel_id), None) if detail else None
    if detail is None or parcel is None:
        return None
    data = waybill_data(detail, parcel, settings_of(sync.shop_settings(connection)), request.at)
    if data is None:
        return None
    pdf = render_pdf(waybill_label(data, LABEL_FORMS[request.form], request.language))
    name = file_name(detail.order.no, parcel.waybill_no, request.form)
    return Label(pdf, rasterise(pdf), name, data.is_confirmed, pdf.warnings)


def _save(_connection: sqlite3.Connection, made: Label, folder: Path) -> SavedLabel:
    path = folder / made.file_name
    try:
        replace_file(path, made.pdf.data)
    except OSError as error:
        log.info("label %s not saved: %s", made.file_name, error.strerror)
        return SavedLabel(path, error.strerror or type(error).__name__)
    log.info("label %s saved%s", made.file_name, "" if made.is_confirmed else ", not synced")
    return SavedLabel(path)


def settings_of(stored: Mapping[str, str]) -> ShopSettings:
    """The shop's settings from their stored texts."""
    return read_settings(MemoryView(Setting(key, value) for key, value in stored.items()))


def _shop_time(at: datetime, shop: ShopSettings) -> str:
    return at.astimezone(zoneinfo.ZoneInfo(shop.time_zone)).strftime("%Y-%m-%d %H:%M")
