"""Which commands there are, what they may look like, and who may give them."""

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import pytest

from app.domain.areas import CODES
from app.domain.catalog.model import Category
from app.domain.command import Command, Context, Runs
from app.domain.orders.commands import ShipOrder
from app.domain.outcome import MAX_CHANGES, Accepted, Decision, Deferred, Put, Rejected
from app.domain.permission import Permission, Role, permissions_of
from app.domain.registry import Registry, shop_registry
from app.domain.row import Audience
from app.domain.settings import ShopSettings
from app.domain.view import MemoryView, View
from tests.app.domain.deciding import NOW, OWNER

REGISTRY = shop_registry()
CONTEXT = Context("command", NOW, NOW, OWNER, ShopSettings())


@dataclass(frozen=True, slots=True)
class Many(Command):
    NAME: ClassVar[str] = "test.many"
    PERMISSION: ClassVar[Permission] = Permission.CATALOG_EDIT
    number: int


def many(command: Any, view: View, context: Context) -> Decision:
    return Accepted(tuple(Put(Category(str(n), "", "x")) for n in range(command.number)))


def test_a_command_changes_at_most_a_thousand_things() -> None:
    registry = Registry(((Many, many),))
    assert isinstance(registry.decide(Many(MAX_CHANGES), MemoryView(), CONTEXT), Accepted)
    refused = registry.decide(Many(MAX_CHANGES + 1), MemoryView(), CONTEXT)
    assert isinstance(refused, Rejected) and refused.code == "too_many_changes"


def test_a_shell_that_lacks_a_table_leaves_the_decision_to_the_authority() -> None:
    ship = ShipOrder("o1", "p", (), "sf", "1")
    empty = MemoryView(audiences=(Audience.MANAGER,))
    assert REGISTRY.decide(ship, empty, CONTEXT) == Deferred("orders")


@pytest.mark.parametrize(
    ("name", "version", "args", "code", "where"),
    [
        ("order.fly", 1, {}, "unknown_command", None),
        ("order.note", 2, {}, "unknown_command", None),
        ("order.note", 1, {}, "malformed", "order_id"),
        ("order.note", 1, {"order_id": 5, "remark": ""}, "malformed", "order_id"),
        ("order.note", 1, {"order_id": "a/b", "remark": ""}, "malformed", "order_id"),
        ("order.note", 1, {"order_id": "a" * 129, "remark": ""}, "malformed", "order_id"),
        ("order.note", 1, {"order_id": "o", "remark": "\x00"}, "malformed", "remark"),
        ("order.note", 1, {"order_id": "o", "remark": "\ud83d"}, "malformed", "remark"),
        ("order.note", 1, {"order_id": "o", "remark": "", "new": {"x": [2**63]}}, "malformed", "new.x[0]"),
        (
            "order.ship",
            1,
            {
                "order_id": "o",
                "parcel_id": "p",
                "carrier": "sf",
                "waybill_no": "1",
                "lines": [{"order_line_id": "a/b", "qty": 1}],
            },
            "malformed",
            "order_line_id",
        ),
    ],
)
def test_messages_that_are_no_command_are_refused_with_the_place(
    name: str, version: int, args: dict[str, Any], code: str, where: str | None
) -> None:
    read = REGISTRY.read(name, version, args)
    assert isinstance(read, Rejected)
    assert (read.code, read.params.get("where")) == (code, where)


def test_a_newer_programs_fields_are_ignored() -> None:
    read = REGISTRY.read("order.note", 1, {"order_id": "o", "remark": "", "of_tomorrow": {"x": 1}})
    assert not isinstance(read, Rejected)


def test_every_command_has_a_name_of_its_own_in_its_area() -> None:
    names = [(kind.NAME, kind.VERSION) for kind in REGISTRY.kinds()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", name) for name, _ in names)
    assert {name for name, _ in names} == set(REGISTRY.versions())
    assert all(REGISTRY.kind(kind.NAME, kind.VERSION) is kind for kind in REGISTRY.kinds())


def test_every_code_is_its_own_and_tells_something() -> None:
    codes = [code.code for code in CODES]
    assert len(set(codes)) == len(codes)
    assert all(code.template.strip() for code in CODES)


def test_what_the_service_alone_may_do_is_permitted_to_no_staff() -> None:
    for kind in REGISTRY.kinds():
        staff = [
            role
            for role in (Role.OWNER, Role.MANAGER, Role.CLERK, Role.COURIER)
            if kind.PERMISSION in permissions_of(role)
        ]
        assert bool(staff) == (kind.RUNS is not Runs.AUTHORITY), kind.NAME


def test_each_role_holds_what_the_role_below_it_holds() -> None:
    assert permissions_of(Role.COURIER) <= permissions_of(Role.CLERK)
    assert permissions_of(Role.CLERK) < permissions_of(Role.MANAGER) < permissions_of(Role.OWNER)
    assert permissions_of("emperor") == frozenset()  # type: ignore[arg-type]
    held = {permission for role in Role for permission in permissions_of(role)}
    assert held == set(Permission)


def test_no_command_carries_a_float() -> None:
    assert not [f for kind in REGISTRY.kinds() for f in fields(kind) if f.type in (float, "float")]  # type: ignore[arg-type]
