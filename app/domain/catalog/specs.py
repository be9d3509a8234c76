"""Decisions about a product's axes, their values, and the articles that stand at their crossings."""

from collections.abc import Iterable

from app.domain.catalog import commands
from app.domain.catalog.barcode import is_valid_barcode
from app.domain.catalog.edits import text
from app.domain.catalog.model import Product, Sku, SpecAxis, SpecValue
from app.domain.catalog.refusals import (
    BARCODE_TAKEN,
    BARCODE_UNFIT,
    EXISTS,
    PRICE_RANGE,
    PRODUCT_NOT_FOUND,
    SKU_COUNT,
    SPEC_UNFIT,
    VALUE_UNFIT,
    VALUE_UNKNOWN,
)
from app.domain.command import Context
from app.domain.money import Fen
from app.domain.outcome import Accepted, Change, Decision, Put, Rejected
from app.domain.view import View

MAX_FEN = 100_000_000
MAX_SKUS = 200
MAX_VALUES = 60


def spec_key(new: commands.NewSku) -> str:
    return "/".join(new.values)


def repeats(items: Iterable[str]) -> bool:
    listed = list(items)
    return len(set(listed)) != len(listed)


def sku_refusal(new: commands.NewSku, view: View, taken: set[str]) -> Rejected | None:
    if view.get(Sku, new.sku_id) is not None:
        return Rejected(EXISTS)
    if not 1 <= new.list_fen <= MAX_FEN:
        return Rejected(PRICE_RANGE)
    if new.barcode in taken:
        return Rejected(BARCODE_TAKEN, {"barcode": new.barcode})
    if new.barcode:
        taken.add(new.barcode)
    return barcode_refusal(new.barcode, new.sku_id, view)


def barcode_refusal(barcode: str, sku_id: str, view: View) -> Rejected | None:
    if not barcode:
        return None
    if not is_valid_barcode(barcode):
        return Rejected(BARCODE_UNFIT, {"barcode": barcode})
    if any(other.id != sku_id for other in view.children(Sku, barcode=barcode)):
        return Rejected(BARCODE_TAKEN, {"barcode": barcode})
    return None


def new_sku(product_id: str, new: commands.NewSku, sort: int) -> list[Change]:
    sku = Sku(
        id=new.sku_id,
        product_id=product_id,
        spec_key=spec_key(new),
        code=new.code,
        barcode=new.barcode,
        list_fen=Fen(new.list_fen),
        weight_g=new.weight_g,
        shelf=new.shelf,
        sort=sort,
    )
    return [Put(sku)]


def add_sku(command: commands.AddSku, view: View, context: Context) -> Decision:
    product = view.get(Product, command.product_id)
    if product is None:
        return Rejected(PRODUCT_NOT_FOUND)
    siblings = view.children(Sku, product_id=product.id)
    if len(siblings) >= MAX_SKUS:
        return Rejected(SKU_COUNT, {"most": MAX_SKUS})
    if refusal := _values_refusal(command.sku, view, product.id):
        return refusal
    if any(s.spec_key == spec_key(command.sku) for s in siblings):
        return Rejected(SPEC_UNFIT)
    if refusal := sku_refusal(command.sku, view, set()):
        return refusal
    return Accepted(tuple(new_sku(product.id, command.sku, len(siblings))))


def _values_refusal(new: commands.NewSku, view: View, product_id: str) -> Rejected | None:
    """Each article takes one value that its axis has, or the buyer could never choose it."""
    axes = sorted(view.children(SpecAxis, product_id=product_id), key=lambda axis: (axis.sort, axis.id))
    if len(new.values) != len(axes):
        return Rejected(SPEC_UNFIT)
    known = {(value.axis_id, value.name) for value in view.children(SpecValue, product_id=product_id)}
    for axis, value in zip(axes, new.values, strict=True):
        if (axis.id, value) not in known:
            return Rejected(VALUE_UNKNOWN, {"value": value, "axis": axis.name})
    return None


def add_spec_value(command: commands.AddSpecValue, view: View, context: Context) -> Decision:
    axis = view.get(SpecAxis, command.axis_id)
    if axis is None or axis.product_id != command.product_id:
        return Rejected(PRODUCT_NOT_FOUND)
    if view.get(SpecValue, command.value_id) is not None:
        return Rejected(EXISTS)
    name = command.name.strip()
    beside = [v for v in view.children(SpecValue, product_id=command.product_id) if v.axis_id == axis.id]
    is_fit = text(1, 40)(name) and "/" not in name and all(v.name != name for v in beside)
    if not is_fit or len(beside) >= MAX_VALUES:
        return Rejected(VALUE_UNFIT)
    sort = max((v.sort for v in beside), default=-1) + 1
    return Accepted((Put(SpecValue(command.value_id, axis.id, axis.product_id, name, sort)),))
