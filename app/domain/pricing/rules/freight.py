"""Freight: by region a first price, more for more weight, nothing from an amount on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.domain.money import ZERO, Fen
from app.domain.outcome import RejectCode
from app.domain.pricing.cart import Cart
from app.domain.pricing.explain import Reason, Stage
from app.domain.pricing.offer import Kind

CHARGED = Reason("pricing.freight", "Freight ¥{tariff_fen}")
NEARLY_FREE = Reason("pricing.freight_nearly_free", "Freight ¥{tariff_fen}; free with ¥{missing_fen} more")
FREE = Reason("pricing.freight_free", "Free from ¥{free_from_fen}, freight would be ¥{tariff_fen}")
BAD_FREIGHT = RejectCode(
    "pricing.bad_freight", "Freight prices and weights must not be negative; more weight needs its own step and price."
)
BAD_REGIONS = RejectCode("pricing.bad_regions", "Each region may stand once, and one row must be for everywhere else.")
NO_DELIVERY = RejectCode("pricing.no_delivery_kind", "Choose the ways of delivery.")


@dataclass(frozen=True, slots=True)
class Region:
    """``first_fen`` for the first ``first_g``, then ``more_fen`` for each ``more_g`` begun; a flat price has no more.

    ``prefix`` is the beginning of the region code ("33" for a province, "3301" for its city); the longest counts.
    """

    prefix: str
    first_fen: Fen
    first_g: int = 0
    more_fen: Fen = ZERO
    more_g: int = 0
    free_from_fen: Fen | None = None

    def tariff(self, weight_g: int) -> Fen:
        if not self.more_g or weight_g <= self.first_g:
            return self.first_fen
        whole, rest = divmod(weight_g - self.first_g, self.more_g)
        return self.first_fen + self.more_fen * (whole + (rest > 0))


@dataclass(frozen=True, slots=True)
class Freight:
    regions: tuple[Region, ...]
    delivery_kinds: tuple[str, ...] = ("express",)


class Charge(NamedTuple):
    fen: Fen
    reason: Reason
    params: Mapping[str, Any]


def validate(config: Freight) -> RejectCode | None:
    prefixes = [region.prefix for region in config.regions]
    if not config.delivery_kinds:
        return NO_DELIVERY
    if "" not in prefixes or len(set(prefixes)) != len(prefixes):
        return BAD_REGIONS
    return None if all(_fits(region) for region in config.regions) else BAD_FREIGHT


def _fits(region: Region) -> bool:
    numbers = (region.first_fen, region.first_g, region.more_fen, region.more_g, region.free_from_fen or 0)
    return min(numbers) >= 0 and bool(region.more_fen) == bool(region.more_g)


def region_of(config: Freight, code: str) -> Region:
    fitting = [region for region in config.regions if code.startswith(region.prefix)]
    return max(fitting, key=lambda region: len(region.prefix))


def charge(config: Freight, cart: Cart, goods_fen: Fen) -> Charge:
    """The freight for goods that cost ``goods_fen`` after all discounts; it never falls when they cost less."""
    region = region_of(config, cart.region_code)
    tariff = region.tariff(cart.weight_g)
    params = {"amount_fen": int(goods_fen), "tariff_fen": int(tariff), "weight_g": cart.weight_g}
    if region.free_from_fen is None:
        return Charge(tariff, CHARGED, params)
    params |= {"free_from_fen": int(region.free_from_fen)}
    if goods_fen >= region.free_from_fen:
        return Charge(ZERO, FREE, params)
    return Charge(tariff, NEARLY_FREE, params | {"missing_fen": int(region.free_from_fen - goods_fen)})


KIND = Kind(Stage.FREIGHT, Freight, validate, (CHARGED, NEARLY_FREE, FREE))
