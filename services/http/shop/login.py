"""Logging in: from the phone's code to a token of ours."""

from fastapi import APIRouter, Request, Response

from app.domain.members.commands import RegisterBuyer
from app.domain.members.model import BuyerIdentity
from app.kernel import codec
from app.kernel.derived import derived_id
from services.adapters.wechat_mini import LoggedIn, LoginRefusal, LoginRefused, LoginUnknown
from services.http.problem import TOO_OFTEN, Problem
from services.http.shop import codes
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.catalog_reading import view_of
from services.http.shop.deciding import SHOP, decide, require_applied, waited
from services.http.shop.problems import PROBLEMS
from services.http.shop.session import new_session
from services.http.shop.shapes import LoginBody, SessionShape
from services.http.shop.storefront import Front, Phone, Storefront, address_of

ROUTES = APIRouter(route_class=BoundedRoute, tags=["session"])


@ROUTES.post("/login", response_model=SessionShape, responses=PROBLEMS)
def login(request: Request, front: Front, phone: Phone, body: LoginBody) -> Response:
    """``wx.login``'s code for a token that opens everything else; each code works once."""
    front.limits.check_address("login", address_of(request), front.limits.rates.login)
    front.limits.check_phone("phone login", phone, front.limits.rates.phone_login)
    visitor = _visitor(front, body.code)
    buyer_id = _buyer_id(front, visitor)
    opened = new_session(buyer_id, front.now())
    waited(front.service.executor.chore(opened.store))
    return json_answer({"token": opened.token, "expires_at": codec.time_text(opened.expires_at)})


def _visitor(front: Storefront, code: str) -> LoggedIn:
    if front.service.mini is None:
        raise codes.again_in(codes.LOGIN_UNAVAILABLE, 60)
    with front.outside.passed(codes.LOGIN_UNAVAILABLE):
        answer = front.service.mini.login(code)
    match answer:
        case LoggedIn() as visitor:
            return visitor
        case LoginRefused(reason=LoginRefusal.TOO_OFTEN):
            raise codes.again_in(TOO_OFTEN, 60)
        case LoginRefused(reason=LoginRefusal.USER_BLOCKED):
            raise Problem(codes.LOGIN_BLOCKED)
        case LoginRefused(reason=LoginRefusal.CODE_INVALID | LoginRefusal.CODE_USED):
            raise Problem(codes.LOGIN_REFUSED)
        case LoginRefused() | LoginUnknown():
            raise codes.again_in(codes.LOGIN_UNAVAILABLE, 5)


def _buyer_id(front: Storefront, visitor: LoggedIn) -> str:
    """The buyer of this WeChat user, made known at the first login."""
    with front.service.store.reading() as database:
        known = view_of(database).children(BuyerIdentity, openid=visitor.openid)
    if known:
        return known[0].buyer_id
    buyer_id = derived_id("buyer", visitor.openid)
    answer = decide(
        front.service,
        RegisterBuyer(buyer_id, visitor.openid, visitor.unionid),
        SHOP,
        derived_id(RegisterBuyer.NAME, visitor.openid),
    )
    if not answer.duplicate:  # the first of two logins at once has registered the buyer, whatever else it said
        require_applied(answer)
    return buyer_id
