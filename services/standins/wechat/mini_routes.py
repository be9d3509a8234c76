"""The mini-program's server API as far as the shop uses it: login."""

import base64
import hashlib
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.standins.wechat.fault import Fault, Operation
from services.standins.wechat.standin import WechatStandIn

_MESSAGES = {
    -1: "system error",
    40002: "invalid grant_type",
    40013: "invalid appid",
    40029: "invalid code",
    40125: "invalid appsecret",
    40163: "code been used",
    40226: "user blocked",
}


class MiniApi:
    """Every answer has status 200; a non-zero errcode is the error."""

    def __init__(self, standin: WechatStandIn) -> None:
        self._standin = standin

    def routes(self) -> list[Route]:
        return [Route("/sns/jscode2session", self.login, methods=["GET"])]

    async def login(self, request: Request) -> Response:
        fault = self._standin.faults.next(Operation.LOGIN)
        if fault is Fault.GARBAGE:
            return Response("<html></html>")
        errcode, openid = (-1, "") if fault is not None else self._judge(request)
        if errcode:
            rid = f"{secrets.token_hex(4)}-{secrets.token_hex(4)}"
            return JSONResponse({"errcode": errcode, "errmsg": f"{_MESSAGES[errcode]}, rid: {rid}"})
        session_key = base64.b64encode(secrets.token_bytes(16)).decode()
        unionid = "u" + hashlib.sha256(openid.encode()).hexdigest()[:27]
        return JSONResponse({"openid": openid, "session_key": session_key, "unionid": unionid})

    def _judge(self, request: Request) -> tuple[int, str]:
        identity, query = self._standin.identity, request.query_params
        if query.get("appid") != identity.appid:
            return 40013, ""
        if not secrets.compare_digest(query.get("secret", "").encode(), identity.mini_secret.encode()):
            return 40125, ""
        if query.get("grant_type") != "authorization_code":
            return 40002, ""
        return self._standin.redeem_code(query.get("js_code", ""))
