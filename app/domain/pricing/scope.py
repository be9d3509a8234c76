"""Which goods a rule is about."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.outcome import RejectCode
from app.domain.pricing.cart import Position


class ScopeKind(StrEnum):
    ALL = "all"
    CATEGORIES = "categories"
    PRODUCTS = "products"


BAD_SCOPE = RejectCode("pricing.bad_scope", "Choose all goods, or name the categories or the products.")


@dataclass(frozen=True, slots=True)
class Scope:
    """All goods, or those of the named categories (with all below them), or the named products."""

    kind: ScopeKind = ScopeKind.ALL
    ids: tuple[str, ...] = ()

    def covers(self, position: Position) -> bool:
        if self.kind == ScopeKind.ALL:
            return True
        if self.kind == ScopeKind.CATEGORIES:
            return any(category in self.ids for category in position.categories)
        return position.product_id in self.ids

    def mask(self, positions: tuple[Position, ...]) -> int:
        """The covered positions as bits."""
        return sum(1 << index for index, position in enumerate(positions) if self.covers(position))


EVERYTHING = Scope()


def flaw_of(scope: Scope) -> RejectCode | None:
    """Why a scope cannot be used."""
    fits = scope.kind in set(ScopeKind) and bool(scope.ids) == (scope.kind != ScopeKind.ALL)
    return None if fits else BAD_SCOPE


def may_overlap(one: Scope, other: Scope) -> bool:
    """Whether goods could belong to both; categories may lie within each other, so only products tell for sure."""
    if one.kind == other.kind == ScopeKind.PRODUCTS:
        return not set(one.ids).isdisjoint(other.ids)
    return True
