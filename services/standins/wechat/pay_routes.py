"""The payment API: prepay, query, close, refund, certificates."""

from starlette.requests import Request
from starlette.routing import Route

from services.standins.wechat import document
from services.standins.wechat.answering import Counter, Reply
from services.standins.wechat.fault import Operation
from services.standins.wechat.identity import KeyMode
from services.standins.wechat.seal import Question
from services.standins.wechat.standin import WechatStandIn
from services.standins.wechat.terms import Refusal, order_terms, read_object, refund_terms


class PayApi:
    """What WeChat Pay does for one merchant."""

    def __init__(self, standin: WechatStandIn) -> None:
        self._standin = standin

    def routes(self, counter: Counter) -> list[Route]:
        orders, refunds = "/v3/pay/transactions", "/v3/refund/domestic/refunds"
        table = (
            ("POST", f"{orders}/jsapi", Operation.PREPAY, self.prepay),
            ("GET", f"{orders}/out-trade-no/{{number}}", Operation.QUERY, self.query),
            ("GET", f"{orders}/id/{{transaction_id}}", Operation.QUERY, self.query_paid),
            ("POST", f"{orders}/out-trade-no/{{number}}/close", Operation.CLOSE, self.close),
            ("POST", refunds, Operation.REFUND, self.refund),
            ("GET", f"{refunds}/{{number}}", Operation.QUERY_REFUND, self.query_refund),
            ("GET", "/v3/certificates", Operation.CERTIFICATES, self.certificates),
        )
        return [
            Route(path, counter.endpoint(operation, act), methods=[method]) for method, path, operation, act in table
        ]

    def prepay(self, question: Question, _: Request) -> Reply:
        prepay_id = self._standin.ledger.prepay(order_terms(read_object(question.body)))
        return Reply(200, document.encode({"prepay_id": prepay_id}))

    def query(self, _: Question, request: Request) -> Reply:
        ledger = self._standin.ledger
        ledger.check_mchid(request.query_params.get("mchid"))
        order = ledger.order(request.path_params["number"])
        return Reply(200, document.encode(document.transaction(order, ledger.trade_state(order))))

    def query_paid(self, _: Question, request: Request) -> Reply:
        ledger = self._standin.ledger
        ledger.check_mchid(request.query_params.get("mchid"))
        wanted = request.path_params["transaction_id"]
        for order in ledger.orders():
            if order.transaction_id == wanted:
                return Reply(200, document.encode(document.transaction(order, ledger.trade_state(order))))
        raise Refusal(404, "ORDER_NOT_EXIST", "订单不存在")

    def close(self, question: Question, request: Request) -> Reply:
        self._standin.ledger.check_mchid(read_object(question.body).get("mchid"))
        self._standin.ledger.close(request.path_params["number"])
        return Reply(204)

    def refund(self, question: Question, _: Request) -> Reply:
        entry = self._standin.ledger.refund(refund_terms(read_object(question.body)))
        return Reply(200, document.encode(document.refund(entry)))

    def query_refund(self, _: Question, request: Request) -> Reply:
        entry = self._standin.ledger.refund_entry(request.path_params["number"])
        return Reply(200, document.encode(document.refund(entry)))

    def certificates(self, _: Question, __: Request) -> Reply:
        standin = self._standin
        if standin.mode is KeyMode.PUBLIC_KEY:
            raise Refusal(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书")
        data = [
            {
                "serial_no": signer.serial,
                "effective_time": document.moment(signer.valid_from),
                "expire_time": document.moment(signer.valid_until),
                "encrypt_certificate": standin.seal.resource("certificate", signer.certificate),
            }
            for signer in standin.certificates
            if signer.valid_from is not None and signer.valid_until is not None
        ]
        return Reply(200, document.encode({"data": data}))
