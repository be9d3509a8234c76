"""The catalogue: categories, products, and the articles (SKUs) that are sold."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.money import Fen
from app.domain.row import Audience, Row


class ProductState(StrEnum):
    DRAFT = "draft"
    ON_SALE = "on_sale"
    OFF_SALE = "off_sale"


class ProductKind(StrEnum):
    GOODS = "goods"


class MediaRole(StrEnum):
    MAIN = "main"
    DETAIL = "detail"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Category(Row):
    TABLE: ClassVar[str] = "categories"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("parent_id",)
    id: str
    parent_id: str
    name: str
    sort: int = 0
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Product(Row):
    """What a buyer sees as one page; sold from ``sale_from_at`` (included) until ``sale_until_at`` (excluded)."""

    TABLE: ClassVar[str] = "products"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("category_id",)
    id: str
    category_id: str
    title: str
    kind: ProductKind = ProductKind.GOODS
    subtitle: str = ""
    description: str = ""
    state: ProductState = ProductState.DRAFT
    sale_from_at: datetime | None = None
    sale_until_at: datetime | None = None
    freight_template_id: str = ""
    min_qty: int = 1
    max_qty: int = 999
    changed_at: datetime | None = None
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Media(Row):
    """A picture, named by its content; the bytes travel beside the feed."""

    TABLE: ClassVar[str] = "media"
    KEY: ClassVar[tuple[str, ...]] = ("sha256",)
    sha256: str
    mime: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ProductMedia(Row):
    """A picture or a video link of a product, in order."""

    TABLE: ClassVar[str] = "product_media"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("product_id",)
    id: str
    product_id: str
    sort: int
    role: MediaRole
    sha256: str = ""
    video_url: str = ""


@dataclass(frozen=True, slots=True)
class SpecAxis(Row):
    """One way in which the articles of a product differ: roast, size, colour."""

    TABLE: ClassVar[str] = "spec_axes"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("product_id",)
    id: str
    product_id: str
    name: str
    sort: int


@dataclass(frozen=True, slots=True)
class SpecValue(Row):
    TABLE: ClassVar[str] = "spec_values"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("product_id",)
    id: str
    axis_id: str
    product_id: str
    name: str
    sort: int


@dataclass(frozen=True, slots=True)
class Sku(Row):
    """An article: what is counted, priced, reserved and shipped.

    ``spec_key`` names its values in the order of the axes ("深烘/250g"), unique within the product, and is what people
    read; ``barcode`` is unique in the shop, or empty.
    """

    TABLE: ClassVar[str] = "skus"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("product_id", "barcode")
    id: str
    product_id: str
    spec_key: str
    code: str
    barcode: str
    list_fen: Fen
    weight_g: int = 0
    shelf: str = ""
    sort: int = 0
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SkuCost(Row):
    """What the shop pays for an article; only managers' devices hold it."""

    TABLE: ClassVar[str] = "sku_costs"
    KEY: ClassVar[tuple[str, ...]] = ("sku_id",)
    AUDIENCE: ClassVar[Audience] = Audience.MANAGER
    sku_id: str
    cost_fen: Fen


@dataclass(frozen=True, slots=True)
class PriceChange(Row):
    TABLE: ClassVar[str] = "price_changes"
    APPEND_ONLY: ClassVar[bool] = True
    LOOKUPS: ClassVar[tuple[str, ...]] = ("sku_id",)
    id: str
    sku_id: str
    from_fen: Fen
    to_fen: Fen
    actor: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class LastEdit(Row):
    """Who last changed a field of a thing, so that a conflict can name the other person."""

    TABLE: ClassVar[str] = "last_edits"
    KEY: ClassVar[tuple[str, ...]] = ("ref_id", "field")
    ref_id: str
    field: str
    actor: str
    changed_at: datetime
