"""All areas of the shop: every command with its handler, and every reason to refuse one."""

from collections.abc import Callable
from typing import Any

from app.domain import refusals
from app.domain.adoption import handlers as adoption
from app.domain.aftersales import handlers as aftersales
from app.domain.catalog import handlers as catalog
from app.domain.command import Command, Context
from app.domain.delivery import handlers as delivery
from app.domain.handover import collecting, couriering
from app.domain.incidents import handlers as incidents
from app.domain.members import handlers as members
from app.domain.orders import handlers as orders
from app.domain.outcome import Decision, RejectCode
from app.domain.paper import handlers as paper
from app.domain.payments import handlers as payments
from app.domain.pickup import handlers as pickup
from app.domain.promotions import handlers as promotions
from app.domain.staff import handlers as staff
from app.domain.stock import handlers as stock
from app.domain.view import View
from app.domain.waybills import handlers as waybills

_AREAS = (
    *(staff, catalog, stock, members, promotions, pickup, delivery, orders, payments, aftersales),
    *(collecting, couriering, waybills, incidents, paper, adoption),
)
CODES: tuple[RejectCode, ...] = (
    *refusals.CODES,
    *(code for area in _AREAS if area is not members for code in area.CODES),
)
HANDLERS: tuple[tuple[type[Command], Callable[[Any, View, Context], Decision]], ...] = tuple(
    pair for area in _AREAS for pair in area.HANDLERS
)
