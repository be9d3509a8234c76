"""What the demo shop sells: a coffee roaster's own goods, and around them tea, pastry, tools and presents."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as combinations
from random import Random
from typing import Any

from app.domain.catalog.barcode import check_digit
from app.domain.catalog.commands import (
    AddPicture,
    CreateCategory,
    CreateProduct,
    EditProduct,
    NewAxis,
    NewSku,
    SetCost,
)
from app.domain.catalog.model import MediaRole
from app.domain.command import Command
from app.domain.money import Fen, percent
from app.kernel import resources
from app.kernel.derived import derived_id

ON_SALE = {"state": {"from": "draft", "to": "on_sale"}}
_BARCODES = 690_001_000_000
"""Numbers of the range that begins at 690 and was given to nobody."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is made: its command's part, what it cost, and how it sells."""

    sku: NewSku
    cost_fen: Fen
    stock: int
    liked: int


@dataclass(frozen=True, slots=True)
class Goods:
    """A product of the demo shop; ``picture`` is the kind of picture that shows it."""

    product_id: str
    category_id: str
    title: str
    subtitle: str
    description: str
    axes: tuple[NewAxis, ...]
    articles: tuple[Article, ...]
    picture: str

    def commands(self) -> Iterator[Command]:
        """The product as it is put on sale, and what its articles cost."""
        yield CreateProduct(
            product_id=self.product_id,
            category_id=self.category_id,
            title=self.title,
            skus=tuple(article.sku for article in self.articles),
            axes=self.axes,
            subtitle=self.subtitle,
            description=self.description,
        )
        yield EditProduct(self.product_id, ON_SALE)
        for article in self.articles:
            yield SetCost(article.sku.sku_id, article.cost_fen)


def category_id(key: str) -> str:
    return derived_id("demo-category", key)


def categories(is_large: bool) -> Iterator[Command]:
    listed = list(shop()["categories"])
    if is_large:
        listed += assortment()["categories"]
    for sort, each in enumerate(listed):
        parent = category_id(each["parent"]) if each["parent"] else ""
        yield CreateCategory(category_id(each["key"]), parent, each["name"], sort)


def goods(is_large: bool) -> Iterator[Goods]:
    """The roaster's own, and in a large shop all the rest."""
    pictures = assortment()["pictures"]
    for each in shop()["products"]:
        yield _own(each, pictures[each["category"]])
    if is_large:
        random, number = Random("assortment"), 0
        for family in assortment()["families"]:
            for place, title in enumerate(family["titles"], 1):
                made = _of_family(family, (place, title, number), random)
                number += len(made.articles)
                yield made


def picture_command(product_id: str, sha256: str, side: int, size: int) -> AddPicture:
    media_id = derived_id("demo-picture", product_id)
    return AddPicture(product_id, media_id, MediaRole.MAIN, sha256, "image/jpeg", side, side, size)


def _own(product: dict[str, Any], picture: str) -> Goods:
    code = product["code"]
    axes = tuple(NewAxis(derived_id("demo-axis", code, name), name, tuple(values)) for name, values in product["axes"])
    articles = tuple(
        Article(
            NewSku(
                sku_id=derived_id("demo-sku", code, *sku["values"]),
                values=tuple(sku["values"]),
                code=f"{code}-{number:02d}",
                barcode=sku["barcode"],
                list_fen=Fen(sku["fen"]),
                weight_g=sku["weight"],
                shelf=f"{product['shelf']}-{number}",
            ),
            Fen(sku["cost_fen"]),
            sku["stock"],
            60,
        )
        for number, sku in enumerate(product["skus"], 1)
    )
    texts = (product["title"], product["subtitle"], product["description"])
    return Goods(derived_id("demo-product", code), category_id(product["category"]), *texts, axes, articles, picture)


def _of_family(family: dict[str, Any], which: tuple[int, str, int], random: Random) -> Goods:
    place, title, number = which
    code = f"SY-{family['key'].upper()}-{place:02d}"
    base = family["fen"] * random.randint(80, 150) // 100 // 100 * 100
    liked = max(1, family["liked"] * random.choice((20, 40, 60, 80, 100, 140, 220)) // 100)
    axes = tuple(
        NewAxis(derived_id("demo-axis", code, name), name, tuple(value for value, *_ in values))
        for name, values in family["axes"]
    )
    articles = []
    for step, chosen in enumerate(combinations(*(values for _, values in family["axes"])), 1):
        fen = base
        for _, rate, _ in chosen:
            fen = fen * rate // 100
        price = Fen(fen // 100 * 100 or 100)
        digits = str(_BARCODES + number + step)
        sku = NewSku(
            sku_id=derived_id("demo-sku", code, *(value for value, *_ in chosen)),
            values=tuple(value for value, *_ in chosen),
            code=f"{code}-{step:02d}",
            barcode=digits + str(check_digit(digits)),
            list_fen=price,
            weight_g=sum(grams for *_, grams in chosen),
            shelf=f"{family['shelf']}-{place:02d}-{step}",
        )
        cost = percent(price, 100 * (family["cost_percent"] + random.randint(-4, 4)))
        articles.append(Article(sku, cost, random.randint(6, 60), max(1, liked * 3 // (2 + step))))
    subtitle = family["subtitles"][place % len(family["subtitles"])]
    parts = (title, subtitle, family["description"], axes, tuple(articles), family["picture"])
    return Goods(derived_id("demo-product", code), category_id(family["category"]), *parts)


def shop() -> dict[str, Any]:
    return _read("demo/shop.json")


def assortment() -> dict[str, Any]:
    return _read("demo/assortment.json")


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.path(name).read_text(encoding="utf-8"))
    return found
