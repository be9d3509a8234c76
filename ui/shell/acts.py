"""What somebody did, in the words of the act, for the badge's list and the issue centre."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.desk.queries import SyncOverview
from app.domain.delivery.carriers import carrier
from app.domain.money import money_text
from app.kernel.i18n import tr

Args = Mapping[str, Any]
FIELDS: Final[dict[str, Callable[[], str]]] = {
    "title": lambda: tr("Title"),
    "subtitle": lambda: tr("Subtitle"),
    "description": lambda: tr("Description"),
    "state": lambda: tr("State"),
    "category_id": lambda: tr("Category"),
    "list_fen": lambda: tr("Price"),
    "barcode": lambda: tr("Barcode"),
    "code": lambda: tr("Code"),
    "shelf": lambda: tr("Shelf"),
    "weight_g": lambda: tr("Weight"),
    "min_qty": lambda: tr("Least per order"),
    "max_qty": lambda: tr("Most per order"),
    "name": lambda: tr("Name"),
}


def field_name(field: str) -> str:
    found = FIELDS.get(field)
    return found() if found else field


def shown_value(field: str, value: Any) -> str:
    """A field's value as people read it."""
    if field.endswith("_fen") and isinstance(value, int):
        return money_text(value)
    if field == "state":
        return {"on_sale": tr("On sale"), "off_sale": tr("Off sale"), "draft": tr("Draft")}.get(str(value), str(value))
    return "—" if value in (None, "") else str(value)


def act(name: str, args: Args, known: SyncOverview) -> str:
    """One line such as "Shipped WX2026… · SF…"; a command of a newer program is named as it is."""
    words = _WORDS.get(name)
    return words(args, known) if words else name


def _thing(args: Args, known: SyncOverview) -> str:
    key = args.get("sku_id") or args.get("product_id") or ""
    return known.product_titles.get(str(key), "") or str(args.get("title", ""))


def _order(args: Args, known: SyncOverview) -> str:
    return known.order_nos.get(str(args.get("order_id", "")), "")


def _shipped(args: Args, known: SyncOverview) -> str:
    by = carrier(str(args.get("carrier", "")))
    return tr(
        "Shipped {order} · {carrier} {waybill}",
        order=_order(args, known),
        carrier=by.name if by else args.get("carrier", ""),
        waybill=args.get("waybill_no", ""),
    )


def _adjusted(args: Args, known: SyncOverview) -> str:
    delta = int(args.get("delta_qty", 0))
    change = f"+{delta}" if delta > 0 else f"−{-delta}"
    return tr("Adjusted stock {change} · {thing}", change=change, thing=_thing(args, known))


def _priced(args: Args, known: SyncOverview) -> str:
    return tr("Price to {price} · {thing}", price=money_text(int(args.get("to_fen", 0))), thing=_thing(args, known))


def _edited(args: Args, known: SyncOverview) -> str:
    names = "、".join(field_name(field) for field in args.get("changes", {}))
    return tr("Changed {fields} · {thing}", fields=names, thing=_thing(args, known))


_WORDS: Final[dict[str, Callable[[Args, SyncOverview], str]]] = {
    "order.ship": _shipped,
    "order.adopt": lambda args, known: tr("Brings back order {order}", order=args.get("order", {}).get("no", "")),
    "order.note": lambda args, known: tr("Remark on {order}", order=_order(args, known)),
    "stock.adjust": _adjusted,
    "stock.receive": lambda a, k: tr("Received {qty} · {thing}", qty=a.get("qty", 0), thing=_thing(a, k)),
    "stock.count": lambda a, k: tr("Counted {qty} · {thing}", qty=a.get("counted_qty", 0), thing=_thing(a, k)),
    "sku.change_price": _priced,
    "sku.edit": _edited,
    "product.edit": _edited,
    "category.edit": lambda args, known: tr("Changed a category"),
    "category.create": lambda args, known: tr("New category {name}", name=args.get("name", "")),
    "product.create": lambda args, known: tr("New product {name}", name=args.get("title", "")),
    "sku.add": lambda args, known: tr("New article · {thing}", thing=_thing(args, known)),
    "spec.add_value": lambda a, k: tr("New value {name} · {thing}", name=a.get("name", ""), thing=_thing(a, k)),
    "sku.set_cost": lambda args, known: tr("Cost · {thing}", thing=_thing(args, known)),
    "product.add_picture": lambda args, known: tr("Picture added · {thing}", thing=_thing(args, known)),
    "product.add_video": lambda args, known: tr("Video added · {thing}", thing=_thing(args, known)),
    "product.remove_picture": lambda args, known: tr("Picture removed"),
    "product.arrange_pictures": lambda args, known: tr("Pictures arranged · {thing}", thing=_thing(args, known)),
    "incident.settle": lambda args, known: tr("Settled an incident"),
}
