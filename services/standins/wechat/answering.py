"""One way to answer every payment call: authenticate, act, sign, and spoil it if a fault is scripted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.standins.wechat.document import encode, error
from services.standins.wechat.fault import Fault, Operation
from services.standins.wechat.identity import digits
from services.standins.wechat.seal import Question
from services.standins.wechat.standin import WechatStandIn
from services.standins.wechat.terms import Refusal

MAX_BODY_BYTES = 1024 * 1024
Endpoint = Callable[[Request], Awaitable[Response]]
HangUp = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What WeChat Pay would say: ``content`` is the exact body."""

    status: int
    content: bytes = b""


Act = Callable[[Question, Request], Reply]


class Silence(Response):
    """Sends part of an answer, or nothing, and then leaves the caller alone until it goes away.

    With ``hang_up`` the line is cut instead: the caller sees a connection that ended too early.
    """

    def __init__(self, promised: Response | None, hang_up: HangUp | None) -> None:
        super().__init__()
        self._promised = promised
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._promised is not None:
            headers = self._promised.raw_headers
            await send({"type": "http.response.start", "status": self._promised.status_code, "headers": headers})
            half = bytes(self._promised.body)[: len(self._promised.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
        if self._hang_up is not None:
            self._hang_up(scope["client"])
        while (await receive())["type"] != "http.disconnect":
            continue


class Counter:
    """Makes endpoints for the payment API."""

    def __init__(self, standin: WechatStandIn, hang_up: HangUp) -> None:
        self._standin = standin
        self._hang_up = hang_up

    def endpoint(self, operation: Operation, act: Act) -> Endpoint:
        async def answer(request: Request) -> Response:
            fault = self._standin.faults.next(operation)
            reply = self._reply(await _question(request), request, act, fault)
            return self._send(request, reply, fault)

        return answer

    def _reply(self, question: Question, request: Request, act: Act, fault: Fault | None) -> Reply:
        try:
            self._check(question)
            if fault is Fault.SYSTEM_ERROR_BEFORE:
                raise Refusal(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用")
            if fault is Fault.BUSY:
                raise Refusal(429, "FREQUENCY_LIMITED", "频率超限")
            reply = act(question, request)
            if fault is Fault.SYSTEM_ERROR_AFTER:
                raise Refusal(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用")
        except Refusal as refusal:
            code = refusal.code.replace("_", "") if self._standin.rules.is_old_spelling else refusal.code
            return Reply(refusal.status, encode(error(code, refusal.message, refusal.detail)))
        return reply

    def _check(self, question: Question) -> None:
        self._standin.seal.check_request(question)
        if not question.headers.get("user-agent") or "application/json" not in question.headers.get("accept", ""):
            raise Refusal(400, "PARAM_ERROR", "缺少User-Agent或Accept")
        if len(question.body) > MAX_BODY_BYTES:
            raise Refusal(400, "PARAM_ERROR", "请求体过大")
        if question.body and not question.headers.get("content-type", "").startswith("application/json"):
            raise Refusal(415, "PARAM_ERROR", "Content-Type须为application/json")

    def _send(self, request: Request, reply: Reply, fault: Fault | None) -> Response:
        body = reply.content
        if fault is Fault.EMPTY:
            body = b""
        elif fault is Fault.GARBAGE:
            body = "<html>网关维护中</html>".encode()
        signer = self._standin.answer_signer(request.headers.get("wechatpay-serial", ""))
        headers = {
            "Request-Id": f"08{digits(30)}",
            **({"Content-Type": "application/json"} if body else {}),
            **self._standin.seal.headers(signer, body, fault),
        }
        response = Response(body, reply.status, headers)
        if fault is Fault.NO_ANSWER:
            return Silence(None, None)
        if fault is Fault.DROPPED:
            return Silence(None, self._hang_up)
        if fault is Fault.TRUNCATED:
            return Silence(response, self._hang_up)
        return response


async def _question(request: Request) -> Question:
    path = bytes(request.scope.get("raw_path") or request.url.path.encode()).decode("ascii")
    query = bytes(request.scope["query_string"]).decode("ascii")
    target = f"{path}?{query}" if query else path
    return Question(request.method, target, dict(request.headers), await request.body())
