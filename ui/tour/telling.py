"""What a step of the tour found out, in words: the record keeps the bare facts, the terminal is told sentences."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.money import money_text
from app.kernel.codec import parse_time

Say = Callable[..., str]
"""Renders a template with its named places in the language of the terminal."""
Facts = Mapping[str, Any]


def sentences(facts: Facts, say: Say) -> list[str]:
    """In the order in which they were found out."""
    found = (_TELL[name](say, value, facts) for name, value in facts.items() if name in _TELL)
    return [line for sentence in found for line in sentence.splitlines()]


def _pace(say: Say, ms: int, facts: Facts) -> str:
    if "promised_ms" not in facts:
        return say("after {ms} ms", ms=ms)
    if facts["is_in_time"]:
        return say("after {ms} ms, and within {promised} ms was promised", ms=ms, promised=facts["promised_ms"])
    return say(
        "after {ms} ms and not within {promised} ms: this computer is busy", ms=ms, promised=facts["promised_ms"]
    )


def _waiting(say: Say, value: int | list[int], _: Facts) -> str:
    return say("waiting to be sent: {count}", count=" + ".join(str(each) for each in _many(value)))


def _conflict(say: Say, params: Facts, facts: Facts) -> str:
    at = parse_time(params["changed_at"]).astimezone()
    return say(
        "{who} made it {current} at {time}, while {counter} wanted {wanted}",
        who=facts["who"], counter=say(facts["at"]), time=f"{at:%H:%M:%S}",
        wanted=money_text(params["wanted"]), current=money_text(params["current"]),
    )  # fmt: skip


def _orders(say: Say, value: int | list[Facts], _: Facts) -> str:
    if isinstance(value, int):
        return say("orders: {count}", count=value)
    return "\n".join(_sum(say, quote) for quote in value)


def _sum(say: Say, quote: Facts) -> str:
    goods, discount, freight, total = (
        money_text(quote[name]) for name in ("goods_fen", "discount_fen", "freight_fen", "total_fen")
    )
    return say(
        "{goods} − {discount} off + {freight} freight = {total}",
        goods=goods, discount=discount, freight=freight, total=total,
    )  # fmt: skip


def _prices(say: Say, fen: list[int], _: Facts) -> str:
    was, one, two = (money_text(each) for each in fen)
    return say("{was} became {one} here and {two} there", was=was, one=one, two=two)


def _differing(say: Say, value: int | list[int], _: Facts) -> str:
    return say("differing: {count}", count=sum(_many(value)))


def _state(say: Say, value: str | list[str], _: Facts) -> str:
    """A code is its own English, and the catalogue knows its Chinese."""
    states = [value] if isinstance(value, str) else value
    return say("now {state}", state=say(", ").join(say(each) for each in states))


def _files(_say: Say, names: str | list[str], _: Facts) -> str:
    return names if isinstance(names, str) else "\n".join(names)


def _many(value: int | list[int]) -> list[int]:
    return value if isinstance(value, list) else [value]


def _as_it_is(_say: Say, value: str, _: Facts) -> str:
    """A command of the shop has said it, in the terminal's language already."""
    return value


_TELL: Final[Mapping[str, Callable[[Say, Any, Facts], str]]] = {
    "ms": _pace,
    "waiting": _waiting,
    "waited_ms": lambda say, ms, _: say("nothing happened for {ms} ms", ms=ms),
    "price_fen": lambda say, fen, _: say("it costs {amount}", amount=money_text(fen)),
    "on_hand": lambda say, count, _: say("{count} are there", count=count),
    "title": lambda say, title, _: say("it is called {title}", title=title),
    "params": _conflict,
    "no": lambda say, no, _: say("order {no}", no=no),
    "total_fen": lambda say, fen, _: say("{amount} to pay", amount=money_text(fen)),
    "paid_fen": lambda say, fen, _: say("{amount} paid", amount=money_text(fen)),
    "refunded_fen": lambda say, fen, _: say("{amount} paid back", amount=money_text(fen)),
    "state": _state,
    "states": _state,
    "waybill_no": lambda say, no, _: say("waybill {no}", no=no),
    "orders": _orders,
    "shipped": lambda say, count, _: say("{count} shipped", count=count),
    "refused": lambda say, count, _: say("{count} refused", count=count),
    "parcels": lambda say, count, _: say("parcels: {count}", count=count),
    "fen": _prices,
    "differing": _differing,
    "file": _files,
    "receipt": _files,
    "picking": _files,
    "label": _files,
    "said": _as_it_is,
    "books_after": _as_it_is,
    "not_played": lambda say, why, _: say(why),
}
SILENT: Final = ("promised_ms", "is_in_time", "code", "at", "who", "goods_fen", "heard", "folder", "books_before")
"""Told by another fact beside them, or by the step's own name."""
TOLD: Final = frozenset(_TELL)
