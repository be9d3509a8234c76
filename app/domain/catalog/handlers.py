"""Decisions about the catalogue."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.domain.catalog import commands, edits
from app.domain.catalog.barcode import is_valid_barcode
from app.domain.catalog.edits import edit_marks, edited, moment, one_of, text, whole
from app.domain.catalog.model import (
    Category,
    LastEdit,
    Media,
    MediaRole,
    PriceChange,
    Product,
    ProductMedia,
    ProductState,
    Sku,
    SkuCost,
    SpecAxis,
    SpecValue,
)
from app.domain.command import Context
from app.domain.money import Fen
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected, Remove
from app.domain.view import View

MAX_FEN = 100_000_000
MAX_SKUS = 200
MAX_PICTURES = 30
EXISTS = RejectCode("catalog.exists", "This exists already.")
CATEGORY_NOT_FOUND = RejectCode("catalog.category_not_found", "This category does not exist.")
CATEGORY_LOOP = RejectCode("catalog.category_loop", "A category cannot lie within itself.")
PRODUCT_NOT_FOUND = RejectCode("catalog.product_not_found", "This product does not exist.")
SKU_NOT_FOUND = RejectCode("catalog.sku_not_found", "This article does not exist.")
NAMELESS = RejectCode("catalog.nameless", "A name of 1 to 60 signs is needed.")
SKU_COUNT = RejectCode("catalog.sku_count", "A product has between 1 and {most} articles.")
SPEC_UNFIT = RejectCode("catalog.spec_unfit", "Each article needs one value of every axis, and no two the same values.")
BARCODE_TAKEN = RejectCode("catalog.barcode_taken", "The barcode {barcode} belongs to another article.")
BARCODE_UNFIT = RejectCode("catalog.barcode_unfit", "{barcode} is no valid barcode; its check digit does not fit.")
PRICE_RANGE = RejectCode("catalog.price_range", "A price lies between 1 fen and 1,000,000 yuan.")
PICTURE_UNFIT = RejectCode("catalog.picture_unfit", "This picture or link cannot be used.")
CODES = (
    EXISTS,
    CATEGORY_NOT_FOUND,
    CATEGORY_LOOP,
    PRODUCT_NOT_FOUND,
    SKU_NOT_FOUND,
    NAMELESS,
    SKU_COUNT,
    SPEC_UNFIT,
    BARCODE_TAKEN,
    BARCODE_UNFIT,
    PRICE_RANGE,
    PICTURE_UNFIT,
    *edits.CODES,
)
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
    return _changed(category, after, category.id, context)


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
        if refusal := _sku_refusal(new, view, taken):
            return refusal
        changes += _new_sku(command.product_id, new, sort)
    return Accepted(tuple(changes))


def _misfit(command: commands.CreateProduct, view: View) -> Rejected | None:
    if not 1 <= len(command.skus) <= MAX_SKUS:
        return Rejected(SKU_COUNT, {"most": MAX_SKUS})
    axis_ids, sku_ids = [axis.axis_id for axis in command.axes], [new.sku_id for new in command.skus]
    if _repeats(axis_ids) or _repeats(sku_ids) or any(view.get(SpecAxis, i) is not None for i in axis_ids):
        return Rejected(EXISTS)
    allowed = [frozenset(axis.values) for axis in command.axes]
    fits = all(
        len(new.values) == len(allowed) and all(v in a for v, a in zip(new.values, allowed, strict=True))
        for new in command.skus
    )
    if not fits or any(_repeats(axis.values) for axis in command.axes) or _repeats(map(_spec_key, command.skus)):
        return Rejected(SPEC_UNFIT)
    return None


def _spec_key(new: commands.NewSku) -> str:
    return "/".join(new.values)


def _repeats(items: Iterable[str]) -> bool:
    listed = list(items)
    return len(set(listed)) != len(listed)


def _axes(command: commands.CreateProduct, context: Context) -> list[Change]:
    changes: list[Change] = []
    for sort, axis in enumerate(command.axes):
        changes.append(Put(SpecAxis(axis.axis_id, command.product_id, axis.name, sort)))
        for order, value in enumerate(axis.values):
            value_id = context.new_id("value", axis.axis_id, value)
            changes.append(Put(SpecValue(value_id, axis.axis_id, command.product_id, value, order)))
    return changes


def _sku_refusal(new: commands.NewSku, view: View, taken: set[str]) -> Rejected | None:
    if view.get(Sku, new.sku_id) is not None:
        return Rejected(EXISTS)
    if not 1 <= new.list_fen <= MAX_FEN:
        return Rejected(PRICE_RANGE)
    if new.barcode in taken:
        return Rejected(BARCODE_TAKEN, {"barcode": new.barcode})
    if new.barcode:
        taken.add(new.barcode)
    return _barcode_refusal(new.barcode, new.sku_id, view)


def _barcode_refusal(barcode: str, sku_id: str, view: View) -> Rejected | None:
    if not barcode:
        return None
    if not is_valid_barcode(barcode):
        return Rejected(BARCODE_UNFIT, {"barcode": barcode})
    if any(other.id != sku_id for other in view.children(Sku, barcode=barcode)):
        return Rejected(BARCODE_TAKEN, {"barcode": barcode})
    return None


def _new_sku(product_id: str, new: commands.NewSku, sort: int) -> list[Change]:
    sku = Sku(
        id=new.sku_id,
        product_id=product_id,
        spec_key=_spec_key(new),
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
    axes = view.children(SpecAxis, product_id=product.id)
    if len(command.sku.values) != len(axes) or any(s.spec_key == _spec_key(command.sku) for s in siblings):
        return Rejected(SPEC_UNFIT)
    if refusal := _sku_refusal(command.sku, view, set()):
        return refusal
    return Accepted(tuple(_new_sku(product.id, command.sku, len(siblings))))


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
    return _changed(product, after, product.id, context)


def edit_sku(command: commands.EditSku, view: View, context: Context) -> Decision:
    sku = view.get(Sku, command.sku_id)
    if sku is None:
        return Rejected(SKU_NOT_FOUND)
    after = edited(sku, command.changes, _SKU_FIELDS, view, sku.id)
    if isinstance(after, Rejected):
        return after
    if after.barcode != sku.barcode and (refusal := _barcode_refusal(after.barcode, sku.id, view)):
        return refusal
    return _changed(sku, after, sku.id, context)


def _changed(before: Any, after: Any, ref_id: str, context: Context) -> Decision:
    if after == before:
        return Accepted()
    marks = edit_marks(before, after, ref_id, context)
    if isinstance(after, Product):
        after = replace(after, changed_at=context.at)
    return Accepted((Put(after), *marks))


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
    return Accepted((Put(after), Put(change), Put(mark)))


def set_cost(command: commands.SetCost, view: View, context: Context) -> Decision:
    if view.get(Sku, command.sku_id) is None:
        return Rejected(SKU_NOT_FOUND)
    if not 0 <= command.cost_fen <= MAX_FEN:
        return Rejected(PRICE_RANGE)
    return Accepted((Put(SkuCost(command.sku_id, Fen(command.cost_fen))),))


def add_picture(command: commands.AddPicture, view: View, context: Context) -> Decision:
    if view.get(Product, command.product_id) is None:
        return Rejected(PRODUCT_NOT_FOUND)
    if view.get(ProductMedia, command.media_id) is not None:
        return Rejected(EXISTS)
    present = view.children(ProductMedia, product_id=command.product_id)
    is_hash = len(command.sha256) == 64 and all(sign in "0123456789abcdef" for sign in command.sha256)
    if not is_hash or len(present) >= MAX_PICTURES or command.role is MediaRole.VIDEO:
        return Rejected(PICTURE_UNFIT)
    media = Media(command.sha256, command.mime, command.width, command.height, command.bytes)
    sort = max((m.sort for m in present), default=-1) + 1
    link = ProductMedia(command.media_id, command.product_id, sort, command.role, sha256=command.sha256)
    return Accepted((Put(media), Put(link)))


def add_video(command: commands.AddVideo, view: View, context: Context) -> Decision:
    if view.get(Product, command.product_id) is None:
        return Rejected(PRODUCT_NOT_FOUND)
    if view.get(ProductMedia, command.media_id) is not None:
        return Rejected(EXISTS)
    present = view.children(ProductMedia, product_id=command.product_id)
    if not command.video_url.startswith("https://") or len(command.video_url) > 500 or len(present) >= MAX_PICTURES:
        return Rejected(PICTURE_UNFIT)
    sort = max((m.sort for m in present), default=-1) + 1
    link = ProductMedia(command.media_id, command.product_id, sort, MediaRole.VIDEO, video_url=command.video_url)
    return Accepted((Put(link),))


def remove_picture(command: commands.RemovePicture, view: View, context: Context) -> Decision:
    link = view.get(ProductMedia, command.media_id)
    if link is None:
        return Accepted()
    return Accepted((Remove(ProductMedia, (link.id,)),))


HANDLERS = (
    (commands.CreateCategory, create_category),
    (commands.EditCategory, edit_category),
    (commands.CreateProduct, create_product),
    (commands.EditProduct, edit_product),
    (commands.AddSku, add_sku),
    (commands.EditSku, edit_sku),
    (commands.ChangePrice, change_price),
    (commands.SetCost, set_cost),
    (commands.AddPicture, add_picture),
    (commands.AddVideo, add_video),
    (commands.RemovePicture, remove_picture),
)
