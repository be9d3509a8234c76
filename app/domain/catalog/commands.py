"""Intents about the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.catalog.model import MediaRole
from app.domain.command import Command
from app.domain.money import Fen
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class CreateCategory(Command):
    NAME: ClassVar[str] = "category.create"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    category_id: str
    parent_id: str
    name: str
    sort: int = 0


@dataclass(frozen=True, slots=True)
class EditCategory(Command):
    """``changes`` is ``{field: {"from": seen, "to": wanted}}`` as for products."""

    NAME: ClassVar[str] = "category.edit"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    category_id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewSku:
    sku_id: str
    values: tuple[str, ...]
    code: str
    barcode: str
    list_fen: Fen
    weight_g: int = 0
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class NewAxis:
    axis_id: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreateProduct(Command):
    """A product with its axes and articles, as a draft."""

    NAME: ClassVar[str] = "product.create"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    product_id: str
    category_id: str
    title: str
    skus: tuple[NewSku, ...]
    axes: tuple[NewAxis, ...] = ()
    subtitle: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class EditProduct(Command):
    """Change fields of a product: ``{field: {"from": what the editor saw, "to": what is wanted}}``, all or nothing."""

    NAME: ClassVar[str] = "product.edit"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    product_id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AddSku(Command):
    NAME: ClassVar[str] = "sku.add"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    product_id: str
    sku: NewSku


@dataclass(frozen=True, slots=True)
class AddSpecValue(Command):
    """One more value of an axis, such as a new size; articles of it are added by themselves."""

    NAME: ClassVar[str] = "spec.add_value"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    product_id: str
    axis_id: str
    value_id: str
    name: str


@dataclass(frozen=True, slots=True)
class EditSku(Command):
    """Change fields of an article other than its price, like ``EditProduct``."""

    NAME: ClassVar[str] = "sku.edit"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    sku_id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangePrice(Command):
    """Set the list price, knowing the one that was seen."""

    NAME: ClassVar[str] = "sku.change_price"
    PERMISSION: ClassVar[Permission] = Permission.PRICE_EDIT
    sku_id: str
    from_fen: Fen
    to_fen: Fen


@dataclass(frozen=True, slots=True)
class SetCost(Command):
    NAME: ClassVar[str] = "sku.set_cost"
    PERMISSION: ClassVar[Permission] = Permission.COST_EDIT
    sku_id: str
    cost_fen: Fen


@dataclass(frozen=True, slots=True)
class AddPicture(Command):
    """Append an uploaded picture to a product."""

    NAME: ClassVar[str] = "product.add_picture"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    product_id: str
    media_id: str
    role: MediaRole
    sha256: str
    mime: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class AddVideo(Command):
    NAME: ClassVar[str] = "product.add_video"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    product_id: str
    media_id: str
    video_url: str


@dataclass(frozen=True, slots=True)
class RemovePicture(Command):
    NAME: ClassVar[str] = "product.remove_picture"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    media_id: str


@dataclass(frozen=True, slots=True)
class ArrangePictures(Command):
    """The order of a product's pictures and videos; the first picture becomes the main one."""

    NAME: ClassVar[str] = "product.arrange_pictures"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    product_id: str
    media_ids: tuple[str, ...]
