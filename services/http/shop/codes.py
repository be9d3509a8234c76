"""Why the storefront refuses, beside the refusals of the shop's own rules."""

from app.domain import areas
from services.http.problem import Problem, ProblemCode

SESSION_UNKNOWN = ProblemCode(401, "session.unknown", "Log in first: this session is unknown or over.")
LOGIN_REFUSED = ProblemCode(401, "login.refused", "WeChat does not know this login code; ask for a new one.")
LOGIN_BLOCKED = ProblemCode(403, "login.blocked", "WeChat has blocked this user.")
LOGIN_UNAVAILABLE = ProblemCode(503, "login.unavailable", "WeChat's login gave no answer; try again with a new code.")
KEY_USED = ProblemCode(422, "idempotency_mismatch", "This Idempotency-Key was used for another request.")
PRODUCT_NOT_FOUND = ProblemCode(404, "product.not_found", "This product is not for sale here.")
ORDER_NOT_FOUND = ProblemCode(404, "order.not_found", "This order does not exist.")
NO_PICKUP_CODE = ProblemCode(409, "pickup.no_code", "There is no pickup code for this order.")
PAY_UNAVAILABLE = ProblemCode(503, "payment.unavailable", "WeChat Pay gave no clear answer; try again shortly.")
PAY_REFUSED = ProblemCode(502, "payment.refused", "WeChat Pay has refused this payment ({reason}).")
NOTICE_DISTRUSTED = ProblemCode(401, "notice.distrusted", "This notice is not believed: {reason}.")
NOTICE_UNHANDLED = ProblemCode(503, "notice.unhandled", "This kind of notice is not worked off yet.")

CODES = (
    *(SESSION_UNKNOWN, LOGIN_REFUSED, LOGIN_BLOCKED, LOGIN_UNAVAILABLE, KEY_USED),
    *(
        PRODUCT_NOT_FOUND,
        ORDER_NOT_FOUND,
        NO_PICKUP_CODE,
        PAY_UNAVAILABLE,
        PAY_REFUSED,
        NOTICE_DISTRUSTED,
        NOTICE_UNHANDLED,
    ),
)

_TEMPLATES = {code.code: code.template for code in areas.CODES}
_STATUS = {
    "order.not_found": 404,
    "payment.order_not_found": 404,
    "payment.not_found": 404,
    "not_allowed": 403,
    "internal_error": 500,
}


def of_domain(code: str) -> ProblemCode:
    """A refusal of the shop's rules as a problem: a conflict with the state of things, if nothing else."""
    return ProblemCode(_STATUS.get(code, 409), code, _TEMPLATES.get(code, code))


def again_in(kind: ProblemCode, seconds: int) -> Problem:
    """A refusal for now: ``Retry-After`` says when to come again."""
    return Problem(kind, {"seconds": seconds}, {"Retry-After": str(seconds)})
