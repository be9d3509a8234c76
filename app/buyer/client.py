"""A buyer's program: it knows the shop's address and nothing else of it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from app.buyer import answers
from app.buyer.refusals import NoAnswer, refusal
from app.kernel import codec, typed
from app.kernel.later import later

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")

T = TypeVar("T")
PREFIX = "/shop/v1"
_SHORT_IDLE_S = 2  # servers hang up after five seconds or more
Wanted = Iterable[tuple[str, int]]
"""Article and number of pieces, line by line."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the goods are to come: ``express``, ``pickup`` at a point, or ``local``; with a slot where there are some."""

    kind: str = "express"
    pickup_point_id: str = ""
    slot: str = ""

    def asked(self) -> dict[str, str]:
        return {"delivery_kind": self.kind, "pickup_point_id": self.pickup_point_id}


BY_CARRIER = Way()


class ShopClient:
    """One buyer's connection. Raises ``Refusal`` for what the shop refuses and ``NoAnswer`` when it is not reached.

    ``phone`` is the phone's own random name for itself, 16 to 64 letters and digits; "" keeps it to itself.
    """

    def __init__(
        self, url: str, token: str = "", transport: "httpx.BaseTransport | None" = None, phone: str = ""
    ) -> None:
        is_local = httpx.URL(url).host in ("127.0.0.1", "::1", "localhost")
        self._http = httpx.Client(
            base_url=url,
            headers={"Zhanggui-Phone": phone} if phone else None,
            transport=transport,
            timeout=30,
            trust_env=not is_local,
            limits=httpx.Limits(keepalive_expiry=_SHORT_IDLE_S),
        )
        self.token = token

    def __enter__(self) -> "ShopClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def login(self, code: str) -> answers.Session:
        """Logs in with what ``wx.login`` gave; later requests are this buyer's."""
        session = self._post(answers.Session, "/login", {"code": code})
        self.token = session.token
        return session

    def shop(self) -> answers.ShopFacts:
        return self._get(answers.ShopFacts, "/shop")

    def categories(self) -> tuple[answers.Category, ...]:
        return self._get(answers.Categories, "/categories").items

    def products(
        self, category_id: str = "", search: str = "", sort: str = "newest", cursor: str | None = None, limit: int = 20
    ) -> answers.ProductPage:
        asked = {"category_id": category_id, "search": search, "sort": sort, "cursor": cursor, "limit": limit}
        return self._get(answers.ProductPage, "/products", {name: v for name, v in asked.items() if v})

    def product(self, product_id: str) -> answers.Product:
        return self._get(answers.Product, f"/products/{product_id}")

    def cart(self) -> answers.Cart:
        return self._get(answers.Cart, "/cart")

    def put_cart(self, wanted: Wanted) -> answers.Cart:
        """The cart becomes this."""
        content = {"items": _lines(wanted)}
        return self._ask(answers.Cart, self._http.build_request("PUT", PREFIX + "/cart/items", json=content))

    def record(self, visitor: str, session: str, events: Iterable[Mapping[str, Any]]) -> None:
        """Tell what this visitor looked at and tapped; an event has at least ``id``, ``kind`` and ``page``."""
        body = {"visitor": visitor, "session": session, "events": [dict(event) for event in events]}
        self._post(answers.Nothing, "/events", body)

    def quote(self, wanted: Wanted, region_code: str = "", way: Way = BY_CARRIER) -> answers.Quote:
        body = {"lines": _lines(wanted), "region_code": region_code} | way.asked()
        return self._post(answers.Quote, "/quotes", body)

    def place_order(
        self, quote: answers.Quote, contact: answers.Contact, key: str, buyer_remark: str = "", way: Way = BY_CARRIER
    ) -> answers.Order:
        """Orders what was quoted; the same ``key`` again is the same order."""
        wanted = [(line.sku_id, line.qty) for line in quote.lines]
        body = {
            "lines": _lines(wanted),
            "contact": asdict(contact),
            "expected_total_fen": quote.total_fen,
            "buyer_remark": buyer_remark,
            "slot": way.slot,
        } | way.asked()
        return self._post(answers.Order, "/orders", body, {"Idempotency-Key": key})

    def pickup_code(self, order_id: str) -> answers.PickupCode:
        """What to show at the counter."""
        return self._get(answers.PickupCode, f"/orders/{order_id}/pickup-code")

    def pay(self, order_id: str) -> answers.Payment:
        """What ``wx.requestPayment`` takes to pay this order."""
        return self._post(answers.Payment, f"/orders/{order_id}/pay", None)

    def cancel(self, order_id: str, key: str, reason: str = "") -> answers.Order:
        """Gives an order up that has not left the shop; what was paid comes back."""
        body = {"reason": reason}
        return self._post(answers.Order, f"/orders/{order_id}/cancel", body, {"Idempotency-Key": key})

    def confirm_receipt(self, order_id: str, key: str) -> answers.Order:
        """Says that everything has arrived."""
        return self._post(answers.Order, f"/orders/{order_id}/confirm-receipt", None, {"Idempotency-Key": key})

    def order(self, order_id: str) -> answers.Order:
        return self._get(answers.Order, f"/orders/{order_id}")

    def orders(self, cursor: str | None = None, limit: int = 20) -> answers.OrderPage:
        asked: dict[str, Any] = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        return self._get(answers.OrderPage, "/orders", asked)

    def _get(self, kind: type[T], path: str, params: Mapping[str, Any] | None = None) -> T:
        return self._ask(kind, self._http.build_request("GET", PREFIX + path, params=params))

    def _post(self, kind: type[T], path: str, body: Any, headers: Mapping[str, str] | None = None) -> T:
        content = None if body is None else {"json": body}
        return self._ask(kind, self._http.build_request("POST", PREFIX + path, headers=headers, **(content or {})))

    def _ask(self, kind: type[T], request: "httpx.Request") -> T:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        try:
            response = self._send(request)
            content = codec.parse(response.text or "{}")
        except (httpx.HTTPError, ValueError) as fault:
            raise NoAnswer(f"{request.method} {request.url.path}: {type(fault).__name__}") from fault
        if response.is_success:
            return typed.build(kind, content)
        raise refusal(
            response.status_code, content if isinstance(content, dict) else {}, response.headers.get("retry-after", "")
        )

    def _send(self, request: "httpx.Request") -> "httpx.Response":
        """Once more when the line was closed under us: everything but a login may be asked twice."""
        try:
            return self._http.send(request)
        except httpx.RemoteProtocolError:
            if request.url.path.endswith("/login"):
                raise
            return self._http.send(request)


def _lines(wanted: Wanted) -> list[dict[str, Any]]:
    return [{"sku_id": sku_id, "qty": qty} for sku_id, qty in wanted]
