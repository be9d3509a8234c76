"""Decisions about the catalogue."""

from dataclasses import replace
from typing import Any

from app.domain.catalog import commands, edits, pictures, specs
from app.domain.catalog.edits import edit_marks, edited, moment, one_of, text, whole
from app.domain.catalog.model import (
    Category,
    LastEdit,
    PriceChange,
    Product,
    ProductState,
    Sku,
    SkuCost,
    SpecAxis,
    SpecValue,
)
from app.domain.catalog.refusals import (
    CATEGORY_LOOP,
    CATEGORY_NOT_FOUND,
    CODES,
    EXISTS,
    NAMELESS,
    PRICE_RANGE,
    PRODUCT_NOT_FOUND,
    SKU_COUNT,
    SKU_NOT_FOUND,
    SPEC_UNFIT,
)
from app.domain.catalog.specs import (
    MAX_FEN,
    MAX_SKUS,
    barcode_refusal,
    new_sku,
    repeats,
    sku_refusal,
    spec_key,
)
from app.domain.command import Context
from app.domain.money import Fen
from app.domain.outcome import Accepted, Change, Decision, Put, Rejected
from app.domain.view import View

__all__ = ["CODES", "HANDLERS"]
_CATEGORY_FIELDS = {"name": text(1, 60), "sort": whole(0, 1_000_000), "parent_id": text(0, 60)}
_PRODUCT_FIELDS = {
    "title": text(1, 120),
    "subtitle": text(0, 200),
    "description": text(0, 20_000),
    "category_id": text(1, 60),
    "state": one_of(*ProductState),
    "sale_from_at": moment,
    "sale_until_at": moment,
    "min_qty": whole(1, 999),
    "max_qty": whole(1, 9_999),
}
_SKU_FIELDS = {
    "code": text(0, 40),
    "barcode": text(0, 48),
    "weight_g": whole(0, 1_000_000),
    "shelf": text(0, 40),
    "sort": whole(0, 1_000_000),
}


def create_category(command: commands.CreateCategory, view: View, context: Context) -> Decision:
    if view.get(Category, command.category_id) is not None:
        return Rejected(EXISTS)
    if not text(1, 60)(command.name):
        return Rejected(NAMELESS)
    if command.parent_id and view.get(Category, command.parent_id) is None:
        return Rejected(CATEGORY_NOT_FOUND)
    return Accepted((Put(Category(command.category_id, command.parent_id, command.name.strip(), command.sort)),))


def edit_category(command: commands.EditCategory, view: View, context: Context) -> Decision:
    category = view.get(Category, command.category_id)
    if category is None:
        return Rejected(CATEGORY_NOT_FOUND)
    after = edited(category, command.changes, _CATEGORY_FIELDS, view, category.id)
    if isinstance(after, Rejected):
        return after
    parent_id = after.parent_id
    while parent_id:
        if parent_id == category.id:
            return Rejected(CATEGORY_LOOP)
        parent = view.get(Category, parent_id)
        if parent is None:
            return Rejected(CATEGORY_NOT_FOUND)
        parent_id = parent.parent_id
    return _changed(category, after, category.id, view, context)


def create_product(command: commands.CreateProduct, view: View, context: Context) -> Decision:
    if view.get(Product, command.product_id) is not None:
        return Rejected(EXISTS)
    if view.get(Category, command.category_id) is None:
        return Rejected(CATEGORY_NOT_FOUND)
    if not text(1, 120)(command.title):
        return Rejected(NAMELESS)
    if refusal := _misfit(command, view):
        return refusal
    product = Product(
        id=command.product_id,
        category_id=command.category_id,
        title=command.title.strip(),
        subtitle=command.subtitle,
        description=command.description,
        changed_at=context.at,
    )
    changes: list[Change] = [Put(product), *_axes(command, context)]
    taken: set[str] = set()
    for sort, new in enumerate(command.skus):
        if refusal := sku_refusal(new, view, taken):
            return refusal
        changes += new_sku(command.product_id, new, sort)
    return Accepted(tuple(changes))


def _misfit(command: commands.CreateProduct, view: View) -> Rejected | None:
    if not 1 <= len(command.skus) <= MAX_SKUS:
        return Rejected(SKU_COUNT, {"most": MAX_SKUS})
    axis_ids, sku_ids = [axis.axis_id for axis in command.axes], [new.sku_id for new in command.skus]
    if repeats(axis_ids) or repeats(sku_ids) or any(view.get(SpecAxis, i) is not None for i in axis_ids):
        return Rejected(EXISTS)
    allowed = [frozenset(axis.values) for axis in command.axes]
    fits = all(
        len(new.values) == len(allowed) and all(v in a for v, a in zip(new.values, allowed, strict=True))
        for new in command.skus
    )
    if not fits or any(repeats(axis.values) for axis in command.axes) or repeats(map(spec_key, command.skus)):
        return Rejected(SPEC_UNFIT)
    return None


def _axes(command: commands.CreateProduct, context: Context) -> list[Change]:
    changes: list[Change] = []
    for sort, axis in enumerate(command.axes):
        changes.append(Put(SpecAxis(axis.axis_id, command.product_id, axis.name, sort)))
        for order, value in enumerate(axis.values):
            value_id = context.new_id("value", axis.axis_id, value)
            changes.append(Put(SpecValue(value_id, axis.axis_id, command.product_id, value, order)))
    return changes


def edit_product(command: commands.EditProduct, view: View, context: Context) -> Decision:
    product = view.get(Product, command.product_id)
    if product is None:
        return Rejected(PRODUCT_NOT_FOUND)
    after = edited(product, command.changes, _PRODUCT_FIELDS, view, product.id)
    if isinstance(after, Rejected):
        return after
    if view.get(Category, after.category_id) is None:
        return Rejected(CATEGORY_NOT_FOUND)
    if after.min_qty > after.max_qty:
        return Rejected(edits.BAD_VALUE, {"field": "max_qty"})
    return _changed(product, after, product.id, view, context)


def edit_sku(command: commands.EditSku, view: View, context: Context) -> Decision:
    sku = view.get(Sku, command.sku_id)
    if sku is None:
        return Rejected(SKU_NOT_FOUND)
    after = edited(sku, command.changes, _SKU_FIELDS, view, sku.id)
    if isinstance(after, Rejected):
        return after
    if after.barcode != sku.barcode and (refusal := barcode_refusal(after.barcode, sku.id, view)):
        return refusal
    return _changed(sku, after, sku.id, view, context)


def _changed(before: Any, after: Any, ref_id: str, view: View, context: Context) -> Decision:
    if after == before:
        return Accepted()
    marks = edit_marks(before, after, ref_id, context)
    if isinstance(after, Product):
        return Accepted((Put(_touched(after, context)), *marks))
    beside = _touched_product(after, view, context) if isinstance(after, Sku) else ()
    return Accepted((Put(after), *marks, *beside))


def _touched(product: Product, context: Context) -> Product:
    return replace(product, changed_at=context.at)


def _touched_product(sku: Sku, view: View, context: Context) -> tuple[Put, ...]:
    """Whoever looks for what was changed last looks for products; a change of an article is one of its product."""
    product = view.get(Product, sku.product_id)
    return () if product is None else (Put(_touched(product, context)),)


def change_price(command: commands.ChangePrice, view: View, context: Context) -> Decision:
    sku = view.get(Sku, command.sku_id)
    if sku is None:
        return Rejected(SKU_NOT_FOUND)
    if not 1 <= command.to_fen <= MAX_FEN:
        return Rejected(PRICE_RANGE)
    price = {"list_fen": {"from": int(command.from_fen), "to": int(command.to_fen)}}
    after = edited(sku, price, {"list_fen": whole(1, MAX_FEN)}, view, sku.id)
    if isinstance(after, Rejected):
        return after
    if after == sku:
        return Accepted()
    change = PriceChange(
        context.new_id("price"), sku.id, sku.list_fen, after.list_fen, context.actor.id, changed_at=context.at
    )
    mark = LastEdit(sku.id, "list_fen", context.actor.id, context.at)
    return Accepted((Put(after), Put(change), Put(mark), *_touched_product(sku, view, context)))


def set_cost(command: commands.SetCost, view: View, context: Context) -> Decision:
    if view.get(Sku, command.sku_id) is None:
        return Rejected(SKU_NOT_FOUND)
    if not 0 <= command.cost_fen <= MAX_FEN:
        return Rejected(PRICE_RANGE)
    return Accepted((Put(SkuCost(command.sku_id, Fen(command.cost_fen))),))


HANDLERS = (
    (commands.CreateCategory, create_category),
    (commands.EditCategory, edit_category),
    (commands.CreateProduct, create_product),
    (commands.EditProduct, edit_product),
    (commands.AddSku, specs.add_sku),
    (commands.AddSpecValue, specs.add_spec_value),
    (commands.EditSku, edit_sku),
    (commands.ChangePrice, change_price),
    (commands.SetCost, set_cost),
    (commands.AddPicture, pictures.add_picture),
    (commands.AddVideo, pictures.add_video),
    (commands.RemovePicture, pictures.remove_picture),
    (commands.ArrangePictures, pictures.arrange_pictures),
)
