"""Who may do what: every route and every command against every caller. A new one without a row here fails."""

import dataclasses
import hashlib
import re
import types
import typing
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.domain.command import Actor, Command, Context
from app.domain.outcome import Rejected
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.domain.settings import ShopSettings
from app.domain.staff.commands import ArchiveStaff, CreateStaff, RevokeDevice
from app.domain.view import MemoryView
from app.kernel import codec, typed
from tests.support.clocks import FixedClock
from tests.support.service import SECRET, Desktop, Server
from tests.support.shop import SERVICE

EVERYBODY = "nobody wrong clerks_desktop managers_desktop locked_out buyer supervisor"
DESKTOPS = "clerks_desktop managers_desktop"
ROUTES = {
    "GET /healthz": EVERYBODY,
    "POST /supervisor/enrol": "supervisor",
    "POST /sync/v1/enrol": EVERYBODY,  # the code in it is the key
    "POST /sync/v1/hello": DESKTOPS,
    "POST /sync/v1/push": DESKTOPS,
    "POST /sync/v1/ask": DESKTOPS,
    "POST /sync/v1/lease": DESKTOPS,
    "GET /sync/v1/pull": DESKTOPS,
    "GET /sync/v1/snapshot/{table}": DESKTOPS,
    "GET /sync/v1/verdicts": DESKTOPS,
    "GET /sync/v1/sums": DESKTOPS,
    "GET /sync/v1/poke": DESKTOPS,
    "GET /sync/v1/devices": DESKTOPS,
    "POST /sync/v1/codes": "managers_desktop",  # and a person who may manage the computers
    "GET /sync/v1/outside": DESKTOPS,
    "PUT /sync/v1/outside": "managers_desktop",
    "GET /sync/v1/carrier": DESKTOPS,
    "PUT /sync/v1/carrier": "managers_desktop",
    "PUT /sync/v1/media/{sha256}": DESKTOPS,
    "GET /sync/v1/media/{sha256}": DESKTOPS,
    "GET /media/{name}": EVERYBODY,
    "GET /shop/v1/shop": EVERYBODY,
    "POST /shop/v1/login": EVERYBODY,
    "GET /shop/v1/categories": EVERYBODY,
    "GET /shop/v1/products": EVERYBODY,
    "GET /shop/v1/products/{product_id}": EVERYBODY,
    "GET /openapi.json": EVERYBODY,
    "POST /shop/v1/quotes": "buyer",
    "POST /shop/v1/orders": "buyer",
    "GET /shop/v1/orders": "buyer",
    "GET /shop/v1/orders/{order_id}": "buyer",
    "POST /shop/v1/orders/{order_id}/pay": "buyer",
    "GET /shop/v1/orders/{order_id}/pickup-code": "buyer",
    "POST /shop/v1/orders/{order_id}/cancel": "buyer",
    "POST /shop/v1/orders/{order_id}/confirm-receipt": "buyer",
    "GET /shop/v1/cart": "buyer",
    "PUT /shop/v1/cart/items": "buyer",
    "POST /shop/v1/events": "nobody buyer",  # one may look around without a name, but not under a false one
    "POST /wechat/pay/notify": EVERYBODY,  # the signature of its body is the key
}

OWNER, MANAGERS, CLERKS, STAFF = "owner", "owner manager", "owner manager clerk", "owner manager clerk courier"
COMMANDS = {
    "staff.create": OWNER,
    "staff.change_role": OWNER,
    "staff.archive": OWNER,
    "device.revoke": OWNER,
    "shop.change_setting": OWNER,
    "category.create": CLERKS,
    "category.edit": CLERKS,
    "product.create": CLERKS,
    "product.edit": CLERKS,
    "sku.add": CLERKS,
    "spec.add_value": CLERKS,
    "sku.edit": CLERKS,
    "sku.change_price": MANAGERS,
    "sku.set_cost": MANAGERS,
    "promotion.publish": MANAGERS,
    "promotion.stop": MANAGERS,
    "coupon.give": MANAGERS,
    "level.save": MANAGERS,
    "buyer.set_level": MANAGERS,
    "sku.set_level_price": MANAGERS,
    "product.add_picture": CLERKS,
    "product.add_video": CLERKS,
    "product.remove_picture": CLERKS,
    "product.arrange_pictures": CLERKS,
    "stock.adjust": CLERKS,
    "stock.receive": CLERKS,
    "stock.count": CLERKS,
    "order.ship": CLERKS,
    "delivery.request_waybill": CLERKS,
    "delivery.withdraw_waybill": CLERKS,
    "delivery.ask_labels": CLERKS,
    "order.note": STAFF,
    "order.adopt": MANAGERS,
    "incident.settle": STAFF,
    "shop.go_on": OWNER,
    "pickup.save_point": OWNER,
    "pickup.archive_point": OWNER,
    "pickup.mark_ready": CLERKS,
    "pickup.redeem": CLERKS,
    "pickup.record_redeemed": CLERKS,
    "pickup.record_unknown": MANAGERS,
    "pickup.hand_over": MANAGERS,
    "pickup.undo": CLERKS,
    "delivery.save_area": OWNER,
    "delivery.archive_area": OWNER,
    "delivery.assign": CLERKS,
    "delivery.dispatch": STAFF,
    "delivery.record_delivered": STAFF,
    "delivery.record_undelivered": STAFF,
    "print.assign_station": OWNER,
    "print.mark_printed": STAFF,
    "order.cancel_unpaid": CLERKS,
    "refund.request": MANAGERS,
    "order.place": "buyer",
    "order.cancel": "buyer",
    "order.confirm_receipt": "buyer",
    "payment.start": "buyer",
    "shop.found": "service",
    "device.enrol": "service",
    "shop.record_restore": "service",
    "buyer.register": "service",
    "payment.record_prepay": "service",
    "payment.confirm": "service",
    "payment.record_check": "service",
    "order.begin_close": "service",
    "order.finish_close": "service",
    "refund.record": "service",
    "delivery.record_carriers": "service",
    "delivery.record_waybill": "service",
    "delivery.ask_left_label": "service",
    "delivery.record_waybill_refused": "service",
    "delivery.record_waybill_unclear": "service",
    "delivery.record_waybill_returned": "service",
}
STAFF_ROLES = STAFF.split()


# --- routes ------------------------------------------------------------------------------------------------------


def routes_of(server: Server) -> set[str]:
    found = iter_route_contexts(server.app.routes)
    return {f"{method} {route.path}" for route in found for method in route.methods or () if method != "HEAD"}


def tokens_of(server: Server) -> dict[str, str]:
    clerks, managers, locked_out = server.enrol("1"), server.enrol("2", is_manager=True), server.enrol("3")
    server.shop.must(RevokeDevice(locked_out.id))
    server.shop.order("o1", server.shop.product())
    buyer = "a-buyers-token"
    until = codec.time_text(server.shop.clock.now() + timedelta(days=1))
    server.shop.executor.chore(
        lambda db: db.execute(
            f"INSERT INTO buyer_sessions (token_hash, buyer_id, expires_at) VALUES ({db.mark}, {db.mark}, {db.mark})",
            (hashlib.sha256(buyer.encode()).hexdigest(), "buyer", until),
        )
    ).result(10)
    return {
        "nobody": "",
        "wrong": "a-token-of-nobody",
        "clerks_desktop": clerks.token,
        "managers_desktop": managers.token,
        "locked_out": locked_out.token,
        "buyer": buyer,
        "supervisor": SECRET,
    }


def test_every_route_lets_in_whom_it_should_and_nobody_else(server: Server) -> None:
    tokens = tokens_of(server)
    server.hub.close()  # or the stream of pokes would never end
    found: dict[str, str] = {}
    for number, route in enumerate(sorted(routes_of(server))):
        method, path = route.split(" ")
        path = re.sub(r"\{sha256\}", "0" * 64, path).replace("{table}", "skus")
        path = re.sub(r"\{\w+\}", "o1", path)
        let_in = []
        for caller, token in tokens.items():
            reply = server.ask(method, path, token, json={}, address=f"127.0.0.{number + 1}")
            assert reply.status_code != 500, (route, caller, reply.text)
            if reply.status_code not in (401, 403):
                let_in.append(caller)
        found[route] = " ".join(let_in)
    assert found == {route: ROUTES.get(route, "a route without a row") for route in found}
    assert ROUTES.keys() == found.keys()


def test_nothing_tells_what_is_there_before_it_knows_who_asks(server: Server, desktop: Desktop) -> None:
    """A refused caller hears the same whether the thing exists or not."""
    for path in ("/sync/v1/snapshot/skus", "/sync/v1/snapshot/nothing", f"/sync/v1/media/{'0' * 64}"):
        assert server.ask("GET", path).status_code == 401


# --- commands ----------------------------------------------------------------------------------------------------


def sample(hint: Any) -> Any:
    """The plainest value of a type; names nothing that exists."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (tuple, list, frozenset):
        return origin([sample(args[0])])
    if origin in (typing.Union, types.UnionType):
        return None
    if origin is not None:
        return {}
    if isinstance(hint, typing.NewType):
        return sample(hint.__supertype__)
    if dataclasses.is_dataclass(hint):
        return instance(hint)
    if issubclass(hint, StrEnum):
        return next(iter(hint))
    plain = {str: "none", bool: False, int: 1, datetime: datetime(2026, 11, 23, tzinfo=UTC), date: date(2026, 11, 23)}
    return next((hint(1) if kind is int else value for kind, value in plain.items() if issubclass(hint, kind)), {})


def instance(kind: Any) -> Any:
    hints = typed.type_hints(kind)
    required = [f for f in dataclasses.fields(kind) if f.default is f.default_factory is dataclasses.MISSING]
    return kind(**{f.name: sample(hints[f.name]) for f in required})


KINDS = shop_registry().kinds()


def allowed_roles(kind: type[Command], clock: FixedClock) -> str:
    allowed = []
    for role in Role:
        context = Context("command", clock.now(), clock.now(), Actor("somebody", role), ShopSettings())
        decision = shop_registry().decide(instance(kind), MemoryView(), context)
        if not isinstance(decision, Rejected) or decision.code != "not_allowed":
            allowed.append(role.value)
    return " ".join(allowed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.NAME)
def test_every_command_is_for_the_roles_of_its_row(kind: type[Command]) -> None:
    assert allowed_roles(kind, FixedClock()) == COMMANDS.get(kind.NAME, "a command without a row")


def test_every_row_has_its_command() -> None:
    assert COMMANDS.keys() == {kind.NAME for kind in KINDS}


def hired(server: Server) -> dict[str, str]:
    """People of every role, one who has left, and a name that nobody has."""
    people = {"owner": "owner"}
    for role in (Role.MANAGER, Role.CLERK, Role.COURIER):
        server.shop.must(CreateStaff(f"a-{role.value}", role.value, role))
        people[role.value] = f"a-{role.value}"
    server.shop.must(CreateStaff("gone", "former owner", Role.OWNER))
    server.shop.must(ArchiveStaff("gone"))
    return people | {"dismissed": "gone", "unknown": "nobody", "service": SERVICE.id}


@pytest.mark.warns_in_log("plain values name nothing, so some facts cannot be stored and are told in the log")
@pytest.mark.parametrize("is_manager", [False, True], ids=["clerks desktop", "managers desktop"])
def test_a_desktop_can_do_what_the_person_at_it_may(server: Server, is_manager: bool) -> None:
    people = hired(server)
    desktop = server.enrol("1", is_manager=is_manager)
    for caller, person in people.items():
        for kind in KINDS:
            if caller in COMMANDS[kind.NAME].split():
                continue  # allowed: tested by what they do
            if caller == "dismissed" and kind.KIND.value == "fact" and COMMANDS[kind.NAME] != "service":
                continue  # a fact has happened whoever did it: recorded, with an incident
            reply = desktop.push(desktop.message(instance(kind), person))
            verdict = reply.json()["results"][0]
            assert (verdict["verdict"], verdict["code"]) == ("rejected", "not_allowed"), (kind.NAME, caller)


def test_only_the_service_itself_gives_its_own_commands(server: Server) -> None:
    """Even the owner's name on a desktop does not make it the service or a buyer."""
    desktop = server.enrol("1", is_manager=True)
    for kind in KINDS:
        if COMMANDS[kind.NAME] in ("service", "buyer"):
            for person in ("owner", SERVICE.id, "buyer"):
                verdict = desktop.push(desktop.message(instance(kind), person)).json()["results"][0]
                assert (verdict["verdict"], verdict["code"]) == ("rejected", "not_allowed"), (kind.NAME, person)
