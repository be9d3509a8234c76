"""The demo shop: a coffee roaster in Hangzhou with its staff, catalogue and stock, made by the shop's own commands."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.domain.catalog.commands import CreateCategory, CreateProduct, EditProduct, NewAxis, NewSku, SetCost
from app.domain.command import Actor, Command
from app.domain.money import Fen
from app.domain.permission import Role
from app.domain.promotions.commands import PublishPromotion
from app.domain.staff.commands import ChangeSetting, CreateStaff, FoundShop
from app.domain.stock.commands import ReceiveStock
from app.kernel import codec, resources
from app.kernel.derived import derived_id
from services.authority.executor import Executor
from services.authority.submission import Intent

SERVICE = Actor("service", Role.SERVICE)


_PROMOTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("满 199 减 20", "threshold", {"tiers": [{"reach_fen": 19_900, "off_fen": 2_000}]}),
    (
        "快递 8 元，满 99 包邮",
        "freight",
        {"delivery_kinds": ["express"], "regions": [{"prefix": "", "first_fen": 800, "free_from_fen": 9_900}]},
    ),
)


def make(executor: Executor, at: datetime) -> None:
    """Fill an empty shop. Every id follows from the catalogue, so a start that was cut off goes on where it stopped."""
    futures = []
    for command, actor in _commands(json.loads(resources.path("demo/shop.json").read_text(encoding="utf-8"))):
        args = codec.plain(command)
        command_id = derived_id("demo", command.NAME, codec.canonical(args))
        intent = Intent(command_id, command.NAME, command.VERSION, args, actor, at)
        futures.append((command, executor.submit(intent)))
    for command, future in futures:
        answer = future.result()
        if not answer.is_applied:
            raise AssertionError(f"the demo shop's {command.NAME} was refused: {answer.code} {answer.params}")


def _commands(shop: dict[str, Any]) -> Iterator[tuple[Command, Actor]]:
    (owner_name, _), *others = shop["staff"]
    owner_id, place = derived_id("demo-staff", owner_name), derived_id("demo-place")
    owner = Actor(owner_id, Role.OWNER)
    yield FoundShop(shop["shop"], owner_id, owner_name, place, shop["location"], is_demo=True), SERVICE
    for name, role in others:
        yield CreateStaff(derived_id("demo-staff", name), name, Role(role)), owner
    for key in ("phone", "address"):
        yield ChangeSetting(f"shop_{key}", codec.canonical(shop[key])), owner
    for sort, category in enumerate(shop["categories"]):
        parent = _category_id(category["parent"]) if category["parent"] else ""
        yield CreateCategory(_category_id(category["key"]), parent, category["name"], sort), owner
    for name, kind, config in _PROMOTIONS:
        yield PublishPromotion(derived_id("demo-promotion", name), 0, name, kind, config), owner
    for product in shop["products"]:
        for command in _product(product, place):
            yield command, owner


def _category_id(key: str) -> str:
    return derived_id("demo-category", key)


def _product(product: dict[str, Any], place: str) -> Iterator[Command]:
    product_id = derived_id("demo-product", product["code"])
    axes = tuple(
        NewAxis(derived_id("demo-axis", product["code"], name), name, tuple(values)) for name, values in product["axes"]
    )
    skus = tuple(
        NewSku(
            sku_id=derived_id("demo-sku", product["code"], *sku["values"]),
            values=tuple(sku["values"]),
            code=f"{product['code']}-{number:02d}",
            barcode=sku["barcode"],
            list_fen=Fen(sku["fen"]),
            weight_g=sku["weight"],
            shelf=f"{product['shelf']}-{number}",
        )
        for number, sku in enumerate(product["skus"], 1)
    )
    yield CreateProduct(
        product_id=product_id,
        category_id=_category_id(product["category"]),
        title=product["title"],
        skus=skus,
        axes=axes,
        subtitle=product["subtitle"],
        description=product["description"],
    )
    yield EditProduct(product_id, {"state": {"from": "draft", "to": "on_sale"}})
    for made, sku in zip(skus, product["skus"], strict=True):
        yield SetCost(made.sku_id, Fen(sku["cost_fen"]))
        if sku["stock"]:
            yield ReceiveStock(made.sku_id, place, sku["stock"])
