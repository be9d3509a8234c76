"""The buyers' phones and the bank as HTTP, for those who cannot hold the Python object. Needs the start's token."""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.standins.wechat import document
from services.standins.wechat.fault import Fault, Operation
from services.standins.wechat.ledger import NotPayable, Order
from services.standins.wechat.mail import Notice, NoticePlan
from services.standins.wechat.standin import WechatStandIn
from services.standins.wechat.terms import Refusal

TOKEN_HEADER = "X-Standin-Token"
Content = Mapping[str, Any]
Act = Callable[[Content, Request], Content]


class ControlApi:
    """Thin: each route is one call of ``WechatStandIn``."""

    def __init__(self, standin: WechatStandIn, token: str) -> None:
        self._standin = standin
        self._token = token

    def routes(self) -> list[Route]:
        table: tuple[tuple[str, str, Act, bool], ...] = (
            ("POST", "/_control/login-codes", self._login_code, False),
            ("POST", "/_control/payments", self._pay, False),
            ("POST", "/_control/notices/deliver", self._deliver, True),
            ("POST", "/_control/notices/forge", self._forge, True),
            ("POST", "/_control/refunds/{number}/finish", self._finish_refund, False),
            ("POST", "/_control/faults", self._script, False),
            ("GET", "/_control/state", self._state, False),
        )
        return [Route(path, self._endpoint(act, waits), methods=[method]) for method, path, act, waits in table]

    def _endpoint(self, act: Act, waits: bool) -> Callable[[Request], Any]:
        """``waits`` for the shop, which may call this very server meanwhile: done beside it."""

        async def answer(request: Request) -> Response:
            given = request.headers.get(TOKEN_HEADER, "")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                return JSONResponse({"error": "token"}, 401)
            try:
                content = json.loads(await request.body() or b"{}")
                if waits:
                    with ThreadPoolExecutor(1) as pool:
                        result = await asyncio.get_running_loop().run_in_executor(pool, act, content, request)
                else:
                    result = act(content, request)
            except NotPayable as refusal:
                return JSONResponse({"error": "not_payable", "reason": str(refusal)}, 409)
            except Refusal as refusal:
                return JSONResponse({"error": refusal.code}, refusal.status)
            except (ValueError, KeyError, TypeError, AttributeError) as fault:
                return JSONResponse({"error": "bad_request", "reason": str(fault)}, 400)
            return JSONResponse(result)

        return answer

    def _login_code(self, content: Content, _: Request) -> Content:
        code, openid = self._standin.login_code(str(content["user"]))
        return {"code": code, "openid": openid}

    def _pay(self, content: Content, _: Request) -> Content:
        plan = NoticePlan(content.get("notice", NoticePlan.STRAIGHT))
        delay = int(content.get("delay_seconds", 0))
        if "payment" in content:
            return _order(self._standin.pay_sheet(content["payment"], plan, delay))
        coupon = int(content.get("coupon_fen", 0))
        return _order(self._standin.pay(str(content["out_trade_no"]), plan, delay, coupon))

    def _deliver(self, content: Content, _: Request) -> Content:
        return {"statuses": self._standin.mail.deliver(str(content["number"]))}

    def _forge(self, content: Content, _: Request) -> Content:
        fault = Fault(content.get("fault", Fault.FORGED))
        return {"status": self._standin.forge_notice(str(content["out_trade_no"]), fault)}

    def _finish_refund(self, content: Content, request: Request) -> Content:
        plan = NoticePlan(content.get("notice", NoticePlan.STRAIGHT))
        state = str(content.get("state", "SUCCESS"))
        entry = self._standin.finish_refund(request.path_params["number"], state, plan)
        return document.refund(entry)

    def _script(self, content: Content, _: Request) -> Content:
        operation, fault = Operation(content["operation"]), Fault(content["fault"])
        self._standin.script(operation, fault, int(content.get("times", 1)))
        return {}

    def _state(self, _: Content, __: Request) -> Content:
        standin = self._standin
        return {
            "orders": [_order(order) for order in standin.ledger.orders()],
            "refunds": [document.refund(entry) for entry in standin.ledger.refunds()],
            "notices": [_notice(notice) for notice in standin.mail.notices()],
        }


def _order(order: Order) -> dict[str, Any]:
    return {**document.transaction(order, order.state), "total_fen": order.terms.total_fen}


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.notice_id,
        "event": notice.event,
        "number": notice.number,
        "statuses": notice.statuses,
        "is_delivered": notice.is_delivered,
    }
