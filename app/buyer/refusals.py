"""Why the shop did not do what a buyer's program asked."""

from collections.abc import Mapping
from typing import Any

from app.buyer.answers import Quote
from app.kernel import typed


class NoAnswer(Exception):
    """The shop was not reached, or its answer was lost: ask again, an order with the same key."""


class Refusal(Exception):
    """A problem document: ``code`` is stable, ``params`` say more.

    ``retry_after_s`` is 0 when waiting does not help.
    """

    def __init__(self, status: int, content: Mapping[str, Any], retry_after_s: int = 0) -> None:
        self.status = status
        self.code = str(content.get("code", "unknown"))
        self.detail = str(content.get("detail", ""))
        params = content.get("params")
        self.params: dict[str, Any] = dict(params) if isinstance(params, Mapping) else {}
        self.retry_after_s = retry_after_s
        super().__init__(f"{status} {self.code}: {self.detail}")


class NotLoggedIn(Refusal):
    """The token is unknown or over."""


class NotFound(Refusal):
    """It does not exist, or it is somebody else's."""


class Malformed(Refusal):
    """The request itself is wrong."""


class Conflict(Refusal):
    """The shop's state does not allow it."""


class PriceChanged(Conflict):
    """The total is another one by now; ``quote`` is the new one, None when the articles cannot be bought any more."""

    @property
    def quote(self) -> Quote | None:
        found = self.params.get("quote")
        return None if found is None else typed.build(Quote, found)


class KeyUsed(Refusal):
    """The idempotency key belongs to another request."""


class TooOften(Refusal):
    """Come again after ``retry_after_s``."""


class Unavailable(Refusal):
    """No clear outcome: ask again after ``retry_after_s``, an order with the same key."""


_BY_CODE: dict[str, type[Refusal]] = {"order.price_changed": PriceChanged, "idempotency_mismatch": KeyUsed}
_BY_STATUS: dict[int, type[Refusal]] = {
    400: Malformed,
    401: NotLoggedIn,
    404: NotFound,
    409: Conflict,
    413: Malformed,
    429: TooOften,
    500: Unavailable,
    502: Unavailable,
    503: Unavailable,
}


def refusal(status: int, content: Mapping[str, Any], retry_after: str) -> Refusal:
    kind = _BY_CODE.get(str(content.get("code"))) or _BY_STATUS.get(status, Refusal)
    return kind(status, content, int(retry_after) if retry_after.isdigit() else 0)
