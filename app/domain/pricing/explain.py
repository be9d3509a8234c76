"""Why a price is what it is: reasons with their English text, what each rule did, and the share of each line."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.money import Fen


class Stage(StrEnum):
    """The order in which a price is made; it never depends on what the rules say."""

    LIST = "list"
    MEMBER = "member"
    ITEM = "item"
    BUNDLE = "bundle"
    THRESHOLD = "threshold"
    COUPON = "coupon"
    FREIGHT = "freight"
    ROUNDING = "rounding"


STAGES = tuple(Stage)


class Verdict(StrEnum):
    """What became of a rule that was tried."""

    APPLIED = "applied"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHOSEN = "not_chosen"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable key with its English text; ``*_fen`` in the text is shown in yuan, see ``shown``."""

    key: str
    template: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rule in the order of the stages: what it took off (for freight: what it charged) and the sum after it."""

    stage: Stage
    rule_id: str
    rule_version: int
    verdict: Verdict
    fen: Fen
    subtotal_fen: Fen
    reason: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LineDiscount:
    """The fen that one rule took off one line of the cart; never zero."""

    line_id: str
    rule_id: str
    rule_version: int
    fen: Fen
    reason: str
    params: Mapping[str, Any]


LIST_PRICE = Reason("pricing.list_price", "The sum of the list prices")
LEVEL_PRICE = Reason("pricing.level_price", "The article has a price of its own for this member level")
NOT_YET = Reason("pricing.not_yet", "Has not begun yet")
OVER = Reason("pricing.over", "Is over")
NO_GOODS = Reason("pricing.no_goods", "Nothing in the cart belongs to it")
SAVES_NOTHING = Reason("pricing.saves_nothing", "Would take nothing off")
EITHER_OR = Reason("pricing.either_or", "Either this or another offer: this one saves ¥{saving_fen}")
OUTRANKED = Reason("pricing.outranked", "Another offer that goes first has taken these goods")
CHEAPER_WITHOUT = Reason("pricing.cheaper_without", "With this one (¥{saving_fen}) the whole would not be cheaper")
NO_CHARGE = Reason("pricing.no_charge", "Is not for this way of delivery")
OTHER_TARIFF = Reason("pricing.other_tariff", "Another freight table goes first")

REASONS = (
    *(LIST_PRICE, LEVEL_PRICE, NOT_YET, OVER, NO_GOODS, SAVES_NOTHING),
    *(EITHER_OR, OUTRANKED, CHEAPER_WITHOUT, NO_CHARGE, OTHER_TARIFF),
)


def shown(params: Mapping[str, Any]) -> dict[str, str]:
    """The params as a reader wants them: money in yuan with two decimals, rates in percent."""
    return {name: _shown(name, value) for name, value in params.items()}


def _shown(name: str, value: Any) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        yuan, rest = divmod(abs(int(value)), 100)
        return f"{'-' if value < 0 else ''}{yuan:,}.{rest:02d}"
    if name.endswith("_bp") and isinstance(value, int):
        whole, rest = divmod(int(value), 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return str(value)
